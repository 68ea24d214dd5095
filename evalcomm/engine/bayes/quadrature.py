"""Where to evaluate the hyperparameters: Gauss rules of the posterior itself, a handful of nodes instead of thousands.

A density is tabulated on a box that was zoomed to its support; the moments of the table give the Gauss rule that integrates
polynomials of degree 2k − 1 against it exactly (Golub & Welsch 1969). Axis by axis, each given the ones before, so that skewed,
truncated and boundary-piled posteriors need no special case: nothing assumes a normal shape or an interior mode.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from functools import cache

import numpy as np

from evalcomm.engine.ratings import FloatArray

LogDensity = Callable[[FloatArray], FloatArray]
"""From points, shape (m, d), to log densities, shape (m,); −inf outside the support."""

_NATS = 11.0
"""Points this far below the best carry no weight that shows."""

_ZOOMS = 8


def gauss_rule(nodes: FloatArray, weights: FloatArray, size: int) -> tuple[FloatArray, FloatArray]:
    """Gauss rules of discrete measures: nodes and weights (sums of 1), shape (…, size), from tables of shape (…, m).

    Where a measure has fewer than `size` points that matter, surplus nodes carry no weight.
    """
    total = weights.sum(axis=-1, keepdims=True)
    mass = weights / total
    centre = (mass * nodes).sum(axis=-1, keepdims=True)
    spread = np.sqrt((mass * (nodes - centre) ** 2).sum(axis=-1, keepdims=True))
    spread = np.where(spread > 0, spread, 1.0)
    # Points without mass carry no weight, and their powers might have no end.
    mass = np.where(mass > 1e-30, mass, 0.0)
    x = np.where(mass > 0, (nodes - centre) / spread, 0.0)
    jacobi = np.zeros((*x.shape[:-1], size, size))
    before, current = np.zeros_like(x), np.ones_like(x)
    norm_before = np.ones(x.shape[:-1])
    for step in range(size):
        norm = (mass * current**2).sum(axis=-1)
        alive = norm > 1e-13 * norm_before if step else norm > 0
        safe = np.where(alive, norm, 1.0)
        alpha = np.where(alive, (mass * x * current**2).sum(axis=-1) / safe, 0.0)
        beta = np.where(alive, norm / norm_before, 0.0) if step else np.zeros_like(norm)
        jacobi[..., step, step] = alpha
        if step:
            jacobi[..., step, step - 1] = jacobi[..., step - 1, step] = np.sqrt(beta)
        before, current = current, (x - alpha[..., None]) * current - beta[..., None] * before
        norm_before = safe
    values, vectors = np.linalg.eigh(jacobi)
    return centre + spread * values, vectors[..., 0, :] ** 2


def legendre(low: FloatArray, high: FloatArray, size: int) -> tuple[FloatArray, FloatArray]:
    """Gauss-Legendre nodes and weights on [low, high]; shape (…, size)."""
    x, w = _unit_legendre(size)
    half = (high - low)[..., None] / 2
    return low[..., None] + half * (x + 1), half * w


@cache
def _unit_legendre(size: int) -> tuple[FloatArray, FloatArray]:
    return np.polynomial.legendre.leggauss(size)


def support(log_density: LogDensity, first: Sequence[FloatArray]) -> list[tuple[float, float]]:
    """A box that holds the support of a density on positive axes, by zooming.

    first : the points of the first scan of each axis, rising; the last is the end of the axis, and a support that reaches the first starts
    at 0.
    """
    ends = [float(points[-1]) for points in first]
    axes = list(first)
    box = [(0.0, end) for end in ends]
    for _ in range(_ZOOMS):
        values = log_density(_product(axes))
        kept = (values >= values.max() - _NATS).reshape([len(axis) for axis in axes])
        coarse = False
        for d, axis in enumerate(axes):
            used = np.flatnonzero(kept.any(axis=tuple(i for i in range(len(axes)) if i != d)))
            begin, last = int(used[0]), int(used[-1])
            # An earlier, coarser scan may have cut too much off: where the support reaches a cut, all of that side is given back.
            low = 0.0 if begin == 0 else float(axis[begin - 1])
            high = ends[d] if last == len(axis) - 1 else float(axis[last + 1])
            widened, moved = low < box[d][0] or high > box[d][1], (low, high) != box[d]
            coarse = coarse or widened or (moved and last - begin + 1 < len(axis) / 2)
            box[d] = (low, high)
        if not coarse:
            break
        # The point of 0 itself is left out, where SDs could be divided by.
        axes = [
            np.linspace(low, high, len(points) + (low == 0))[int(low == 0) :]
            for (low, high), points in zip(box, first, strict=True)
        ]
    return box


def nested_rule(
    log_density: LogDensity, box: Sequence[tuple[float, float]], *, sizes: Sequence[int], grid: int
) -> tuple[FloatArray, FloatArray]:
    """Points (m, d) and weights (m,) summing to 1: m = product of `sizes`, less the nodes without weight."""
    points, weights = np.zeros((1, 0)), np.ones(1)
    tables = [legendre(np.array(low), np.array(high), grid) for low, high in box]
    for d, size in enumerate(sizes):
        rest = _product([nodes for nodes, _ in tables[d:]])
        rest_weights = np.prod(_product([w for _, w in tables[d:]]), axis=1)
        every = np.hstack([np.repeat(points, len(rest), axis=0), np.tile(rest, (len(points), 1))])
        values = log_density(every).reshape(len(points), len(rest))
        mass = np.exp(values - values.max(axis=1, keepdims=True)) * rest_weights
        marginal = mass.reshape(len(points), grid, -1).sum(axis=2)
        nodes, shares = gauss_rule(np.broadcast_to(tables[d][0], marginal.shape), marginal, size)
        points = np.hstack([np.repeat(points, size, axis=0), nodes.reshape(-1, 1)])
        weights = (weights[:, None] * shares).ravel()
        kept = weights > 1e-7
        points, weights = points[kept], weights[kept]
    return points, weights / weights.sum()


def _product(axes: Sequence[FloatArray]) -> FloatArray:
    return np.stack(np.meshgrid(*axes, indexing="ij"), axis=-1).reshape(-1, len(axes))
