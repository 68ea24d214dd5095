"""Committees, their seats and who sits on them."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TypeVar

from sqlalchemy import and_, func, or_, select
from sqlalchemy.orm import aliased, joinedload

from evalcomm.accounts.models import UserAccount
from evalcomm.committee.models import (
    Committee,
    CommitteeKind,
    Conflict,
    ConflictState,
    Membership,
    Pledge,
)
from evalcomm.foundation.database import db
from evalcomm.foundation.errors import NotFound
from evalcomm.programs.models import Call, CallState, Track

Found = TypeVar("Found")


def get_committee(committee_id: int) -> Committee:
    """Raises NotFound."""
    return existing(db.session.get(Committee, committee_id, options=[joinedload(Committee.call)]))


def lock_committee(committee_id: int) -> Committee:
    """The committee, held to the end of the transaction: members get their numbers one after another."""
    query = select(Committee).where(Committee.id == committee_id).with_for_update()
    return existing(db.session.scalar(query.execution_options(populate_existing=True)))


def get_membership(membership_id: int) -> Membership:
    """Raises NotFound."""
    query = (
        select(Membership)
        .options(joinedload(Membership.committee).joinedload(Committee.call), joinedload(Membership.pledge))
        .where(Membership.id == membership_id)
    )
    return existing(db.session.scalar(query))


def existing(row: Found | None) -> Found:
    if row is None:
        raise NotFound("not_found")
    return row


@dataclass(frozen=True, slots=True)
class Overview:
    """A committee in one line of a list."""

    id: int
    name: str
    kind: CommitteeKind
    call_id: int
    call: str
    track: str | None
    members: int
    pledged: int
    declared: int
    chair: str | None
    pending: int


def overviews() -> list[Overview]:
    """Every committee with its counts, newest call first. One query."""
    sitting = and_(Membership.committee_id == Committee.id, Membership.dismissed_at.is_(None))
    chair = aliased(UserAccount)
    pending = (
        select(func.count(Conflict.id))
        .join(Membership, Membership.id == Conflict.membership_id)
        .where(Membership.committee_id == Committee.id, Conflict.state == ConflictState.PENDING)
        .scalar_subquery()
    )
    query = (
        select(
            Committee.id,
            Committee.name,
            Committee.kind,
            Committee.call_id,
            Call.title.label("call"),
            Track.title.label("track"),
            func.count(Membership.id).label("members"),
            func.count(Pledge.membership_id).label("pledged"),
            func.count(Membership.declared_at).label("declared"),
            func.max(chair.name).label("chair"),
            pending.label("pending"),
        )
        .join(Call, Call.id == Committee.call_id)
        .outerjoin(Track, Track.id == Committee.track_id)
        .outerjoin(Membership, sitting)
        .outerjoin(Pledge, Pledge.membership_id == Membership.id)
        .outerjoin(chair, and_(chair.id == Membership.user_id, Membership.is_chair))
        .group_by(Committee.id, Committee.name, Committee.kind, Committee.call_id, Call.title, Track.title)
        .order_by(Committee.call_id.desc(), Committee.id)
    )
    return [Overview(**{**row._asdict(), "kind": CommitteeKind(row.kind)}) for row in db.session.execute(query)]


def calls_without_panel() -> Sequence[tuple[int, str]]:
    """(id, title) of published calls that have no evaluation committee yet, newest first."""
    seated = select(Committee.call_id).where(Committee.kind == CommitteeKind.EVALUATION)
    query = (
        select(Call.id, Call.title)
        .where(Call.state == CallState.PUBLISHED, Call.id.not_in(seated))
        .order_by(Call.id.desc())
    )
    return [(row.id, row.title) for row in db.session.execute(query)]


def panel_of(track: Track) -> Committee | None:
    """The committee that scores a track: its own, else the one for the whole call."""
    query = (
        select(Committee)
        .where(
            Committee.call_id == track.call_id,
            Committee.kind == CommitteeKind.EVALUATION,
            or_(Committee.track_id == track.id, Committee.track_id.is_(None)),
        )
        .order_by(Committee.track_id.is_(None))
        .limit(1)
    )
    return db.session.scalar(query)


def tracks_of(committee: Committee) -> Sequence[Track]:
    """The tracks that the committee sits for: one, or those of the call without a committee of their own of the same kind."""
    query = select(Track).where(Track.call_id == committee.call_id).order_by(Track.position)
    if committee.track_id is not None:
        return db.session.scalars(query.where(Track.id == committee.track_id)).all()
    own = select(Committee.track_id).where(
        Committee.call_id == committee.call_id, Committee.kind == committee.kind, Committee.track_id.is_not(None)
    )
    return db.session.scalars(query.where(Track.id.not_in(own))).all()


def members(committee_id: int, *, with_dismissed: bool = False) -> Sequence[Membership]:
    """By number, with pledges."""
    query = (
        select(Membership)
        .options(joinedload(Membership.pledge))
        .where(Membership.committee_id == committee_id)
        .order_by(Membership.number)
    )
    return db.session.scalars(query if with_dismissed else query.where(Membership.dismissed_at.is_(None))).all()


def chair_of(committee_id: int) -> Membership | None:
    return db.session.scalar(select(Membership).where(Membership.committee_id == committee_id, Membership.is_chair))


def living_memberships_of(user_id: int) -> Sequence[Membership]:
    """The seats that a person holds, newest call first."""
    query = (
        select(Membership)
        .join(Membership.committee)
        .options(
            joinedload(Membership.committee).joinedload(Committee.call).selectinload(Call.phases),
            joinedload(Membership.pledge),
        )
        .where(Membership.user_id == user_id, Membership.dismissed_at.is_(None))
        .order_by(Committee.call_id.desc(), Membership.id)
    )
    return db.session.scalars(query).all()


def next_number(committee_id: int) -> int:
    last = db.session.scalar(select(func.max(Membership.number)).where(Membership.committee_id == committee_id))
    return (last or 0) + 1
