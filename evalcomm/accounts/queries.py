"""Ordered reads of people and organisations."""

import hashlib
from collections.abc import Collection, Sequence
from datetime import datetime, timedelta

from sqlalchemy import Select, func, select

from evalcomm.accounts.models import Affiliation, Invitation, Organisation, SignInAttempt, UserAccount, UserRole
from evalcomm.audit.people import knows_names
from evalcomm.foundation.actor import Role
from evalcomm.foundation.database import db
from evalcomm.foundation.errors import NotFound

WINDOW = timedelta(minutes=15)
FAILURES_PER_ACCOUNT = 5
FAILURES_PER_ADDRESS = 50


def normal_email(email: str) -> str:
    return email.strip().lower()


def email_hash(email: str) -> str:
    return hashlib.sha256(normal_email(email).encode()).hexdigest()


def token_hash(token: str) -> str:
    return hashlib.sha256(token.encode()).hexdigest()


def get_user(user_id: int) -> UserAccount:
    """Raises NotFound."""
    user = db.session.get(UserAccount, user_id)
    if user is None:
        raise NotFound("not_found")
    return user


def find_user(email: str) -> UserAccount | None:
    return db.session.scalar(select(UserAccount).where(UserAccount.email == normal_email(email)))


@knows_names
def names_of(user_ids: Collection[int]) -> dict[int, str]:
    rows = db.session.execute(select(UserAccount.id, UserAccount.name).where(UserAccount.id.in_(user_ids)))
    return {row.id: row.name for row in rows}


def users() -> Sequence[UserAccount]:
    return db.session.scalars(select(UserAccount).order_by(UserAccount.name, UserAccount.id)).all()


def users_with(role: Role) -> Sequence[UserAccount]:
    query = (
        select(UserAccount)
        .join(UserRole, UserRole.user_id == UserAccount.id)
        .where(UserRole.role == role, UserAccount.active)
    )
    return db.session.scalars(query.order_by(UserAccount.name, UserAccount.id)).all()


def get_organisation(organisation_id: int) -> Organisation:
    """Raises NotFound."""
    organisation = db.session.get(Organisation, organisation_id)
    if organisation is None:
        raise NotFound("not_found")
    return organisation


def organisations() -> Sequence[Organisation]:
    return db.session.scalars(select(Organisation).order_by(Organisation.name, Organisation.id)).all()


def related_organisations(organisation_id: int) -> frozenset[int]:
    """The organisation with its parents, children and affiliates: whoever shares one of them is not a stranger to it."""
    parent = {row.id: row.parent_id for row in db.session.execute(select(Organisation.id, Organisation.parent_id))}
    related: set[int] = set()
    up: int | None = organisation_id
    while up is not None and up not in related:
        related.add(up)
        up = parent.get(up)
    below = {organisation_id}
    while below:
        related |= below
        below = {child for child, above in parent.items() if above in below and child not in related}
    pairs = db.session.execute(
        select(Affiliation.first_id, Affiliation.second_id).where(
            (Affiliation.first_id == organisation_id) | (Affiliation.second_id == organisation_id)
        )
    )
    for first, second in pairs:
        related |= {first, second}
    return frozenset(related)


def open_invitation(token: str, at: datetime) -> Invitation:
    """The invitation behind a link that still works. Raises NotFound with what to do otherwise."""
    return _still_open(db.session.scalar(_by_token(token)), at)


def lock_open_invitation(token: str, at: datetime) -> Invitation:
    """The same, held until the transaction ends: two who follow one link at once don't both get in."""
    return _still_open(db.session.scalar(_by_token(token).with_for_update()), at)


def _by_token(token: str) -> Select[Invitation]:
    query = select(Invitation).where(Invitation.token_sha256 == token_hash(token))
    return query.execution_options(populate_existing=True)  # what was read before the lock may be out of date


def _still_open(invitation: Invitation | None, at: datetime) -> Invitation:
    if invitation is None:
        raise NotFound("invitation_unknown")
    if invitation.used_at is not None:
        raise NotFound("invitation_used")
    if invitation.withdrawn_at is not None:
        raise NotFound("invitation_withdrawn")
    if invitation.expires_at < at:
        raise NotFound("invitation_expired")
    return invitation


def lock_invitation(invitation_id: int) -> Invitation:
    """Held until the transaction ends, so that it is either used or withdrawn. Raises NotFound."""
    query = select(Invitation).where(Invitation.id == invitation_id).with_for_update()
    invitation = db.session.scalar(query.execution_options(populate_existing=True))
    if invitation is None:
        raise NotFound("not_found")
    return invitation


def invitations() -> Sequence[Invitation]:
    return db.session.scalars(select(Invitation).order_by(Invitation.id.desc()).limit(200)).all()


def failures(*, email: str, address: str, at: datetime) -> tuple[int, int]:
    """Failed sign-ins in the last 15 minutes: for the account since its last success, and from the address."""
    since = at - WINDOW
    last_success = db.session.scalar(
        select(func.max(SignInAttempt.at)).where(
            SignInAttempt.email_sha256 == email_hash(email), SignInAttempt.succeeded
        )
    )
    of_account = db.session.scalar(
        select(func.count())
        .select_from(SignInAttempt)
        .where(
            SignInAttempt.email_sha256 == email_hash(email),
            SignInAttempt.at > max(since, last_success or since),
            ~SignInAttempt.succeeded,
        )
    )
    of_address = db.session.scalar(
        select(func.count())
        .select_from(SignInAttempt)
        .where(SignInAttempt.address == address, SignInAttempt.at > since, ~SignInAttempt.succeeded)
    )
    return of_account or 0, of_address or 0
