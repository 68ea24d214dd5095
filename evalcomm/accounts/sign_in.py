"""Flask-Login over our accounts: who a session belongs to, and when it no longer counts."""

import secrets
from dataclasses import dataclass, replace

from flask import Flask, session
from flask_login import LoginManager, UserMixin, current_user, login_user
from sqlalchemy import bindparam, exists, select

from evalcomm.accounts.models import EndedSession, UserAccount, UserRole
from evalcomm.accounts.queries import token_hash
from evalcomm.foundation.actor import Actor, Role
from evalcomm.foundation.database import execute
from evalcomm.web.access import client_address, request_id

manager = LoginManager()


@dataclass(frozen=True, slots=True)
class SignedIn(UserMixin):
    """What Flask-Login keeps: an id that carries the epoch and the session's own token, and the actor behind it."""

    actor: Actor
    epoch: int
    token: str = ""

    def get_id(self) -> str:
        return f"{self.actor.user_id}:{self.epoch}:{self.token}"


@manager.user_loader  # type: ignore[untyped-decorator]  # Flask-Login ships no types
def load_person(session_id: str) -> SignedIn | None:
    """The person of a session, or None once it was signed out of, the account is closed or its epoch has moved on. One query."""
    user_id, _, rest = session_id.partition(":")
    epoch, _, token = rest.partition(":")
    if not (user_id.isdigit() and epoch.isdigit() and token):
        return None
    person = load_actor_row(int(user_id), token)
    return person if person is not None and person.epoch == int(epoch) else None


_PERSON = (
    select(UserAccount.name, UserAccount.organisation_id, UserAccount.session_epoch, UserRole.role)
    .outerjoin(UserRole, UserRole.user_id == UserAccount.id)
    .where(
        UserAccount.id == bindparam("user"),
        UserAccount.active,
        ~exists().where(EndedSession.token_sha256 == bindparam("token")),
    )
)
"""Built once: every request runs it."""


def load_actor_row(user_id: int, token: str = "") -> SignedIn | None:
    rows = execute(_PERSON, {"user": user_id, "token": token_hash(token)}).all()
    if not rows:
        return None
    actor = Actor(
        user_id=user_id,
        name=rows[0].name,
        roles=frozenset(Role(row.role) for row in rows if row.role is not None),
        organisation_id=rows[0].organisation_id,
        address=client_address(),
        request_id=request_id(),
    )
    return SignedIn(actor=actor, epoch=rows[0].session_epoch, token=token)


def start_session(person: SignedIn) -> None:
    """A new session: nothing of the one before it survives, so a session that was planted can't be ridden."""
    session.clear()
    session.permanent = True
    login_user(replace(person, token=secrets.token_urlsafe(16)))


def own_token() -> str | None:
    """Of the session that asks; None of nobody's."""
    token: str | None = getattr(current_user, "token", None)
    return token


def init_app(app: Flask) -> None:
    manager.session_protection = "basic"
    manager.init_app(app)
