"""Outlying sheets: scores far from what the others gave to the application, the evaluator's usual severity allowed for."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from evalcomm.engine.ratings import FloatArray, Ratings

OUTLYING = 3.0
"""SDs from what is expected, beyond which a sheet is worth a second look …"""

ENOUGH = 10
"""… judged from this many comparable sheets up; an evaluator's severity is known from three."""

_PER_MEDIAN = 1.4826
"""SD of a normal variable over the median of its size."""


@dataclass(frozen=True)
class OutlyingSheet:
    """expected : the mean of the others on this application, less the evaluator's severity on all other applications
    z : how many SDs the score is off that; the SD comes from the median of all such differences, which wild sheets do not move."""

    application: str
    evaluator: str
    score: float
    expected: float
    z: float


def outlying_sheets(ratings: Ratings) -> tuple[OutlyingSheet, ...]:
    """The farthest first, and of each application only its farthest, since a wild sheet makes its neighbours look wild. Descriptive, as
    `evaluator_records`; `bayes` judges by a model."""
    expected, sizes = _expected(ratings)
    known = np.isfinite(expected)
    if known.sum() < ENOUGH:
        return ()
    off = (ratings.score - expected) / sizes
    sd = _PER_MEDIAN * float(np.median(np.abs(off[known])))
    if sd <= 1e-9 * float(np.ptp(ratings.score)):
        return ()
    z = np.where(known, off / sd, 0.0)
    found = [
        OutlyingSheet(
            ratings.applications[ratings.application[row]],
            ratings.evaluators[ratings.evaluator[row]],
            float(ratings.score[row]),
            float(expected[row]),
            float(z[row]),
        )
        for row in np.flatnonzero(np.abs(z) > OUTLYING)
    ]
    found.sort(key=lambda sheet: (-abs(sheet.z), sheet.application, sheet.evaluator))
    farthest: dict[str, OutlyingSheet] = {}
    for sheet in found:
        farthest.setdefault(sheet.application, sheet)
    return tuple(farthest.values())


def _expected(ratings: Ratings) -> tuple[FloatArray, FloatArray]:
    """Each score as the others' scores and the evaluator's other sheets predict it (NaN where too few of either), and the SD of that
    difference over the SD of one score."""
    totals = np.bincount(ratings.application, ratings.score, len(ratings.applications))
    others = (ratings.per_application - 1)[ratings.application]
    shared = others > 0
    of_others = (totals[ratings.application] - ratings.score) / np.maximum(others, 1)
    gap = np.where(shared, ratings.score - of_others, 0.0)
    gaps = np.bincount(ratings.evaluator, gap, len(ratings.evaluators))[ratings.evaluator]
    sheets = np.bincount(ratings.evaluator[shared], minlength=len(ratings.evaluators))[ratings.evaluator] - 1
    known = shared & (sheets >= 2)
    leniency = (gaps - gap) / np.maximum(sheets, 1)
    sizes = np.sqrt((1 + 1 / np.maximum(others, 1)) * (1 + 1 / np.maximum(sheets, 1)))
    return np.where(known, of_others + leniency, np.nan), sizes
