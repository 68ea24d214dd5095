"""The ladder of budgets: who enters and leaves where, and every paradox (a winner lost by more money)."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass

from evalcomm.engine.allocate.application import AllocationError, Application, checked
from evalcomm.engine.allocate.division import divided
from evalcomm.engine.allocate.plan import AllocationPlan
from evalcomm.engine.allocate.ranked import field_of
from evalcomm.engine.allocate.result import Outcome
from evalcomm.engine.allocate.walk import Walk


@dataclass(frozen=True, slots=True)
class Span:
    """Budgets of the ladder from `start` to `stop`, both included."""

    start: int
    stop: int


@dataclass(frozen=True, slots=True)
class Paradox:
    """An application that a larger budget drops: funded from `enters`, no longer at `exits`."""

    application: str
    enters: int
    exits: int


@dataclass(frozen=True, slots=True)
class Ladder:
    """For each application, by id, the budgets at which it has an award; where no award is certain, the reason instead."""

    start: int
    stop: int
    step: int
    funded: Mapping[str, tuple[Span, ...]]
    paradoxes: tuple[Paradox, ...]
    needs_lot: tuple[Span, ...]
    infeasible: tuple[Span, ...]


@dataclass(frozen=True, slots=True)
class Rung:
    """What holds from one budget of the ladder up to the next rung."""

    budget: int
    status: Outcome
    funded: frozenset[str]


def sweep(applications: Sequence[Application], start: int, stop: int, step: int, plan: AllocationPlan) -> Ladder:
    """Divides every budget start, start + step, … up to stop. Raises AllocationError."""
    if start < 0 or step < 1 or stop < start:
        raise AllocationError("the budgets must run from 0 or more upwards in steps of at least 1 won")
    checked(applications)
    field = field_of(applications, plan)
    return climbed([one.id for one in applications], start, stop, step, lambda won: divided(field, won, plan))


def climbed(ids: Sequence[str], start: int, stop: int, step: int, divide: Callable[[int], Walk | None]) -> Ladder:
    """The ladder, dividing anew only where a decision turns (`Walk.rise`)."""
    rungs: list[Rung] = []
    budget = start
    while budget <= stop:
        walk = divide(budget)
        if walk is None:
            rungs.append(Rung(budget, Outcome.INFEASIBLE, frozenset()))
            budget = _first_feasible(budget, stop, step, divide)
            continue
        status = Outcome.OK if walk.lot is None else Outcome.NEEDS_LOT
        rungs.append(Rung(budget, status, frozenset(walk.ledger.awards)))
        if walk.rise is None:
            break
        budget += -(-walk.rise // step) * step
    return ladder(ids, rungs, start, start + (stop - start) // step * step, step)


def _first_feasible(start: int, stop: int, step: int, divide: Callable[[int], Walk | None]) -> int:
    """The first budget of the ladder that can be divided, or one past its end: what a budget can keep, a larger one can."""
    low, high = 0, (stop - start) // step + 1
    if divide(start + (high - 1) * step) is None:
        return start + high * step
    while high - low > 1:
        middle = (low + high) // 2
        low, high = (middle, high) if divide(start + middle * step) is None else (low, middle)
    return start + high * step


def ladder(ids: Sequence[str], rungs: Sequence[Rung], start: int, last: int, step: int) -> Ladder:
    """Joins rungs (ascending, each valid until the next) to spans."""
    spans: dict[str, list[Span]] = {one: [] for one in sorted(ids)}
    states: dict[Outcome, list[Span]] = {Outcome.NEEDS_LOT: [], Outcome.INFEASIBLE: []}
    paradoxes: list[Paradox] = []
    for place, rung in enumerate(rungs):
        until = rungs[place + 1].budget - step if place + 1 < len(rungs) else last
        for one in rung.funded:
            _extend(spans[one], rung.budget, until, step)
        if rung.status in states:
            _extend(states[rung.status], rung.budget, until, step)
        if place and rung.status is Outcome.OK:
            lost = rungs[place - 1].funded - rung.funded
            paradoxes += [Paradox(one, spans[one][-1].start, rung.budget) for one in sorted(lost)]
    return Ladder(
        start=start,
        stop=last,
        step=step,
        funded={one: tuple(found) for one, found in spans.items()},
        paradoxes=tuple(paradoxes),
        needs_lot=tuple(states[Outcome.NEEDS_LOT]),
        infeasible=tuple(states[Outcome.INFEASIBLE]),
    )


def _extend(spans: list[Span], start: int, stop: int, step: int) -> None:
    if spans and spans[-1].stop + step == start:
        spans[-1] = Span(spans[-1].start, stop)
    else:
        spans.append(Span(start, stop))
