"""Krippendorff's alpha for nominal, ordinal, interval and ratio data, with missing cells (Krippendorff 2011).

alpha = 1 − observed over expected disagreement, over the applications with two ratings or more. No coincidence matrix is built: each
level's squared distance is summed over pairs in closed form, so that thousands of distinct scores cost no more than their sorting.
"""

from __future__ import annotations

from collections.abc import Callable

import numpy as np

from evalcomm.engine.agreement.figure import Figure, undefined
from evalcomm.engine.ratings import FloatArray, IntArray

LEVELS = ("nominal", "ordinal", "interval", "ratio")

_DISTINCT = 1000
"""More distinct scores than this, and pairs of scores are summed by quadrature instead of one by one."""


def krippendorff_alpha(unit: IntArray, value: FloatArray, level: str) -> Figure:
    """unit : shape (n,), what was rated; value : shape (n,), the ratings (for nominal: any code of the label)."""
    sizes = np.bincount(unit)
    pairable = sizes[unit] >= 2
    if not pairable.any():
        return undefined("no application has two ratings")
    order = np.argsort(unit[pairable], kind="stable")
    unit, value = unit[pairable][order], value[pairable][order]
    distinct, code, counts = np.unique(value, return_inverse=True, return_counts=True)
    if len(distinct) == 1:
        return undefined("all ratings are equal")
    if level == "ratio" and distinct[0] < 0:
        return undefined("ratio data cannot be negative")
    sizes = np.bincount(unit)
    observed, expected = _DISAGREEMENTS[level](unit, sizes, distinct, code, counts.astype(np.float64))
    count = len(value)
    shares = 1 / np.maximum(sizes - 1, 1)
    return Figure(1 - float((observed * shares).sum()) / count / (expected / (count * (count - 1))))


Disagreement = Callable[[IntArray, IntArray, FloatArray, IntArray, FloatArray], tuple[FloatArray, float]]
"""From units, their sizes, distinct values, codes into them and their counts: the squared distances summed over ordered pairs, within each unit
and over all ratings."""


def _nominal(
    unit: IntArray, sizes: IntArray, distinct: FloatArray, code: IntArray, counts: FloatArray
) -> tuple[FloatArray, float]:
    cells, times = np.unique(unit * len(distinct) + code, return_counts=True)
    agreeing = np.bincount(cells // len(distinct), times.astype(np.float64) ** 2, len(sizes))
    within = np.asarray(sizes.astype(np.float64) ** 2 - agreeing, np.float64)
    return within, float(counts.sum() ** 2 - counts @ counts)


def _interval(
    unit: IntArray, sizes: IntArray, distinct: FloatArray, code: IntArray, counts: FloatArray
) -> tuple[FloatArray, float]:
    centred = distinct - distinct @ counts / counts.sum()
    values = centred[code]
    sums = np.bincount(unit, values, len(sizes))
    # Σ over pairs = 2 m Σ (x − mean)², kept free of cancellation
    deviations = values - (sums / np.maximum(sizes, 1))[unit]
    within = np.asarray(2 * sizes * np.bincount(unit, deviations**2, len(sizes)), np.float64)
    return within, float(2 * counts.sum() * (counts @ centred**2))


def _ordinal(
    unit: IntArray, sizes: IntArray, distinct: FloatArray, code: IntArray, counts: FloatArray
) -> tuple[FloatArray, float]:
    """The distance of c and k, Σ n_g from c to k less half of both ends, is the difference of their mid-ranks."""
    return _interval(unit, sizes, np.cumsum(counts) - counts / 2, code, counts)


def _ratio(
    unit: IntArray, sizes: IntArray, distinct: FloatArray, code: IntArray, counts: FloatArray
) -> tuple[FloatArray, float]:
    """((c − k)/(c + k))², 0 for two zeros."""
    values = distinct[code]
    within = np.zeros(len(sizes))
    for lag in range(1, int(sizes.max())):
        same = unit[lag:] == unit[:-lag]
        one, other = values[lag:][same], values[:-lag][same]
        within += np.bincount(unit[lag:][same], 2 * _ratio_distance(one, other), len(sizes))
    return within, _ratio_over_all_pairs(distinct, counts)


def _ratio_distance(one: FloatArray, other: FloatArray) -> FloatArray:
    total = one + other
    quotient: FloatArray = (one - other) / np.where(total > 0, total, 1.0)
    return quotient**2


def _ratio_over_all_pairs(distinct: FloatArray, counts: FloatArray) -> float:
    if len(distinct) <= _DISTINCT:
        return float(counts @ _ratio_distance(distinct[:, None], distinct[None, :]) @ counts)
    # 1 − 4ck/(c + k)², and 1/(c + k)² = ∫ t exp(−(c + k)t) dt makes the double sum the square of a single one; by the trapezoidal rule
    # in log t, whose error falls as exp(−π²/step)
    zeros = float(counts[0]) if distinct[0] == 0 else 0.0
    positive, weights = distinct[distinct > 0], counts[distinct > 0]
    step = 0.3
    t = np.exp(np.arange(-np.log(positive[-1]) - 18, np.log(45 / positive[0]) + step, step))
    sums = np.array([(weights * positive) @ np.exp(-positive * point) for point in t])
    return float(counts.sum() ** 2 - zeros**2 - 4 * step * (t * t) @ (sums * sums))


_DISAGREEMENTS: dict[str, Disagreement] = {
    "nominal": _nominal,
    "ordinal": _ordinal,
    "interval": _interval,
    "ratio": _ratio,
}
