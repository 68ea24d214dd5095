"""The ladder of budgets: who enters and leaves where, and every paradox (a winner lost by more money)."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass

from evalcomm.engine.allocate.application import AllocationError, Application, checked
from evalcomm.engine.allocate.division import divided
from evalcomm.engine.allocate.plan import AllocationPlan, Policy
from evalcomm.engine.allocate.ranked import Field, field_of
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
    """For each application, by id, the budgets at which it has an award; where no award is certain, the reason instead.

    unproved : budgets whose optimum is not proved.
    """

    start: int
    stop: int
    step: int
    funded: Mapping[str, tuple[Span, ...]]
    paradoxes: tuple[Paradox, ...]
    needs_lot: tuple[Span, ...]
    infeasible: tuple[Span, ...]
    unproved: tuple[Span, ...] = ()


@dataclass(frozen=True, slots=True)
class Rung:
    """What holds from one budget of the ladder up to the next rung."""

    budget: int
    status: Outcome
    funded: frozenset[str]
    proved: bool = True


def sweep(applications: Sequence[Application], start: int, stop: int, step: int, plan: AllocationPlan) -> Ladder:
    """Divides every budget start, start + step, … up to stop. Raises AllocationError."""
    if start < 0 or step < 1 or stop < start:
        raise AllocationError("the budgets must run from 0 or more upwards in steps of at least 1 won")
    checked(applications)
    field, ids = field_of(applications, plan), [one.id for one in applications]

    def divide(won: int) -> Walk | None:
        return divided(field, won, plan)

    if plan.policy is Policy.PORTFOLIO:
        return _of_portfolios(field, range(start, stop + 1, step), plan)
    return climbed(ids, range(start, stop + 1, step), divide, monotone=plan.policy is not Policy.PROPORTIONAL)


def _of_portfolios(field: Field, budgets: range, plan: AllocationPlan) -> Ladder:
    """One table over money where the budget is the only rule, else from the largest budget down."""
    from evalcomm.engine.allocate.portfolio.rungs import stretches

    start, last, step = budgets[0], budgets[-1], budgets.step
    ids = sorted(one.id for one in [*field.ranked, *(one for one, _ in field.rejected)])
    found = stretches(field, budgets, plan)
    if found is None:
        return ladder(ids, _descended(budgets, lambda won: divided(field, won, plan)), start, last, step)
    spans = {one: tuple(Span(*ends) for ends in found.funded.get(one, ())) for one in ids}
    lost = [Paradox(one, span.start, span.stop + step) for one, some in spans.items() for span in some]
    paradoxes = sorted((one for one in lost if one.exits <= last), key=lambda one: (one.exits, one.application))
    first = last + step if found.first is None else found.first
    infeasible = (Span(start, first - step),) if first > start else ()
    return Ladder(start, last, step, spans, tuple(paradoxes), needs_lot=(), infeasible=infeasible)


def _descended(budgets: range, divide: Callable[[int], Walk | None]) -> list[Rung]:
    """What is best of all that a budget allows stays best under every smaller budget that still allows it."""
    rungs: list[Rung] = []
    start, step = budgets[0], budgets.step
    budget = budgets[-1]
    while budget >= start:
        walk = divide(budget)
        if walk is None:
            rungs.append(Rung(start, Outcome.INFEASIBLE, frozenset()))
            break
        assert walk.optimum is not None
        low = max(start, budget - walk.left // step * step) if walk.optimum.proved else budget
        rungs.append(Rung(low, Outcome.OK, frozenset(walk.ledger.awards), proved=walk.optimum.proved))
        budget = low - step
    return rungs[::-1]


def climbed(ids: Sequence[str], budgets: range, divide: Callable[[int], Walk | None], *, monotone: bool) -> Ladder:
    """The ladder, dividing anew only where a decision turns (`Walk.rise`).

    monotone : what a budget can keep, a larger one can; not so where larger shares bring minima that compete with a floor.
    """
    start, stop, step = budgets[0], budgets[-1], budgets.step
    rungs: list[Rung] = []
    budget = start
    while budget <= stop:
        walk = divide(budget)
        if walk is None:
            rungs.append(Rung(budget, Outcome.INFEASIBLE, frozenset()))
            budget = _first_feasible(budget, stop, step, divide) if monotone else budget + step
            continue
        status = Outcome.OK if walk.lot is None else Outcome.NEEDS_LOT
        rungs.append(Rung(budget, status, frozenset(walk.ledger.awards)))
        if walk.rise is None:
            break
        budget += -(-walk.rise // step) * step
    return ladder(ids, rungs, start, stop, step)


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
    unproved: list[Span] = []
    certain: frozenset[str] = frozenset()
    paradoxes: list[Paradox] = []
    for place, rung in enumerate(rungs):
        until = rungs[place + 1].budget - step if place + 1 < len(rungs) else last
        for one in rung.funded:
            _extend(spans[one], rung.budget, until, step)
        if not rung.proved:
            _extend(unproved, rung.budget, until, step)
        if rung.status in states:
            _extend(states[rung.status], rung.budget, until, step)
        if place and rung.status is Outcome.OK:
            lost = (certain | rungs[place - 1].funded) - rung.funded
            paradoxes += [Paradox(one, spans[one][-1].start, rung.budget) for one in sorted(lost)]
        if rung.status is Outcome.OK:
            certain = rung.funded
    return Ladder(
        start=start,
        stop=last,
        step=step,
        funded={one: tuple(found) for one, found in spans.items()},
        paradoxes=tuple(paradoxes),
        needs_lot=tuple(states[Outcome.NEEDS_LOT]),
        infeasible=tuple(states[Outcome.INFEASIBLE]),
        unproved=tuple(unproved),
    )


def _extend(spans: list[Span], start: int, stop: int, step: int) -> None:
    if spans and spans[-1].stop + step == start:
        spans[-1] = Span(spans[-1].start, stop)
    else:
        spans.append(Span(start, stop))
