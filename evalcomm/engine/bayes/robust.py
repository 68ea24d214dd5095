"""Robust residuals: e ~ Student t, so that a wild sheet pulls less, at next to no cost where nobody is wild.

For each number of degrees of freedom the mode of the model is found by expectation-maximisation on pseudo-scores (Huber's pseudo-values): a score's
residual r is replaced by w·r/κ with w = (df + 1)/(df + r²/s²), and κ = (df + 1)/(df + 3) the Fisher information of one t score over
that of a normal one. Pseudo-residuals then have the variance s²/κ that a normal analysis takes them to have, so intervals keep their
coverage. The degrees of freedom are weighted by their marginal likelihood (Laplace's approximation with that same information), and
the pseudo-scores averaged over them go through the exact normal analysis.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from scipy.special import gammaln

from evalcomm.engine.bayes.model import CrossedModel, Ratios
from evalcomm.engine.ratings import FloatArray

DEGREES_OF_FREEDOM = (3.0, 4.0, 6.0, 10.0, 30.0, np.inf)

_ROUNDS = 60
_SETTLED = 2e-3
"""Largest move of an expectation, in residual SDs, that ends the search."""

_FLOOR = 1e-4
"""Smallest variance of a group of effects, as a share of the residual variance: keeps the mode away from 0, where EM would stick."""


@dataclass(frozen=True, eq=False)
class PseudoScores:
    """scores, weight : shape (n,); weight is the share with which a score counts, about 1 for an ordinary one, towards 0 for a wild one.
    degrees_of_freedom : posterior probability of each value of the grid."""

    scores: FloatArray
    weight: FloatArray
    degrees_of_freedom: dict[float, float]


def pseudo_scores(model: CrossedModel, scores: FloatArray, *, severity_sd: float | None) -> PseudoScores:
    """scores : shape (n,), centred; severity_sd : as in Priors."""
    df = np.array(DEGREES_OF_FREEDOM)
    kappa = np.array([1.0 if np.isinf(value) else (value + 1) / (value + 3) for value in df])
    fit = _Mode(model, scores, df, kappa, severity_sd)
    for _ in range(_ROUNDS):
        if fit.step() < _SETTLED:
            break
    evidence = fit.log_evidence()
    probability = np.exp(evidence - evidence.max())
    probability /= probability.sum()
    pseudo = fit.pseudo()
    return PseudoScores(
        scores=probability @ pseudo,
        weight=np.minimum(probability @ fit.weights(), 1.0),
        degrees_of_freedom=dict(zip(DEGREES_OF_FREEDOM, probability.tolist(), strict=True)),
    )


class _Mode:
    """The modes for all degrees of freedom side by side; every array has the first axis g of that grid."""

    def __init__(
        self, model: CrossedModel, scores: FloatArray, df: FloatArray, kappa: FloatArray, severity_sd: float | None
    ) -> None:
        self.model, self.scores, self.df, self.kappa = model, scores, df[:, None], kappa
        self.given = None if severity_sd is None else np.full(len(df), severity_sd**2)
        total = float(scores @ scores) / len(scores)
        self.residual = np.full(len(df), 0.5 * total)
        self.application = np.full(len(df), 0.3 * total)
        self.evaluator = np.full(len(df), 0.2 * total) if self.given is None else self.given
        self.panel = np.full(len(df), 0.1 * total) if model.n_panels else None
        self.fitted = np.zeros((len(df), len(scores)))
        self.effect_squares: list[FloatArray] = []

    def _ratios(self) -> Ratios:
        scale = self.residual / self.kappa
        return Ratios(
            scale / self.application, scale / self.evaluator, None if self.panel is None else scale / self.panel
        )

    def weights(self) -> FloatArray:
        """w of each score, shape (g, n)."""
        squares = (self.scores - self.fitted) ** 2 / self.residual[:, None]
        # 1 + 1/df over 1 + r²/df, so that infinite degrees of freedom need no case of their own
        weights: FloatArray = (1 + 1 / self.df) / (1 + squares / self.df)
        return weights

    def pseudo(self) -> FloatArray:
        return self.fitted + self.weights() * (self.scores - self.fitted) / self.kappa[:, None]

    def step(self) -> float:
        """One round for every degree of freedom; gives the largest move of an expectation in residual SDs."""
        model, ratios = self.model, self._ratios()
        solved = model.solve(ratios, self.pseudo())
        fitted = model.fitted(solved)
        moved = float((np.abs(fitted - self.fitted).max(axis=1) / np.sqrt(self.residual)).max())
        self.fitted = fitted

        scale, explained, variances = self.residual / self.kappa, np.full(len(self.kappa), float(model.free_mean)), []
        self.effect_squares = [(mean**2).sum(axis=1) for mean in model.group_means(solved)]
        for square, trace, ratio, size in zip(
            self.effect_squares, model.traces(solved), ratios.groups, model.group_sizes, strict=True
        ):
            variances.append(np.maximum((square + scale * trace) / size, _FLOOR * self.residual))
            explained += size - ratio * trace
        self.application = variances[0]
        self.evaluator = variances[1] if self.given is None else self.given
        self.panel = variances[2] if model.n_panels else None
        squares = (self.weights() * (self.scores - fitted) ** 2).sum(axis=1)
        smallest = 1e-12 * float(self.scores @ self.scores)
        self.residual = np.maximum(squares + self.residual * explained, smallest) / model.n
        return moved

    def log_evidence(self) -> FloatArray:
        """Laplace's approximation of log p(scores | df) at the mode, shape (g,), up to a constant that all share."""
        model, ratios = self.model, self._ratios()
        df, n = self.df[:, 0], model.n
        squares = (self.scores - self.fitted) ** 2 / self.residual[:, None]
        with np.errstate(invalid="ignore", divide="ignore"):
            student = n * (gammaln((df + 1) / 2) - gammaln(df / 2) - 0.5 * np.log(df / 2))
            student -= (df + 1) / 2 * np.log1p(squares / self.df).sum(axis=1)
        likelihood: FloatArray = np.where(np.isinf(df), -squares.sum(axis=1) / 2, student) - n / 2 * np.log(
            self.residual
        )
        scale = self.residual / self.kappa
        unknowns = sum(model.group_sizes) + int(model.free_mean)
        evidence: FloatArray = likelihood - (model.log_determinant(ratios) - unknowns * np.log(scale)) / 2
        variances = [self.application, self.evaluator] + ([] if self.panel is None else [self.panel])
        for square, variance, size in zip(self.effect_squares, variances, model.group_sizes, strict=True):
            evidence -= (square / variance + size * np.log(variance)) / 2
        return evidence
