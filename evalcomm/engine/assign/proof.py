"""The proof of an assignment, recomputed from the prices alone, in integers, over every pair.

For any prices p and any assignment within the limits, the total is at most

    Σ_i (settled_i + greatest Σ_j (value_ij − p_j) over the teams that i may have)  +  Σ_j (high_j p_j if p_j > 0 else low_j p_j),

because every application's team is one that it may have, and every evaluator's load lies between low_j and high_j. Nothing of the
solver's work enters. If the teams must reach a sum `least`, only such teams count, which makes the bound smaller.
"""

from __future__ import annotations

import numpy as np

from evalcomm.engine.assign.columns import sufficient_team
from evalcomm.engine.assign.instance import Instance, Ints
from evalcomm.engine.assign.teams import best_teams, reduced_values, team_sums, whole

_CHUNK = 1024


def evaluator_bound(instance: Instance, price: Ints) -> int:
    """What the load limits are worth at these prices."""
    return whole(np.where(price > 0, instance.high, instance.low).astype(object) * price)


def application_bounds(instance: Instance, price: Ints) -> Ints:
    """(n,) the greatest affinity − price of a team; teams of too few permitted evaluators are far below everything."""
    n = instance.shape[0]
    order, starts = instance.groups
    result = np.empty(n, object if instance.exact_object else np.int64)
    for start in range(0, n, _CHUNK):
        rows = np.arange(start, min(start + _CHUNK, n))
        best = reduced_values(instance, price, rows)
        if not instance.distinct:
            best = np.maximum.reduceat(best[:, order], starts, axis=1)
        depth = min(instance.most_seats, best.shape[1])
        top = np.sort(np.partition(best, best.shape[1] - depth, axis=1)[:, best.shape[1] - depth :], axis=1)[:, ::-1]
        top = np.where(np.arange(depth) < instance.seats[rows][:, None], top, 0)
        result[start : start + len(rows)] = top.sum(axis=1)
    return result


def dual_bound(instance: Instance, price: Ints, *, least: int | None = None) -> int:
    """No assignment within the limits (whose teams all reach `least`) has a greater total affinity."""
    bounds = application_bounds(instance, price)
    if least is not None:
        for i in np.flatnonzero(team_sums(instance, best_teams(instance, price)) < least).tolist():
            if (team := sufficient_team(instance, i, price, least)) is not None:
                bounds[i] = team.worth
    return whole(bounds) + whole(instance.settled) + evaluator_bound(instance, price)


def greatest_sums(instance: Instance) -> Ints:
    """(n,) the greatest sum of affinities that each application could have if it were alone."""
    sums: Ints = application_bounds(instance, np.zeros(instance.shape[1], np.int64)) + instance.settled
    return sums
