"""The verbs of selection."""

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from datetime import date, datetime
from functools import partial

from sqlalchemy import select

from evalcomm import __version__
from evalcomm.applications import queries as applications
from evalcomm.applications.models import Application
from evalcomm.audit import evidence
from evalcomm.audit import services as audit
from evalcomm.audit.words import DETAILS
from evalcomm.engine.allocate import AllocationPlan
from evalcomm.foundation import hooks
from evalcomm.foundation.actor import Actor
from evalcomm.foundation.clock import in_seoul
from evalcomm.foundation.database import db
from evalcomm.foundation.errors import Conflict, Invalid, Refused
from evalcomm.foundation.verdict import Verdict
from evalcomm.programs import queries as programs
from evalcomm.programs.models import Call, Track
from evalcomm.rubrics import queries as rubrics
from evalcomm.scoring import queries as scoring
from evalcomm.selection import computation, papers, policies, queries
from evalcomm.selection.models import AllocationLine, AllocationRun, Announcement, Approval, LotRecord, Resolution
from evalcomm.web.faults import Fault, refuse


def make_run(*, call: Call, actor: Actor, at: datetime) -> AllocationRun:
    """Divide the money of every track from its closed score table. A run is a proposal: nothing counts until one is adopted."""
    _require(policies.may_make_run(actor, call, at))
    assert actor.user_id is not None
    inputs = computation.gather(call)
    result = computation.compute(inputs, _allocation_plans(call))
    lines = [(track_id, line) for track_id, entry in result["tracks"].items() for line in entry["lines"]]
    run = AllocationRun(
        call_id=call.id,
        made_at=at,
        made_by_id=actor.user_id,
        engine_version=__version__,
        inputs=inputs,
        inputs_sha256=computation.fingerprint(inputs),
        result=result,
        result_sha256=computation.fingerprint(result),
        needs_lot=any(entry["needs_lot"] for entry in result["tracks"].values()),
        awarded_won=sum(line["awarded_won"] for _track, line in lines),
    )
    run.lines = [
        AllocationLine(
            position=place,
            application_id=line["id"],
            track_id=int(track_id),
            rank=line["rank"],
            reserve_rank=line["reserve_rank"],
            score=line["score"],
            requested_won=line["requested_won"],
            awarded_won=line["awarded_won"],
            status=line["status"],
            reason=line["reason"],
            would_change=line["would_change"],
        )
        for place, (track_id, line) in enumerate(lines, start=1)
    ]
    db.session.add(run)
    db.session.flush()
    detail = {"inputs_sha256": run.inputs_sha256, "result_sha256": run.result_sha256}
    audit.record(verb="selection.make_run", subject=run, actor=actor, at=at, detail=detail)
    return run


def _allocation_plans(call: Call) -> dict[str, AllocationPlan]:
    plans = {str(track.id): rubrics.plan_value(track.plan).allocation for track in call.tracks}
    return {track: plan for track, plan in plans.items() if plan is not None}


def refuse_lot(*, numbers: Mapping[int, int | None], drawn_at: datetime | None, at: datetime) -> None:
    """Raises Invalid with everything that is wrong already; None where it can't be read."""
    refuse(_lot_faults(numbers, drawn_at, at))


def _lot_faults(numbers: Mapping[int, int | None], drawn_at: datetime | None, at: datetime) -> Iterator[Fault]:
    seen = Counter(numbers.values())
    for application, number in numbers.items():
        if number is not None and seen[number] > 1:
            yield Fault(f"lot_{application}", "lot_number_twice", {"number": number})
    if drawn_at is not None and drawn_at > at:
        yield Fault("drawn_at", "drawn_in_future")


def record_lot(
    *,
    track: Track,
    numbers: Mapping[int, int],
    method: str,
    drawn_by: str,
    witnesses: Sequence[str],
    drawn_at: datetime,
    place: str,
    actor: Actor,
    at: datetime,
) -> LotRecord:
    """추첨조서: the numbers that were drawn by hand for the applications (by id) tied at the line of the newest run. Drawn once, for good."""
    _require(policies.may_make_run(actor, track.call, at))
    tied = tied_at_line(track)
    if not tied:
        raise Conflict("lot_not_needed")
    if set(numbers) & set(queries.drawn(track.id)):
        raise Conflict("lot_recorded")
    if set(numbers) != {application.id for application in tied} or min(numbers.values()) < 1:
        raise Invalid("lot_whole_group", numbers=", ".join(application.number or "" for application in tied))
    refuse_lot(numbers=numbers, drawn_at=drawn_at, at=at)
    if not drawn_by.strip() or not [name for name in witnesses if name.strip()]:
        raise Invalid("lot_witnesses")
    assert actor.user_id is not None
    record = LotRecord(
        track_id=track.id,
        method=method.strip(),
        numbers={str(application): number for application, number in sorted(numbers.items())},
        drawn_by=drawn_by.strip(),
        witnesses=[name.strip() for name in witnesses if name.strip()],
        drawn_at=drawn_at,
        place=place.strip(),
        recorded_at=at,
        recorded_by_id=actor.user_id,
    )
    db.session.add(record)
    db.session.flush()
    audit.record(
        verb="selection.record_lot", subject=record, actor=actor, at=at, detail={"applications": sorted(numbers)}
    )
    run = newest_run(track.call_id)
    assert run is not None
    lines = [line for line in run.lines if line.application_id in numbers]
    papers.issue_lot_record(record=record, tied=lines, actor=actor, at=at)
    return record


def tied_at_line(track: Track) -> list[Application]:
    """Whom the newest run waits for in this track: those tied where the money ends."""
    newest = next(iter(queries.runs_of(track.call_id)), None)
    waiting = newest.result["tracks"].get(str(track.id), {}).get("needs_lot") if newest is not None else None
    if not waiting:
        return []
    drawn = queries.drawn(track.id)
    return applications.get_applications([one for one in waiting["applications"] if one not in drawn])


def adopt_run(*, run: AllocationRun, actor: Actor, at: datetime) -> AllocationRun:
    """The official run. Refused while a lot is missing, when its inputs are no longer those of today, and when another was adopted first."""
    programs.lock_call(run.call_id)
    _require(policies.may_adopt(actor, run, at))
    if computation.fingerprint(computation.gather(run.call)) != run.inputs_sha256:
        raise Conflict("run_outdated")
    run.adopted_at, run.adopted_by_id = at, actor.user_id
    db.session.flush()
    audit.record(
        verb="selection.adopt_run", subject=run, actor=actor, at=at, detail={"result_sha256": run.result_sha256}
    )
    return run


def refuse_resolution(
    *,
    call: Call,
    enrolled: int | None,
    present: int | None,
    in_favour: int | None,
    against: int | None,
    abstained: int | None,
    resolved_at: datetime | None,
    at: datetime,
) -> None:
    """Raises Invalid with everything that is wrong already; None where it can't be read."""
    votes = None if in_favour is None or against is None or abstained is None else in_favour + against + abstained
    refuse(
        (
            *_moment_faults(call, resolved_at, at),
            *_presence_faults(call, enrolled, present),
            *_vote_faults(present, in_favour, votes),
        )
    )


def _moment_faults(call: Call, resolved_at: datetime | None, at: datetime) -> Iterator[Fault]:
    if resolved_at is None:
        return
    closed = max((table.closed_at for track in call.tracks if (table := scoring.closed_table(track))), default=None)
    if resolved_at > at:
        yield Fault("resolved_at", "resolved_in_future")
    elif closed is not None and resolved_at < closed.replace(second=0, microsecond=0):
        yield Fault("resolved_at", "resolved_before_closing", {"closed_at": closed})


def _presence_faults(call: Call, enrolled: int | None, present: int | None) -> Iterator[Fault]:
    if enrolled is None or present is None:
        return
    if present > enrolled:
        yield Fault("present", "more_present_than_enrolled", {"enrolled": enrolled})
    quorum = max((rubrics.plan_value(track.plan).committee.quorum or 0 for track in call.tracks), default=0)
    if present < max(quorum, enrolled // 2 + 1):
        yield Fault("present", "no_quorum", {"quorum": max(quorum, enrolled // 2 + 1)})


def _vote_faults(present: int | None, in_favour: int | None, votes: int | None) -> Iterator[Fault]:
    if present is not None and votes is not None and votes != present:
        yield Fault("in_favour", "votes_do_not_add_up")
    elif present is not None and in_favour is not None and in_favour * 2 <= present:
        yield Fault("in_favour", "no_majority")


def record_resolution(
    *,
    call: Call,
    agenda_number: str,
    enrolled: int,
    present: int,
    in_favour: int,
    against: int,
    abstained: int,
    reason: str,
    resolved_at: datetime,
    place: str,
    actor: Actor,
    at: datetime,
) -> Resolution:
    """의결: the committee's vote on the adopted run, with the quorum that the plans ask for."""
    programs.lock_call(call.id)
    _require(policies.may_resolve(actor, call, at))
    run = queries.adopted_run(call.id)
    assert run is not None
    refuse_resolution(
        call=call,
        enrolled=enrolled,
        present=present,
        in_favour=in_favour,
        against=against,
        abstained=abstained,
        resolved_at=resolved_at,
        at=at,
    )
    assert actor.user_id is not None
    resolution = Resolution(
        call_id=call.id,
        run_id=run.id,
        agenda_number=agenda_number,
        enrolled=enrolled,
        present=present,
        in_favour=in_favour,
        against=against,
        abstained=abstained,
        order_text="\n".join(papers.order_of(run)),
        reason=reason,
        resolved_at=resolved_at,
        recorded_by_id=actor.user_id,
    )
    db.session.add(resolution)
    db.session.flush()
    audit.record(
        verb="selection.resolve",
        subject=resolution,
        actor=actor,
        at=at,
        detail={"run": run.id, "result_sha256": run.result_sha256},
    )
    papers.issue_resolution(resolution=resolution, run=run, place=place, actor=actor, at=at)
    return resolution


def refuse_approval(*, call: Call, decided_on: date | None, at: datetime) -> None:
    """Raises Invalid with everything that is wrong already; None where it can't be read."""
    resolution = queries.resolution_of(call.id)
    if decided_on is None or resolution is None:
        return
    if decided_on > in_seoul(at).date():
        refuse([Fault("decided_on", "decided_in_future")])
    if decided_on < in_seoul(resolution.resolved_at).date():
        refuse([Fault("decided_on", "decided_before_resolution")])


def record_approval(
    *, call: Call, document_number: str, decided_on: date, approver: str, instruction: str, actor: Actor, at: datetime
) -> Approval:
    """내부결재 happens in the ministry's own system; this is its record."""
    programs.lock_call(call.id)
    _require(policies.may_record_approval(actor, call, at))
    run, resolution = queries.adopted_run(call.id), queries.resolution_of(call.id)
    assert run is not None
    assert resolution is not None
    refuse_approval(call=call, decided_on=decided_on, at=at)
    assert actor.user_id is not None
    approval = Approval(
        call_id=call.id,
        run_id=run.id,
        document_number=document_number.strip(),
        decided_on=decided_on,
        approver=approver.strip(),
        instruction=instruction.strip(),
        recorded_at=at,
        recorded_by_id=actor.user_id,
    )
    db.session.add(approval)
    db.session.flush()
    audit.record(verb="selection.record_approval", subject=approval, actor=actor, at=at, detail={"run": run.id})
    return approval


def announce(*, call: Call, actor: Actor, at: datetime) -> Announcement:
    """통보·공표: from now on applicants read their result and the public the list of awards."""
    programs.lock_call(call.id)
    _require(policies.may_announce(actor, call, at))
    run = queries.adopted_run(call.id)
    assert run is not None
    assert actor.user_id is not None
    announcement = Announcement(call_id=call.id, run_id=run.id, announced_at=at, announced_by_id=actor.user_id)
    db.session.add(announcement)
    call.page_version += 1
    db.session.flush()
    audit.record(
        verb="selection.announce",
        subject=announcement,
        actor=actor,
        at=at,
        detail={"run": run.id, "result_sha256": run.result_sha256},
    )
    ties = papers.ties_in_words(run)
    for line in run.lines:
        papers.issue_result_notice(line=line, tie=ties.get(line.application_id), actor=actor, at=at)
        hooks.send_message(
            key=f"result-{line.application_id}",
            user_id=line.application.owner_id,
            subject=f"[{call.title}] 선정 결과 알림 {line.application.number}",
            body=f"신청하신 ‘{line.application.title}’의 선정 결과가 나왔습니다.\n신청서 화면에서 결과 알림과 이의신청 방법을 확인해 주십시오.",
            at=at,
        )
    return announcement


def lines_by_application(run: AllocationRun) -> dict[int, AllocationLine]:
    return {line.application_id: line for line in run.lines}


def run_is_current(run: AllocationRun) -> bool:
    """Whether the run's inputs are still what the call holds."""
    try:
        return computation.fingerprint(computation.gather(run.call)) == run.inputs_sha256
    except Conflict:
        return False


def recompute(run: AllocationRun) -> str | None:
    """What no longer agrees when a run is computed again from its stored inputs, or None."""
    if computation.fingerprint(run.inputs) != run.inputs_sha256:
        return "its stored inputs do not match their hash"
    if computation.fingerprint(run.result) != run.result_sha256:
        return "its stored result does not match its hash"
    again = computation.compute(run.inputs, _allocation_plans(run.call))
    if again != run.result:
        return f"it gives another result now, under engine {__version__} (it was computed under {run.engine_version})"
    stored = {line.application_id: line.awarded_won for line in run.lines}
    said = {line["id"]: line["awarded_won"] for entry in run.result["tracks"].values() for line in entry["lines"]}
    return None if stored == said else "its lines do not match its result"


def newest_run(call_id: int) -> AllocationRun | None:
    run_id = db.session.scalar(
        select(AllocationRun.id).where(AllocationRun.call_id == call_id).order_by(AllocationRun.id.desc()).limit(1)
    )
    return None if run_id is None else queries.get_run(run_id)


def _require(verdict: Verdict) -> None:
    if not verdict.allowed:
        raise Refused.by(verdict)


def _kept(which: str) -> Iterator[evidence.Kept]:
    for run in db.session.scalars(select(AllocationRun).order_by(AllocationRun.id)).yield_per(1):
        stated, content = (run.inputs_sha256, run.inputs) if which == "inputs" else (run.result_sha256, run.result)
        yield evidence.Kept(
            ("allocation_run", run.id), stated, computation.fingerprint(content), note=DETAILS[f"{which}_sha256"]
        )


def _lines_agree() -> Iterator[evidence.Break]:
    """The lines are the result's, written out as rows."""
    for run in db.session.scalars(select(AllocationRun).order_by(AllocationRun.id)):
        said = {line["id"]: line for entry in run.result["tracks"].values() for line in entry["lines"]}
        for line in run.lines:
            told = said.get(line.application_id, {})
            if any(
                getattr(line, name) != told.get(name) for name in ("rank", "score", "awarded_won", "status", "reason")
            ):
                yield evidence.Break("line_differs", run=run.id, application=line.application_id)


evidence.keeps("selection.make_run", key="inputs_sha256", rows=partial(_kept, "inputs"))
evidence.keeps("selection.make_run", key="result_sha256", rows=partial(_kept, "result"))
evidence.agrees(_lines_agree)
