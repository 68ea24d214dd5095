"""Load balance: of the assignments that are equally good, one whose loads are most even (least Σ load²).

At proving prices the equally good assignments are reached by steps that cost nothing between evaluators whose price is zero, and a
sum of squares is least when no such path leads from one to another who has two applications fewer. No step may bring an application
below the worst sum; where that binds, loads are as even as exchanges of one evaluator at a time can make them.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from evalcomm.engine.assign.flow import Standing, loads_of, refresh, shift, stand
from evalcomm.engine.assign.instance import Instance, Ints
from evalcomm.engine.assign.paths import level_paths


def evened(
    instance: Instance, team: NDArray[np.int32], price: Ints, held: Ints, *, least: int | None = None
) -> NDArray[np.int32]:
    """Teams of the same total, none of whose sums falls below `least`, with loads as even as steps at these prices allow.

    held : (m,) applications that each evaluator has besides
    """
    free = price == 0
    if free.sum() < 2:
        return team
    standing = stand(instance, price, team.copy(), least=least)
    while True:
        levels = np.unique((loads_of(standing) + held)[free])[::-1].tolist()
        if not any(_lower(standing, free, held, level) for level in levels):
            return standing.team


def _lower(standing: Standing, free: NDArray[np.bool_], held: Ints, level: int) -> bool:
    """Takes an application from those who have `level` of them, for others who have at least two fewer; tells whether any moved."""
    m = len(free)
    own = loads_of(standing)
    load = own + held
    instance = standing.instance
    sources = free & (load == level) & (own > instance.low)
    wanted = free & (load <= level - 2) & (own < instance.high)
    if not wanted.any():
        return False
    forest = level_paths(standing.price[:m], standing.loss[:m, :m], sources, wanted, enough=int(sources.sum()))
    moved: set[int] = set()
    touched: set[int] = set()
    for target in forest.targets:
        path = forest.to(target)
        if load[path[0]] == level and shift(standing, path, 1, moved, touched):
            load[path[0]] -= 1
            load[target] += 1
    for u in sorted(touched):
        refresh(standing, u)
    return bool(touched)
