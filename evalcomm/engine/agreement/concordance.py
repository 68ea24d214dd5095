"""Kendall's coefficient of concordance W, corrected for ties (Kendall & Gibbons 1990, chapter 6)."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from evalcomm.engine.agreement.figure import Figure, undefined
from evalcomm.engine.agreement.intraclass import why_not_two_way
from evalcomm.engine.ratings import FloatArray, Ratings


@dataclass(frozen=True)
class Concordance:
    """w and the test that evaluators order applications by chance: chi_square on df degrees of freedom, p; None where w is."""

    w: Figure
    chi_square: float | None = None
    df: int | None = None
    p: float | None = None


def kendall_w(ratings: Ratings) -> Concordance:
    """W = 12 S / (m²(P³ − P) − m T), S over the sums of ranks, T = Σ (t³ − t) over the ties of every evaluator."""
    reason = why_not_two_way(ratings)
    if reason is not None:
        return Concordance(undefined(reason))
    ranks, ties = midranks(ratings.matrix())
    count, evaluators = ranks.shape
    sums = ranks.sum(axis=1)
    spread = float(((sums - sums.mean()) ** 2).sum())
    most = evaluators**2 * (count**3 - count) - evaluators * ties
    if most <= 0:
        return Concordance(undefined("every evaluator gave all applications the same score"))
    w = 12 * spread / most
    chi_square = evaluators * (count - 1) * w
    from scipy.special import chdtrc

    return Concordance(Figure(w), chi_square, count - 1, float(chdtrc(count - 1, chi_square)))


def midranks(table: FloatArray) -> tuple[FloatArray, float]:
    """Ranks down each column, ties at their mean; and Σ (t³ − t) over all ties of all columns."""
    count, width = table.shape
    order = np.argsort(table, axis=0, kind="stable")
    ordered = np.take_along_axis(table, order, axis=0)
    begins = np.ones((count + 1, width), bool)
    begins[1:count] = ordered[1:] != ordered[:-1]
    # runs of ties, column after column
    starts = np.flatnonzero(begins[:count].T.ravel())
    lengths = np.diff(np.append(starts, count * width))
    middles = (starts % count) + (lengths + 1) / 2
    ranks = np.empty_like(table)
    np.put_along_axis(ranks, order, np.repeat(middles, lengths).reshape(width, count).T, axis=0)
    sizes = lengths.astype(np.float64)
    return ranks, float((sizes**3 - sizes).sum())
