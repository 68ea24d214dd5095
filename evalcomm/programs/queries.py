"""Ordered reads of programmes and calls, and what the phases of a call grant at an instant."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Protocol, TypeVar

from sqlalchemy import bindparam, select
from sqlalchemy.orm import joinedload, selectinload

from evalcomm.foundation.database import db, execute
from evalcomm.foundation.errors import NotFound
from evalcomm.programs.models import (
    Call,
    CallState,
    CallVersion,
    Phase,
    PhaseKind,
    Program,
    Project,
    Round,
    Task,
    Track,
    Visibility,
)

T = TypeVar("T")


def get_program(program_id: int) -> Program:
    """Raises NotFound."""
    return _found(db.session.get(Program, program_id))


def find_program(code: str) -> Program | None:
    return db.session.scalar(select(Program).where(Program.code == code))


def list_programs() -> Sequence[Program]:
    return db.session.scalars(select(Program).order_by(Program.id.desc())).all()


def get_task(task_id: int) -> Task:
    """Raises NotFound."""
    return _found(db.session.get(Task, task_id))


def get_project(project_id: int) -> Project:
    """Raises NotFound."""
    return _found(db.session.get(Project, project_id))


def tasks_of(program: Program) -> Sequence[Task]:
    """By number, with projects and lead institutions loaded."""
    return db.session.scalars(
        select(Task).options(selectinload(Task.projects)).where(Task.program_id == program.id).order_by(Task.number)
    ).all()


def get_call(call_id: int) -> Call:
    """Raises NotFound."""
    return _found(db.session.scalar(select(Call).options(*_whole_call()).where(Call.id == call_id)))


def lock_call(call_id: int) -> Call:
    """The same, with its row locked to the end of the transaction. Raises NotFound."""
    db.session.execute(select(Call.id).where(Call.id == call_id).with_for_update())
    return _found(db.session.get(Call, call_id, options=_whole_call(), populate_existing=True))


def find_call(program: Program, number: str) -> Call | None:
    return db.session.scalar(select(Call).where(Call.program_id == program.id, Call.number == number))


def list_calls(*, program: Program | None = None, states: Sequence[CallState] | None = None) -> Sequence[Call]:
    """Newest first, with phases and tracks loaded."""
    query = select(Call).options(*_whole_call(), joinedload(Call.program)).order_by(Call.id.desc())
    if program is not None:
        query = query.where(Call.program_id == program.id)
    if states is not None:
        query = query.where(Call.state.in_(states))
    return db.session.scalars(query).all()


def get_track(track_id: int) -> Track:
    """Raises NotFound."""
    return _found(db.session.get(Track, track_id))


def lock_track(track_id: int) -> Track:
    """The same, with the row of its call locked: tracks share the call's budget. Raises NotFound."""
    lock_call(get_track(track_id).call_id)
    return get_track(track_id)


def get_round(round_id: int) -> Round:
    """Raises NotFound."""
    return _found(db.session.get(Round, round_id))


def get_phase(phase_id: int) -> Phase:
    """Raises NotFound."""
    return _found(db.session.get(Phase, phase_id))


def current_version(call: Call) -> CallVersion | None:
    """What is announced now; None for a draft."""
    return call.versions[-1] if call.versions else None


class Timed(Protocol):
    """What phases are asked of: a call, or its timetable read without the rest."""

    @property
    def state(self) -> str: ...
    @property
    def phases(self) -> Sequence[Any]: ...


@dataclass(frozen=True, slots=True)
class Timetable:
    """A call's state and phases by value, for pages that are asked often."""

    state: str
    phases: tuple[Any, ...]


def is_open(phase: Phase, at: datetime) -> bool:
    """Whether `at` lies in the window. The last second is wholly in: a deadline of 18:00:00 admits what comes at 18:00:00.9."""
    second = at.replace(microsecond=0)
    return phase.opens_at <= second <= phase.closes_at


def phase_of(call: Timed, kind: PhaseKind, *, round_id: int | None = None) -> Phase | None:
    """The call's phase of this kind; the round's own where it has one."""
    found = [phase for phase in call.phases if phase.kind == kind]
    return next(
        (phase for phase in found if phase.round_id == round_id),
        next((phase for phase in found if phase.round_id is None), None),
    )


def timetable(call_id: int) -> Timetable:
    """One statement over plain columns. Raises NotFound."""
    rows = execute(_TIMETABLE, {"call": call_id}).all()
    if not rows:
        raise NotFound("not_found")
    return Timetable(state=rows[0].call_state, phases=tuple(row for row in rows if row.id is not None))


_TIMETABLE = (
    select(Call.state.label("call_state"), *Phase.__table__.columns)
    .select_from(Call)
    .outerjoin(Phase, Phase.call_id == Call.id)
    .where(Call.id == bindparam("call"))
    .order_by(Phase.opens_at, Phase.id)
)


def open_phase(call: Timed, kind: PhaseKind, at: datetime, *, round_id: int | None = None) -> Phase | None:
    """The phase of this kind if it is open at `at`. A call that is not published has no open phase."""
    phase = phase_of(call, kind, round_id=round_id)
    return phase if phase is not None and call.state == CallState.PUBLISHED and is_open(phase, at) else None


def open_phases(call: Timed, at: datetime, *, round_id: int | None = None) -> list[Phase]:
    """Every open phase of the call, and of the round if one is named."""
    if call.state != CallState.PUBLISHED:
        return []
    return [phase for phase in call.phases if phase.round_id in {None, round_id} and is_open(phase, at)]


@dataclass(frozen=True, slots=True)
class Rights:
    """What the open phases of a call grant together."""

    may_submit: bool
    may_score: bool
    members_see_other_scores: Visibility
    members_see_applicant_names: bool
    secretariat_sees_figures: bool


_STRICTEST = (Visibility.NEVER, Visibility.AFTER_OWN, Visibility.ALWAYS)


def rights_at(call: Timed, at: datetime, *, round_id: int | None = None) -> Rights:
    """Rights to act are granted by any open phase; rights to see need every open phase to grant them, so that one can't undo another's seal.

    Figures are the exception: once a phase has opened them they stay open, since nobody can forget what was read.
    """
    phases = open_phases(call, at, round_id=round_id)
    visible = [Visibility(phase.members_see_other_scores) for phase in phases if phase.may_score]
    return Rights(
        may_submit=any(phase.may_submit for phase in phases),
        may_score=any(phase.may_score for phase in phases),
        members_see_other_scores=min(visible, key=_STRICTEST.index, default=Visibility.NEVER),
        members_see_applicant_names=bool(phases) and all(phase.members_see_applicant_names for phase in phases),
        secretariat_sees_figures=call.state == CallState.PUBLISHED
        and any(phase.secretariat_sees_figures and phase.opens_at <= at for phase in call.phases),
    )


def _whole_call() -> tuple[Any, ...]:
    return (selectinload(Call.phases), selectinload(Call.tracks), selectinload(Call.rounds))


def _found(row: T | None) -> T:
    if row is None:
        raise NotFound("not_found")
    return row
