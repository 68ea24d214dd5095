"""How likely each application is to be funded, given draws of the scores: every draw goes through the real policy.

For rank order without rules all draws are walked at once. Only scores near the line need sorting: what lies above every line is
summed, and what lies below matters only where the walk goes on. Draws with equal scores near the line, and every other plan, are
divided one by one, as `allocate` would.
"""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from fractions import Fraction

import numpy as np
from numpy.typing import NDArray

from evalcomm.engine.allocate.application import AllocationError, Application, checked
from evalcomm.engine.allocate.division import divided
from evalcomm.engine.allocate.plan import AllocationPlan, Policy, Shortfall
from evalcomm.engine.allocate.ranked import field_of
from evalcomm.engine.allocate.walk import full_award, least_award

Floats = NDArray[np.float64]
Ints = NDArray[np.int64]
SAMPLE = 200
"""Draws that are sorted in full to learn where the line lies."""
CHUNK = 64
EXACT = 1 << 53
"""Sums of won below this are exact in floats."""


@dataclass(frozen=True, slots=True)
class Chances:
    """funded : for each application, the share of the draws in which it has an award. undecided : the share in which a lot would decide,
    or the rules clash; certain awards of such draws count."""

    funded: Floats
    undecided: float


def chances(applications: Sequence[Application], budget: int, plan: AllocationPlan, draws: Floats) -> Chances:
    """draws : shape (draws, applications), scores in the order of `applications`. Raises AllocationError."""
    checked(applications)
    if draws.ndim != 2 or draws.shape[1] != len(applications) or not len(draws):
        raise AllocationError("draws must hold one score for every application, once or more")
    if not np.isfinite(draws).all():
        raise AllocationError("a drawn score is not finite")
    count = _Count(applications, budget, plan)
    if _plain(applications, budget, plan):
        _Walks(applications, budget, plan, count).all(draws)
    else:
        for row in draws:
            count.divide(row)
    return Chances(count.funded / len(draws), count.undecided / len(draws))


def _plain(applications: Sequence[Application], budget: int, plan: AllocationPlan) -> bool:
    """Rank order without rules, by the drawn scores alone."""
    decided = any(one.rank is not None or one.eligible is not None for one in applications)
    money = budget + sum(one.requested for one in applications)
    return plan.policy is Policy.RANK_ORDER and not plan.rules and not decided and money < EXACT


class _Count:
    def __init__(self, applications: Sequence[Application], budget: int, plan: AllocationPlan) -> None:
        self.applications, self.budget, self.plan = applications, budget, plan
        self.funded = np.zeros(len(applications))
        self.undecided = 0

    def divide(self, scores: Floats) -> None:
        """One draw, as `allocate` would."""
        drawn = [
            replace(one, score=Fraction(score)) for one, score in zip(self.applications, scores.tolist(), strict=True)
        ]
        walk = divided(field_of(drawn, self.plan), self.budget, self.plan)
        if walk is None or walk.lot is not None:
            self.undecided += 1
        if walk is not None:
            self.funded += [one.id in walk.ledger.awards for one in drawn]


class _Walks:
    """All draws at once; columns are the applications that some score could fund. Of each draw only a window around the line is sorted."""

    def __init__(self, applications: Sequence[Application], budget: int, plan: AllocationPlan, count: _Count) -> None:
        self.budget, self.plan, self.count = budget, plan, count
        full = np.array([full_award(one, plan) for one in applications], dtype=np.int64)
        minimum = np.array([one.minimum for one in applications], dtype=np.int64)
        self.able = np.flatnonzero((full > 0) & (full >= minimum))
        self.full = full[self.able].astype(np.float64)
        self.least = np.array([least_award(applications[one], plan) for one in self.able.tolist()], dtype=np.float64)
        self.funded = np.zeros(len(self.able))
        self.mark = _first_passing(plan)

    def all(self, draws: Floats) -> None:
        if not len(self.able):
            return
        whole = len(self.able) == draws.shape[1]
        low, high = self._window(draws)
        for start in range(0, len(draws), CHUNK):
            part = draws[start : start + CHUNK]
            scores = part if whole else part[:, self.able]
            wide = self._walk(scores, low, high)
            again = self._walk(scores[wide], self.mark, np.inf)
            for row in wide[again].tolist():
                self.count.divide(part[row])
        self.count.funded[self.able] += self.funded

    def _window(self, draws: Floats) -> tuple[float, float]:
        """Where the lines of a few draws lie, with some room."""
        lines = []
        for row in draws[:: max(len(draws) // SAMPLE, 1)][:SAMPLE]:
            scores = row[self.able]
            order = np.argsort(-scores)
            place = int(np.searchsorted(np.cumsum(self.full[order]), self.budget, side="right"))
            lines.append(scores[order[min(place, len(order) - 1)]])
        low, high = float(min(lines)), float(max(lines))
        room = (high - low) / 4 + float(draws[:SAMPLE].std()) / 1000
        return max(low - room, self.mark), max(high + room, float(np.nextafter(self.mark, -np.inf)))

    def _walk(self, scores: Floats, low: float, high: float) -> Ints:
        """Counts the awards of these draws; returns those that this window does not decide, uncounted."""
        above = scores > high
        inside = scores >= low
        inside &= ~above
        left = self.budget - above @ self.full
        order, filled = _sorted(scores, inside)
        values = np.where(filled, np.take_along_axis(scores, order, axis=1), np.nan)
        full, least = np.where(filled, self.full[order], 0.0), np.where(filled, self.least[order], np.inf)
        odd = left < 0
        if self.plan.shortfall is Shortfall.SKIP:
            awarded = _skipping(full, filled, left)
            odd |= _parted(values, awarded)
            odd |= self._beyond(scores, low, left, odd)
        else:
            awarded = (np.cumsum(full, axis=1) <= left[:, None]) & filled
            odd |= self._at_the_line(values, awarded, filled, low)
            if self.plan.shortfall is Shortfall.CUT_LAST:
                self._cut(awarded, filled, full, least, left)
        self._add(order, awarded & ~odd[:, None])
        self.funded += above[~odd].sum(axis=0)
        return np.flatnonzero(odd)

    def _add(self, order: Ints, awarded: NDArray[np.bool_]) -> None:
        rows, places = np.nonzero(awarded)
        self.funded += np.bincount(order[rows, places], minlength=len(self.funded))

    def _at_the_line(
        self, values: Floats, awarded: NDArray[np.bool_], filled: NDArray[np.bool_], low: float
    ) -> NDArray[np.bool_]:
        """Whether the first that does not fit has equals, or lies below the window."""
        width, place, count = values.shape[1], awarded.sum(axis=1), filled.sum(axis=1)
        found: NDArray[np.bool_] = (place == count) & (low > self.mark)
        for side in (-1, 1):
            other = place + side
            rows = np.flatnonzero((place < count) & (other >= 0) & (other < width))
            found[rows] |= values[rows, place[rows]] == values[rows, other[rows]]
        return found

    def _cut(
        self, awarded: NDArray[np.bool_], filled: NDArray[np.bool_], full: Floats, least: Floats, left: Floats
    ) -> None:
        place = awarded.sum(axis=1)
        rows = np.flatnonzero(place < filled.sum(axis=1))
        spare = left[rows] - (full[rows] * awarded[rows]).sum(axis=1)
        spare -= spare % self.plan.unit_won
        enough = spare >= least[rows, place[rows]]
        awarded[rows[enough], place[rows[enough]]] = True

    def _beyond(self, scores: Floats, low: float, left: Floats, odd: NDArray[np.bool_]) -> NDArray[np.bool_]:
        """Below the window: where the walk goes on past what does not fit. Returns the draws in which equals are parted."""
        if low <= self.mark:
            return np.zeros(len(scores), dtype=bool)
        order, filled = _sorted(scores, (self.full <= left[:, None]) & (scores < low) & (scores >= self.mark))
        values = np.where(filled, np.take_along_axis(scores, order, axis=1), np.nan)
        awarded = _skipping(np.where(filled, self.full[order], 0.0), filled, left)
        parted = _parted(values, awarded)
        self._add(order, awarded & ~(odd | parted)[:, None])
        return parted


def _first_passing(plan: AllocationPlan) -> float:
    """The smallest float that passes the mark."""
    if plan.pass_score is None:
        return -np.inf
    mark = float(plan.pass_score)
    passes = Fraction(mark) > plan.pass_score or (Fraction(mark) == plan.pass_score and plan.pass_inclusive)
    return mark if passes else float(np.nextafter(mark, np.inf))


def _skipping(full: Floats, filled: NDArray[np.bool_], left: Floats) -> NDArray[np.bool_]:
    """Takes what fits, in order; `left` becomes what remains."""
    awarded = np.zeros_like(filled)
    for place in range(full.shape[1]):
        takes = filled[:, place] & (full[:, place] <= left)
        left -= full[:, place] * takes
        awarded[:, place] = takes
    return awarded


def _parted(values: Floats, awarded: NDArray[np.bool_]) -> NDArray[np.bool_]:
    """Whether of two equal scores one has an award and the other may have been its rival."""
    equal = values[:, 1:] == values[:, :-1]
    parted: NDArray[np.bool_] = (equal & ~(awarded[:, 1:] & awarded[:, :-1])).any(axis=1)
    return parted


def _sorted(scores: Floats, wanted: NDArray[np.bool_]) -> tuple[Ints, NDArray[np.bool_]]:
    """The wanted columns of each row, best score first, padded to the longest; which places are filled."""
    counts = wanted.sum(axis=1)
    width = int(counts.max(initial=0))
    rows, columns = np.nonzero(wanted)
    place = np.arange(len(rows)) - np.repeat(np.cumsum(counts) - counts, counts)
    found = np.zeros((len(scores), width), dtype=np.int64)
    values = np.full((len(scores), width), np.inf)
    found[rows, place] = columns
    values[rows, place] = -scores[rows, columns]
    order = np.argsort(values, axis=1)
    return np.take_along_axis(found, order, axis=1), np.arange(width) < counts[:, None]
