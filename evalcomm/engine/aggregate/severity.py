"""Least squares: the additive correction for strict and lenient evaluators where not everyone scored everything.

Model: y[p, r] = a[p] + s[r] + e, fitted by least squares; the figure of application p is a[p] with the s of its connected part of the panel
centred to mean 0, that is: the mean that p would have if every evaluator of that part had scored it ("least-squares mean"). Where the
table is complete this is the plain mean, exactly.

The fit is exact. With a[p] = mean over its sheets of (y - s[r]) eliminated, s solves the Laplacian system

    S s = b,   S[j, k] = [j = k] c[j] - sum over p of N[p, j] N[p, k] / n[p]

which has one free constant per connected part; the first evaluator of each part is grounded. Up to `BAREISS_UP_TO` unknowns are eliminated
without fractions (Bareiss 1968); larger systems are lifted p-adically (Dixon 1982), reconstructed as fractions and verified exactly.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from math import lcm

from evalcomm.engine.aggregate.plain import Rational

BAREISS_UP_TO = 30


@dataclass(frozen=True)
class Adjustment:
    """`means[column][application]` and `severity[column][evaluator]` (positive = strict) in the scale of the values.

    `parts` lists the evaluators of each connected part; figures of different parts do not share a common standard.
    """

    means: list[list[Rational]]
    severity: list[list[Rational]]
    parts: list[list[int]]


def adjust_for_severity(
    panels: Sequence[Sequence[int]], columns: Sequence[Sequence[Sequence[int]]], evaluators: int
) -> Adjustment:
    """Fits each column of values.

    panels[p]: the evaluators (0 … evaluators - 1, each at most once) whose sheets of application p count, at least one.
    columns[c][p]: their values in column c, aligned with panels[p].
    """
    parts = connected_parts(panels, evaluators)
    part_of = {evaluator: n for n, part in enumerate(parts) for evaluator in part}
    means: list[list[Rational]] = [[(0, 1)] * len(panels) for _ in columns]
    severity: list[list[Rational]] = [[(0, 1)] * evaluators for _ in columns]
    members: list[list[int]] = [[] for _ in parts]
    for application, panel in enumerate(panels):
        members[part_of[panel[0]]].append(application)
    for part, applications in zip(parts, members, strict=True):
        place = {evaluator: n for n, evaluator in enumerate(part)}
        local = [[place[evaluator] for evaluator in panels[application]] for application in applications]
        values = [[list(column[application]) for application in applications] for column in columns]
        for c, leniency in enumerate(_leniency(local, values, len(part))):
            # Centred over the evaluators of the part; all share one denominator.
            numerators, denominator = leniency
            centre = sum(numerators)
            size = len(part)
            centred = [size * numerator - centre for numerator in numerators]
            scale = size * denominator
            for evaluator, numerator in zip(part, centred, strict=True):
                severity[c][evaluator] = (-numerator, scale)
            for application, panel, row in zip(applications, local, values[c], strict=True):
                corrected = scale * sum(row) - sum(centred[evaluator] for evaluator in panel)
                means[c][application] = (corrected, scale * len(panel))
    return Adjustment(means, severity, parts)


def connected_parts(panels: Sequence[Sequence[int]], evaluators: int) -> list[list[int]]:
    """Evaluators joined by applications they share, each part in order, parts by their first member."""
    parent = list(range(evaluators))

    def root(node: int) -> int:
        while parent[node] != node:
            parent[node] = parent[parent[node]]
            node = parent[node]
        return node

    for panel in panels:
        first = root(panel[0])
        for evaluator in panel[1:]:
            other = root(evaluator)
            first, other = min(first, other), max(first, other)
            parent[other] = first
    parts: dict[int, list[int]] = {}
    for evaluator in range(evaluators):
        parts.setdefault(root(evaluator), []).append(evaluator)
    return list(parts.values())


def _leniency(panels: list[list[int]], columns: list[list[list[int]]], size: int) -> list[tuple[list[int], int]]:
    """Per column the s of one connected part, with s[0] = 0, as numerators over one denominator."""
    unknowns = size - 1
    if unknowns == 0 or all(len(panel) == size for panel in panels):
        return [_complete(panels, values, size) for values in columns]
    if unknowns <= BAREISS_UP_TO:
        return _bareiss(panels, columns, size)
    from evalcomm.engine.aggregate.lifting import lifted

    return lifted(panels, columns, size)


def _complete(panels: list[list[int]], values: list[list[int]], size: int) -> tuple[list[int], int]:
    """Everybody scored everything: s is the evaluator's mean, up to the constant."""
    sums = [0] * size
    for panel, row in zip(panels, values, strict=True):
        for evaluator, value in zip(panel, row, strict=True):
            sums[evaluator] += value
    return [total - sums[0] for total in sums], max(len(panels), 1)


def _bareiss(panels: list[list[int]], columns: list[list[list[int]]], size: int) -> list[tuple[list[int], int]]:
    """Fraction-free elimination of the grounded system, scaled by the least common multiple of the panel sizes."""
    whole = lcm(*(len(panel) for panel in panels))
    rows = [[0] * (size + len(columns)) for _ in range(size)]
    for p, panel in enumerate(panels):
        share = whole // len(panel)
        for evaluator in panel:
            row = rows[evaluator]
            row[evaluator] += whole
            for other in panel:
                row[other] -= share
        for c, values in enumerate(columns):
            mean = share * sum(values[p])
            for evaluator, value in zip(panel, values[p], strict=True):
                rows[evaluator][size + c] += whole * value - mean
    matrix = [row[1:] for row in rows[1:]]
    n = size - 1
    previous = 1
    for k in range(n):
        pivot_row = matrix[k]  # the grounded Laplacian of a connected part is positive definite: no pivot is zero
        pivot = pivot_row[k]
        for i in range(n):
            if i != k:
                row = matrix[i]
                factor = row[k]
                matrix[i] = [(pivot * a - factor * b) // previous for a, b in zip(row, pivot_row, strict=True)]
        previous = pivot
    # Gauss-Jordan without fractions ends with the determinant on the whole diagonal.
    return [([0, *(matrix[i][n + c] for i in range(n))], previous) for c in range(len(columns))]
