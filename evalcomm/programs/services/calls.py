"""Prepare a call: from the standard or a copy, its terms, tracks, rounds, phases."""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import replace
from datetime import datetime
from typing import Any

from evalcomm.audit import services as audit
from evalcomm.foundation.actor import Actor
from evalcomm.foundation.database import db
from evalcomm.foundation.errors import Conflict, Invalid, StaleVersion
from evalcomm.programs import queries, standard, terms
from evalcomm.programs.models import Call, CallKind, CallState, Phase, PhaseKind, Program, Round, Track
from evalcomm.programs.terms import CallTerms, PhaseTerms, RoundTerms
from evalcomm.rubrics.models import PlanVersion
from evalcomm.web.faults import Fault, refuse

MAIN_TRACK = "main"


def main_track(call: Call, plan: PlanVersion) -> Track:
    """The one track of a call that has no others: its whole budget under one plan."""
    return Track(
        position=1,
        code=MAIN_TRACK,
        title="전체",
        budget_won=call.budget_won,
        plan_version_id=plan.id,
        plan=plan,
    )


def create_call(
    *,
    program: Program,
    number: str,
    title: str,
    opens_at: datetime,
    actor: Actor,
    at: datetime,
    budget_won: int | None = None,
    plan: PlanVersion | None = None,
    kind: CallKind = CallKind.FUNDING,
    description: str = "",
    authority: str = "",
    contact: str = "",
    texts: Mapping[str, Iterable[str]] | None = None,
    phases: Iterable[PhaseTerms] | None = None,
    is_demonstration: bool = False,
) -> Call:
    """A draft from the standard: five phases from `opens_at`, one round, and with a plan one track of the whole budget.

    Without a plan the tracks follow by `add_track`. `budget_won` is the programme's unless it is given.
    """
    refuse_taken_number(program, number)
    call = Call(
        program_id=program.id,
        program=program,
        number=number,
        title=title,
        kind=kind,
        is_demonstration=is_demonstration,
        budget_won=program.budget_won if budget_won is None else budget_won,
        description=description,
        authority=authority or (f"{program.authority[0]}장관" if program.authority else ""),
        contact=contact,
        texts={section: list(lines) for section, lines in {**standard.TEXTS, **(texts or {})}.items()},
        created_at=at,
    )
    call.rounds = [Round(position=1, title="서면평가")]
    db.session.add(call)
    db.session.flush()
    _write_phases(call, tuple(phases) if phases is not None else standard.phases_from(opens_at))
    if plan is not None:
        call.tracks = [main_track(call, plan)]
    db.session.flush()
    audit.record(verb="programs.create_call", subject=call, actor=actor, at=at, detail={"number": number})
    return call


def copy_call(*, source: Call, number: str, title: str, opens_at: datetime, actor: Actor, at: datetime) -> Call:
    """A draft like `source`, in the same programme: every date moved by as much as the opening of applications."""
    refuse_taken_number(source.program, number)
    old = terms.of_call(source)
    first = old.phase(PhaseKind.APPLICATION)
    shift = opens_at - (first.opens_at if first is not None else source.created_at)
    call = create_call(
        program=source.program,
        number=number,
        title=title,
        opens_at=opens_at,
        budget_won=source.budget_won,
        kind=CallKind(source.kind),
        description=source.description,
        authority=source.authority,
        contact=source.contact,
        texts=old.texts,
        phases=[
            replace(phase, round=None, opens_at=phase.opens_at + shift, closes_at=phase.closes_at + shift)
            for phase in old.phases
            if phase.round is None
        ],
        is_demonstration=source.is_demonstration,
        actor=actor,
        at=at,
    )
    _write_rounds(call, old.rounds)
    _write_phases(
        call,
        tuple(
            replace(phase, opens_at=phase.opens_at + shift, closes_at=phase.closes_at + shift) for phase in old.phases
        ),
    )
    call.tracks = [
        Track(
            position=track.position,
            code=track.code,
            title=track.title,
            budget_won=track.budget_won,
            plan_version_id=track.plan_version_id,
            plan=track.plan,
        )
        for track in source.tracks
    ]
    db.session.flush()
    audit.record(verb="programs.copy_call", subject=call, actor=actor, at=at, detail={"source": source.id})
    return call


def change_dates(
    *,
    call: Call,
    budget_won: int,
    dates: Mapping[str, tuple[datetime, datetime]],
    actor: Actor,
    at: datetime,
    page_version: int | None = None,
) -> None:
    """The budget and the window of each phase, by `PhaseTerms.key`. `page_version` is the one that the page was made from."""
    require_draft(call, page_version)
    wanted = terms.with_dates(terms.with_budget(terms.of_call(call), budget_won), dates)
    _change(call, wanted, verb="change_dates", concerns=_concerns_dates, actor=actor, at=at)


def refuse_dates(*, call: Call, least: CallTerms, most: CallTerms, at: datetime) -> None:
    """What is wrong already although a part of the page can't be read: `least` and `most` hold the ends of what that part may be."""
    both = (terms.faults(one, program_budget_won=call.program.budget_won, at=at) for one in (least, most))
    refuse_faults(fault for fault in terms.certain(*both) if _concerns_dates(fault.place) and not _may_wait(fault))


def _concerns_dates(place: str) -> bool:
    return place not in {"rounds", "number", "title"}


def _may_wait(fault: Fault) -> bool:
    """The plan, and with it the only track, is chosen on the next page."""
    return fault.code == "call_without_track"


def change_texts(
    *,
    call: Call,
    number: str,
    title: str,
    description: str,
    authority: str,
    contact: str,
    texts: Mapping[str, Iterable[str]],
    is_demonstration: bool,
    actor: Actor,
    at: datetime,
    page_version: int | None = None,
) -> None:
    """The words of the notice."""
    require_draft(call, page_version)
    if number != call.number:
        refuse_taken_number(call.program, number)
    wanted = replace(
        terms.of_call(call),
        number=number,
        title=title,
        description=description,
        authority=authority,
        contact=contact,
        texts={section: tuple(lines) for section, lines in texts.items()},
        is_demonstration=is_demonstration,
    )
    here = {"number", "title"}
    _change(call, wanted, verb="change_texts", concerns=lambda place: place in here, actor=actor, at=at)


def change_rounds(
    *,
    call: Call,
    rounds: Iterable[RoundTerms],
    dates: Mapping[int, tuple[datetime, datetime]],
    actor: Actor,
    at: datetime,
    page_version: int | None = None,
) -> None:
    """The passes of evaluation. With more than one, each gets its own scoring window from `dates`, by position."""
    require_draft(call, page_version)
    wanted = terms.with_rounds(terms.of_call(call), tuple(rounds), dates)
    _change(call, wanted, verb="change_rounds", concerns=_concerns_rounds, actor=actor, at=at)


def refuse_rounds(
    *, call: Call, rounds: Iterable[RoundTerms], dates: Mapping[int, tuple[datetime, datetime]], at: datetime
) -> None:
    """What is wrong with the windows already although a part of the page can't be read; `dates` holds those that can."""
    wanted = terms.with_rounds(terms.of_call(call), tuple(rounds), dates)
    found = terms.faults(wanted, program_budget_won=call.program.budget_won, at=at)
    windows = {f"{PhaseKind.SCORING}-{position}" for position in dates}
    refuse_faults(fault for fault in found if fault.place.split("_")[0] in windows)


def _concerns_rounds(place: str) -> bool:
    return place == "rounds" or place.startswith(PhaseKind.SCORING)


def change_rights(
    *,
    call: Call,
    rights: Mapping[str, Mapping[str, Any]],
    actor: Actor,
    at: datetime,
    page_version: int | None = None,
) -> None:
    """What each phase grants, by `PhaseTerms.key`; a phase that is not named keeps what it has."""
    require_draft(call, page_version)
    now = terms.of_call(call)
    wanted = replace(now, phases=tuple(replace(phase, **rights.get(phase.key, {})) for phase in now.phases))
    _change(call, wanted, verb="change_rights", concerns=lambda place: False, actor=actor, at=at)


def _change(
    call: Call, wanted: CallTerms, *, verb: str, concerns: Callable[[str], bool], actor: Actor, at: datetime
) -> None:
    """Write new terms into a draft, unless one of the faults concerns what was asked. The rest is told before publication."""
    found = terms.faults(wanted, program_budget_won=call.program.budget_won, at=at)
    refuse_faults(fault for fault in found if concerns(fault.place) and not _may_wait(fault))
    write_terms(call, wanted)
    call.page_version += 1
    db.session.flush()
    audit.record(verb=f"programs.{verb}", subject=call, actor=actor, at=at)


def discard_draft(*, call: Call, actor: Actor, at: datetime) -> None:
    """Remove a draft that nobody outside the secretariat has seen."""
    require_draft(call)
    for row in (*call.phases, *call.tracks, *call.rounds):
        db.session.delete(row)
    db.session.flush()
    audit.record(verb="programs.discard_draft", subject=call, actor=actor, at=at, detail={"number": call.number})
    db.session.delete(call)
    db.session.flush()


def require_draft(call: Call, page_version: int | None = None) -> None:
    """Raises Conflict for a call that is published, StaleVersion for a page that was made from an older state."""
    if call.state != CallState.DRAFT:
        raise Conflict("call_sealed")
    if page_version is not None and page_version != call.page_version:
        raise StaleVersion("stale_version")


def refuse_faults(found: Iterable[Fault]) -> None:
    """Raises Invalid with every fault at its field, and how many there are."""
    try:
        refuse(found)
    except Invalid as error:
        raise Invalid("call_terms_wrong", fields=error.fields, count=len(error.fields)) from None


def write_terms(call: Call, wanted: CallTerms) -> None:
    """Bring the rows of the call to these terms."""
    call.number, call.title, call.kind = wanted.number, wanted.title, wanted.kind
    call.is_demonstration, call.budget_won = wanted.is_demonstration, wanted.budget_won
    call.description, call.authority, call.contact = wanted.description, wanted.authority, wanted.contact
    call.texts = {section: list(lines) for section, lines in wanted.texts.items()}
    _write_rounds(call, wanted.rounds)
    _write_phases(call, wanted.phases)
    rows = {track.code: track for track in call.tracks}
    for track in wanted.tracks:
        row = rows[track.code]
        row.title, row.budget_won, row.plan_version_id = track.title, track.budget_won, track.plan.row_id
    db.session.flush()
    for row in call.tracks:
        db.session.refresh(row, ["plan"])


def _write_rounds(call: Call, wanted: tuple[RoundTerms, ...]) -> None:
    rows = {row.position: row for row in call.rounds}
    for position, row in rows.items():
        if position not in {term.position for term in wanted}:
            for phase in [phase for phase in call.phases if phase.round_id == row.id]:
                call.phases.remove(phase)
                db.session.delete(phase)
            db.session.flush()
            call.rounds.remove(row)
            db.session.delete(row)
    for term in wanted:
        if term.position not in rows:
            rows[term.position] = Round(position=term.position)
            call.rounds.append(rows[term.position])
        row = rows[term.position]
        row.title, row.weight_percent, row.pass_multiple = term.title, term.weight_percent, term.pass_multiple
    db.session.flush()


def _write_phases(call: Call, wanted: tuple[PhaseTerms, ...]) -> None:
    """Raises Invalid before the database would refuse a window that closes before it opens."""
    refuse_faults(
        Fault(f"{phase.key}_closes_at", "phase_closes_before_opening", {"opens_at": phase.opens_at})
        for phase in wanted
        if phase.opens_at >= phase.closes_at
    )
    positions = {row.id: row.position for row in call.rounds}
    ids = {position: row_id for row_id, position in positions.items()}
    rows = {terms.phase_terms(phase, positions).key: phase for phase in call.phases}
    for key, row in rows.items():
        if key not in {term.key for term in wanted}:
            call.phases.remove(row)
            db.session.delete(row)
    db.session.flush()
    for term in wanted:
        is_new = term.key not in rows
        row = Phase(kind=term.kind, round_id=term.round and ids[term.round]) if is_new else rows[term.key]
        row.opens_at, row.closes_at = term.opens_at, term.closes_at
        row.may_submit, row.may_score = term.may_submit, term.may_score
        row.members_see_other_scores = term.members_see_other_scores
        row.members_see_applicant_names = term.members_see_applicant_names
        row.secretariat_sees_figures = term.secretariat_sees_figures
        if is_new:
            call.phases.append(row)
    db.session.flush()


def refuse_taken_number(program: Program, number: str) -> None:
    if queries.find_call(program, number) is not None:
        refuse([Fault("number", "call_number_taken", {"number": number})])
