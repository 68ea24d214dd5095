"""The verbs of accounts."""

import re
import secrets
from collections.abc import Collection
from dataclasses import replace
from datetime import datetime, timedelta

from sqlalchemy import select

from evalcomm.accounts import queries
from evalcomm.accounts.models import (
    EMAIL_ADDRESS,
    Affiliation,
    EndedSession,
    Invitation,
    Organisation,
    OrganisationKind,
    SignInAttempt,
    UserAccount,
    UserRole,
)
from evalcomm.audit import services as audit
from evalcomm.foundation.actor import Actor, Role
from evalcomm.foundation.database import db
from evalcomm.foundation.errors import Conflict, Invalid, TooManyRequests

INVITATION_LASTS = timedelta(days=7)


def create_organisation(
    *,
    code: str,
    name: str,
    kind: OrganisationKind,
    actor: Actor,
    at: datetime,
    region: str = "",
    parent_id: int | None = None,
) -> Organisation:
    """Raises Conflict when the code is taken."""
    if db.session.scalar(select(Organisation.id).where(Organisation.code == code)) is not None:
        raise Conflict("organisation_code_taken", organisation=code)
    organisation = Organisation(code=code, name=name, kind=kind, region=region, parent_id=parent_id, created_at=at)
    db.session.add(organisation)
    db.session.flush()
    audit.record(verb="accounts.create_organisation", subject=organisation, actor=actor, at=at)
    return organisation


def change_organisation(
    *,
    organisation: Organisation,
    name: str,
    kind: OrganisationKind,
    region: str,
    parent_id: int | None,
    actor: Actor,
    at: datetime,
) -> None:
    """The code stays. A parent that stands below the organisation is refused."""
    if parent_id is not None:
        seen, up = {organisation.id}, parent_id
        while up is not None:
            if up in seen:
                raise Invalid("organisation_own_parent", fields={"parent_id": ("organisation_own_parent", {})})
            seen.add(up)
            up = db.session.scalar(select(Organisation.parent_id).where(Organisation.id == up))
    organisation.name, organisation.kind, organisation.region, organisation.parent_id = name, kind, region, parent_id
    db.session.flush()
    audit.record(verb="accounts.change_organisation", subject=organisation, actor=actor, at=at)


def affiliate(*, first: Organisation, second: Organisation, note: str, actor: Actor, at: datetime) -> None:
    """Two organisations belong together. Once is enough: again changes the note."""
    if first.id == second.id:
        raise Invalid("organisation_own_affiliate", fields={"affiliate_id": ("organisation_own_affiliate", {})})
    low, high = sorted((first.id, second.id))
    known = db.session.get(Affiliation, (low, high))
    if known is None:
        db.session.add(Affiliation(first_id=low, second_id=high, note=note))
    else:
        known.note = note
    db.session.flush()
    audit.record(verb="accounts.affiliate", subject=first, actor=actor, at=at, detail={"other": second.id})


def create_user(
    *,
    email: str,
    name: str,
    roles: Collection[Role],
    actor: Actor,
    at: datetime,
    organisation_id: int | None = None,
    position: str = "",
    password_hash: str | None = None,
) -> UserAccount:
    """Raises Conflict when the address has an account."""
    if queries.find_user(email) is not None:
        raise Conflict("email_taken", email=queries.normal_email(email))
    user = UserAccount(
        email=queries.normal_email(email),
        name=name,
        position=position,
        organisation_id=organisation_id,
        password_hash=password_hash,
        created_at=at,
        roles=[UserRole(role=role, granted_at=at) for role in sorted(set(roles))],
    )
    db.session.add(user)
    db.session.flush()
    audit.record(verb="accounts.create_user", subject=user, actor=actor, at=at, detail={"roles": sorted(set(roles))})
    return user


def change_roles(*, user: UserAccount, roles: Collection[Role], actor: Actor, at: datetime) -> None:
    """Ends the person's sessions. Nobody takes the administrator's role from himself: the last one could lock everybody out."""
    wanted = set(roles)
    if user.id == actor.user_id and Role.ADMINISTRATOR not in wanted:
        raise Conflict("own_administrator_role")
    kept = [role for role in user.roles if Role(role.role) in wanted]
    for role in list(user.roles):
        if role not in kept:
            db.session.delete(role)
    user.roles = kept + [
        UserRole(role=role, granted_at=at) for role in sorted(wanted - {Role(role.role) for role in kept})
    ]
    user.session_epoch += 1
    db.session.flush()
    audit.record(verb="accounts.change_roles", subject=user, actor=actor, at=at, detail={"roles": sorted(wanted)})


def set_active(*, user: UserAccount, active: bool, actor: Actor, at: datetime) -> None:
    """A closed account can't sign in and its sessions end; its papers and scores stay."""
    if user.id == actor.user_id:
        raise Conflict("own_account")
    user.active = active
    user.session_epoch += 1
    db.session.flush()
    audit.record(verb="accounts.activate" if active else "accounts.deactivate", subject=user, actor=actor, at=at)


def refuse_invitation(*, email: str, user: UserAccount | None = None) -> None:
    """Raises Invalid for what is no address, or has an account already."""
    known = queries.normal_email(email)
    if not re.match(EMAIL_ADDRESS, known):
        raise Invalid("email_unclear", fields={"email": ("email_unclear", {})})
    if user is None and queries.find_user(known) is not None:
        raise Invalid("email_taken", fields={"email": ("email_taken", {"email": known})}, email=known)


def invite(
    *,
    email: str,
    role: Role,
    actor: Actor,
    at: datetime,
    name: str = "",
    organisation_id: int | None = None,
    user: UserAccount | None = None,
) -> tuple[Invitation, str]:
    """Returns the invitation and the token of its link, which is kept nowhere. An earlier open invitation of the address ends.

    With `user` the link sets a new password for that account.
    """
    refuse_invitation(email=email, user=user)
    for earlier in db.session.scalars(
        select(Invitation).where(
            Invitation.email == queries.normal_email(email),
            Invitation.used_at.is_(None),
            Invitation.withdrawn_at.is_(None),
        )
    ):
        earlier.withdrawn_at = at
    token = secrets.token_urlsafe(32)
    invitation = Invitation(
        token_sha256=queries.token_hash(token),
        email=queries.normal_email(email),
        name=name,
        role=role,
        user_id=user.id if user else None,
        organisation_id=organisation_id,
        invited_by_id=actor.user_id,
        created_at=at,
        expires_at=at + INVITATION_LASTS,
    )
    db.session.add(invitation)
    db.session.flush()
    audit.record(verb="accounts.invite", subject=invitation, actor=actor, at=at, detail={"role": role})
    return invitation, token


def accept_invitation(*, token: str, name: str, password_hash: str, actor: Actor, at: datetime) -> UserAccount:
    """Make the account, or set its new password, and use the link up."""
    invitation = queries.lock_open_invitation(token, at)
    if invitation.user_id is not None:
        user = queries.get_user(invitation.user_id)
        user.password_hash = password_hash
        user.session_epoch += 1
        audit.record(verb="accounts.reset_password", subject=user, actor=actor, at=at)
    else:
        user = create_user(
            email=invitation.email,
            name=name,
            roles=[Role(invitation.role)],
            organisation_id=invitation.organisation_id,
            password_hash=password_hash,
            actor=actor,
            at=at,
        )
    invitation.used_at, invitation.used_by_id = at, user.id
    db.session.flush()
    audit.record(verb="accounts.accept_invitation", subject=invitation, actor=actor, at=at, detail={"user": user.id})
    return user


def withdraw_invitation(*, invitation: Invitation, actor: Actor, at: datetime) -> None:
    if invitation.used_at is not None:
        raise Conflict("invitation_used")
    invitation.withdrawn_at = invitation.withdrawn_at or at
    audit.record(verb="accounts.withdraw_invitation", subject=invitation, actor=actor, at=at)


def check_sign_in_limits(*, email: str, address: str, at: datetime) -> None:
    """Raises TooManyRequests. The limits are counted from rows, so they hold across processes and restarts."""
    of_account, of_address = queries.failures(email=email, address=address, at=at)
    minutes = int(queries.WINDOW.total_seconds() // 60)
    if of_account >= queries.FAILURES_PER_ACCOUNT:
        raise TooManyRequests("account_locked", minutes=minutes)
    if of_address >= queries.FAILURES_PER_ADDRESS:
        raise TooManyRequests("address_locked", minutes=minutes)


def record_sign_in(
    *, email: str, user: UserAccount | None, succeeded: bool, actor: Actor, at: datetime, new_hash: str | None = None
) -> None:
    """Count the attempt. `new_hash` replaces a password hash made with older parameters. Who succeeds has shown who it is and is named."""
    db.session.add(
        SignInAttempt(at=at, email_sha256=queries.email_hash(email), address=actor.address, succeeded=succeeded)
    )
    if user is not None and succeeded and new_hash is not None:
        user.password_hash = new_hash
    audit.record(
        verb="accounts.sign_in",
        subject=user,
        actor=replace(actor, user_id=user.id) if succeeded and user is not None else actor,
        at=at,
        outcome="done" if succeeded else "refused",
        detail={} if user is not None else {"email_sha256": queries.email_hash(email)},
    )


def end_session(*, token: str, actor: Actor, at: datetime) -> None:
    """Sign-out. The cookie lies with the browser, and an answer on its way may put it back; here it stops counting."""
    db.session.add(EndedSession(token_sha256=queries.token_hash(token), at=at))
    audit.record(verb="accounts.sign_out", actor=actor, at=at)


def change_password(*, user: UserAccount, password_hash: str, actor: Actor, at: datetime) -> None:
    """Ends every other session of the person."""
    user.password_hash = password_hash
    user.session_epoch += 1
    audit.record(verb="accounts.change_password", subject=user, actor=actor, at=at)


def change_profile(*, user: UserAccount, name: str, position: str, actor: Actor, at: datetime) -> None:
    user.name, user.position = name, position
    audit.record(verb="accounts.change_profile", subject=user, actor=actor, at=at)
