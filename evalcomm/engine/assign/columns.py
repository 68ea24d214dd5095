"""The best team of one application whose affinities reach a given sum.

A small knapsack: choose `seats` evaluators of different institutions, with Σ affinity ≥ least, of greatest Σ worth. Only few can be in
the best team, since most have others above them in both respects. Depth-first with the
Lagrangian bound Σ (worth + t · affinity) − t · least, whose multiplier t is found by bisection and then holds for the whole search;
exact in integers for any t.
"""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass

import numpy as np

from evalcomm.engine.assign.instance import Instance, Ints

Members = tuple[int, ...]

_SHIFT = 10
_STEPS = 64


@dataclass(frozen=True)
class Team:
    worth: int
    members: Members


@dataclass(frozen=True)
class Candidate:
    evaluator: int
    institution: int
    worth: int
    affinity: int


def candidates_of(instance: Instance, i: int, worth: Ints, price: Ints) -> list[Candidate]:
    """Whom application i may have, worth `worth` − `price`."""
    value = instance.value[i]
    able = np.flatnonzero(value != instance.barred).tolist()
    return [Candidate(j, int(instance.institution[j]), int(worth[j]) - int(price[j]), int(value[j])) for j in able]


def sufficient_team(instance: Instance, i: int, price: Ints, least: int) -> Team | None:
    """The team of greatest affinity − price that application i may have and that brings its sum to `least`; None where none does."""
    candidates = candidates_of(instance, i, instance.value[i], price)
    return best_team(candidates, seats=int(instance.seats[i]), least=least - int(instance.settled[i]))


def best_team(
    candidates: Collection[Candidate],
    *,
    seats: int,
    least: int,
    with_: Collection[int] = (),
    without: Collection[int] = (),
) -> Team | None:
    """A team of greatest worth with these members and without those; None where no team reaches `least`."""
    fixed = [c for c in candidates if c.evaluator in with_]
    taken = {c.institution for c in fixed}
    if len(taken) < len(fixed) or len(fixed) < len(with_):
        return None
    free = [
        c for c in candidates if c.evaluator not in with_ and c.evaluator not in without and c.institution not in taken
    ]
    found = _search(free, seats - len(fixed), least - sum(c.affinity for c in fixed))
    if found is None:
        return None
    team = sorted([*fixed, *found], key=lambda c: c.evaluator)
    return Team(sum(c.worth for c in team), tuple(c.evaluator for c in team))


def _search(free: list[Candidate], seats: int, least: int) -> list[Candidate] | None:
    if seats < 0 or len(free) < seats:
        return None
    # Whoever does not reach `least` beside the others' best affinities is in no team that does.
    others = sum(sorted((c.affinity for c in free), reverse=True)[: max(seats - 1, 0)])
    free = [c for c in free if c.affinity + others >= least]
    free = _undominated(free, seats)
    if len(free) < seats:
        return None
    multiplier = _multiplier(free, seats, least)

    def key(c: Candidate) -> int:
        return (c.worth << _SHIFT) + multiplier * c.affinity

    items = sorted(free, key=lambda c: (-key(c), c.evaluator))
    sums = [0]
    for c in items:
        sums.append(sums[-1] + key(c))
    tallest = [0] * (len(items) + 1)
    for k in range(len(items) - 1, -1, -1):
        tallest[k] = max(items[k].affinity, tallest[k + 1]) if k + 1 < len(items) else items[k].affinity
    best: list[Candidate] | None = None
    best_worth = 0
    chosen: list[Candidate] = []
    used: set[int] = set()

    def descend(start: int, left: int, keys: int, affinity: int, worth: int) -> None:
        nonlocal best, best_worth
        if not left:
            if affinity >= least and (best is None or worth > best_worth):
                best, best_worth = list(chosen), worth
            return
        for k in range(start, len(items) - left + 1):
            bound = keys + sums[k + left] - sums[k] - multiplier * least
            if (best is not None and bound <= best_worth << _SHIFT) or affinity + left * tallest[k] < least:
                return
            item = items[k]
            if item.institution not in used:
                used.add(item.institution)
                chosen.append(item)
                descend(k + 1, left - 1, keys + key(item), affinity + item.affinity, worth + item.worth)
                chosen.pop()
                used.remove(item.institution)

    descend(0, seats, 0, 0, 0)
    return best


def _undominated(free: list[Candidate], seats: int) -> list[Candidate]:
    """Without those who are no better, in worth or affinity, than people of so many institutions that one of these can always replace
    them.
    """
    if len(free) <= seats:
        return free
    worth, affinity = _figures([c.worth for c in free]), _figures([c.affinity for c in free])
    institution = np.array([c.institution for c in free])
    order = np.argsort(institution, kind="stable")
    above = (worth[:, None] >= worth) & (affinity[:, None] >= affinity)
    equal = (worth[:, None] == worth) & (affinity[:, None] == affinity)
    above &= ~(equal & ~np.triu(np.ones_like(equal), 1))
    starts = np.flatnonzero(np.diff(institution[order], prepend=-1))
    institutions = np.logical_or.reduceat(above[order], starts, axis=0).sum(axis=0)
    return [c for c, better in zip(free, institutions.tolist(), strict=True) if better < seats]


def _figures(figures: list[int]) -> Ints:
    return np.array(figures, np.int64 if max(map(abs, figures)) < 1 << 62 else object)


def _multiplier(free: list[Candidate], seats: int, least: int) -> int:
    """t · 2^SHIFT at which the best `seats` candidates just reach `least`, institutions apart.

    Floats, since any multiplier gives a valid bound.
    """
    if not seats:
        return 0
    worth = np.array([float(c.worth) for c in free]) * float(1 << _SHIFT)
    affinity = np.array([float(c.affinity) for c in free])

    def short(t: int) -> bool:
        top = np.argsort(-(worth + t * affinity), kind="stable")[:seats]
        return bool(affinity[top].sum() < least)

    if not short(0):
        return 0
    low, high = 0, 1 << _SHIFT
    for _ in range(_STEPS):
        if not short(high):
            break
        low, high = high, high * 2
    else:
        return 1 << (2 * _SHIFT)
    while high - low > 1 + (low >> 6):
        middle = (low + high) // 2
        low, high = (middle, high) if short(middle) else (low, middle)
    return high
