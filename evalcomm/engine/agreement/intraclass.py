"""The six intraclass correlations of Shrout & Fleiss (1979), with the F intervals of McGraw & Wong (1996)."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from evalcomm.engine.agreement.figure import Figure, undefined
from evalcomm.engine.ratings import Ratings

NAMES = ("ICC1", "ICC2", "ICC3", "ICC1k", "ICC2k", "ICC3k")

_CONFIDENCE = 0.95


@dataclass(frozen=True)
class _Squares:
    """Mean squares of a complete table of n applications and k evaluators: between applications, between evaluators, error, within."""

    n: int
    k: int
    between: float
    evaluators: float
    error: float
    within: float


def intraclass_correlations(ratings: Ratings) -> dict[str, Figure]:
    """By the names of NAMES: 1 = evaluators drawn anew for each application, 2 = the same random evaluators, absolute agreement, 3 = these
    evaluators, consistency; k = of the mean of all evaluators. Negative values are kept."""
    reason = why_not_two_way(ratings)
    if reason is None and np.ptp(ratings.score) == 0:
        reason = "all scores are equal"
    if reason is not None:
        return dict.fromkeys(NAMES, undefined(reason))
    squares = _squares(ratings)
    return {
        "ICC1": _one_way(squares, average=False),
        "ICC2": _agreement(squares, average=False),
        "ICC3": _consistency(squares, average=False),
        "ICC1k": _one_way(squares, average=True),
        "ICC2k": _agreement(squares, average=True),
        "ICC3k": _consistency(squares, average=True),
    }


def why_not_two_way(ratings: Ratings) -> str | None:
    """Why the table is no complete two-way table with at least two of each; None if it is."""
    if len(ratings.applications) < 2:
        return "needs at least two applications"
    if len(ratings.evaluators) < 2:
        return "needs at least two evaluators"
    if ratings.has_repeats:
        return "an evaluator scored an application more than once"
    if not ratings.is_complete:
        gaps = len(ratings.applications) * len(ratings.evaluators) - ratings.n
        return f"the table has gaps: {gaps} of {gaps + ratings.n} cells have no score"
    return None


def _squares(ratings: Ratings) -> _Squares:
    table = ratings.matrix()
    n, k = table.shape
    table = table - table.mean()
    rows, columns = table.mean(axis=1), table.mean(axis=0)
    total, between, evaluators = float((table**2).sum()), k * float(rows @ rows), n * float(columns @ columns)
    residual = table - rows[:, None] - columns[None, :]
    error = float((residual**2).sum())
    # what is left of rounding is no variation
    error, between, evaluators = (value if value > 1e-12 * total else 0.0 for value in (error, between, evaluators))
    return _Squares(
        n,
        k,
        between / (n - 1),
        evaluators / (k - 1),
        error / ((n - 1) * (k - 1)),
        (error + evaluators) / (n * (k - 1)),
    )


def _ratio(numerator: float, denominator: float) -> Figure:
    if denominator == 0:
        return undefined("the scores do not vary between applications")
    return Figure(numerator / denominator)


def _one_way(s: _Squares, *, average: bool) -> Figure:
    return _of_two_squares(s, s.within, s.n * (s.k - 1), average=average)


def _consistency(s: _Squares, *, average: bool) -> Figure:
    return _of_two_squares(s, s.error, (s.n - 1) * (s.k - 1), average=average)


def _of_two_squares(s: _Squares, noise: float, df: int, *, average: bool) -> Figure:
    """Between applications against noise on df degrees of freedom, with the exact F interval."""
    k = 1 if average else s.k
    figure = _ratio(s.between - noise, s.between + (k - 1) * noise)
    if figure.value is None or noise == 0 or s.between == 0:
        return figure
    from scipy.special import fdtri

    f = s.between / noise
    low = f / float(fdtri(s.n - 1, df, (1 + _CONFIDENCE) / 2))
    high = f * float(fdtri(df, s.n - 1, (1 + _CONFIDENCE) / 2))
    if average:
        return Figure(figure.value, low=1 - 1 / low, high=1 - 1 / high)
    return Figure(figure.value, low=(low - 1) / (low + k - 1), high=(high - 1) / (high + k - 1))


def _agreement(s: _Squares, *, average: bool) -> Figure:
    """The interval by Satterthwaite's degrees of freedom, as in McGraw & Wong's table 7."""
    n, k = s.n, s.k
    single = _ratio(s.between - s.error, s.between + (k - 1) * s.error + k * (s.evaluators - s.error) / n)
    figure = _ratio(s.between - s.error, s.between + (s.evaluators - s.error) / n) if average else single
    if figure.value is None or single.value is None or s.error == 0 or s.between == 0:
        return figure
    from scipy.special import fdtri

    rho = single.value
    odds = k * rho / (n * (1 - rho))
    of_evaluators, of_error = odds * s.evaluators, (1 + odds * (n - 1)) * s.error
    df = (of_evaluators + of_error) ** 2 / (of_evaluators**2 / (k - 1) + of_error**2 / ((n - 1) * (k - 1)))
    low_f = float(fdtri(n - 1, df, (1 + _CONFIDENCE) / 2))
    high_f = float(fdtri(df, n - 1, (1 + _CONFIDENCE) / 2))
    rest = k * s.evaluators + (k * n - k - n) * s.error
    low = n * (s.between - low_f * s.error) / (low_f * rest + n * s.between)
    high = n * (high_f * s.between - s.error) / (rest + n * high_f * s.between)
    if average:
        low, high = (k * value / (1 + (k - 1) * value) for value in (low, high))
    return Figure(figure.value, low=low, high=high)
