"""The assignment of greatest total affinity under load limits, exactly, by shortest augmenting paths between evaluators.

Every evaluator j has a price p_j. At given prices each application takes the evaluators of greatest affinity − price; this is the
best it can do, so only the loads may be wrong. Applications are many and evaluators few, so the residual network is contracted to the
evaluators: loss[u, v] is the least affinity lost when one of u's applications moves to v. Shortest paths from the overloaded to the
underloaded evaluators repair the loads one application at a time, and the distances correct the prices; when no load is wrong, the
prices prove the total (`proof.dual_bound`). One round serves every overloaded evaluator that has a path of its own, since the
shortest-path trees of different roots share no evaluator.

After Ahuja, Magnanti, Orlin, Network Flows (1993), §9.7, on the contracted network; all in integers.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from itertools import pairwise

import numpy as np
from numpy.typing import NDArray

from evalcomm.engine.assign.instance import Instance, Ints
from evalcomm.engine.assign.paths import Forest, level_paths, shortest_paths
from evalcomm.engine.assign.prices import opening_prices
from evalcomm.engine.assign.teams import best_teams, team_sums


class Unbalanced(Exception):
    """No assignment keeps every load within its limits."""


@dataclass(eq=False)
class Standing:
    """Who evaluates what, and at which prices: every application's team is best at `price`.

    team  : (n, seats) evaluators, −1 for no seat
    held  : the applications of each evaluator that may move; `base` counts the others
    loss  : (m + 1, m + 1) the least affinity lost by a move; the last row and column are the pool of unused places
    least : no move brings an application's sum below it
    """

    instance: Instance
    price: Ints
    team: NDArray[np.int32]
    held: list[list[int]] = field(default_factory=list)
    base: Ints = field(default_factory=lambda: np.zeros(0, np.int64))
    loss: Ints = field(default_factory=lambda: np.zeros((0, 0), np.int64))
    least: int | None = None


def optimal_total(instance: Instance) -> Standing:
    """The greatest total, whatever the worst application gets; raises Unbalanced."""
    if (instance.choices < instance.seats).any():
        raise Unbalanced
    price = opening_prices(instance)
    standing = stand(instance, price, best_teams(instance, price))
    settle(standing)
    return standing


def stand(
    instance: Instance,
    price: Ints,
    team: NDArray[np.int32],
    *,
    frozen: NDArray[np.bool_] | None = None,
    least: int | None = None,
) -> Standing:
    """A standing from teams that are best at `price`. The teams of `frozen` applications count as load and never move."""
    _, m = instance.shape
    held: list[list[int]] = [[] for _ in range(m)]
    base = np.zeros(m, np.int64)
    for i, members in enumerate(team.tolist()):
        for j in members:
            if j >= 0:
                if frozen is not None and frozen[i]:
                    base[j] += 1
                else:
                    held[j].append(i)
    kind = object if instance.exact_object else np.int64
    loss = np.full((m + 1, m + 1), instance.closed, kind)
    standing = Standing(instance, np.append(price, 0).astype(kind), team, held, base, loss, least)
    for u in range(m):
        refresh(standing, u)
    return standing


def _costs(standing: Standing, u: int) -> tuple[list[int], Ints]:
    """For each application that u holds: the affinity lost when it moves to each evaluator; huge where it may not."""
    instance, held = standing.instance, standing.held[u]
    rows = np.asarray(held, np.intp)
    value = instance.value[rows]
    own = value[:, u].copy()
    team = standing.team[rows]
    if instance.distinct:
        lines = np.arange(len(held))
        for seat in range(team.shape[1]):
            # An empty seat is −1, the last column; it may be barred only where the last evaluator really sits.
            j = team[:, seat]
            full = j >= 0
            value[lines[full], j[full]] = instance.barred
    else:
        colleagues = instance.colleagues
        for seat in range(team.shape[1]):
            j = team[:, seat]
            value[colleagues[j] & ((j >= 0) & (j != u))[:, None]] = instance.barred
        value[:, u] = instance.barred
    costs = own[:, None] - value
    if standing.least is not None:
        spare = team_sums(instance, team, rows) - standing.least
        costs[costs > spare[:, None]] = -instance.barred
    return held, costs


def refresh(standing: Standing, u: int) -> None:
    """Recomputes what moving an application away from u loses."""
    instance = standing.instance
    if not standing.held[u]:
        standing.loss[u, :-1] = instance.closed
        return
    least = _costs(standing, u)[1].min(axis=0).astype(standing.loss.dtype)
    least[least > instance.farthest] = instance.closed
    standing.loss[u, :-1] = least


def loads_of(standing: Standing) -> Ints:
    """(m,) applications of each evaluator, frozen ones included."""
    return standing.base + np.array([len(applications) for applications in standing.held], np.int64)


@dataclass(frozen=True, eq=False)
class _Books:
    """Loads against limits at the present prices.

    excess : (m + 1,) applications too many (+) or too few (−); the last entry is the pool of unused places
    spare  : (m,) places that an evaluator may still take from the pool
    idle   : (m,) places that he may give back to it
    """

    excess: Ints
    spare: Ints
    idle: Ints


def _books(standing: Standing) -> _Books:
    """Complementary slackness: a positive price needs a full evaluator, a negative one an evaluator at his minimum."""
    instance = standing.instance
    m = instance.shape[1]
    low, high = instance.low, instance.high
    load = loads_of(standing)
    price = standing.price[:m]
    due = np.where(price > 0, high, np.where(price < 0, low, np.clip(load, low, high))).astype(np.int64)
    excess = np.append(load - due, due.sum() - load.sum())
    return _Books(excess, high - due, due - low)


def settle(standing: Standing) -> None:
    """Repairs every load; raises Unbalanced if that cannot be. Afterwards the teams have the greatest total there is."""
    pool = standing.instance.shape[1]
    while True:
        books = _books(standing)
        if not books.excess.any():
            return
        standing.loss[:pool, pool] = standing.loss[pool, :pool] = standing.instance.closed
        standing.loss[:pool, pool][books.spare > 0] = 0
        standing.loss[pool, :pool][books.idle > 0] = 0
        forest = shortest_paths(
            standing.price,
            standing.loss,
            np.flatnonzero(books.excess > 0),
            np.flatnonzero(books.excess < 0),
            unreached=standing.instance.unreached,
        )
        if not forest.targets:
            raise Unbalanced
        standing.price -= forest.distance
        standing.price -= standing.price[-1]
        _serve(standing, forest)
        while _serve(standing, _level_forest(standing)):
            pass
        # New prices alone may settle with the pool, so what counts is that less is wrong than before.
        if np.abs(_books(standing).excess).sum() >= np.abs(books.excess).sum():
            raise AssertionError("a shortest path moves an application twice")


def _serve(standing: Standing, forest: Forest) -> int:
    """Sends applications along the paths, as many as ends and steps allow; returns how many.

    Every step costs nothing at the present prices and every application moves at most once, so each keeps a best team.
    """
    books = _books(standing)
    pool = standing.instance.shape[1]
    excess = books.excess.copy()
    free = standing.price[:pool] == 0  # the pool is one step away, at no cost
    spare, idle = np.where(free, books.spare, 0), np.where(free, books.idle, 0)
    moved: set[int] = set()
    touched: set[int] = set()
    sent = 0
    for target in forest.targets:
        path = forest.to(target)
        inner = [node for node in path if node != pool]
        first, last = inner[0], inner[-1]
        from_pool = path[0] == pool or excess[first] <= 0
        to_pool = path[-1] == pool or excess[last] >= 0
        gives = min(excess[pool], idle[first]) if from_pool else excess[first]
        takes = min(-excess[pool], spare[last]) if to_pool else -excess[last]
        crossing = path.index(pool) if pool in path[1:-1] else None
        if crossing is not None:
            gives = min(gives, spare[path[crossing - 1]], idle[path[crossing + 1]])
        most = int(min(gives, takes))
        units = shift(standing, path, most, moved, touched) if most > 0 else 0
        if crossing is not None:
            spare[path[crossing - 1]] -= units
            idle[path[crossing + 1]] -= units
        excess[pool if from_pool else first] -= units
        excess[pool if to_pool else last] += units
        idle[first] -= units * from_pool
        spare[last] -= units * to_pool
        sent += units
    for u in sorted(touched):
        refresh(standing, u)
    return sent


def _level_forest(standing: Standing) -> Forest:
    """Paths that cost nothing from whoever has too many to whoever has too few, the pool's places reached from their evaluators."""
    books = _books(standing)
    pool = standing.instance.shape[1]
    price, excess = standing.price[:pool], books.excess[:pool]
    free = price == 0
    gives, takes = excess > 0, excess < 0
    if books.excess[pool] > 0:
        gives |= free & (books.idle > 0)
    if books.excess[pool] < 0:
        takes |= free & (books.spare > 0)
    enough = int(books.excess[books.excess > 0].sum())
    return level_paths(price, standing.loss[:pool, :pool], gives, takes, enough=enough)


def shift(standing: Standing, path: list[int], most: int, moved: set[int], touched: set[int]) -> int:
    """Moves up to `most` applications along every step of the path, none of those in `moved`; returns how many.

    Adds to `moved`, and to `touched` every evaluator whose row of `loss` has to be refreshed.
    """
    instance = standing.instance
    pool = instance.shape[1]
    steps: list[tuple[int, int, list[int]]] = []
    # On one path an application changes institutions at most once; exchanges within institutions do not touch each other.
    passed: set[int] = set()
    for u, v in pairwise(path):
        if pool in (u, v):
            continue
        passing = instance.institution[u] != instance.institution[v]
        held, costs = _costs(standing, u)
        level = np.flatnonzero(costs[:, v] == standing.loss[u, v]).tolist()
        able = [held[k] for k in level if held[k] not in moved and not (passing and held[k] in passed)][:most]
        if not able:
            return 0
        most = len(able)
        if passing:
            passed.update(able)
        steps.append((u, v, able))
    for u, v, able in steps:
        for i in able[:most]:
            members = standing.team[i]
            members[np.flatnonzero(members == u)[0]] = v
            standing.held[u].remove(i)
            standing.held[v].append(i)
            moved.add(i)
            touched.update(members[members >= 0].tolist())
        touched.add(u)
    return most
