"""The budget as the only rule: a table over the few applications near the line, where the bound settles all others.

The first table, over those that lose least, finds a good selection. The bound then settles every application whose other choice
loses more than what is left between the two (Balas and Zemel 1980). Of applications with the same cost the optimum gives up the
worst first and adds the best first, so that one far from the line would bring the losses of all those before it along. A second
table over the rest is exact.
"""

from dataclasses import replace

import numpy as np

from evalcomm.engine.allocate.portfolio.budget import alone, tabled
from evalcomm.engine.allocate.portfolio.dual import Dual
from evalcomm.engine.allocate.portfolio.model import Ints, Model

FIRST, ALIKE = 120, 4
"""Applications in the first table, and how many of the same cost among the nearest, so that any amount left over can be filled."""
WORK = 3 * 10**8
"""Applications times units of money in a table."""


def from_core(model: Model, dual: Dual) -> Ints | None:
    """The optimum, of equals the one that the ranks prefer; None where other rules could bind or the tables grow too large."""
    if not alone(model) or not len(model.cost):
        return None
    other = np.where(dual.best >= 0, dual.loss_none, dual.loss)
    alike, together = _within_class(model, dual, other)
    order = np.lexsort((other, alike >= ALIKE))
    found = _best_of(model, dual, np.sort(order[:FIRST]))
    if found is None:
        return None
    gap = dual.bound - int(model.value[found].sum()) * dual.denominator
    open_ones = np.flatnonzero(together <= gap)
    return found if not len(open_ones) else _best_of(model, dual, open_ones)


def _within_class(model: Model, dual: Dual, other: Ints) -> tuple[Ints, Ints]:
    """Of each application, among those of its cost on its side of the line: how many are nearer, and what it loses with all those that
    are strictly nearer."""
    side = dual.best >= 0
    order = np.lexsort((other, side, model.cost))
    cost, sides, losses = model.cost[order], side[order], other[order]
    fresh = np.ones(len(order), dtype=bool)
    fresh[1:] = (cost[1:] != cost[:-1]) | (sides[1:] != sides[:-1])
    start = np.maximum.accumulate(np.where(fresh, np.arange(len(order)), 0))
    step = fresh.copy()
    step[1:] |= losses[1:] != losses[:-1]
    run = np.maximum.accumulate(np.where(step, np.arange(len(order)), 0))
    before = np.concatenate([[0], np.cumsum(losses)])
    alike, together = np.empty_like(order), np.empty_like(other)
    alike[order] = np.arange(len(order)) - start
    together[order] = before[run] - before[start] + losses
    return alike, together


def _best_of(model: Model, dual: Dual, open_ones: Ints) -> Ints | None:
    """The best selection that differs from the lossless one only in these applications."""
    settled = dual.best.copy()
    settled[open_ones] = -1
    firm = np.flatnonzero(settled >= 0)
    money = model.rows[0].limit - int(model.cost[firm].sum())
    if money < 0 or (min(money, int(model.cost[open_ones].sum())) + 1) * len(open_ones) > WORK:
        return None
    part = replace(
        model,
        cost=model.cost[open_ones],
        value=model.value[open_ones],
        rank_group=model.rank_group[open_ones],
        rows=(replace(model.rows[0], choices=np.arange(len(open_ones)), limit=money),),
    )
    taken = [bool(row[0]) for row in tabled(part).rows(part, np.array([money], dtype=np.int64))]
    return np.sort(np.concatenate([firm, open_ones[np.array(taken)]]))
