"""Who has done how much, by states alone: nothing here reads a draft or a version."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import and_, func, select

from evalcomm.committee import queries as committee
from evalcomm.committee.models import ConflictAct, Membership
from evalcomm.committee.queries import PanelApplication
from evalcomm.foundation.database import db
from evalcomm.programs.models import Call, CallState, Track
from evalcomm.scoring.models import Opening, ScoreSheet, ScoreTable, SheetState
from evalcomm.scoring.queries.desks import plan_of
from evalcomm.scoring.queries.opened import Bench

NOT_STARTED, DRAFT, SUBMITTED, OUT, UNASSIGNED = "none", "draft", "submitted", "recused", "unassigned"
"""States of a cell as `components/matrix.html` draws them."""


@dataclass(frozen=True, slots=True)
class Progress:
    """A track's applications × members. `cells` by (application, membership)."""

    bench: Bench
    applications: Sequence[PanelApplication]
    members: Sequence[Membership]
    cells: dict[tuple[int, int], str]
    sheets: dict[tuple[int, int], int]
    acts: dict[tuple[int, int], ConflictAct]

    def count(self, state: str, *, member: int | None = None) -> int:
        return sum(cell == state for (_, who), cell in self.cells.items() if member in {None, who})

    @property
    def expected(self) -> int:
        return sum(cell in {NOT_STARTED, DRAFT, SUBMITTED} for cell in self.cells.values())

    def outstanding(self, member: int) -> int:
        return self.count(NOT_STARTED, member=member) + self.count(DRAFT, member=member)


def progress_of(bench: Bench) -> Progress:
    """Five queries whatever the size."""
    applications = committee.applications_of_tracks([bench.track.id])
    members = committee.members(bench.panel.id)
    ids = [one.id for one in applications]
    acts = committee.recused_memberships(committee_id=bench.panel.id, application_ids=ids)
    rows = db.session.execute(
        select(ScoreSheet.application_id, ScoreSheet.membership_id, ScoreSheet.state, ScoreSheet.id).where(
            ScoreSheet.round_id == bench.round.id, ScoreSheet.application_id.in_(ids)
        )
    ).all()
    states = {(row.application_id, row.membership_id): row.state for row in rows}
    chair_scores = plan_of(bench.track).committee.chair_scores
    cells: dict[tuple[int, int], str] = {}
    for one in applications:
        for member in members:
            state = states.get((one.id, member.id))
            if (member.id, one.id) in acts:
                cell = OUT
            elif member.is_chair and not chair_scores:
                cell = UNASSIGNED
            elif state is None:
                cell = NOT_STARTED
            else:
                cell = SUBMITTED if state == SheetState.SUBMITTED else DRAFT
            cells[one.id, member.id] = cell
    return Progress(
        bench=bench,
        applications=applications,
        members=members,
        cells=cells,
        sheets={(row.application_id, row.membership_id): row.id for row in rows},
        acts={(application, member): act for (member, application), act in acts.items()},
    )


@dataclass(frozen=True, slots=True)
class TrackLine:
    """A track in the list of everything that is being scored."""

    call_id: int
    call: str
    track_id: int
    track: str
    opened_at: datetime | None
    closed_at: datetime | None


def tracks_in_scoring() -> list[TrackLine]:
    """Tracks of published calls, newest call first, with when they were opened and closed. One query."""
    query = (
        select(
            Call.id.label("call_id"),
            Call.title.label("call"),
            Track.id.label("track_id"),
            Track.title.label("track"),
            func.max(Opening.opened_at).label("opened_at"),
            func.max(ScoreTable.closed_at).label("closed_at"),
        )
        .join(Track, Track.call_id == Call.id)
        .outerjoin(Opening, Opening.track_id == Track.id)
        .outerjoin(ScoreTable, and_(ScoreTable.track_id == Track.id, ScoreTable.round_id == Opening.round_id))
        .where(Call.state == CallState.PUBLISHED)
        .group_by(Call.id, Call.title, Track.id, Track.title, Track.position)
        .order_by(Call.id.desc(), Track.position)
    )
    return [TrackLine(**row._asdict()) for row in db.session.execute(query)]
