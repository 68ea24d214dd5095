"""The budgets and the requests that would change an optimal portfolio whose only rule is the budget, from tables over money."""

from collections.abc import Mapping
from dataclasses import replace

import numpy as np

from evalcomm.engine.allocate.plan import AllocationPlan, Objective
from evalcomm.engine.allocate.portfolio.budget import applicable, tabled
from evalcomm.engine.allocate.portfolio.model import Ints, Model

CELLS = 2 * 10**8
"""Cells of tables that are worth filling for the explanations."""


def budgets_that_flip(model: Model) -> list[dict[str, int]]:
    """For each application the nearest larger (`budget_above`) and smaller (`budget_below`) budget at which its award comes or goes."""
    count, everything = len(model.applications), int(model.cost.sum())
    if not applicable(model) or count * (everything + 1) > CELLS:
        return [{} for _ in range(count)]
    spent, now = sum(model.pinned.values()), min(model.rows[0].limit, everything)
    whole = replace(model, rows=(replace(model.rows[0], limit=everything),))
    found: list[dict[str, int]] = []
    for row in tabled(whole).rows(whole, np.arange(everything + 1)):
        other = np.flatnonzero(row != row[now])
        place = int(np.searchsorted(other, now))
        flips: dict[str, int] = {}
        if place < len(other):
            flips["budget_above"] = spent + int(other[place]) * model.won_scale
        if place:
            flips["budget_below"] = spent + (int(other[place - 1]) + 1) * model.won_scale - 1
        found.append(flips)
    return found


def requests_that_win(model: Model, budget: int, plan: AllocationPlan, funded: Mapping[int, int]) -> dict[int, int]:
    """For those without an award the largest request, below their own, with which the best division has them."""
    count, everything = len(model.applications), int(model.cost.sum())
    if not applicable(model) or plan.levels or count * count * (everything + 1) > CELLS:
        return {}
    wins: dict[int, int] = {}
    for one in range(count):
        if one not in funded:
            asked = _winning(model, one, budget - sum(model.pinned.values()), plan)
            if asked is not None:
                wins[one] = asked
    return wins


def _winning(model: Model, one: int, won: int, plan: AllocationPlan) -> int | None:
    """`won`: the money that the pins leave."""
    application, unit = model.applications[one], plan.unit_won
    others = _others(model, one, min(model.rows[0].limit, int(model.cost.sum())))
    goal = int(others[-1])
    for units in range(len(others)):
        asked = won - units * model.won_scale
        asked = min(asked - asked % unit + unit - 1, application.requested - 1)
        if asked < max(unit, application.minimum):
            return None
        worth = model.value_scale * (goal - int(others[units]))
        mine = int(model.value[model.first[one]]) * model.value_scale
        if plan.objective is Objective.SCORE_WON:
            mine = application.score * asked
        if mine > worth:
            return asked
    return None


def _others(model: Model, one: int, money: int) -> Ints:
    """The best value of all the others for each amount of money."""
    rest = np.flatnonzero(np.arange(len(model.applications)) != one)
    row = replace(model.rows[0], choices=np.arange(len(rest)), coefficients=model.cost[rest], limit=money)
    worth = tabled(replace(model, cost=model.cost[rest], value=model.value[rest], rank_group=rest, rows=(row,))).worth
    return np.concatenate([worth, np.full(money + 1 - len(worth), worth[-1])])
