"""The assignment problem in integers: what the solver sees of applications and evaluators.

Rows are applications and columns evaluators, both in the order of their ids, so that the order of the input never decides. Affinities
are integers (the exact decimals times a common power of ten). A pair that may not be is a missing edge: its value is `barred`, which no
permitted value comes near.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from functools import cached_property
from typing import Any

import numpy as np
from numpy.typing import NDArray

Ints = NDArray[Any]
"""An array of integers: int32 or int64, or Python's own (dtype object) where affinities have too many digits for 64 bits."""

_NARROW = 1 << 28
_WIDE = 1 << 58


@dataclass(frozen=True, eq=False)
class Instance:
    """
    value       : (n, m) affinity of application and evaluator; `barred` where the pair may not be
    seats       : (n,) evaluators that each application gets, at least 1
    low, high   : (m,) fewest and most applications of each evaluator
    institution : (m,) two evaluators of one institution never meet on one application; evaluators without one differ from everybody
    settled     : (n,) affinity that each application has besides, from evaluators fixed beforehand
    barred      : the value of a pair that may not be
    unreached   : a distance that no path has
    """

    value: Ints
    seats: Ints
    low: Ints
    high: Ints
    institution: Ints
    settled: Ints
    barred: int
    unreached: int

    @property
    def shape(self) -> tuple[int, int]:
        return self.value.shape[0], self.value.shape[1]

    @cached_property
    def most_seats(self) -> int:
        return int(self.seats.max(initial=0))

    @cached_property
    def distinct(self) -> bool:
        """Nobody shares an institution with anybody."""
        return len(np.unique(self.institution)) == len(self.institution)

    @cached_property
    def colleagues(self) -> NDArray[np.bool_]:
        """(m, m) who shares an institution with whom, oneself included."""
        return np.asarray(self.institution[:, None] == self.institution[None, :])

    @cached_property
    def groups(self) -> tuple[NDArray[np.intp], NDArray[np.intp]]:
        """Evaluators ordered by institution, and where each institution starts in that order."""
        order = np.argsort(self.institution, kind="stable")
        starts = np.flatnonzero(np.diff(self.institution[order], prepend=-1))
        return order, starts

    @cached_property
    def choices(self) -> Ints:
        """(n,) how many evaluators could meet on each application if nobody else wanted them."""
        return self.choices_among(np.ones(self.shape[1], bool))

    def choices_among(self, evaluators: NDArray[np.bool_]) -> Ints:
        """(n,) how many of these could meet on each application: institutions, where somebody shares one."""
        able = self.permitted & evaluators
        if not self.distinct:
            order, starts = self.groups
            able = np.logical_or.reduceat(able[:, order], starts, axis=1)
        found: Ints = able.sum(axis=1)
        return found

    @property
    def exact_object(self) -> bool:
        return self.value.dtype == object

    @property
    def closed(self) -> int:
        """The loss of a step that may not be; stays above `unreached` whatever prices are added."""
        return 2 * self.unreached

    @property
    def farthest(self) -> int:
        """Above every difference of two permitted values, below every difference with a barred one."""
        return -self.barred // 2

    def of_rows(self, rows: NDArray[np.intp], seats: Ints) -> Instance:
        """Some of the applications, with other numbers of seats."""
        return replace(self, value=self.value[rows], seats=seats, settled=self.settled[rows])

    def with_values(self, value: Ints, permitted: NDArray[np.bool_]) -> Instance:
        """The same limits with other affinities or other permitted pairs."""
        return Instance.of(
            value,
            permitted,
            seats=self.seats,
            low=self.low,
            high=self.high,
            institution=self.institution,
            settled=self.settled,
        )

    @cached_property
    def permitted(self) -> NDArray[np.bool_]:
        return np.asarray(self.value != self.barred)

    @classmethod
    def of(
        cls,
        value: Ints,
        permitted: NDArray[np.bool_],
        *,
        seats: Ints,
        low: Ints,
        high: Ints,
        institution: Ints,
        settled: Ints | None = None,
    ) -> Instance:
        """Chooses the narrowest integers in which no sum along a path can overflow."""
        settled = np.zeros(len(seats), np.int64) if settled is None else settled
        largest = max(int(np.abs(figures).max(initial=0)) for figures in (value, settled))
        evaluators = value.shape[1]
        if largest < _NARROW:
            kind: Any = np.int32
            barred, unreached = -(1 << 30), 1 << 61
        elif largest < _WIDE // (evaluators + 2):
            kind, barred, unreached = np.int64, -(1 << 60), 1 << 61
        else:
            kind, barred = object, -8 * (evaluators + 2) * (largest + 1)
            unreached = -4 * barred
        kept = value.astype(kind)
        kept[~permitted] = barred
        settled = settled.astype(object if kind is object else np.int64)
        return cls(kept, seats, low, high, institution, settled, barred, unreached)
