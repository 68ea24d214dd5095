"""Ordered reads. Who is kept from an application is answered by `recused_memberships` and nowhere else."""

from collections import defaultdict
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import TypeVar

from sqlalchemy import ColumnElement, and_, exists, func, or_, select
from sqlalchemy.orm import aliased, joinedload

from evalcomm.accounts.models import Affiliation, Organisation, UserAccount, UserRole
from evalcomm.applications.models import Application, ApplicationState, Partner, Screening, ScreeningVerdict
from evalcomm.committee.models import (
    Committee,
    CommitteeKind,
    Conflict,
    ConflictAct,
    ConflictState,
    Membership,
    Pledge,
)
from evalcomm.committee.ties import Kinship, Tie
from evalcomm.documents.models import Paper
from evalcomm.foundation.actor import Role
from evalcomm.foundation.database import db
from evalcomm.foundation.errors import NotFound
from evalcomm.programs.models import Call, CallState, Project, Task, Track

Found = TypeVar("Found")

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


# ---- one thing


def get_committee(committee_id: int) -> Committee:
    """Raises NotFound."""
    return _found(db.session.get(Committee, committee_id, options=[joinedload(Committee.call)]))


def lock_committee(committee_id: int) -> Committee:
    """The committee, held to the end of the transaction: members get their numbers one after another."""
    query = select(Committee).where(Committee.id == committee_id).with_for_update()
    return _found(db.session.scalar(query.execution_options(populate_existing=True)))


def get_membership(membership_id: int) -> Membership:
    """Raises NotFound."""
    query = (
        select(Membership)
        .options(joinedload(Membership.committee).joinedload(Committee.call), joinedload(Membership.pledge))
        .where(Membership.id == membership_id)
    )
    return _found(db.session.scalar(query))


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
    return _found(db.session.scalar(query))


def _found(row: Found | None) -> Found:
    if row is None:
        raise NotFound("not_found")
    return row


# ---- committees and their people


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


# ---- the panel's applications


@dataclass(frozen=True, slots=True)
class PanelApplication:
    """What a member has to know of an application to tell whether there is a conflict: no word of the proposal itself."""

    id: int
    number: str
    title: str
    track_id: int
    track: str
    task_number: int
    task: str
    city: str
    lead_id: int
    lead: str
    partners: tuple[tuple[int, str], ...]
    submitted_at: datetime

    @property
    def organisations(self) -> str:
        return ", ".join([self.lead, *(name for _, name in self.partners)])

    def organisation(self, organisation_id: int) -> str:
        return self.lead if organisation_id == self.lead_id else dict(self.partners)[organisation_id]


def panel_applications(committee: Committee) -> list[PanelApplication]:
    """Submitted applications of the committee's tracks that were not found ineligible, by track and number. Three queries."""
    return applications_of_tracks([track.id for track in tracks_of(committee)])


def applications_of_tracks(track_ids: Collection[int]) -> list[PanelApplication]:
    """The same for tracks. Two queries."""
    ineligible = select(Screening.application_id).where(Screening.verdict == ScreeningVerdict.INELIGIBLE)
    query = (
        select(
            Application.id,
            Application.number,
            Application.title,
            Application.track_id,
            Track.title.label("track"),
            Task.number.label("task_number"),
            Task.title.label("task"),
            Task.innovation_city.label("city"),
            Application.lead_organisation_id,
            Organisation.name.label("lead"),
            Application.submitted_at,
        )
        .join(Track, Track.id == Application.track_id)
        .join(Project, Project.id == Application.project_id)
        .join(Task, Task.id == Project.task_id)
        .join(Organisation, Organisation.id == Application.lead_organisation_id)
        .where(
            Application.track_id.in_(track_ids),
            Application.state == ApplicationState.SUBMITTED,
            Application.id.not_in(ineligible),
        )
        .order_by(Track.position, Application.number)
    )
    rows = db.session.execute(query).all()
    partners = _partners([row.id for row in rows])
    return [
        PanelApplication(
            id=row.id,
            number=row.number,
            title=row.title,
            track_id=row.track_id,
            track=row.track,
            task_number=row.task_number,
            task=row.task,
            city=row.city,
            lead_id=row.lead_organisation_id,
            lead=row.lead,
            partners=tuple(partners.get(row.id, ())),
            submitted_at=row.submitted_at,
        )
        for row in rows
    ]


def _partners(application_ids: Collection[int]) -> Mapping[int, list[tuple[int, str]]]:
    partners: dict[int, list[tuple[int, str]]] = defaultdict(list)
    query = (
        select(Partner.application_id, Partner.organisation_id, Organisation.name)
        .join(Organisation, Organisation.id == Partner.organisation_id)
        .where(Partner.application_id.in_(application_ids))
        .order_by(Partner.application_id, Partner.position)
    )
    for application_id, organisation_id, name in db.session.execute(query):
        partners[application_id].append((organisation_id, name))
    return partners


def get_application_of(membership: Membership, application_id: int) -> Application:
    """An application of the member's panel, with its lead. Raises NotFound."""
    tracks = [track.id for track in tracks_of(membership.committee)]
    query = (
        select(Application)
        .options(joinedload(Application.lead), joinedload(Application.track))
        .where(
            Application.id == application_id,
            Application.track_id.in_(tracks),
            Application.state == ApplicationState.SUBMITTED,
        )
    )
    return _found(db.session.scalar(query))


# ---- conflicts


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
