"""Variance components of crossed ratings by restricted maximum likelihood: y = μ + θ_application + ν_evaluator + e.

The deviance is a function of two relative SDs (σ_θ/σ, σ_ν/σ), with μ and σ profiled out, as in lme4 (Bates et al. 2015), so that it has
all constants of lme4's REMLcrit. The side with more levels is eliminated, as its block is diagonal; what is left is one matrix
S of the smaller side, factored dense where it is well filled and sparse where it is not.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from scipy import linalg, sparse
from scipy.sparse.linalg import splu

from evalcomm.engine.agreement.newton import minimise
from evalcomm.engine.ratings import FloatArray, Ratings

_SMALL = 400
_FILLED = 0.02
"""Matrices of more than _SMALL rows are factored dense from this share of non-zeros on: sparse factors would fill up."""

_TABULATED = 4_000_000
"""Most entries of the products that are worked out once for all evaluations."""

_LARGEST_SD = 1e3
"""Relative SDs beyond this mean that no residual variance is left."""


@dataclass(frozen=True)
class VarianceComponents:
    """Variances in squared score points, exactly 0 where there is no evidence of differences; reml_deviance = −2 × the restricted
    log-likelihood."""

    application: float
    evaluator: float
    residual: float
    mean: float
    reml_deviance: float

    def agreement(self, evaluators: int) -> float:
        """Reliability of the mean of that many evaluators, their severity counted as error."""
        return self.application / (self.application + (self.evaluator + self.residual) / evaluators)

    def consistency(self, evaluators: int) -> float:
        """The same where all evaluators score everything, so that severity moves nobody."""
        return self.application / (self.application + self.residual / evaluators)


class NotEstimable(ValueError):
    """The ratings do not tell the variances apart; the message says why."""


def variance_components(ratings: Ratings) -> VarianceComponents:
    """Raises NotEstimable."""
    if (reason := _why_not_estimable(ratings)) is not None:
        raise NotEstimable(reason)
    centre = float(ratings.score.mean())
    profile = _Profile(ratings, ratings.score - centre)
    found = minimise(
        lambda point: profile.at(point).deviance, profile.ordered(_moment_estimates(ratings)), largest=_LARGEST_SD
    )
    if max(found.point) >= _LARGEST_SD:
        raise NotEstimable("applications and evaluators explain the scores completely: no residual variance is left")
    best = profile.at(found.point)
    application, evaluator = profile.ordered(found.point)
    return VarianceComponents(
        application=best.residual * application**2,
        evaluator=best.residual * evaluator**2,
        residual=best.residual,
        mean=centre + best.mean,
        reml_deviance=best.deviance,
    )


def reml_deviance(ratings: Ratings, *, application: float, evaluator: float) -> float:
    """At given relative SDs (over the residual SD), the residual variance and the mean at their best."""
    profile = _Profile(ratings, ratings.score - float(ratings.score.mean()))
    return profile.at(profile.ordered((application, evaluator))).deviance


def _why_not_estimable(ratings: Ratings) -> str | None:
    if len(ratings.applications) < 2:
        return "needs at least two applications"
    if len(ratings.evaluators) < 2:
        return "needs at least two evaluators"
    if np.ptp(ratings.score) == 0:
        return "all scores are equal"
    if ratings.per_application.max() < 2:
        return "no application has two scores"
    if ratings.per_evaluator.max() < 2:
        return "no evaluator has two scores"
    return None


@dataclass(frozen=True)
class _Point:
    deviance: float
    residual: float
    mean: float


class _Profile:
    """The profiled deviance. Points are (SD of the eliminated side, SD of the kept side) over the residual SD."""

    def __init__(self, ratings: Ratings, scores: FloatArray) -> None:
        self._eliminates_applications = len(ratings.applications) >= len(ratings.evaluators)
        sides = (ratings.application, len(ratings.applications)), (ratings.evaluator, len(ratings.evaluators))
        (eliminated, rows), (kept, columns) = sides if self._eliminates_applications else sides[::-1]
        self._n, self._width = len(scores), columns
        crossing = sparse.csr_matrix((np.ones(self._n), (eliminated, kept)), shape=(rows, columns))
        self._crossing = crossing
        self._counts = np.bincount(eliminated, minlength=rows).astype(np.float64)
        self._kept_counts = np.bincount(kept, minlength=columns).astype(np.float64)
        # right sides: the scores, and the ones of the mean
        both = np.stack([scores, np.ones(self._n)])
        self._sums = np.stack([np.bincount(eliminated, row, rows) for row in both])
        self._kept_sums = np.stack([np.bincount(kept, row, columns) for row in both])
        self._squares = both @ both.T
        pairs = crossing.T @ crossing
        self._dense = columns <= _SMALL or pairs.nnz > _FILLED * columns**2
        self._tables = self._tabulated()

    def ordered(self, point: tuple[float, ...]) -> tuple[float, float]:
        """(application, evaluator) from (eliminated, kept), and the other way round."""
        return (point[0], point[1]) if self._eliminates_applications else (point[1], point[0])

    def _tabulated(self) -> tuple[FloatArray, FloatArray] | None:
        """Distinct counts c, and NᵀN over the levels with that count, if that is small."""
        distinct, group = np.unique(self._counts, return_inverse=True)
        if not self._dense or len(distinct) * self._width**2 > _TABULATED:
            return None
        members = [self._crossing[group == place] for place in range(len(distinct))]
        return distinct, np.stack([(rows.T @ rows).toarray() for rows in members])

    def at(self, point: tuple[float, ...]) -> _Point:
        own, other = point[0], point[1]
        diagonal = 1 + own**2 * self._counts
        shrunk = self._sums * (own**2 / diagonal)
        right = other * (self._kept_sums - (self._crossing.T @ shrunk.T).T)
        log_determinant, solved = self._solve(own, other, diagonal, right)
        products = self._squares - self._sums @ shrunk.T - right @ solved.T
        freedom = self._n - 1
        information = products[1, 1]
        left = max(float(products[0, 0] - products[0, 1] ** 2 / information), 1e-300)
        log_determinant += float(np.log(diagonal).sum() + np.log(information))
        deviance = log_determinant + freedom * (1 + np.log(2 * np.pi * left / freedom))
        return _Point(float(deviance), left / freedom, float(products[0, 1] / information))

    def _solve(self, own: float, other: float, diagonal: FloatArray, right: FloatArray) -> tuple[float, FloatArray]:
        """log |S| and S⁻¹ of each right side, shape (2, K); S = I + other²(D − own² Nᵀ diag(1/diagonal) N)."""
        if other == 0:
            return 0.0, right
        if not self._dense:
            product = self._crossing.T @ sparse.diags(own**2 / diagonal) @ self._crossing
            matrix = sparse.eye(self._width) + other**2 * (sparse.diags(self._kept_counts) - product)
            factor = splu(
                matrix.tocsc(), permc_spec="MMD_AT_PLUS_A", diag_pivot_thresh=0.0, options={"SymmetricMode": True}
            )
            return float(np.log(factor.U.diagonal()).sum()), factor.solve(np.ascontiguousarray(right.T)).T
        matrix = self._dense_product(own, diagonal) * -(other**2)
        matrix[np.diag_indices(self._width)] += 1 + other**2 * self._kept_counts
        lower = linalg.cholesky(matrix, lower=True, overwrite_a=True, check_finite=False)
        return 2 * float(np.log(np.diagonal(lower)).sum()), linalg.cho_solve(
            (lower, True), right.T, check_finite=False
        ).T

    def _dense_product(self, own: float, diagonal: FloatArray) -> FloatArray:
        if self._tables is None:
            product: FloatArray = (self._crossing.T @ sparse.diags(own**2 / diagonal) @ self._crossing).toarray()
            return product
        distinct, products = self._tables
        return np.tensordot(own**2 / (1 + own**2 * distinct), products, axes=1)


def _moment_estimates(ratings: Ratings) -> tuple[float, float]:
    """Where to start: relative SDs by the analysis of variance (Henderson's method 1), exact for complete tables."""
    n, scores = ratings.n, ratings.score - ratings.score.mean()
    per_a, per_e = ratings.per_application, ratings.per_evaluator
    cells = sparse.coo_matrix(
        (np.ones(n), (ratings.application, ratings.evaluator)), shape=(len(per_a), len(per_e))
    ).tocsr()
    squares = cells.multiply(cells)
    of_a = np.bincount(ratings.application, scores, len(per_a)) ** 2 / per_a
    of_e = np.bincount(ratings.evaluator, scores, len(per_e)) ** 2 / per_e
    # expectations: rows total, applications, evaluators, mean; columns variances of applications, evaluators, residual
    expected = np.array(
        [
            [n, n, n],
            [n, (squares.sum(axis=1).A1 / per_a).sum(), len(per_a)],
            [(squares.sum(axis=0).A1 / per_e).sum(), n, len(per_e)],
            [(per_a**2).sum() / n, (per_e**2).sum() / n, 1.0],
        ]
    )
    seen = np.array([scores @ scores, of_a.sum(), of_e.sum(), 0.0])
    found, *_ = np.linalg.lstsq(expected[:3] - expected[3], seen[:3], rcond=None)
    residual = max(float(found[2]), 1e-3 * float(scores @ scores) / n)
    application, evaluator = (float(np.sqrt(max(value, 0.01 * residual) / residual)) for value in found[:2])
    return application, evaluator
