"""Flask-Login over our accounts: who a session belongs to, and when it no longer counts."""

from dataclasses import dataclass

from flask import Flask, session
from flask_login import LoginManager, UserMixin, login_user
from sqlalchemy import bindparam, select

from evalcomm.accounts.models import UserAccount, UserRole
from evalcomm.foundation.actor import Actor, Role
from evalcomm.foundation.database import db
from evalcomm.web.access import client_address, request_id

manager = LoginManager()


@dataclass(frozen=True, slots=True)
class SignedIn(UserMixin):
    """What Flask-Login keeps: an id that carries the epoch, and the actor behind it."""

    actor: Actor
    epoch: int

    def get_id(self) -> str:
        return f"{self.actor.user_id}:{self.epoch}"


@manager.user_loader  # type: ignore[untyped-decorator]  # Flask-Login ships no types
def load_person(session_id: str) -> SignedIn | None:
    """The person of a session, or None once the account is closed or its epoch has moved on. One query."""
    user_id, _, epoch = session_id.partition(":")
    if not (user_id.isdigit() and epoch.isdigit()):
        return None
    return load_actor_row(int(user_id), int(epoch))


_PERSON = (
    select(UserAccount.name, UserAccount.organisation_id, UserAccount.session_epoch, UserRole.role)
    .outerjoin(UserRole, UserRole.user_id == UserAccount.id)
    .where(UserAccount.id == bindparam("user"), UserAccount.active)
)
"""Built once: every request runs it."""


def load_actor_row(user_id: int, epoch: int | None = None) -> SignedIn | None:
    rows = db.session.execute(_PERSON, {"user": user_id}).all()
    if not rows or (epoch is not None and rows[0].session_epoch != epoch):
        return None
    actor = Actor(
        user_id=user_id,
        name=rows[0].name,
        roles=frozenset(Role(row.role) for row in rows if row.role is not None),
        organisation_id=rows[0].organisation_id,
        address=client_address(),
        request_id=request_id(),
    )
    return SignedIn(actor=actor, epoch=rows[0].session_epoch)


def start_session(person: SignedIn) -> None:
    """A new session: nothing of the one before it survives, so a session that was planted can't be ridden."""

    session.clear()
    session.permanent = True
    login_user(person)


def init_app(app: Flask) -> None:
    manager.session_protection = "basic"
    manager.init_app(app)
