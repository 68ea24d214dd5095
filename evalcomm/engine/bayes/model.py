"""The crossed Gaussian model in normal equations: y = m + θ_application + ν_evaluator (+ γ_panel) + e.

Everything is in units of the residual SD s: the precision ratios are l = (s/σ)² for each group of effects, and all
covariances below are to be multiplied by s². The larger of the two crossed sides has a diagonal block and is eliminated; what is
kept (the other side, panels, the free mean) is one small matrix S per setting of the ratios, so that a grid of hyperparameters is a
batch of small Cholesky factors. Source: method of the SNSF's Bayesian ranking (Heyard, Ott, Salanti, Egger 2022), in closed form.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from evalcomm.engine.ratings import FloatArray, IntArray

_BATCH_FLOATS = 4_000_000
"""Largest number of matrix entries held at once; a longer grid is worked off in pieces."""


_INDICATORS = 200_000
"""Largest table of indicators that is kept."""

_FLAT = 1e-10
"""Precision of the free mean as a share of what n ratings would give: nothing, but enough where evaluators could be anything."""


@dataclass(frozen=True, eq=False)
class Ratios:
    """Precision ratios (s/σ)², each of shape (g,); `panel` only where there are panels."""

    application: FloatArray
    evaluator: FloatArray
    panel: FloatArray | None = None

    def __getitem__(self, part: slice) -> Ratios:
        return Ratios(self.application[part], self.evaluator[part], None if self.panel is None else self.panel[part])

    def __len__(self) -> int:
        return len(self.application)

    @property
    def groups(self) -> list[FloatArray]:
        return [self.application, self.evaluator] + ([] if self.panel is None else [self.panel])


@dataclass(frozen=True, eq=False)
class Solved:
    """The posterior for a batch of ratios.

    inverse_a (g, E) : 1/a of the eliminated side; inverse_factor (g, q, q) : L⁻¹ with S = LLᵀ
    eliminated (g, E), kept (g, q) : posterior means
    """

    inverse_a: FloatArray
    inverse_factor: FloatArray
    eliminated: FloatArray
    kept: FloatArray


@dataclass(frozen=True, eq=False)
class Effects:
    """Posterior of one group of effects: mean (k,), covariance s²(diag(own) + sharedᵀ shared), shared (q, k)."""

    mean: FloatArray
    own: FloatArray
    shared: FloatArray

    @property
    def variance(self) -> FloatArray:
        """Diagonal of the covariance in units of s², shape (k,)."""
        shared: FloatArray = np.einsum("ij,ij->j", self.shared, self.shared)
        return self.own + shared


class CrossedModel:
    """Who rated what, prepared once; scores come later, as the same design serves many (robust pseudo-scores)."""

    def __init__(
        self,
        application: IntArray,
        evaluator: IntArray,
        *,
        panel: IntArray | None = None,
        free_mean: bool,
    ) -> None:
        """application, evaluator : shape (n,); panel : shape (P,), the panel of each application; free_mean : a flat prior on m
        instead of a given m."""
        self.n = len(application)
        self.n_applications = int(application.max()) + 1
        self.n_evaluators = int(evaluator.max()) + 1
        self.n_panels = 0 if panel is None else int(panel.max()) + 1
        self.free_mean = free_mean
        self.eliminates_applications = self.n_applications >= self.n_evaluators
        eliminated, other = (application, evaluator) if self.eliminates_applications else (evaluator, application)
        self._eliminated, self._other = eliminated, other
        self._n_eliminated, self._n_other = int(eliminated.max()) + 1, int(other.max()) + 1
        self._panel_of_rating = None if panel is None else panel[application]
        self._prepare()

    def _prepare(self) -> None:
        columns = [(self._other, self._n_other)]
        if self._panel_of_rating is not None:
            columns.append((self._panel_of_rating, self.n_panels))
        if self.free_mean:
            columns.append((np.zeros(self.n, np.int64), 1))
        self._columns = columns
        counts = np.bincount(self._eliminated, minlength=self._n_eliminated)
        self.crossing = np.hstack(
            [_cross(self._eliminated, self._n_eliminated, index, size) for index, size in columns]
        )
        self._kept_products = np.block([[_cross(i, a, j, b) for j, b in columns] for i, a in columns])
        self._group_sizes, self._first_of_group, self._group = np.unique(counts, return_index=True, return_inverse=True)
        self._group_members = np.bincount(self._group)
        wide = self._n_eliminated + self.width
        self._indicator = self._indicators() if self.n * wide <= _INDICATORS else None
        fits = len(self._group_sizes) * self.width**2 <= 4 * _BATCH_FLOATS
        self._group_products = self._products_of_groups() if fits else None

    def _indicators(self) -> FloatArray:
        """Which unknowns each rating holds, shape (n, E + q): for small tables one product is quicker than many counts."""
        indicator = np.zeros((self.n, self._n_eliminated + self.width))
        rows, start = np.arange(self.n), self._n_eliminated
        indicator[rows, self._eliminated] = 1.0
        for index, size in self._columns:
            indicator[rows, start + index] = 1.0
            start += size
        return indicator

    def _products_of_groups(self) -> FloatArray:
        """BᵀB over the levels that have equally many ratings, shape (k, q, q): then no grid point touches the levels again."""
        members = [self.crossing[self._group == k] for k in range(len(self._group_sizes))]
        return np.stack([rows.T @ rows for rows in members])

    def _products(self, weights: FloatArray) -> FloatArray:
        """Bᵀ diag(w) B, shape (g, q, q), for weights (g, k) by group of equal counts."""
        if self._group_products is not None:
            return np.tensordot(weights, self._group_products, axes=(1, 0))
        return np.stack([(self.crossing * row[self._group, None]).T @ self.crossing for row in weights])

    @property
    def width(self) -> int:
        """q, the number of unknowns that are kept."""
        return len(self._kept_products)

    def batches(self, length: int) -> list[slice]:
        """Pieces in which a grid of that length is worked off."""
        step = max(1, _BATCH_FLOATS // self.width**2)
        return [slice(start, min(start + step, length)) for start in range(0, length, step)]

    @property
    def group_sizes(self) -> list[int]:
        """How many applications, evaluators and, where there are some, panels."""
        return [self.n_applications, self.n_evaluators] + ([self.n_panels] if self.n_panels else [])

    def _split(self, ratios: Ratios) -> tuple[FloatArray, FloatArray]:
        own, other = ratios.application, ratios.evaluator
        return (own, other) if self.eliminates_applications else (other, own)

    def _system(self, ratios: Ratios) -> tuple[FloatArray, FloatArray]:
        """1/a by group of equal counts, shape (g, k), and S, shape (g, q, q)."""
        own, other = self._split(ratios)
        inverse_a = 1.0 / (self._group_sizes + own[:, None])
        matrix = self._kept_products - self._products(inverse_a)
        diagonal = np.zeros((len(ratios), self.width))
        diagonal[:, : self._n_other] = other[:, None]
        if ratios.panel is not None:
            diagonal[:, self._n_other : self._n_other + self.n_panels] = ratios.panel[:, None]
        if self.free_mean:
            diagonal[:, -1] = _FLAT * self.n
        places = np.arange(self.width)
        matrix[:, places, places] += diagonal
        return inverse_a, matrix

    def sums(self, scores: FloatArray) -> tuple[FloatArray, FloatArray]:
        """Sums of the scores (…, n) over the eliminated side (…, E) and over what is kept (…, q)."""
        if self._indicator is not None:
            both: FloatArray = scores @ self._indicator
            return both[..., : self._n_eliminated], both[..., self._n_eliminated :]
        flat = scores.reshape(-1, self.n)
        eliminated: FloatArray = np.stack([np.bincount(self._eliminated, row, self._n_eliminated) for row in flat])
        kept: FloatArray = np.stack(
            [np.concatenate([np.bincount(i, row, size) for i, size in self._columns]) for row in flat]
        )
        return eliminated.reshape(*scores.shape[:-1], -1), kept.reshape(*scores.shape[:-1], -1)

    def log_terms(self, ratios: Ratios, scores: FloatArray) -> tuple[FloatArray, FloatArray]:
        """D and Q, shape (g,), of log p(y | ratios, s) = −½[(n − f) log s² + D + Q/s²] + constant, f = 1 with a free mean.

        scores : shape (n,), the known part of the mean taken off.
        """
        pieces = [self._log_terms(ratios[part], scores) for part in self.batches(len(ratios))]
        return np.concatenate([d for d, _ in pieces]), np.concatenate([q for _, q in pieces])

    def _log_terms(self, ratios: Ratios, scores: FloatArray) -> tuple[FloatArray, FloatArray]:
        group_inverse_a, matrix = self._system(ratios)
        sums, kept_sums = self.sums(scores)
        pull = np.stack(
            [self.crossing[self._group == k].T @ sums[self._group == k] for k in range(len(self._group_sizes))]
        )
        right = kept_sums - group_inverse_a @ pull
        total = float(scores @ scores)
        # S with its right side as a border: the last row of the Cholesky factor is L⁻¹ times that side
        bordered = np.empty((len(ratios), self.width + 1, self.width + 1))
        bordered[:, :-1, :-1] = matrix
        bordered[:, -1, :-1] = bordered[:, :-1, -1] = right
        bordered[:, -1, -1] = 2 * total + 1.0
        factor = _cholesky(bordered)
        half = factor[:, -1, :-1]
        squares = np.bincount(self._group, sums**2)
        q = total - group_inverse_a @ squares - np.einsum("gi,gi->g", half, half)
        d: FloatArray = self._log_determinant(group_inverse_a, factor[:, :-1, :-1])
        for ratio, size in zip(ratios.groups, self.group_sizes, strict=True):
            d -= size * np.log(ratio)
        return d, np.maximum(q, 0.0)

    def _log_determinant(self, group_inverse_a: FloatArray, factor: FloatArray) -> FloatArray:
        """log |H|, shape (g,), of the whole system in units of s²."""
        kept: FloatArray = 2 * np.log(np.einsum("gii->gi", factor)).sum(axis=1)
        return kept - np.log(group_inverse_a) @ self._group_members

    def solve(self, ratios: Ratios, scores: FloatArray) -> Solved:
        """The posterior for each setting; scores : shape (n,), or (g, n) for one response each."""
        group_inverse_a, matrix = self._system(ratios)
        inverse_factor = np.asarray(np.linalg.inv(_cholesky(matrix)), np.float64)
        sums, kept_sums = self.sums(scores)
        inverse_a = group_inverse_a[:, self._group]
        half = np.einsum("gij,gj->gi", inverse_factor, kept_sums - (inverse_a * sums) @ self.crossing)
        kept = np.einsum("gji,gj->gi", inverse_factor, half)
        return Solved(inverse_a, inverse_factor, inverse_a * (sums - kept @ self.crossing.T), kept)

    def fitted(self, solved: Solved) -> FloatArray:
        """Posterior mean of each rating's expectation, shape (g, n)."""
        if self._indicator is not None:
            expectation: FloatArray = np.hstack([solved.eliminated, solved.kept]) @ self._indicator.T
            return expectation
        total = solved.eliminated[:, self._eliminated]
        start = 0
        for index, size in self._columns:
            total = total + solved.kept[:, start : start + size][:, index]
            start += size
        return total

    def group_means(self, solved: Solved) -> list[FloatArray]:
        """Posterior means of the effects of applications, evaluators and, where there are some, panels, each of shape (g, k)."""
        other, rest = solved.kept[:, : self._n_other], solved.kept[:, self._n_other : self._n_other + self.n_panels]
        crossed = [solved.eliminated, other] if self.eliminates_applications else [other, solved.eliminated]
        return [*crossed, rest] if self.n_panels else crossed

    def traces(self, solved: Solved) -> list[FloatArray]:
        """Summed posterior variances of the same groups in units of s², each of shape (g,)."""
        covariance = np.swapaxes(solved.inverse_factor, 1, 2) @ solved.inverse_factor
        weights = solved.inverse_a[:, self._first_of_group] ** 2
        eliminated = solved.inverse_a.sum(axis=1) + np.einsum("gij,gij->g", covariance, self._products(weights))
        diagonal = np.einsum("gii->gi", covariance)
        other = diagonal[:, : self._n_other].sum(axis=1)
        crossed = [eliminated, other] if self.eliminates_applications else [other, eliminated]
        return (
            [*crossed, diagonal[:, self._n_other : self._n_other + self.n_panels].sum(axis=1)]
            if self.n_panels
            else crossed
        )

    def leverages(self, solved: Solved, place: int) -> FloatArray:
        """How much of each rating goes into its own fitted value, shape (n,), in [0, 1)."""
        inverse_factor, inverse_a = solved.inverse_factor[place], solved.inverse_a[place]
        reached = -(inverse_factor @ (inverse_a[:, None] * self.crossing).T)[:, self._eliminated]
        start = 0
        for index, size in self._columns:
            reached += inverse_factor[:, start : start + size][:, index]
            start += size
        own: FloatArray = inverse_a[self._eliminated] + np.einsum("ij,ij->j", reached, reached)
        return np.clip(own, 0.0, 1.0 - 1e-9)

    def log_determinant(self, ratios: Ratios) -> FloatArray:
        """log |H|, shape (g,), of the normal equations in units of s²."""
        group_inverse_a, matrix = self._system(ratios)
        return self._log_determinant(group_inverse_a, _cholesky(matrix))

    def application_effects(self, solved: Solved, place: int) -> Effects:
        """θ of setting `place` of the batch."""
        return self._side(solved, place, eliminated=self.eliminates_applications)

    def evaluator_effects(self, solved: Solved, place: int) -> Effects:
        """ν of setting `place` of the batch."""
        return self._side(solved, place, eliminated=not self.eliminates_applications)

    def _side(self, solved: Solved, place: int, *, eliminated: bool) -> Effects:
        inverse_factor = solved.inverse_factor[place]
        if eliminated:
            inverse_a = solved.inverse_a[place]
            return Effects(solved.eliminated[place], inverse_a, inverse_factor @ (inverse_a[:, None] * self.crossing).T)
        count = self._n_other
        return Effects(solved.kept[place, :count], np.zeros(count), inverse_factor[:, :count])


def _cross(left: IntArray, n_left: int, right: IntArray, n_right: int) -> FloatArray:
    """How many ratings fall on each pair of levels, shape (n_left, n_right)."""
    return np.bincount(left * n_right + right, minlength=n_left * n_right).reshape(n_left, n_right).astype(np.float64)


def _cholesky(matrices: FloatArray) -> FloatArray:
    return np.asarray(np.linalg.cholesky(matrices), np.float64)
