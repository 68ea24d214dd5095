"""For the rank policies: the awards without which pins and floors cannot be kept, where serving the best first does not do."""

from collections.abc import Mapping, Sequence
from dataclasses import replace

from evalcomm.engine.allocate.application import Application
from evalcomm.engine.allocate.plan import AllocationPlan, Objective, Policy
from evalcomm.engine.allocate.portfolio.model import Clash, modelled
from evalcomm.engine.allocate.portfolio.optimum import solved
from evalcomm.engine.allocate.walk import full_award


def necessary(
    groups: Sequence[Sequence[Application]], budget: int, plan: AllocationPlan, held: Mapping[str, int]
) -> dict[str, int] | None:
    """Full awards beside the held ones that keep all rules for the least money; None where there are none, with proof."""
    full = [[replace(one.asking(full_award(one, plan)), maximum=None, minimum=0) for one in group] for group in groups]
    optimal = replace(plan, policy=Policy.PORTFOLIO, objective=Objective.SCORE, levels=(), pass_score=None)
    able = [
        [one for one, was in zip(few, many, strict=True) if one.requested >= was.minimum]
        for few, many in zip(full, groups, strict=True)
    ]
    held_as_asked = [
        [one.asking(held[one.id]) if held.get(one.id, 0) > one.requested else one for one in group] for group in able
    ]
    try:
        model = modelled([group for group in held_as_asked if group], budget, optimal, held=held)
    except Clash:
        return None
    solution = solved(replace(model, value=-model.cost))
    if solution.taken is None:
        return None
    return {
        model.applications[int(model.owner[choice])].id: int(model.cost[choice]) * model.won_scale
        for choice in solution.taken
    }
