"""Budget only, by dynamic programming over money: no bad cases, and every smaller budget comes along for free.

    f_i(b) = max(f_{i+1}(b), v_i + f_{i+1}(b - c_i))        applications from the last rank to the first

Equal values are taken, not left: read from the first rank on, the tables give the lexicographically best of all optima. Where ranks
are tied, awards are counted rank by rank, then money left: a key beside each value keeps that order.
"""

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from evalcomm.engine.allocate.portfolio.model import Ints, Model

LARGEST = 1 << 62
WORK = 3 * 10**9
"""Applications times units of money that are worth a table: some seconds."""


@dataclass(frozen=True, slots=True)
class Table:
    """worth: shape (budget + 1,), the best value of each budget in units. taken: bits, shape (applications, budget + 1)."""

    worth: Ints
    taken: NDArray[np.uint8]

    def rows(self, model: Model, budgets: Ints) -> Iterator[NDArray[np.bool_]]:
        """For each application in turn, whether the optimum of each of these budgets takes it."""
        left = np.minimum(budgets, len(self.worth) - 1)
        for one, cost in enumerate(model.cost.tolist()):
            byte = self.taken[one, left >> 3]
            found = ((byte >> (7 - (left & 7)).astype(np.uint8)) & 1).astype(bool)
            left = left - cost * found
            yield found


def alone(model: Model) -> bool:
    """One choice per application, and the budget the only row."""
    if len(model.rows) != 1 or len(model.cost) != len(model.applications):
        return False
    row = model.rows[0]
    whole = len(row.choices) == len(model.cost) and bool((row.coefficients > 0).all())
    return row.money and whole and row.limit >= 0


def applicable(model: Model) -> bool:
    """Such a model with a table of reasonable size."""
    return alone(model) and (_money(model) + 1) * len(model.cost) <= WORK


def _money(model: Model) -> int:
    """No more than would fund everybody."""
    return min(model.rows[0].limit, int(model.cost.sum()))


def tabled(model: Model) -> Table:
    budget = _money(model)
    worth = np.zeros(budget + 1, dtype=np.int64)
    taken = np.zeros((len(model.cost), budget // 8 + 1), dtype=np.uint8)
    order = _Order(model, budget) if len(np.unique(model.rank_group)) < len(model.cost) else None
    for one in range(len(model.cost) - 1, -1, -1):
        if order is not None:
            order.enter(one)
        cost, value = int(model.cost[one]), int(model.value[one])
        if cost > budget:
            continue
        with_it = worth[: budget + 1 - cost] + value
        without = worth[cost:]
        better = with_it >= without
        if order is not None:
            better &= (with_it > without) | order.prefers(cost)
            order.take(cost, better)
        flags = np.zeros(budget + 1, dtype=bool)
        flags[cost:] = better
        taken[one] = np.packbits(flags)
        np.maximum(with_it, without, out=without)
    return Table(worth, taken)


class _Order:
    """Of each budget, what decides between equal values: awards in the tied group under way, then `key` for all ranks below it."""

    def __init__(self, model: Model, budget: int) -> None:
        self.groups = model.rank_group
        self.count = np.zeros(budget + 1, dtype=np.int64)
        self.key = np.arange(budget + 1)
        self.span = budget + 1

    def enter(self, one: int) -> None:
        """Before the first member of a group, in the order of the table, the group below it goes into the key."""
        if one + 1 == len(self.groups) or self.groups[one] == self.groups[one + 1]:
            return
        members = int(self.count.max()) + 1
        if self.span * members > LARGEST:
            found, self.key = np.unique(self.key, return_inverse=True)
            self.span = len(found)
        self.key = self.count * self.span + self.key
        self.span *= members
        self.count = np.zeros_like(self.count)

    def prefers(self, cost: int) -> NDArray[np.bool_]:
        end = len(self.count) - cost
        more = self.count[:end] + 1 - self.count[cost:]
        preferred: NDArray[np.bool_] = (more > 0) | ((more == 0) & (self.key[:end] >= self.key[cost:]))
        return preferred

    def take(self, cost: int, better: NDArray[np.bool_]) -> None:
        end = len(self.count) - cost
        count, key = self.count[:end] + 1, self.key[:end].copy()
        np.copyto(self.count[cost:], count, where=better)
        np.copyto(self.key[cost:], key, where=better)
