"""Accounts, for administrators."""

from flask import flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from evalcomm.accounts import forms, policies, queries, services
from evalcomm.accounts.models import Invitation, UserAccount
from evalcomm.accounts.routes.blueprint import blueprint
from evalcomm.accounts.words import ROLES
from evalcomm.foundation.actor import Role
from evalcomm.foundation.errors import Conflict
from evalcomm.web import words
from evalcomm.web.access import commits, current_actor, received_at, requires


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


@blueprint.post("/admin/invitations/<int:invitation_id>/withdraw")
@commits
@requires(lambda actor, invitation, at: policies.may_manage_accounts(actor, at), load=queries.lock_invitation)
def withdraw_invitation(invitation: Invitation) -> ResponseReturnValue:
    try:
        services.withdraw_invitation(invitation=invitation, actor=current_actor(), at=received_at())
    except Conflict as error:
        flash(words.explain(error), "warning")
    else:
        flash(_("%(email)s 초대를 거두었습니다. 보낸 링크는 열리지 않습니다.", email=invitation.email), "success")
    return redirect(url_for("accounts.accounts"))


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
