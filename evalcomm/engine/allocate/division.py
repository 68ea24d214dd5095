"""The front door: checks, the policy's run, and one line per application."""

from collections.abc import Mapping, Sequence
from dataclasses import replace

from evalcomm.engine.allocate.application import AllocationError, Application, checked
from evalcomm.engine.allocate.conflict import Case, conflict
from evalcomm.engine.allocate.flips import TRACED, Tracer
from evalcomm.engine.allocate.plan import AllocationPlan, Policy
from evalcomm.engine.allocate.ranked import Field, field_of, run
from evalcomm.engine.allocate.result import Allocation, AllocationLine, Outcome, Status
from evalcomm.engine.allocate.scale import scaled
from evalcomm.engine.allocate.sentences import Statement, say
from evalcomm.engine.allocate.walk import Turn, Walk
from evalcomm.engine.exact import format_figure


def allocate(
    applications: Sequence[Application],
    budget: int,
    plan: AllocationPlan,
    declined: Sequence[str] = (),
    *,
    explain: bool = True,
) -> Allocation:
    """Divides `budget` won among the applications by the plan.

    declined : ids that give back their award of the run as adopted; the reserve is promoted by the same policy, and awards
    that stand are not touched.
    explain : whether to search what would have changed each line (the only part that costs time).
    Raises AllocationError where the data cannot be answered (an application twice, a decline of no award).
    """
    if budget < 0:
        raise AllocationError("the budget must not be negative")
    checked(applications)
    field = field_of(applications, plan)
    if explain and plan.policy is Policy.PORTFOLIO and not declined:
        return _optimal(applications, field, budget, plan)
    walk = divided(field, budget, plan)
    if walk is None:
        return _infeasible(applications, field, budget, plan)
    if declined:
        return _with_declined(field, budget, plan, walk, declined)
    tracer = None
    if explain and len(applications) <= TRACED:
        tracer = Tracer(
            applications, budget, plan, lambda others, won: divided(field_of(others, plan), won, plan), walk
        )
    return _allocation(field, budget, plan, walk, tracer)


ASKED = 40
"""Portfolios up to this size say even of those below the pass mark what would suffice."""


def divided(
    field: Field, budget: int, plan: AllocationPlan, *, held: Sequence[Turn] = (), out: Mapping[str, int] | None = None
) -> Walk | None:
    """The run of the plan's policy; None where no division keeps every rule. held, out: see `ranked.run`."""
    if plan.policy is Policy.PORTFOLIO:
        from evalcomm.engine.allocate.portfolio.run import optimal

        found = optimal(field, budget, plan, held=held, out=out)
        return None if found is None else found.walk
    if plan.policy is Policy.PROPORTIONAL:
        return scaled(field, budget, plan, held=held, out=out)
    return run(field, budget, plan, held=held, out=out)


def _allocation(
    field: Field,
    budget: int,
    plan: AllocationPlan,
    walk: Walk,
    tracer: Tracer | None = None,
    *,
    promoted: tuple[str, ...] | None = None,
) -> Allocation:
    ranks, count = field.ranks(), len(field.ranks()) + len(field.rejected)
    silent = say("too-many-to-trace", count=count) if promoted is None else say("after-decline")
    lines: list[AllocationLine] = []
    for one in field.ranked:
        turn = walk.turns[one.id]
        change = tracer.statement(one, turn) if tracer else _untraced(turn, silent)
        lines.append(AllocationLine(one, ranks[one.id], turn.awarded, turn.status, turn.reason, change, turn.left))
    for one, why in field.rejected:
        change = tracer.statement(one, None) if tracer else silent
        lines.append(AllocationLine(one, None, 0, Status.REJECTED, why, change, walk.left))
    status = Outcome.NEEDS_LOT if walk.lot is not None else Outcome.OK
    return Allocation(
        status,
        plan.policy,
        budget,
        tuple(lines),
        needs_lot=walk.lot,
        rate=walk.rate,
        optimum=walk.optimum,
        promoted=promoted,
    )


def _optimal(applications: Sequence[Application], field: Field, budget: int, plan: AllocationPlan) -> Allocation:
    """The portfolio with its explanations, from the model and the multipliers of the optimum itself."""
    from evalcomm.engine.allocate.portfolio.explain import explained
    from evalcomm.engine.allocate.portfolio.run import optimal

    found = optimal(field, budget, plan)
    if found is None:
        return _infeasible(applications, field, budget, plan)
    told = explained(found.model, found.solution, budget, plan)
    answer = _allocation(field, budget, plan, found.walk)
    lines: list[AllocationLine] = []
    for line in answer.lines:
        reason, change = told.get(line.application.id, (None, None))
        twin = line.reason.code.startswith("portfolio-twin")
        lines.append(
            replace(
                line,
                reason=line.reason if reason is None or twin else reason,
                would_change=change or _outside(line, applications, budget, plan),
            )
        )
    return replace(answer, lines=tuple(lines))


def _outside(line: AllocationLine, applications: Sequence[Application], budget: int, plan: AllocationPlan) -> Statement:
    """What would change a line that the optimisation does not decide."""
    one = line.application
    if line.reason.code in {"funded-pin", "pinned-out"}:
        return say("pin-decides")
    if one.eligible is False:
        return say("eligibility-first")
    if line.status is not Status.REJECTED or plan.pass_score is None:
        return say("own-terms")
    mark = format_figure(plan.pass_score)
    if len(applications) > ASKED:
        return say("gain-bound", score=mark)
    admitted = replace(one, score=plan.pass_score, eligible=True)
    return _if_admitted(admitted, [admitted if other is one else other for other in applications], budget, plan)


def _if_admitted(one: Application, applications: Sequence[Application], budget: int, plan: AllocationPlan) -> Statement:
    """What more an application at the pass mark would need."""
    from evalcomm.engine.allocate.portfolio.explain import admitted
    from evalcomm.engine.allocate.portfolio.run import optimal

    found = optimal(field_of(applications, plan), budget, plan)
    if found is None:
        return say("barred")
    if one.id in found.model.out or found.walk.turns[one.id].reason.code == "funded-pin":
        return say("own-terms")
    more = admitted(found.model, found.solution, budget, plan, one.id)
    if more is not None:
        score = {key: fact for key, fact in more.facts.items() if key.startswith("score")}
        return Statement(more.code, score) if score or not more.facts else say("no-flip-score")
    strict = int(not plan.pass_inclusive)
    return say("gain", score=format_figure(one.score), score_strict=strict)


def _untraced(turn: Turn, silent: Statement) -> Statement:
    return say("lot-decides") if turn.reason.code in {"tied-lot", "after-lot"} else silent


def _infeasible(applications: Sequence[Application], field: Field, budget: int, plan: AllocationPlan) -> Allocation:
    def feasible(won: int, changed: AllocationPlan) -> bool:
        return divided(field_of(applications, changed), won, changed) is not None

    ranks = field.ranks()
    undecided, repair = say("infeasible"), say("rules-decide")
    lines = [AllocationLine(one, ranks[one.id], 0, Status.RESERVE, undecided, repair, budget) for one in field.ranked]
    lines += [AllocationLine(one, None, 0, Status.REJECTED, why, repair, budget) for one, why in field.rejected]
    found = conflict(Case(applications, budget, plan, feasible))
    return Allocation(Outcome.INFEASIBLE, plan.policy, budget, tuple(lines), conflict=found)


def _with_declined(
    field: Field, budget: int, plan: AllocationPlan, adopted: Walk, declined: Sequence[str]
) -> Allocation:
    awarded = {one: turn for one, turn in adopted.turns.items() if turn.awarded}
    for one in declined:
        if one not in awarded:
            raise AllocationError(f"{one} has no award to give back")
    standing = [turn for one, turn in awarded.items() if one not in declined]
    again = divided(field, budget, plan, held=standing, out={one: awarded[one].awarded for one in declined})
    if again is None:
        raise AllocationError(
            "after the decline no division keeps every rule; change the plan before promoting anybody"
        )
    names = tuple(sorted(declined))
    promoted = tuple(one.id for one in field.ranked if again.turns[one.id].awarded and one.id not in awarded)
    for one in promoted:
        turn = again.turns[one]
        again.turns[one] = Turn(
            turn.application,
            turn.left,
            turn.awarded,
            turn.status,
            say("promoted", declined=names, awarded=turn.awarded),
        )
    return _allocation(field, budget, plan, again, promoted=promoted)
