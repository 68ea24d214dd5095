"""Teams: the best one of each application at given prices, and what teams add up to."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from evalcomm.engine.assign.instance import Instance, Ints

_CHUNK = 1024
"""Rows handled at once, so that they stay in the processor's cache."""


def loads(team: NDArray[np.int32], evaluators: int) -> NDArray[np.int64]:
    """(m,) applications of each evaluator."""
    return np.bincount(team[team >= 0], minlength=evaluators).astype(np.int64)


def team_sums(instance: Instance, team: NDArray[np.int32], rows: NDArray[np.intp] | None = None) -> Ints:
    """(n,) the sum of affinities of each application (or of these rows), settled ones included; `team` holds −1 for no evaluator."""
    wide = object if instance.exact_object else np.int64
    value = instance.value if rows is None else instance.value[rows]
    value = np.take_along_axis(value, np.where(team >= 0, team, 0).astype(np.intp), axis=1).astype(wide)
    sums: Ints = np.where(team >= 0, value, 0).sum(axis=1) + (
        instance.settled if rows is None else instance.settled[rows]
    )
    return sums


def whole(figures: Ints) -> int:
    """The sum of an array, beyond 64 bits if need be."""
    return int(figures.sum(dtype=object))


def reduced_values(instance: Instance, price: Ints, rows: NDArray[np.intp]) -> Ints:
    """Affinity − price; far below everything where the pair may not be."""
    value = instance.value[rows]
    reduced: Ints = value.astype(object if instance.exact_object else np.int64) - price
    reduced[value == instance.barred] = -instance.unreached
    return reduced


def best_teams(instance: Instance, price: Ints) -> NDArray[np.int32]:
    """(n, seats) the team of each application that has the greatest affinity − price; equal ones go to whoever has most room left."""
    rows = np.arange(instance.shape[0])
    room = instance.high.astype(np.int64).copy()
    team = np.full((len(rows), instance.most_seats), -1, np.int32)
    for start in range(0, len(rows), _CHUNK):
        part = rows[start : start + _CHUNK]
        team[start : start + _CHUNK] = _best_teams(instance, price, part, room)
    return team


def _best_teams(instance: Instance, price: Ints, rows: NDArray[np.intp], room: Ints) -> NDArray[np.int32]:
    seats, most = instance.seats[rows], instance.most_seats
    reduced = reduced_values(instance, price, rows)
    order, starts = instance.groups
    best = reduced if instance.distinct else np.maximum.reduceat(reduced[:, order], starts, axis=1)
    groups = best.shape[1]
    depth = min(most + 1, groups)
    if depth < groups:
        ranked = np.sort(np.argpartition(best, groups - depth, axis=1)[:, groups - depth :], axis=1)
    else:
        ranked = np.broadcast_to(np.arange(groups), best.shape)
    top = np.take_along_axis(best, ranked, axis=1)
    by_value = np.argsort(-top, axis=1, kind="stable")
    ranked = np.take_along_axis(ranked, by_value, axis=1)
    top = np.take_along_axis(top, by_value, axis=1)
    n = np.arange(len(rows))
    last = top[n, seats - 1]
    clear = (seats == groups) | (last > top[n, np.minimum(seats, depth - 1)])
    team = np.full((len(rows), most), -1, np.int32)
    if instance.distinct:
        chosen = np.where(np.arange(most) < seats[:, None], ranked[:, :most], -1)[clear]
        team[clear] = chosen
        room -= np.bincount(chosen[chosen >= 0], minlength=len(room))
        for i in np.flatnonzero(~clear).tolist():
            picked = _with_ties(best[i], int(seats[i]), int(last[i]), room)
            team[i, : len(picked)] = picked
            room[picked] -= 1
        return team
    for i in range(len(rows)):
        if clear[i]:
            institutions = np.sort(ranked[i, : seats[i]])
        else:
            roomiest = _room_of_groups(instance, reduced[i], best[i], room)
            institutions = _with_ties(best[i], int(seats[i]), int(last[i]), roomiest)
        for place, group in enumerate(institutions.tolist()):
            members = order[starts[group] : starts[group + 1] if group + 1 < groups else len(order)]
            equal = members[reduced[i, members] == best[i, group]]
            chosen_one = int(equal[np.argmax(room[equal])])
            team[i, place] = chosen_one
            room[chosen_one] -= 1
    return team


def _with_ties(best: Ints, seats: int, last: int, room: Ints) -> Ints:
    above = np.flatnonzero(best > last)
    equal = np.flatnonzero(best == last)
    roomiest = equal[np.argsort(-room[equal], kind="stable")]
    return np.concatenate([above, roomiest[: seats - len(above)]])


def _room_of_groups(instance: Instance, reduced: Ints, best: Ints, room: Ints) -> Ints:
    order, starts = instance.groups
    ends = np.append(starts[1:], len(order))
    which = np.repeat(np.arange(len(starts)), ends - starts)
    open_ = np.where(reduced[order] == best[which], room[order], -(1 << 40))
    return np.maximum.reduceat(open_, starts)
