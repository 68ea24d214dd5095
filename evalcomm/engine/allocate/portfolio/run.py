"""The run of the portfolio policy: model, optimum, and a reason for every application."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction

from evalcomm.engine.allocate.application import AllocationError
from evalcomm.engine.allocate.ledger import Ledger
from evalcomm.engine.allocate.plan import AllocationPlan, Pin
from evalcomm.engine.allocate.portfolio.certificate import certificate
from evalcomm.engine.allocate.portfolio.model import Clash, Model, modelled
from evalcomm.engine.allocate.portfolio.optimum import Solution, solved, undecided
from evalcomm.engine.allocate.ranked import Field
from evalcomm.engine.allocate.result import Optimum, Status
from evalcomm.engine.allocate.sentences import Statement, say
from evalcomm.engine.allocate.walk import Turn, Walk
from evalcomm.engine.exact import format_figure


@dataclass(frozen=True, slots=True)
class Portfolio:
    """A finished run. `walk` has a turn for everybody; `model` and `solution` are kept for questions about it."""

    walk: Walk
    model: Model
    solution: Solution


def optimal(
    field: Field, budget: int, plan: AllocationPlan, *, held: Sequence[Turn] = (), out: Mapping[str, int] | None = None
) -> Portfolio | None:
    """The best division that keeps every rule; None where there is none.

    held, out : after declines, the awards that stand as they are, and those given back, by id.
    """
    gone = out or {}
    try:
        model = modelled_for(field, budget, plan, held=held, out=out)
    except Clash:
        return None
    solution = solved(model)
    if solution.taken is None:
        if solution.proof is None:
            raise AllocationError("no division that keeps every rule was found, and none was proved impossible")
        return None
    turns = {turn.application.id: turn for turn in held}
    if out is None:
        pins = [rule for rule in plan.rules if isinstance(rule, Pin) and rule.won > 0]
        turns = {pin.application: _pinned(field, pin, budget) for pin in pins}
    walk = _walk(field, model, solution, start=Walk(plan, Ledger.open(plan.rules), budget), turns=turns, gone=gone)
    walk.optimum = _optimum(model, solution, plan, budget)
    return Portfolio(walk, model, solution)


def modelled_for(
    field: Field, budget: int, plan: AllocationPlan, *, held: Sequence[Turn] = (), out: Mapping[str, int] | None = None
) -> Model:
    """The program of a run; raises Clash where the awards that stand, or the pins, cannot be given."""
    standing = {turn.application.id: turn.awarded for turn in held}
    if out is None:
        standing = {rule.application: rule.won for rule in plan.rules if isinstance(rule, Pin) and rule.won > 0}
        requested = {one.id: one.requested for one in field.ranked}
        if any(won > requested.get(one, 0) for one, won in standing.items()):
            raise Clash
    groups = [[one for one in group if one.id not in (out or {})] for group in field.groups]
    return modelled([group for group in groups if group], budget, plan, held=standing)


def _pinned(field: Field, pin: Pin, budget: int) -> Turn:
    application = next(one for one in field.ranked if one.id == pin.application)
    reason = say("funded-pin", awarded=pin.won, author=pin.author, why=pin.reason)
    return Turn(application, budget, pin.won, Status.FUNDED, reason)


def _walk(
    field: Field,
    model: Model,
    solution: Solution,
    *,
    start: Walk,
    turns: Mapping[str, Turn],
    gone: Mapping[str, int],
) -> Walk:
    assert solution.taken is not None
    walk = start
    awards = {int(model.owner[choice]): int(choice) for choice in solution.taken}
    spent = sum(turn.awarded for turn in turns.values()) + int(model.cost[solution.taken].sum()) * model.won_scale
    left = walk.left = walk.left - spent
    number = {one.id: place for place, one in enumerate(model.applications)}
    reasons = _Reasons(model, solution, awards)
    for one in field.ranked:
        if one.id in turns:
            turn = turns[one.id]
        elif one.id in gone:
            turn = Turn(one, left, 0, Status.RESERVE, say("declined", awarded=gone[one.id]))
        elif one.id in model.out:
            turn = Turn(one, left, 0, Status.RESERVE, model.out[one.id])
        elif number[one.id] in awards:
            place = number[one.id]
            won = int(model.cost[awards[place]]) * model.won_scale
            largest = int(model.cost[model.first[place]]) * model.won_scale
            turn = Turn(
                one, left, won, Status.FUNDED if won == largest else Status.CUT, reasons.of_award(place, won, largest)
            )
        else:
            turn = Turn(one, left, 0, Status.RESERVE, reasons.of_none(number[one.id]))
        walk.turns[one.id] = turn
        if turn.awarded:
            walk.ledger.take(one, turn.awarded)
    return walk


class _Reasons:
    """Why each application is in the optimum or not, as far as the bound alone can tell."""

    def __init__(self, model: Model, solution: Solution, awards: Mapping[int, int]) -> None:
        self.model = model
        self.solution = solution
        self.twins: dict[object, list[int]] = {}
        for place in awards:
            self.twins.setdefault(self._likeness(place), []).append(place)

    def _likeness(self, place: int) -> object:
        """Equal for applications that the rules, the objective and the ranking cannot tell apart."""
        model = self.model
        choices = range(int(model.first[place]), int(model.first[place + 1]))
        offers = tuple(
            (int(model.cost[one]), int(model.value[one]), tuple(sorted(model.columns.used_by(one).items())))
            for one in choices
        )
        return int(model.rank_group[place]), offers

    def of_award(self, place: int, won: int, largest: int) -> Statement:
        del place
        return say("portfolio" if won == largest else "portfolio-level", awarded=won, full=largest)

    def of_none(self, place: int) -> Statement:
        twin = next((one for one in self.twins.get(self._likeness(place), ()) if one < place), None)
        if twin is not None:
            mine, other = self.model.applications[place], self.model.applications[twin]
            drawn = mine.lot is not None and other.lot is not None
            return say("portfolio-twin-lot" if drawn else "portfolio-twin-id", other=other.id)
        lost = self.least_loss(place)
        if lost > 0:
            return say("portfolio-out", lost=format_figure(lost))
        return say("portfolio-not-better")

    def least_loss(self, place: int) -> Fraction:
        """By how much, at least, the objective falls when this application is funded all the same: reduced profit, exactly."""
        dual = self.solution.dual
        assert dual is not None
        choices = slice(int(self.model.first[place]), int(self.model.first[place + 1]))
        reach = (dual.bound - int(dual.loss[choices].min())) // dual.denominator
        return max(self.solution.value - reach, 0) * self.model.value_scale


def _optimum(model: Model, solution: Solution, plan: AllocationPlan, budget: int) -> Optimum:
    assert solution.dual is not None
    return Optimum(
        objective=plan.objective,
        value=model.exact(solution.value),
        bound=model.exact(solution.bound),
        proof=solution.proof.value if solution.proof is not None else None,
        certificate=certificate(model, solution.dual, plan, budget, undecided(model, solution)),
    )
