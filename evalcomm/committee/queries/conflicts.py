"""Conflicts of interest: filed, decided, and found by organisation. Who is kept from what is answered by `recused_memberships`."""

from collections import defaultdict
from collections.abc import Collection, Sequence
from dataclasses import dataclass

from sqlalchemy import ColumnElement, and_, exists, func, or_, select
from sqlalchemy.orm import joinedload

from evalcomm.accounts.models import Affiliation, Organisation, UserAccount, UserRole
from evalcomm.applications.models import Application
from evalcomm.committee.models import (
    Committee,
    Conflict,
    ConflictAct,
    ConflictState,
    Membership,
)
from evalcomm.committee.queries.panel import PanelApplication, panel_applications
from evalcomm.committee.queries.people import existing, members
from evalcomm.committee.ties import Kinship, Tie
from evalcomm.documents.models import Paper
from evalcomm.foundation.actor import Role
from evalcomm.foundation.database import db

IN_EFFECT: ColumnElement[bool] = or_(
    Conflict.state == ConflictState.ACCEPTED,
    and_(
        Conflict.state == ConflictState.PENDING,
        Conflict.act.in_([ConflictAct.EXCLUSION, ConflictAct.RECUSAL]),
    ),
)
"""Whether an act keeps the member from the application: accepted, or filed by the rules or the member and not yet decided. A challenge
waits for its decision: an applicant can't empty a panel by asking."""

_WEIGHT = {ConflictAct.EXCLUSION: 0, ConflictAct.CHALLENGE: 1, ConflictAct.RECUSAL: 2}


def get_conflict(conflict_id: int) -> Conflict:
    """Raises NotFound."""
    query = (
        select(Conflict)
        .options(
            joinedload(Conflict.membership).joinedload(Membership.committee),
            joinedload(Conflict.application).joinedload(Application.lead),
        )
        .where(Conflict.id == conflict_id)
    )
    return existing(db.session.scalar(query))


def recused_memberships(
    *,
    committee_id: int | None = None,
    membership_id: int | None = None,
    application_ids: Collection[int] | None = None,
) -> dict[tuple[int, int], ConflictAct]:
    """Who is kept from what: (membership, application) → the act, the weightiest where there are several. One query."""
    query = select(Conflict.membership_id, Conflict.application_id, Conflict.act).where(IN_EFFECT)
    if committee_id is not None:
        query = query.join(Membership, Membership.id == Conflict.membership_id).where(
            Membership.committee_id == committee_id
        )
    if membership_id is not None:
        query = query.where(Conflict.membership_id == membership_id)
    if application_ids is not None:
        query = query.where(Conflict.application_id.in_(application_ids))
    found: dict[tuple[int, int], ConflictAct] = {}
    for member, application, act in db.session.execute(query):
        known = found.get((member, application))
        if known is None or _WEIGHT[ConflictAct(act)] < _WEIGHT[known]:
            found[member, application] = ConflictAct(act)
    return found


def conflicts_of(committee_id: int) -> Sequence[Conflict]:
    """Those that wait for a decision first, then by time of filing."""
    query = (
        select(Conflict)
        .join(Conflict.membership)
        .options(joinedload(Conflict.membership), joinedload(Conflict.application))
        .where(Membership.committee_id == committee_id)
        .order_by((Conflict.state != ConflictState.PENDING), Conflict.filed_at, Conflict.id)
    )
    return db.session.scalars(query).all()


def pending_conflicts(application_ids: Collection[int]) -> Sequence[tuple[int, int]]:
    """(membership, application) of every act about these applications that waits for a decision."""
    query = (
        select(Conflict.membership_id, Conflict.application_id)
        .where(Conflict.application_id.in_(application_ids), Conflict.state == ConflictState.PENDING)
        .order_by(Conflict.application_id, Conflict.membership_id)
    )
    return [(row.membership_id, row.application_id) for row in db.session.execute(query)]


def conflicts_of_member(membership_id: int) -> Sequence[Conflict]:
    query = (
        select(Conflict)
        .options(joinedload(Conflict.application))
        .where(Conflict.membership_id == membership_id)
        .order_by(Conflict.application_id, Conflict.id)
    )
    return db.session.scalars(query).all()


def kinship() -> Kinship:
    """How all organisations hang together. Two queries."""
    parents = db.session.execute(
        select(Organisation.id, Organisation.parent_id).where(Organisation.parent_id.is_not(None))
    )
    pairs = db.session.execute(select(Affiliation.first_id, Affiliation.second_id))
    return Kinship(
        parents={row.id: row.parent_id for row in parents},
        affiliates=frozenset((row.first_id, row.second_id) for row in pairs),
    )


@dataclass(frozen=True, slots=True)
class Proposal:
    """A member and an application that their organisations tie together, and no act about it yet."""

    membership: Membership
    application: PanelApplication
    ties: tuple[Tie, ...]


def proposed_exclusions(committee: Committee) -> list[Proposal]:
    """Ties of sitting members that nobody has filed or decided, by member and application. Eight queries whatever the size."""
    sitting, panel, kin = members(committee.id), panel_applications(committee), kinship()
    filed = {(conflict.membership_id, conflict.application_id) for conflict in conflicts_of(committee.id)}
    proposals = []
    for member in sitting:
        by_application: dict[int, list[Tie]] = defaultdict(list)
        for application, tie in _ties_of(member.user.organisation_id, panel, kin):
            by_application[application.id].append(tie)
        proposals += [
            Proposal(member, application, tuple(by_application[application.id]))
            for application in panel
            if application.id in by_application and (member.id, application.id) not in filed
        ]
    return proposals


def ties_of_member(membership: Membership, panel: Sequence[PanelApplication]) -> dict[int, list[Tie]]:
    """Application id → the ties of the member's organisation to it."""
    found: dict[int, list[Tie]] = defaultdict(list)
    for application, tie in _ties_of(membership.user.organisation_id, panel, kinship()):
        found[application.id].append(tie)
    return found


def _ties_of(
    organisation_id: int | None, panel: Sequence[PanelApplication], kin: Kinship
) -> list[tuple[PanelApplication, Tie]]:
    if organisation_id is None:
        return []
    return [
        (application, tie)
        for application in panel
        for tie in kin.ties(organisation_id, application.lead_id, [partner for partner, _ in application.partners])
    ]


def has_pending(membership_id: int) -> bool:
    """Whether an act about this member waits for a decision."""
    return bool(
        db.session.scalar(
            select(exists().where(Conflict.membership_id == membership_id, Conflict.state == ConflictState.PENDING))
        )
    )


def conflict_records(committee_id: int) -> dict[int, Paper]:
    """Membership → the newest internal 이해관계 신고·결정서."""
    query = (
        select(Paper)
        .join(Membership, and_(Paper.subject_type == "membership", Paper.subject_id == Membership.id))
        .where(
            Paper.kind == "conflict_record",
            Paper.edition == "internal",
            Membership.committee_id == committee_id,
        )
        .order_by(Paper.version)
    )
    return {paper.subject_id: paper for paper in db.session.scalars(query)}


@dataclass(frozen=True, slots=True)
class Candidate:
    """Somebody who may be appointed, and the applications that stand in the way."""

    user_id: int
    name: str
    position: str
    organisation_id: int | None
    organisation: str
    ties: tuple[tuple["PanelApplication", Tie], ...]


def candidates(committee: Committee, *, search: str = "", limit: int = 50) -> tuple[list[Candidate], int]:
    """Evaluators without a seat in the committee, by name, and how many there are in all."""
    seated = select(Membership.user_id).where(Membership.committee_id == committee.id)
    query = (
        select(
            UserAccount.id,
            UserAccount.name,
            UserAccount.position,
            UserAccount.organisation_id,
            func.coalesce(Organisation.name, "").label("organisation"),
        )
        .join(UserRole, and_(UserRole.user_id == UserAccount.id, UserRole.role == Role.EVALUATOR))
        .outerjoin(Organisation, Organisation.id == UserAccount.organisation_id)
        .where(UserAccount.active, UserAccount.id.not_in(seated))
    )
    if search:
        like = f"%{search}%"
        query = query.where(or_(UserAccount.name.like(like), Organisation.name.like(like)))
    total = db.session.scalar(select(func.count()).select_from(query.subquery())) or 0
    rows = db.session.execute(query.order_by(UserAccount.name, UserAccount.id).limit(limit)).all()
    panel, kin = panel_applications(committee), kinship()
    found = [
        Candidate(
            user_id=row.id,
            name=row.name,
            position=row.position,
            organisation_id=row.organisation_id,
            organisation=row.organisation,
            ties=tuple(_ties_of(row.organisation_id, panel, kin)),
        )
        for row in rows
    ]
    return found, total
