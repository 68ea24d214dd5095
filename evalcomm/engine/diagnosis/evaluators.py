"""What each evaluator's scores look like beside the others': severity, spread, agreement with them, straight-lining."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from evalcomm.engine.ratings import FloatArray, IntArray, Ratings

STRAIGHT_SHARE = 0.8
"""From this share of equal scores on, an evaluator is said to straight-line …"""

STRAIGHT_LEAST = 4
"""… if there are at least this many scores; with fewer, equal scores are no sign."""


@dataclass(frozen=True)
class EvaluatorRecord:
    """severity : points below what the others gave to the same applications, on average; positive = strict
    spread : SD of the scores over the SD that the others' scores of the same applications have; 1 = as spread as theirs
    correlation : with the mean of the others over the same applications
    most_common : the share of the score that was given most often; straight_lining : whether it is suspiciously large
    None where the scores do not define it: fewer than three shared applications, or no variation.
    """

    evaluator: str
    scores: int
    mean: float
    severity: float | None
    spread: float | None
    correlation: float | None
    most_common: float
    straight_lining: bool


def evaluator_records(ratings: Ratings) -> tuple[EvaluatorRecord, ...]:
    """By evaluator. Descriptive: no model, so that a secretary can check every figure by hand."""
    totals = _sums(ratings, ratings.score)
    counts = ratings.per_application.astype(np.float64)
    order = np.argsort(ratings.evaluator, kind="stable")
    starts = np.searchsorted(ratings.evaluator[order], np.arange(len(ratings.evaluators) + 1))
    squares = _sums(ratings, ratings.score**2)
    records = []
    for place, name in enumerate(ratings.evaluators):
        rows = order[starts[place] : starts[place + 1]]
        own, where = ratings.score[rows], ratings.application[rows]
        shared = counts[where] > 1
        others = (totals[where] - own)[shared] / (counts[where] - 1)[shared]
        records.append(_record(name, own, own[shared], others, _spread_of_others(own, where, totals, squares, counts)))
    return tuple(records)


def _sums(ratings: Ratings, values: FloatArray) -> FloatArray:
    return np.asarray(np.bincount(ratings.application, values, len(ratings.applications)), np.float64)


def _spread_of_others(
    own: FloatArray, where: IntArray, totals: FloatArray, squares: FloatArray, counts: FloatArray
) -> float | None:
    """SD of all scores that the others gave to these applications."""
    number = float((counts[where] - 1).sum())
    if number < 2:
        return None
    total, square = float((totals[where] - own).sum()), float((squares[where] - own**2).sum())
    variance = (square - total**2 / number) / (number - 1)
    return float(np.sqrt(variance)) if variance > 1e-12 * max(square / number, 1e-300) else None


def _record(
    name: str, own: FloatArray, shared: FloatArray, others: FloatArray, spread_of_others: float | None
) -> EvaluatorRecord:
    _, times = np.unique(own, return_counts=True)
    most_common = float(times.max() / len(own))
    enough = len(shared) >= 3
    own_sd = float(own.std(ddof=1)) if len(own) >= 3 else None
    correlation = None
    if enough and np.ptp(shared) > 0 and np.ptp(others) > 1e-12 * max(1.0, float(np.abs(others).max())):
        correlation = float(np.clip(np.corrcoef(shared, others)[0, 1], -1, 1))
    return EvaluatorRecord(
        evaluator=name,
        scores=len(own),
        mean=float(own.mean()),
        severity=float((others - shared).mean()) if len(shared) else None,
        spread=None if own_sd is None or spread_of_others is None else own_sd / spread_of_others,
        correlation=correlation,
        most_common=most_common,
        straight_lining=len(own) >= STRAIGHT_LEAST and most_common >= STRAIGHT_SHARE,
    )
