"""What waits for the secretariat today: for every call that is not announced, the next thing to do and where."""

from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime

from flask import render_template, url_for
from flask_babel import gettext as _
from sqlalchemy import Select, func, select

from evalcomm.applications.models import Application, ApplicationState, Screening
from evalcomm.applications.outcomes import Outcome
from evalcomm.committee.models import Committee, Conflict, ConflictState, Membership
from evalcomm.documents.models import Paper
from evalcomm.foundation.actor import Actor
from evalcomm.foundation.database import db
from evalcomm.programs import queries as programs
from evalcomm.programs.models import Call, CallState, PhaseKind
from evalcomm.programs.words import PHASES
from evalcomm.scoring.models import Opening, ScoreTable
from evalcomm.selection.models import AllocationLine, AllocationRun, Announcement, Approval, Resolution
from evalcomm.selection.words import STATUSES, TONES


@dataclass(frozen=True, slots=True)
class Waiting:
    """`url` None = nothing to press, only to wait for."""

    text: str
    url: str | None


def announcements(call_ids: Collection[int]) -> Mapping[int, datetime]:
    """For the pages of calls: which results are announced, and since when."""
    rows = db.session.execute(
        select(Announcement.call_id, Announcement.announced_at).where(Announcement.call_id.in_(call_ids))
    )
    return {row.call_id: row.announced_at for row in rows}


def outcomes(application_ids: Collection[int]) -> Mapping[int, Outcome]:
    """For the pages of applicants: what the announced run gives them."""
    rows = db.session.execute(
        select(
            AllocationLine.application_id,
            AllocationLine.status,
            AllocationLine.awarded_won,
            AllocationLine.reserve_rank,
        )
        .join(Announcement, Announcement.run_id == AllocationLine.run_id)
        .where(AllocationLine.application_id.in_(application_ids))
    )
    return {
        row.application_id: Outcome(
            label=_("%(status)s %(rank)s순위", status=STATUSES[row.status], rank=row.reserve_rank)
            if row.reserve_rank
            else str(STATUSES[row.status]),
            tone=TONES[row.status],
            awarded_won=row.awarded_won,
        )
        for row in rows
    }


@dataclass(frozen=True, slots=True)
class Facts:
    """What the open calls hold, by call: read for all of them together, since this is everybody's first page."""

    unscreened: Mapping[int, int]
    has_committee: frozenset[int]
    undecided: Mapping[int, int]
    tracks: Mapping[int, frozenset[int]]
    """Those with applications."""
    opened: frozenset[int]
    closed: frozenset[int]
    """Tracks."""
    adopted: frozenset[int]
    resolved: frozenset[int]
    approved: frozenset[int]
    reported: frozenset[int]
    """Whose memos and report are issued."""


def facts_of(call_ids: Collection[int]) -> Facts:
    submitted = (Application.call_id.in_(call_ids), Application.state == ApplicationState.SUBMITTED)
    tracks: dict[int, frozenset[int]] = {}
    for row in db.session.execute(select(Application.call_id, Application.track_id).where(*submitted).distinct()):
        tracks[row.call_id] = tracks.get(row.call_id, frozenset()) | {row.track_id}
    every_track = frozenset().union(*tracks.values())
    return Facts(
        unscreened=_counts(
            select(Application.call_id, func.count())
            .outerjoin(Screening, Screening.application_id == Application.id)
            .where(*submitted, Screening.application_id.is_(None))
            .group_by(Application.call_id)
        ),
        has_committee=_ids(select(Committee.call_id).where(Committee.call_id.in_(call_ids))),
        undecided=_counts(
            select(Committee.call_id, func.count())
            .join(Membership, Membership.committee_id == Committee.id)
            .join(Conflict, Conflict.membership_id == Membership.id)
            .where(Committee.call_id.in_(call_ids), Conflict.state == ConflictState.PENDING)
            .group_by(Committee.call_id)
        ),
        tracks=tracks,
        opened=_ids(select(Opening.track_id).where(Opening.track_id.in_(every_track))),
        closed=_ids(select(ScoreTable.track_id).where(ScoreTable.track_id.in_(every_track))),
        adopted=_ids(
            select(AllocationRun.call_id).where(
                AllocationRun.call_id.in_(call_ids), AllocationRun.adopted_at.is_not(None)
            )
        ),
        resolved=_ids(select(Resolution.call_id).where(Resolution.call_id.in_(call_ids))),
        approved=_ids(select(Approval.call_id).where(Approval.call_id.in_(call_ids))),
        reported=_ids(select(Paper.subject_id).where(Paper.kind == "selection_report", Paper.subject_id.in_(call_ids))),
    )


def _counts(query: Select[int, int]) -> dict[int, int]:
    return {row[0]: row[1] for row in db.session.execute(query)}


def _ids(query: Select[int]) -> frozenset[int]:
    return frozenset(db.session.scalars(query))


def waiting_in(call: Call, facts: Facts, at: datetime) -> list[Waiting]:
    """What is to be done for a call now, the first thing first."""
    waiting = [*_preparing(call, facts), *_scoring(call, facts), *_decisions(call, facts)]
    if not waiting:
        phases = ", ".join(str(PHASES[PhaseKind(phase.kind)]) for phase in programs.open_phases(call, at))
        waiting = [
            Waiting(_("진행 중인 단계: %(phases)s", phases=phases) if phases else _("지금 할 일이 없습니다."), None)
        ]
    return waiting


def _preparing(call: Call, facts: Facts) -> Iterator[Waiting]:
    if count := facts.unscreened.get(call.id):
        url = url_for("applications.list_applications", call_id=call.id)
        yield Waiting(_("요건검토를 기다리는 신청서 %(count)s건", count=count), url)
    if call.id not in facts.has_committee:
        yield Waiting(_("평가위원회를 구성해야 합니다."), url_for("committee.new", call_id=call.id))
    if count := facts.undecided.get(call.id):
        yield Waiting(_("결정을 기다리는 이해관계 신고 %(count)s건", count=count), url_for("committee.index"))


def _scoring(call: Call, facts: Facts) -> Iterator[Waiting]:
    """Tracks with applications whose figures are not opened, or whose table is not closed."""
    tracks = facts.tracks.get(call.id, frozenset())
    url = url_for("scoring.progress", call_id=call.id)
    if unopened := len(tracks - facts.opened):
        yield Waiting(_("점수를 개봉하지 않은 분야 %(count)s개: 평가 진행을 확인하십시오.", count=unopened), url)
    elif unclosed := len(tracks - facts.closed):
        yield Waiting(_("위원장이 종합집계표를 확정하지 않은 분야 %(count)s개", count=unclosed), url)


def _decisions(call: Call, facts: Facts) -> Iterator[Waiting]:
    """The next of run, resolution, approval, papers and announcement, once every table is closed."""
    tracks = facts.tracks.get(call.id, frozenset())
    if not tracks or tracks - facts.closed:
        return
    here = url_for("selection.overview", call_id=call.id)
    papers = url_for("reports.papers", call_id=call.id)
    steps = (
        (facts.adopted, _("배분(안)을 계산하고 채택할 차례입니다."), here),
        (facts.resolved, _("위원회 의결을 기록할 차례입니다."), here),
        (facts.approved, _("결재가 끝나면 문서번호와 결재일을 기록하십시오."), here),
        (facts.reported, _("과제별 심의결과서와 선정결과보고서를 발행할 차례입니다."), papers),
    )
    last = (_("결과를 공표할 차례입니다."), here)
    yield Waiting(*next(((text, url) for done, text, url in steps if call.id not in done), last))


def section(actor: Actor, at: datetime) -> str | None:
    """The secretariat's section of the first page."""
    del actor
    calls = programs.list_calls(states=[CallState.PUBLISHED])
    announced = announcements([call.id for call in calls])
    calls = [call for call in calls if call.id not in announced]
    facts = facts_of([call.id for call in calls])
    return render_template("selection/desk.html", desks=[(call, waiting_in(call, facts, at)) for call in calls])
