"""Budget only, by dynamic programming over money: no bad cases, and every smaller budget comes along for free.

    f_i(b) = max(f_{i+1}(b), v_i + f_{i+1}(b - c_i))        applications from the last rank to the first

Equal values are taken, not left: read from the first rank on, the tables give the lexicographically best of all optima.
"""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from evalcomm.engine.allocate.portfolio.model import Ints, Model

WORK = 3 * 10**9
"""Applications times units of money that are worth a table: some seconds."""


@dataclass(frozen=True, slots=True)
class Table:
    """worth: shape (budget + 1,), the best value of each budget in units. taken: bits, shape (applications, budget + 1)."""

    worth: Ints
    taken: NDArray[np.uint8]

    def at(self, model: Model, budgets: Ints) -> NDArray[np.bool_]:
        """Which applications the optimum of each of these budgets takes: shape (applications, budgets)."""
        left = np.minimum(budgets, len(self.worth) - 1)
        found = np.zeros((len(model.applications), len(left)), dtype=bool)
        for one, cost in enumerate(model.cost.tolist()):
            byte = self.taken[one, left >> 3]
            found[one] = (byte >> (7 - (left & 7)).astype(np.uint8)) & 1
            left = left - cost * found[one]
        return found


def applicable(model: Model) -> bool:
    """One choice per application, the budget the only row, and a table of reasonable size."""
    if len(model.rows) != 1 or len(model.cost) != len(model.applications):
        return False
    row = model.rows[0]
    whole = len(row.choices) == len(model.cost) and bool((row.coefficients > 0).all())
    return row.money and whole and row.limit >= 0 and (row.limit + 1) * len(model.cost) <= WORK


def tabled(model: Model) -> Table:
    budget = model.rows[0].limit
    worth = np.zeros(budget + 1, dtype=np.int64)
    taken = np.zeros((len(model.cost), budget // 8 + 1), dtype=np.uint8)
    for one in range(len(model.cost) - 1, -1, -1):
        cost, value = int(model.cost[one]), int(model.value[one])
        if cost > budget:
            continue
        with_it = worth[: budget + 1 - cost] + value
        better = with_it >= worth[cost:]
        flags = np.zeros(budget + 1, dtype=bool)
        flags[cost:] = better
        taken[one] = np.packbits(flags)
        np.maximum(with_it, worth[cost:], out=worth[cost:])
    return Table(worth, taken)
