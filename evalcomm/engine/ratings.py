"""Ratings as arrays: who gave which score to which application, for the statistics (never for official figures).

A rating that is missing, recused or not applicable is simply absent. Row order never matters: `Ratings.of` sorts by ids.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

FloatArray = NDArray[np.float64]
IntArray = NDArray[np.int64]
BoolArray = NDArray[np.bool_]


@dataclass(frozen=True, eq=False)
class Ratings:
    """n ratings of P applications by R evaluators.

    applications (P), evaluators (R) : ids, sorted
    application, evaluator : shape (n,), indices into them
    score : shape (n,), finite, score points; higher is better
    """

    applications: tuple[str, ...]
    evaluators: tuple[str, ...]
    application: IntArray
    evaluator: IntArray
    score: FloatArray

    @classmethod
    def of(cls, rows: Iterable[tuple[str, str, float]]) -> Ratings:
        """From (application, evaluator, score); an id without any rating does not appear."""
        table = sorted(rows)
        applications = tuple(sorted({row[0] for row in table}))
        evaluators = tuple(sorted({row[1] for row in table}))
        place_a = {name: index for index, name in enumerate(applications)}
        place_e = {name: index for index, name in enumerate(evaluators)}
        return cls(
            applications,
            evaluators,
            np.fromiter((place_a[row[0]] for row in table), np.int64, len(table)),
            np.fromiter((place_e[row[1]] for row in table), np.int64, len(table)),
            np.fromiter((float(row[2]) for row in table), np.float64, len(table)),
        )

    @property
    def n(self) -> int:
        return len(self.score)

    @property
    def per_application(self) -> IntArray:
        return np.bincount(self.application, minlength=len(self.applications))

    @property
    def per_evaluator(self) -> IntArray:
        return np.bincount(self.evaluator, minlength=len(self.evaluators))

    @property
    def application_means(self) -> FloatArray:
        return np.bincount(self.application, self.score, len(self.applications)) / self.per_application

    @property
    def has_repeats(self) -> bool:
        """Whether some evaluator rated some application more than once."""
        cells = self.application * len(self.evaluators) + self.evaluator
        return len(np.unique(cells)) < self.n

    @property
    def is_complete(self) -> bool:
        """Every evaluator rated every application exactly once."""
        return self.n == len(self.applications) * len(self.evaluators) and not self.has_repeats

    def matrix(self) -> FloatArray:
        """Shape (P, R), NaN where there is no rating; for tables without repeats."""
        table = np.full((len(self.applications), len(self.evaluators)), np.nan)
        table[self.application, self.evaluator] = self.score
        return table

    def negated(self) -> Ratings:
        """For scales on which lower is better."""
        return replace(self, score=-self.score)

    def without_evaluator(self, index: int) -> Ratings:
        """The ratings of the others; applications that only this evaluator rated drop out."""
        keep = self.evaluator != index
        return Ratings.of(
            (self.applications[a], self.evaluators[e], float(s))
            for a, e, s in zip(self.application[keep], self.evaluator[keep], self.score[keep], strict=True)
        )
