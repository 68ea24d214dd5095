"""One's own profile."""

from flask import flash, redirect, render_template, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from evalcomm.accounts import forms, passwords, policies, queries, services
from evalcomm.accounts.routes.blueprint import blueprint
from evalcomm.accounts.sign_in import load_actor_row, start_session
from evalcomm.accounts.words import ROLES
from evalcomm.foundation.database import transaction
from evalcomm.web import words
from evalcomm.web.access import commits, current_actor, received_at, requires


@blueprint.route("/profile", methods=["GET"])
@requires(policies.may_change_own_profile)
def profile() -> ResponseReturnValue:
    user = queries.get_user(_own_id())
    return render_template(
        "accounts/profile.html",
        user=user,
        form=forms.ProfileForm(obj=user),
        password=forms.ChangePasswordForm(formdata=None),
        roles=ROLES,
    )


@blueprint.post("/profile")
@commits
@requires(policies.may_change_own_profile)
def change_profile() -> ResponseReturnValue:
    user, form = queries.get_user(_own_id()), forms.ProfileForm()
    if not form.validate():
        password = forms.ChangePasswordForm(formdata=None)
        return render_template("accounts/profile.html", user=user, form=form, password=password, roles=ROLES), 422
    services.change_profile(
        user=user, name=form.name.data, position=form.position.data or "", actor=current_actor(), at=received_at()
    )
    flash(_("저장했습니다."), "success")
    return redirect(url_for("accounts.profile"))


@blueprint.post("/profile/password")
@requires(policies.may_change_own_profile)
def change_password() -> ResponseReturnValue:
    user, form = queries.get_user(_own_id()), forms.ChangePasswordForm()
    form.email = user.email
    if form.validate() and not passwords.matches(user.password_hash, form.current.data):
        form.current.errors = [words.sentence("password_wrong")]
    if form.errors or form.current.errors:
        return render_template(
            "accounts/profile.html",
            user=user,
            form=forms.ProfileForm(formdata=None, obj=user),
            password=form,
            roles=ROLES,
        ), 422
    password_hash = passwords.hash_password(form.password.data)
    with transaction():
        services.change_password(
            user=queries.get_user(_own_id()), password_hash=password_hash, actor=current_actor(), at=received_at()
        )
    person = load_actor_row(_own_id())
    assert person is not None
    start_session(person)
    flash(_("비밀번호를 바꿨습니다. 다른 기기의 로그인은 끝났습니다."), "success")
    return redirect(url_for("accounts.profile"))


def _own_id() -> int:
    user_id = current_actor().user_id
    assert user_id is not None
    return user_id
