"""Sign-in, joining, one's own profile; accounts and organisations for those who manage them."""

from flask import Blueprint, flash, redirect, render_template, request, session, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from flask_login import logout_user

from evalcomm.accounts import forms, letters, passwords, policies, queries, services
from evalcomm.accounts.models import Invitation, Organisation, OrganisationKind, UserAccount
from evalcomm.accounts.sign_in import load_actor_row, start_session
from evalcomm.accounts.words import ORGANISATION_KINDS, ROLES
from evalcomm.foundation import hooks
from evalcomm.foundation.actor import Role
from evalcomm.foundation.database import transaction
from evalcomm.foundation.errors import DomainError, Refused
from evalcomm.web import navigation, words
from evalcomm.web.access import commits, current_actor, everyone, received_at, requires
from evalcomm.web.pages import own_path

blueprint = Blueprint("accounts", __name__)
NO_ORGANISATION = 0


# Sign-in and sign-out


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
    hooks.signing_out(current_actor(), received_at())
    logout_user()
    session.clear()
    flash(_("로그아웃했습니다."))
    return redirect("/")


# Joining by a link


@blueprint.route("/register", methods=["GET", "POST"])
@requires(everyone)
def register() -> ResponseReturnValue:
    """Open to applicants. The same page answers whether or not the address has an account: who has one is nobody's business."""
    form = forms.RegisterForm()
    form.organisation_id.choices = _organisation_choices()
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


# One's own profile


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


# Accounts


@blueprint.get("/admin/accounts")
@requires(policies.may_manage_accounts)
def accounts() -> ResponseReturnValue:
    return render_template(
        "accounts/accounts.html",
        users=queries.users(),
        invitations=queries.invitations(),
        roles=ROLES,
        at=received_at(),
    )


@blueprint.get("/admin/accounts/<int:user_id>")
@requires(lambda actor, user, at: policies.may_manage_accounts(actor, at), load=queries.get_user)
def account(user: UserAccount) -> ResponseReturnValue:
    form = forms.RolesForm(roles=[role.role for role in user.roles])
    form.roles.choices = [(role, ROLES[role]) for role in Role]
    return render_template("accounts/account.html", user=user, form=form)


@blueprint.post("/admin/accounts/<int:user_id>/roles")
@commits
@requires(lambda actor, user, at: policies.may_manage_accounts(actor, at), load=queries.get_user)
def change_roles(user: UserAccount) -> ResponseReturnValue:
    form = forms.RolesForm()
    form.roles.choices = [(role, ROLES[role]) for role in Role]
    if not form.validate():
        return render_template("accounts/account.html", user=user, form=form), 422
    services.change_roles(
        user=user, roles=[Role(role) for role in form.roles.data or []], actor=current_actor(), at=received_at()
    )
    flash(_("역할을 바꿨습니다. %(name)s 님은 다시 로그인해야 합니다.", name=user.name), "success")
    return redirect(url_for("accounts.account", user_id=user.id))


@blueprint.post("/admin/accounts/<int:user_id>/active")
@commits
@requires(lambda actor, user, at: policies.may_manage_accounts(actor, at), load=queries.get_user)
def set_active(user: UserAccount) -> ResponseReturnValue:
    services.set_active(user=user, active=request.form.get("active") == "1", actor=current_actor(), at=received_at())
    flash(_("계정을 열었습니다.") if user.active else _("계정을 닫았습니다."), "success")
    return redirect(url_for("accounts.account", user_id=user.id))


@blueprint.route("/admin/invitations/new", methods=["GET"])
@requires(policies.may_invite)
def new_invitation() -> ResponseReturnValue:
    return render_template("accounts/invite.html", form=_invite_form())


@blueprint.post("/admin/invitations/new")
@commits
@requires(policies.may_invite)
def invite() -> ResponseReturnValue:
    form = _invite_form()
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
            form.email.errors = [words.explain(error)]
        else:
            flash(_("%(email)s 주소로 초대 링크를 보냈습니다.", email=form.email.data), "success")
            return redirect(url_for("accounts.new_invitation"))
    return render_template("accounts/invite.html", form=form), 422


def _invitable() -> frozenset[Role]:
    return frozenset(Role) if current_actor().has(Role.ADMINISTRATOR) else policies.INVITABLE_BY_SECRETARIAT


def _invite_form() -> forms.InviteForm:
    form = forms.InviteForm()
    form.role.choices = [(role, ROLES[role]) for role in Role if role in _invitable()]
    form.organisation_id.choices = _organisation_choices()
    return form


# Organisations


@blueprint.get("/organisations")
@requires(policies.may_keep_organisations)
def organisations() -> ResponseReturnValue:
    rows = queries.organisations()
    names = {row.id: row.name for row in rows}
    return render_template("accounts/organisations.html", organisations=rows, names=names, kinds=ORGANISATION_KINDS)


@blueprint.get("/organisations/new")
@requires(policies.may_keep_organisations)
def new_organisation() -> ResponseReturnValue:
    return render_template(
        "accounts/organisation.html", form=_organisation_form(None), organisation=None, affiliation=None
    )


@blueprint.post("/organisations/new")
@commits
@requires(policies.may_keep_organisations)
def create_organisation() -> ResponseReturnValue:
    form = _organisation_form(None)
    if form.validate():
        try:
            services.create_organisation(
                code=form.code.data,
                name=form.name.data,
                kind=OrganisationKind(form.kind.data),
                region=form.region.data or "",
                parent_id=form.parent_id.data or None,
                actor=current_actor(),
                at=received_at(),
            )
        except DomainError as error:
            form.code.errors = [words.explain(error)]
        else:
            flash(_("기관을 등록했습니다."), "success")
            return redirect(url_for("accounts.organisations"))
    return render_template("accounts/organisation.html", form=form, organisation=None, affiliation=None), 422


@blueprint.get("/organisations/<int:organisation_id>")
@requires(lambda actor, organisation, at: policies.may_keep_organisations(actor, at), load=queries.get_organisation)
def organisation(organisation: Organisation) -> ResponseReturnValue:
    return _organisation_page(organisation, _organisation_form(organisation), _affiliation_form())


def _organisation_page(
    organisation: Organisation, form: forms.OrganisationForm, affiliation: forms.AffiliationForm, status: int = 200
) -> ResponseReturnValue:
    related_ids = queries.related_organisations(organisation.id) - {organisation.id}
    related = [other for other in queries.organisations() if other.id in related_ids]
    return render_template(
        "accounts/organisation.html", form=form, organisation=organisation, affiliation=affiliation, related=related
    ), status


@blueprint.post("/organisations/<int:organisation_id>")
@commits
@requires(lambda actor, organisation, at: policies.may_keep_organisations(actor, at), load=queries.get_organisation)
def change_organisation(organisation: Organisation) -> ResponseReturnValue:
    form = _organisation_form(organisation)
    if form.validate():
        try:
            services.change_organisation(
                organisation=organisation,
                name=form.name.data,
                kind=OrganisationKind(form.kind.data),
                region=form.region.data or "",
                parent_id=form.parent_id.data or None,
                actor=current_actor(),
                at=received_at(),
            )
        except DomainError as error:
            form.parent_id.errors = [words.explain(error)]
        else:
            flash(_("저장했습니다."), "success")
            return redirect(url_for("accounts.organisation", organisation_id=organisation.id))
    return _organisation_page(organisation, form, _affiliation_form(), 422)


@blueprint.post("/organisations/<int:organisation_id>/affiliates")
@commits
@requires(lambda actor, organisation, at: policies.may_keep_organisations(actor, at), load=queries.get_organisation)
def affiliate(organisation: Organisation) -> ResponseReturnValue:
    form = _affiliation_form()
    if form.validate():
        try:
            services.affiliate(
                first=organisation,
                second=queries.get_organisation(form.affiliate_id.data),
                note=form.note.data or "",
                actor=current_actor(),
                at=received_at(),
            )
        except DomainError as error:
            form.affiliate_id.errors = [words.explain(error)]
        else:
            flash(_("관계 기관을 등록했습니다."), "success")
            return redirect(url_for("accounts.organisation", organisation_id=organisation.id))
    return _organisation_page(organisation, _organisation_form(organisation), form, 422)


def _organisation_choices() -> list[tuple[int, str]]:
    return [(NO_ORGANISATION, _("기관 없음")), *((row.id, row.name) for row in queries.organisations())]


def _organisation_form(organisation: Organisation | None) -> forms.OrganisationForm:
    form = forms.OrganisationForm(obj=organisation)
    form.kind.choices = list(ORGANISATION_KINDS.items())
    form.parent_id.choices = [
        choice for choice in _organisation_choices() if organisation is None or choice[0] != organisation.id
    ]
    if organisation is not None:
        form.code.data = organisation.code
        form.code.render_kw = {"readonly": True}
        if request.method == "GET":
            form.parent_id.data = organisation.parent_id or NO_ORGANISATION
    return form


def _affiliation_form() -> forms.AffiliationForm:
    form = forms.AffiliationForm(formdata=request.form if request.endpoint == "accounts.affiliate" else None)
    form.affiliate_id.choices = [(row.id, row.name) for row in queries.organisations()]
    return form


navigation.register(_l("기관"), "accounts.organisations", policies.may_keep_organisations, order=700)
navigation.register(_l("초대"), "accounts.new_invitation", policies.may_invite, order=710)
navigation.register(_l("계정"), "accounts.accounts", policies.may_manage_accounts, order=920)
