"""What waits for the secretariat today: for every call that is not announced, the next thing to do and where."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import datetime

from flask import render_template, url_for
from flask_babel import gettext as _
from sqlalchemy import func, select

from evalcomm.applications.models import Application, ApplicationState, Screening
from evalcomm.committee.models import Committee, Conflict, ConflictState, Membership
from evalcomm.foundation.actor import Actor
from evalcomm.foundation.database import db
from evalcomm.programs import queries as programs
from evalcomm.programs.models import Call, CallState, PhaseKind
from evalcomm.programs.words import PHASES
from evalcomm.scoring.models import Opening, ScoreTable
from evalcomm.selection import queries
from evalcomm.selection.models import Announcement


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


def waiting_in(call: Call, at: datetime) -> list[Waiting]:
    """What is to be done for a call now, the first thing first."""
    found = [_unscreened(call), _without_committee(call), _undecided(call), _unopened(call), *_decisions(call)]
    waiting = [one for one in found if one is not None]
    if not waiting:
        phases = ", ".join(str(PHASES[PhaseKind(phase.kind)]) for phase in programs.open_phases(call, at))
        waiting = [
            Waiting(_("진행 중인 단계: %(phases)s", phases=phases) if phases else _("지금 할 일이 없습니다."), None)
        ]
    return waiting


def _count(query: object) -> int:
    return db.session.scalar(query) or 0  # type: ignore[call-overload]  # a SELECT of one count


def _unscreened(call: Call) -> Waiting | None:
    count = _count(
        select(func.count())
        .select_from(Application)
        .outerjoin(Screening, Screening.application_id == Application.id)
        .where(
            Application.call_id == call.id,
            Application.state == ApplicationState.SUBMITTED,
            Screening.application_id.is_(None),
        )
    )
    url = url_for("applications.list_applications", call_id=call.id)
    return Waiting(_("요건검토를 기다리는 신청서 %(count)s건", count=count), url) if count else None


def _without_committee(call: Call) -> Waiting | None:
    count = _count(select(func.count()).select_from(Committee).where(Committee.call_id == call.id))
    url = url_for("committee.new", call_id=call.id)
    return None if count else Waiting(_("평가위원회를 구성해야 합니다."), url)


def _undecided(call: Call) -> Waiting | None:
    count = _count(
        select(func.count())
        .select_from(Conflict)
        .join(Membership, Membership.id == Conflict.membership_id)
        .join(Committee, Committee.id == Membership.committee_id)
        .where(Committee.call_id == call.id, Conflict.state == ConflictState.PENDING)
    )
    return (
        Waiting(_("결정을 기다리는 이해관계 신고 %(count)s건", count=count), url_for("committee.index"))
        if count
        else None
    )


def _unopened(call: Call) -> Waiting | None:
    """Tracks with applications whose figures are not opened, once scoring is over."""
    tracks = set(
        db.session.scalars(
            select(Application.track_id).where(
                Application.call_id == call.id, Application.state == ApplicationState.SUBMITTED
            )
        )
    )
    opened = set(db.session.scalars(select(Opening.track_id).where(Opening.track_id.in_(tracks))))
    closed = set(db.session.scalars(select(ScoreTable.track_id).where(ScoreTable.track_id.in_(tracks))))
    url = url_for("scoring.progress", call_id=call.id)
    if tracks - opened:
        return Waiting(
            _("점수를 개봉하지 않은 분야 %(count)s개: 평가 진행을 확인하십시오.", count=len(tracks - opened)), url
        )
    if tracks - closed:
        return Waiting(_("위원장이 종합집계표를 확정하지 않은 분야 %(count)s개", count=len(tracks - closed)), url)
    return None


def _decisions(call: Call) -> list[Waiting]:
    """The next of run, resolution, approval and announcement, once every table is closed."""
    tracks = set(
        db.session.scalars(
            select(Application.track_id).where(
                Application.call_id == call.id, Application.state == ApplicationState.SUBMITTED
            )
        )
    )
    closed = set(db.session.scalars(select(ScoreTable.track_id).where(ScoreTable.track_id.in_(tracks))))
    if not tracks or tracks - closed:
        return []
    url = url_for("selection.overview", call_id=call.id)
    if queries.adopted_run(call.id) is None:
        return [Waiting(_("배분(안)을 계산하고 채택할 차례입니다."), url)]
    if queries.resolution_of(call.id) is None:
        return [Waiting(_("위원회 의결을 기록할 차례입니다."), url)]
    if queries.approval_of(call.id) is None:
        return [Waiting(_("결재가 끝나면 문서번호와 결재일을 기록하십시오."), url)]
    return [Waiting(_("결과를 공표할 차례입니다."), url)]


def section(actor: Actor, at: datetime) -> str | None:
    """The secretariat's section of the first page."""
    del actor
    calls = [
        call for call in programs.list_calls(states=[CallState.PUBLISHED]) if queries.announcement_of(call.id) is None
    ]
    return render_template("selection/desk.html", desks=[(call, waiting_in(call, at)) for call in calls])
