"""Joining by a link: registration, a forgotten password, invitations."""

from flask import flash, redirect, render_template, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from evalcomm.accounts import forms, letters, passwords, policies, queries, services
from evalcomm.accounts.models import Invitation, UserAccount
from evalcomm.accounts.routes.blueprint import blueprint
from evalcomm.accounts.routes.organisations import organisation_choices
from evalcomm.accounts.sign_in import load_actor_row, start_session
from evalcomm.accounts.words import ROLES
from evalcomm.foundation import hooks
from evalcomm.foundation.actor import Role
from evalcomm.foundation.database import transaction
from evalcomm.foundation.errors import DomainError, Refused
from evalcomm.web.access import commits, current_actor, everyone, received_at, requires
from evalcomm.web.telling import tell


@blueprint.route("/register", methods=["GET", "POST"])
@requires(everyone)
def register() -> ResponseReturnValue:
    """Open to applicants. The same page answers whether or not the address has an account: who has one is nobody's business."""
    form = forms.RegisterForm()
    form.organisation_id.choices = organisation_choices()
    if form.validate_on_submit():
        with transaction():
            if queries.find_user(form.email.data) is None:
                _send_link(
                    role=Role.APPLICANT,
                    email=form.email.data,
                    name=form.name.data,
                    organisation_id=form.organisation_id.data or None,
                )
        return render_template("accounts/link_sent.html", email=form.email.data)
    return render_template("accounts/register.html", form=form), 422 if form.errors else 200


@blueprint.route("/forgotten-password", methods=["GET", "POST"])
@requires(everyone)
def forgotten() -> ResponseReturnValue:
    form = forms.EmailForm()
    if form.validate_on_submit():
        with transaction():
            user = queries.find_user(form.email.data)
            if user is not None and user.active:
                _send_link(
                    role=Role(user.roles[0].role) if user.roles else Role.APPLICANT,
                    email=user.email,
                    name=user.name,
                    user=user,
                )
        return render_template("accounts/link_sent.html", email=form.email.data)
    return render_template("accounts/forgotten.html", form=form), 422 if form.errors else 200


def _send_link(
    *, role: Role, email: str, name: str, organisation_id: int | None = None, user: UserAccount | None = None
) -> Invitation:
    actor, at = current_actor(), received_at()
    invitation, token = services.invite(
        email=email, role=role, name=name, organisation_id=organisation_id, user=user, actor=actor, at=at
    )
    subject, body = letters.letter(invitation, url_for("accounts.join", token=token, _external=True))
    hooks.send_message(key=f"invitation-{invitation.id}", address=invitation.email, subject=subject, body=body, at=at)
    return invitation


@blueprint.route("/join/<token>", methods=["GET", "POST"])
@requires(everyone)
def join(token: str) -> ResponseReturnValue:
    invitation = queries.open_invitation(token, received_at())
    form = forms.NewPasswordForm() if invitation.user_id is not None else forms.JoinForm(name=invitation.name)
    form.email = invitation.email
    if form.validate_on_submit():
        password_hash = passwords.hash_password(form.password.data)
        with transaction():
            user = services.accept_invitation(
                token=token,
                name=getattr(form, "name", form.again).data,
                password_hash=password_hash,
                actor=current_actor(),
                at=received_at(),
            )
        person = load_actor_row(user.id)
        assert person is not None
        start_session(person)
        flash(_("비밀번호를 정했습니다. 바로 이용하실 수 있습니다."), "success")
        return redirect("/")
    return render_template(
        "accounts/join.html", form=form, invitation=invitation, roles=ROLES
    ), 422 if form.errors else 200


@blueprint.route("/admin/invitations/new", methods=["GET"])
@requires(policies.may_invite)
def new_invitation() -> ResponseReturnValue:
    return render_template("accounts/invite.html", form=_invite_form())


@blueprint.post("/admin/invitations/new")
@commits
@requires(policies.may_invite)
def invite() -> ResponseReturnValue:
    form, status = _invite_form(), 422
    if form.validate():
        if Role(form.role.data) not in _invitable():
            raise Refused("role_not_invitable")
        try:
            _send_link(
                role=Role(form.role.data),
                email=form.email.data,
                name=form.name.data or "",
                organisation_id=form.organisation_id.data or None,
            )
        except DomainError as error:
            status = tell(form, error)
        else:
            flash(_("%(email)s 주소로 초대 링크를 보냈습니다.", email=form.email.data), "success")
            return redirect(url_for("accounts.new_invitation"))
    elif not form.email.errors:
        try:
            services.refuse_invitation(email=form.email.data)
        except DomainError as error:
            status = tell(form, error)
    return render_template("accounts/invite.html", form=form), status


def _invitable() -> frozenset[Role]:
    return frozenset(Role) if current_actor().has(Role.ADMINISTRATOR) else policies.INVITABLE_BY_SECRETARIAT


def _invite_form() -> forms.InviteForm:
    form = forms.InviteForm()
    form.role.choices = [(role, ROLES[role]) for role in Role if role in _invitable()]
    form.organisation_id.choices = organisation_choices()
    return form
