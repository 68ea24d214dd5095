"""What an evaluator has on the desk: one seat at one application, with the sheet if it was opened.

Every page and save of an evaluator begins with one of these, so each is one statement over plain columns.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import cache
from typing import Any, NamedTuple

from sqlalchemy import Row, Select, and_, bindparam, exists, or_, select
from sqlalchemy.orm import aliased

from evalcomm.applications.models import Application, ApplicationState, Screening, ScreeningVerdict
from evalcomm.committee.models import Committee, CommitteeKind, Conflict, Membership, Pledge
from evalcomm.committee.queries import IN_EFFECT
from evalcomm.engine.plan import Plan
from evalcomm.engine.rubric import Rubric
from evalcomm.foundation.database import db, execute
from evalcomm.foundation.errors import NotFound
from evalcomm.programs.models import Round, Track
from evalcomm.rubrics.models import PlanVersion
from evalcomm.rubrics.queries import get_plan, plan_value
from evalcomm.scoring.models import Opening, ScoreSheet, ScoreTable, SheetState
from evalcomm.scoring.sheet import Draft


@dataclass(frozen=True, slots=True)
class SheetRow:
    """A sheet's columns."""

    id: int
    state: SheetState
    draft: Draft
    draft_tag: int
    cut_tag: int
    last_version: int
    changed_at: datetime
    submitted_version: int | None
    submitted_at: datetime | None
    reopened_at: datetime | None
    reopened_reason: str


@dataclass(frozen=True, slots=True)
class Desk:
    """One seat at one application in one round. `competes` = submitted, not withdrawn, not found ineligible."""

    membership_id: int
    user_id: int
    member_number: int
    committee_id: int
    committee: str
    is_chair: bool
    is_dismissed: bool
    has_pledged: bool
    declared_at: datetime | None
    application_id: int
    number: str
    title: str
    competes: bool
    submitted_at: datetime | None
    call_id: int
    track_id: int
    round_id: int
    is_recused: bool
    is_opened: bool
    plan_version_id: int
    plan_sha256: str
    sheet: SheetRow | None

    @property
    def plan(self) -> Plan:
        return plan_by_seal(self.plan_version_id, self.plan_sha256)

    @property
    def rubric(self) -> Rubric:
        return rubric_of(self.plan)

    @property
    def scores(self) -> bool:
        """Whether this seat gives scores at all: the plan says whether the chair does."""
        return not self.is_chair or self.plan.committee.chair_scores


_plans: dict[str, Plan] = {}


def plan_by_seal(plan_version_id: int, sha256: str) -> Plan:
    """The engine's plan of a stored version, read once per seal and process: a sealed version never changes."""
    known = _plans.get(sha256)
    if known is None:
        known = _plans[sha256] = plan_value(get_plan(plan_version_id))
    return known


def plan_of(track: Track) -> Plan:
    return plan_by_seal(track.plan_version_id, track.plan.sha256)


def rubric_of(plan: Plan) -> Rubric:
    if plan.rubric is None:
        raise NotFound("plan_without_rubric")
    return plan.rubric


def current_round(track: Track) -> Round:
    """The first round whose table the chair has not closed, else the last. Raises NotFound for a call without rounds."""
    rounds = db.session.scalars(select(Round).where(Round.call_id == track.call_id).order_by(Round.position)).all()
    if not rounds:
        raise NotFound("not_found")
    closed = set(db.session.scalars(select(ScoreTable.round_id).where(ScoreTable.track_id == track.id)))
    return next((one for one in rounds if one.id not in closed), rounds[-1])


def get_desk(sheet_id: int) -> Desk:
    """The desk of an opened sheet. Raises NotFound."""
    return _desk_of(execute(_by_sheet(), {"sheet": sheet_id}).first())


@cache
def _by_sheet() -> Select[Any]:
    """Built once: putting a statement of this size together costs more than running it."""
    return (
        select(*_columns())
        .select_from(ScoreSheet)
        .join(Membership, Membership.id == ScoreSheet.membership_id)
        .join(Committee, Committee.id == Membership.committee_id)
        .join(Application, Application.id == ScoreSheet.application_id)
        .join(Track, Track.id == Application.track_id)
        .join(PlanVersion, PlanVersion.id == Track.plan_version_id)
        .join(Round, Round.id == ScoreSheet.round_id)
        .where(ScoreSheet.id == bindparam("sheet"))
    )


def get_desk_at(membership_id: int, application_id: int) -> Desk:
    """The desk of a seat at an application of its panel, in the current round, opened or not. Raises NotFound."""
    query = _places().where(Membership.id == membership_id, Application.id == application_id)
    return _desk_of(db.session.execute(query).first())


def desks_of(membership_id: int) -> Sequence[Desk]:
    """Every application that competes before a seat in its current round, recused ones too, by track and number."""
    return desks_by_seat([membership_id])[membership_id]


def desks_by_seat(membership_ids: Collection[int]) -> Mapping[int, Sequence[Desk]]:
    """The same for several seats."""
    query = _places().where(Membership.id.in_(membership_ids), _competes())
    found: dict[int, list[Desk]] = {membership_id: [] for membership_id in membership_ids}
    for row in db.session.execute(query.order_by(Track.position, Application.number)):
        found[row.membership_id].append(_desk_of(row))
    return found


class SheetPlace(NamedTuple):
    track_id: int
    round_id: int
    application_id: int
    membership_id: int


def places_of_sheets(sheet_ids: Collection[int]) -> Mapping[int, SheetPlace]:
    """Sheet → where it stands."""
    query = (
        select(
            ScoreSheet.id,
            Application.track_id,
            ScoreSheet.round_id,
            ScoreSheet.application_id,
            ScoreSheet.membership_id,
        )
        .join(Application, Application.id == ScoreSheet.application_id)
        .where(ScoreSheet.id.in_(sheet_ids))
    )
    return {row.id: SheetPlace(*row[1:]) for row in db.session.execute(query)}


def _places() -> Select[Any]:
    """Seats × applications of their panel in the current round, with the sheet where one was opened."""
    own_sheet = and_(
        ScoreSheet.membership_id == Membership.id,
        ScoreSheet.application_id == Application.id,
        ScoreSheet.round_id == Round.id,
    )
    return (
        select(*_columns())
        .select_from(Membership)
        .join(Committee, Committee.id == Membership.committee_id)
        .join(Application, Application.call_id == Committee.call_id)
        .join(Track, Track.id == Application.track_id)
        .join(PlanVersion, PlanVersion.id == Track.plan_version_id)
        .join(Round, Round.call_id == Application.call_id)
        .outerjoin(ScoreSheet, own_sheet)
        .where(_is_current(), _is_panel())
    )


def _columns() -> tuple[Any, ...]:
    return (
        Membership.id.label("membership_id"),
        Membership.user_id,
        Membership.number.label("member_number"),
        Membership.committee_id,
        Committee.name.label("committee"),
        Membership.is_chair,
        Membership.dismissed_at,
        exists().where(Pledge.membership_id == Membership.id).label("has_pledged"),
        Membership.declared_at,
        Application.id.label("application_id"),
        Application.number,
        Application.title,
        _competes().label("competes"),
        Application.submitted_at.label("received_at"),
        Application.call_id,
        Application.track_id,
        Round.id.label("round_id"),
        exists()
        .where(Conflict.membership_id == Membership.id, Conflict.application_id == Application.id, IN_EFFECT)
        .label("is_recused"),
        exists().where(Opening.track_id == Application.track_id, Opening.round_id == Round.id).label("is_opened"),
        Track.plan_version_id,
        PlanVersion.sha256.label("plan_sha256"),
        ScoreSheet.id.label("sheet_id"),
        ScoreSheet.state,
        ScoreSheet.draft,
        ScoreSheet.draft_tag,
        ScoreSheet.cut_tag,
        ScoreSheet.last_version,
        ScoreSheet.changed_at,
        ScoreSheet.submitted_version,
        ScoreSheet.submitted_at,
        ScoreSheet.reopened_at,
        ScoreSheet.reopened_reason,
    )


def _competes() -> Any:
    ineligible = exists().where(
        Screening.application_id == Application.id, Screening.verdict == ScreeningVerdict.INELIGIBLE
    )
    return and_(Application.state == ApplicationState.SUBMITTED, ~ineligible)


def _is_panel() -> Any:
    """The committee sits for the application's track: it is the track's own, or the call's where the track has none of its own."""
    own = aliased(Committee)
    has_own = exists().where(
        own.call_id == Application.call_id,
        own.kind == CommitteeKind.EVALUATION,
        own.track_id == Application.track_id,
    )
    return and_(
        Committee.kind == CommitteeKind.EVALUATION,
        or_(Committee.track_id == Application.track_id, and_(Committee.track_id.is_(None), ~has_own)),
    )


def _is_current() -> Any:
    """The round is `current_round` of the application's track: none before it is open, and its own table is not closed unless it is the last."""
    earlier, later = aliased(Round), aliased(Round)
    closed = exists().where(ScoreTable.track_id == Application.track_id, ScoreTable.round_id == Round.id)
    open_before = exists().where(
        earlier.call_id == Round.call_id,
        earlier.position < Round.position,
        ~exists().where(ScoreTable.track_id == Application.track_id, ScoreTable.round_id == earlier.id),
    )
    has_next = exists().where(later.call_id == Round.call_id, later.position > Round.position)
    return and_(~open_before, or_(~closed, ~has_next))


def _desk_of(row: Row[Any] | None) -> Desk:
    if row is None:
        raise NotFound("not_found")
    sheet = None
    if row.sheet_id is not None:
        sheet = SheetRow(
            id=row.sheet_id,
            state=SheetState(row.state),
            draft=Draft.of_json(row.draft),
            draft_tag=row.draft_tag,
            cut_tag=row.cut_tag,
            last_version=row.last_version,
            changed_at=row.changed_at,
            submitted_version=row.submitted_version,
            submitted_at=row.submitted_at,
            reopened_at=row.reopened_at,
            reopened_reason=row.reopened_reason,
        )
    return Desk(
        membership_id=row.membership_id,
        user_id=row.user_id,
        member_number=row.member_number,
        committee_id=row.committee_id,
        committee=row.committee,
        is_chair=row.is_chair,
        is_dismissed=row.dismissed_at is not None,
        has_pledged=row.has_pledged,
        declared_at=row.declared_at,
        application_id=row.application_id,
        number=row.number or "",
        title=row.title,
        competes=row.competes,
        submitted_at=row.received_at,
        call_id=row.call_id,
        track_id=row.track_id,
        round_id=row.round_id,
        is_recused=row.is_recused,
        is_opened=row.is_opened,
        plan_version_id=row.plan_version_id,
        plan_sha256=row.plan_sha256,
        sheet=sheet,
    )
