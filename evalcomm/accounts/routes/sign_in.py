"""Sign-in and sign-out."""

from flask import flash, redirect, render_template, request, session
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_login import logout_user

from evalcomm.accounts import forms, passwords, queries, services
from evalcomm.accounts.models import UserAccount
from evalcomm.accounts.routes.blueprint import blueprint
from evalcomm.accounts.sign_in import load_actor_row, own_token, start_session
from evalcomm.foundation import hooks
from evalcomm.foundation.database import transaction
from evalcomm.foundation.errors import DomainError
from evalcomm.web import words
from evalcomm.web.access import commits, current_actor, everyone, received_at, requires
from evalcomm.web.pages import own_path


@blueprint.route("/sign-in", methods=["GET", "POST"])
@requires(everyone)
def sign_in() -> ResponseReturnValue:
    form = forms.SignInForm()
    target = own_path(request.values.get("next")) or "/"
    if form.validate_on_submit():
        try:
            user = authenticate(form.email.data, form.password.data)
        except DomainError as error:
            form.password.errors = [words.explain(error)]
            return render_template("accounts/sign_in.html", form=form, next=target), error.status
        if user is not None:
            person = load_actor_row(user.id)
            if person is not None:
                start_session(person)
                return redirect(target)
        form.password.errors = [words.sentence("sign_in_failed")]
    status = 422 if form.errors else 200
    return render_template("accounts/sign_in.html", form=form, next=target), status


def authenticate(email: str, password: str) -> UserAccount | None:
    """The account, or None. Hashing happens between the two transactions, not inside one."""
    actor, at = current_actor(), received_at()
    services.check_sign_in_limits(email=email, address=actor.address, at=at)
    found = queries.find_user(email)
    known_hash = found.password_hash if found is not None and found.active else None
    succeeded = passwords.matches(known_hash, password)
    new_hash = (
        passwords.hash_password(password) if succeeded and known_hash and passwords.is_outdated(known_hash) else None
    )
    with transaction():
        user = queries.find_user(email)
        services.record_sign_in(email=email, user=user, succeeded=succeeded, actor=actor, at=at, new_hash=new_hash)
    return user if succeeded else None


@blueprint.post("/sign-out")
@commits
@requires(everyone)
def sign_out() -> ResponseReturnValue:
    """What a room keeps for the person is brought into safety first (drafts become versions)."""
    actor, at, token = current_actor(), received_at(), own_token()
    hooks.signing_out(actor, at)
    if token is not None:
        services.end_session(token=token, actor=actor, at=at)
    logout_user()
    session.clear()
    flash(_("로그아웃했습니다."))
    return redirect("/")
