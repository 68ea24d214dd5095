"""The minimum of a smooth function of a few SDs, each of which may lie at exactly 0."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np

from evalcomm.engine.ratings import FloatArray

Function = Callable[[tuple[float, ...]], float]

_STEP = 0.005
"""Of the differences, in the logarithm."""

_ENOUGH = 1e-8
"""Expected gain below which the search ends, in units of the function."""

_ROUNDS = 60

_SMALL = 0.05
"""An SD below this is tried at 0, and one at 0 is tried here."""


@dataclass(frozen=True)
class Minimum:
    point: tuple[float, ...]
    value: float


def minimise(function: Function, start: tuple[float, ...], *, largest: float) -> Minimum:
    """Newton's method in the logarithms. An SD that shrinks is tried at 0; in the end every 0 is tried away from it. An SD that grows
    beyond `largest` ends the search there."""
    best = _descend(function, Minimum(start, function(start)), largest)
    for axis, value in enumerate(best.point):
        if value == 0:
            away = _with(best.point, axis, _SMALL / 2)
            moved = Minimum(away, function(away))
            if moved.value < best.value:
                best = _descend(function, moved, largest)
    return best


def _descend(function: Function, current: Minimum, largest: float) -> Minimum:
    for _ in range(_ROUNDS):
        free = [axis for axis, value in enumerate(current.point) if value > 0]
        if not free or max(current.point) >= largest:
            break
        slope, curvature = _derivatives(function, current, free)
        step = np.clip(_newton_step(slope, curvature), -1.5, 1.5)
        gain = float(np.abs(slope @ step)) / 2
        current, moved = _walk(function, current, free, step)
        current = _tried_at_zero(function, current)
        if not moved or gain < _ENOUGH:
            break
    return current


def _derivatives(function: Function, at: Minimum, free: list[int]) -> tuple[FloatArray, FloatArray]:
    """By differences in the logarithm: slope, shape (f,), and curvature, shape (f, f)."""
    size = len(free)
    ahead, behind = np.empty(size), np.empty(size)
    for place, axis in enumerate(free):
        ahead[place] = function(_with(at.point, axis, at.point[axis] * np.exp(_STEP)))
        behind[place] = function(_with(at.point, axis, at.point[axis] * np.exp(-_STEP)))
    slope = (ahead - behind) / (2 * _STEP)
    curvature = np.diag((ahead - 2 * at.value + behind) / _STEP**2)
    for i in range(size):
        for j in range(i):
            both = _with(at.point, free[i], at.point[free[i]] * np.exp(_STEP))
            both = _with(both, free[j], at.point[free[j]] * np.exp(_STEP))
            mixed = (function(both) - ahead[i] - ahead[j] + at.value) / _STEP**2
            curvature[i, j] = curvature[j, i] = mixed
    return slope, curvature


def _newton_step(slope: FloatArray, curvature: FloatArray) -> FloatArray:
    """Downhill whatever the signs of the curvature."""
    values, vectors = np.linalg.eigh(curvature)
    steepness = np.maximum(np.abs(values), 1e-4 * max(1.0, float(np.abs(values).max())))
    step: FloatArray = -vectors @ ((vectors.T @ slope) / steepness)
    return step


def _walk(function: Function, current: Minimum, free: list[int], step: FloatArray) -> tuple[Minimum, bool]:
    """The first of step, step/2, step/4 … that goes down."""
    for halving in range(8):
        point = current.point
        for place, axis in enumerate(free):
            point = _with(point, axis, point[axis] * float(np.exp(step[place] / 2**halving)))
        value = function(point)
        if value <= current.value:
            return Minimum(point, value), True
    return current, False


def _tried_at_zero(function: Function, current: Minimum) -> Minimum:
    for axis, value in enumerate(current.point):
        if 0 < value < _SMALL:
            point = _with(current.point, axis, 0.0)
            at_zero = Minimum(point, function(point))
            if at_zero.value <= current.value:
                current = at_zero
    return current


def _with(point: tuple[float, ...], axis: int, value: float) -> tuple[float, ...]:
    return (*point[:axis], float(value), *point[axis + 1 :])
