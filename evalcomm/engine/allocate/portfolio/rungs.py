"""Every budget of a ladder from one table over money, where the budget is the only rule."""

from dataclasses import dataclass

import numpy as np

from evalcomm.engine.allocate.plan import AllocationPlan
from evalcomm.engine.allocate.portfolio.budget import applicable, tabled
from evalcomm.engine.allocate.portfolio.model import Clash
from evalcomm.engine.allocate.portfolio.run import modelled_for
from evalcomm.engine.allocate.ranked import Field


@dataclass(frozen=True, slots=True)
class Stretches:
    """For each application with an award somewhere, the budgets (first and last of each stretch) at which it has one.

    first : the smallest budget of the ladder that pays the pinned awards; None where none does.
    """

    first: int | None
    funded: dict[str, list[tuple[int, int]]]


def stretches(field: Field, budgets: range, plan: AllocationPlan) -> Stretches | None:
    """None where other rules than the budget could bind, or the table would be too large."""
    start, last, step = budgets[0], budgets[-1], budgets.step
    try:
        model = modelled_for(field, last, plan)
    except Clash:
        return None
    if not applicable(model):
        return None
    spent = sum(model.pinned.values())
    first = start + max(-(-(spent - start) // step), 0) * step
    if first > last:
        return Stretches(None, {})
    count = (last - first) // step + 1
    money = [min((first + place * step - spent) // model.won_scale, model.rows[0].limit) for place in range(count)]
    funded: dict[str, list[tuple[int, int]]] = {one: [(first, last)] for one in model.pinned}
    rows = tabled(model).rows(model, np.array(money, dtype=np.int64))
    for one, row in zip(model.applications, rows, strict=True):
        turns = np.flatnonzero(np.diff(np.concatenate([[False], row, [False]]).astype(np.int8))).tolist()
        if turns:
            edges = zip(turns[::2], turns[1::2], strict=True)
            funded[one.id] = [(first + a * step, first + (b - 1) * step) for a, b in edges]
    return Stretches(first, funded)
