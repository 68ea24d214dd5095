"""Why an assignment is impossible: who lacks how many, and which limits stand against each other.

As many places as possible are filled by the same solver, with stand-ins of ever less affinity for the empty ones: so the number of
empty places is the least there is, and they are spread as evenly as can be. Minimum loads are looked at apart, since places for
all applications and minimum loads for all evaluators can be had together whenever each can be had alone.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from evalcomm.engine.assign.flow import optimal_total
from evalcomm.engine.assign.instance import Instance, Ints
from evalcomm.engine.assign.teams import loads


@dataclass(frozen=True, eq=False)
class Coverage:
    """The most places that can be filled: (n,) how many each application lacks, and the teams with −1 where nobody is left."""

    lacks: Ints
    team: NDArray[np.int32]


@dataclass(frozen=True, eq=False)
class Bottleneck:
    """Applications that need more places from these evaluators than they may take."""

    applications: NDArray[np.intp]
    evaluators: NDArray[np.intp]
    needed: int
    offered: int


@dataclass(frozen=True, eq=False)
class Idleness:
    """Evaluators whose minimum loads are more than the applications that they may judge have places for them.

    lacks : (m,) how many each one lacks where as few as can be are lacking
    """

    lacks: Ints
    evaluators: NDArray[np.intp]
    offered: int


def best_coverage(instance: Instance) -> Coverage:
    """Fills as many places as the greatest loads allow; minimum loads do not count. No application has more seats than choices."""
    n, m = instance.shape
    most = instance.most_seats
    second = n * most * (most + 1)
    stand_ins = -(second + np.arange(1, most + 1))
    padded = _padded(instance, np.zeros((n, m), np.int64), stand_ins, high=instance.high)
    team = optimal_total(padded).team
    return Coverage((team >= m).sum(axis=1), np.where(team < m, team, -1).astype(np.int32))


def idleness(instance: Instance) -> Idleness | None:
    """The evaluators who cannot have their minimum loads together, whatever the greatest loads; None where all can."""
    n, m = instance.shape
    team = np.full((n, instance.most_seats), -1, np.int32)
    if n:
        padded = _padded(
            instance, np.ones((n, m), np.int64), np.zeros(instance.most_seats, np.int64), high=instance.low
        )
        team = optimal_total(padded).team
        team = np.where(team < m, team, -1).astype(np.int32)
    lacks: Ints = instance.low - loads(team, m)
    if not lacks.any():
        return None
    reached = _rivals(instance, team, lacks > 0)
    places = instance.choices_among(reached)
    return Idleness(lacks, np.flatnonzero(reached), int(np.minimum(instance.seats, places).sum()))


def _padded(instance: Instance, value: Ints, stand_ins: Ints, *, high: Ints) -> Instance:
    """The instance with stand-ins whom every application may have, each once, and without minimum loads."""
    n, m = instance.shape
    extra = len(stand_ins)
    numbers = int(instance.institution.max(initial=-1)) + 1 + np.arange(extra)
    return Instance.of(
        np.concatenate([value, np.broadcast_to(stand_ins, (n, extra))], axis=1),
        np.concatenate([instance.permitted & (high > 0), np.ones((n, extra), bool)], axis=1),
        seats=instance.seats,
        low=np.zeros(m + extra, np.int64),
        high=np.concatenate([high, np.full(extra, n)]),
        institution=np.concatenate([instance.institution, numbers]),
    )


def bottleneck(instance: Instance, coverage: Coverage) -> Bottleneck:
    """The evaluators that stand between the applications and full coverage, who are fewer than asked for."""
    reached = _reached(instance, coverage)
    needed = np.maximum(instance.seats - instance.choices_among(~reached), 0)
    offered = int(instance.high[reached].sum())
    return Bottleneck(np.flatnonzero(needed), np.flatnonzero(reached), int(needed.sum()), offered)


def _reached(instance: Instance, coverage: Coverage) -> NDArray[np.bool_]:
    """Evaluators that an application which lacks somebody could take, if those they judge could do without them, and so on."""
    m = instance.shape[1]
    reached = np.zeros(m, bool)
    asking = np.flatnonzero(coverage.lacks).tolist()
    asked: set[tuple[int, int]] = set()
    for i in asking:
        reached |= _open(instance, coverage.team[i], i, leaving=-1)
    waiting = np.flatnonzero(reached).tolist()
    while waiting:
        u = waiting.pop()
        for i in np.flatnonzero((coverage.team == u).any(axis=1)).tolist():
            if (i, u) not in asked:
                asked.add((i, u))
                fresh = _open(instance, coverage.team[i], i, leaving=u) & ~reached
                reached |= fresh
                waiting += np.flatnonzero(fresh).tolist()
    return reached


def _open(instance: Instance, team: NDArray[np.int32], i: int, *, leaving: int) -> NDArray[np.bool_]:
    """(m,) whom application i could take when `leaving` goes."""
    open_: NDArray[np.bool_] = instance.permitted[i].copy()
    for j in team.tolist():
        if j >= 0:
            open_[j] = False
            if j != leaving:
                open_ &= ~instance.colleagues[j]
    return open_


def _rivals(instance: Instance, team: NDArray[np.int32], idle: NDArray[np.bool_]) -> NDArray[np.bool_]:
    """(m,) the idle evaluators and those who hold a place that one of these could take."""
    reached = idle.copy()
    waiting = np.flatnonzero(idle).tolist()
    while waiting:
        j = int(waiting.pop())
        colleagues = instance.colleagues[j]
        holds = (team == j).any(axis=1)
        for i in np.flatnonzero(instance.permitted[:, j] & ~holds).tolist():
            members = team[i][team[i] >= 0]
            near = members[colleagues[members]]
            for u in (near if len(near) else members).tolist():
                if not reached[u]:
                    reached[u] = True
                    waiting.append(u)
    return reached
