"""Which settings of the hyperparameters carry the posterior, and with what weight.

Priors (all on the scale of the scores): the SDs of applications, of panels and, if not given, of evaluators are uniform on (0, U). The residual SD
s = √(σ² + τ_a²) has the density that two uniform SDs on (0, U) induce: p(s) ∝ s·a(s) on (0, U√2), a = π/2 up to U and
π/2 − 2 arccos(U/s) beyond. With a given severity SD the axes are the SDs themselves; with an estimated one they are SDs over s, and s is
integrated on its own, since it is the only scale left.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from evalcomm.engine.bayes.model import CrossedModel, Ratios
from evalcomm.engine.bayes.quadrature import gauss_rule, legendre, nested_rule, support
from evalcomm.engine.ratings import FloatArray

_SMALLEST = 1e-5
"""Smallest residual SD as a share of U or of the range of the scores: they come in steps, so that full agreement is not certainty
without end."""

_LEAST_RATIO = 1e-12
"""Precision ratios below this are as good as 0, and would leave nothing that tells applications from evaluators where both are free."""

_SCALE_POINTS, _SCAN = 12, 13
"""Points of the table of s; points per axis of the search for the support."""


@dataclass(frozen=True)
class Priors:
    """upper : U, in score points; severity_sd : the SD of severity if it is given, else None, which estimates it."""

    upper: float
    severity_sd: float | None = None


@dataclass(frozen=True)
class Precision:
    """How many nodes: per SD axis, and for s where it is integrated apart."""

    axis: int
    scale: int


@dataclass(frozen=True, eq=False)
class Nodes:
    """ratios (m,) to solve for; residual_sd (m, k) and weight (m, k), summing to 1: each setting serves k residual SDs."""

    ratios: Ratios
    residual_sd: FloatArray
    weight: FloatArray

    @property
    def mean_sds(self) -> dict[str, float]:
        """Posterior means of the SDs."""
        means = {"residual": float((self.weight * self.residual_sd).sum())}
        groups = {
            "application": self.ratios.application,
            "evaluator": self.ratios.evaluator,
            "panel": self.ratios.panel,
        }
        for name, ratio in groups.items():
            if ratio is not None:
                means[name] = float((self.weight * self.residual_sd / np.sqrt(ratio)[:, None]).sum())
        return means


def posterior_nodes(model: CrossedModel, scores: FloatArray, priors: Priors, precision: Precision) -> Nodes:
    """scores : shape (n,), the known part of the mean taken off."""
    if priors.severity_sd is None:
        return _with_estimated_severity(model, scores, priors, precision)
    return _with_given_severity(model, scores, priors, priors.severity_sd, precision)


def log_prior_of_residual_sd(s: FloatArray, upper: float) -> FloatArray:
    """log p(s) up to a constant; −inf beyond U√2."""
    beyond = np.arccos(np.minimum(upper / s, 1.0))
    with np.errstate(divide="ignore"):
        return np.log(s) + np.log(np.maximum(np.pi / 2 - 2 * beyond, 0.0))


def _smallest(scores: FloatArray, upper: float) -> float:
    return _SMALLEST * min(upper, float(np.ptp(scores)))


def _points_per_axis(box: list[tuple[float, float]], ends: Sequence[float]) -> int:
    """More where the support is cut off at an end of an axis: there the density has no smooth tail."""
    if len(box) > 2:
        return 10
    return 24 if any(low == 0 or high == end for (low, high), end in zip(box, ends, strict=True)) else 16


def _with_given_severity(
    model: CrossedModel, scores: FloatArray, priors: Priors, severity_sd: float, precision: Precision
) -> Nodes:
    """Axes: SD of applications, s, and the SD of panels where there are some."""
    upper, free = priors.upper, model.n - int(model.free_mean)

    def precision_of(s: FloatArray, sd: FloatArray | float) -> FloatArray:
        return np.maximum((s / sd) ** 2, _LEAST_RATIO)

    def ratios(points: FloatArray) -> Ratios:
        s = points[:, 1]
        panel = precision_of(s, points[:, 2]) if model.n_panels else None
        return Ratios(precision_of(s, points[:, 0]), precision_of(s, severity_sd), panel)

    def log_density(points: FloatArray) -> FloatArray:
        s = points[:, 1]
        d, q = model.log_terms(ratios(points), scores)
        return log_prior_of_residual_sd(s, upper) - (free * np.log(s) + d / 2 + q / (2 * s * s))

    smallest = _smallest(scores, upper)
    ends = [upper, upper * np.sqrt(2) * (1 - 1e-9)] + [upper] * bool(model.n_panels)
    box = support(log_density, [np.geomspace(smallest, end, _SCAN) for end in ends])
    count = _points_per_axis(box, ends)
    box[1] = (max(box[1][0], smallest), box[1][1])
    points, weights = nested_rule(log_density, box, sizes=[precision.axis] * len(ends), grid=count)
    return Nodes(ratios(points), points[:, 1:2], weights[:, None])


def _with_estimated_severity(model: CrossedModel, scores: FloatArray, priors: Priors, precision: Precision) -> Nodes:
    """Axes: SDs over s of applications, evaluators and, where there are some, panels, each r as u = r/(1 + r), since r has no end where the
    residuals may vanish; s apart."""
    upper, free = priors.upper, model.n - int(model.free_mean)
    axes = 3 if model.n_panels else 2
    # each axis of r has the Jacobian s; one more s for the step from ds to d log s
    power = axes + 1 - free

    def ratios(points: FloatArray) -> Ratios:
        columns = (1 / points - 1) ** 2
        return Ratios(columns[:, 0], columns[:, 1], columns[:, 2] if model.n_panels else None)

    lowest = np.log(_smallest(scores, upper))

    def scale_table(points: FloatArray) -> tuple[FloatArray, FloatArray]:
        """log s and log of weight × density, shape (m, _SCALE_POINTS)."""
        d, q = model.log_terms(ratios(points), scores)
        highest = np.log(np.minimum(np.sqrt(2), (1 / points - 1).min(axis=1)) * upper * (1 - 1e-9))
        highest = np.maximum(highest, lowest + 1e-6)
        steepness = max(-power - 1.0, 1.0)
        peak = np.clip(np.log(np.maximum(q, 1e-300) / steepness) / 2, lowest, highest)
        width = 5.5 / np.sqrt(2 * steepness)
        log_s, weight = legendre(np.maximum(peak - width, lowest), np.minimum(peak + width, highest), _SCALE_POINTS)
        s = np.exp(log_s)
        log_mass = (
            np.log(weight)
            + power * log_s
            + log_prior_of_residual_sd(s, upper)
            - (d / 2)[:, None]
            - q[:, None] / (2 * s * s)
            - 2 * np.log1p(-points).sum(axis=1)[:, None]
        )
        return log_s, log_mass

    def log_density(points: FloatArray) -> FloatArray:
        _, log_mass = scale_table(points)
        best = log_mass.max(axis=1)
        total: FloatArray = best + np.log(np.exp(log_mass - best[:, None]).sum(axis=1))
        return total

    scan = np.geomspace(1e-2, 0.5 / _SMALLEST, _SCAN)
    scan /= 1 + scan
    box = support(log_density, [scan] * axes)
    count = _points_per_axis(box, [float(scan[-1])] * axes)
    points, weights = nested_rule(log_density, box, sizes=[precision.axis] * axes, grid=count)
    log_s, log_mass = scale_table(points)
    nodes, shares = gauss_rule(log_s, np.exp(log_mass - log_mass.max(axis=1, keepdims=True)), precision.scale)
    return Nodes(ratios(points), np.exp(nodes), weights[:, None] * shares)
