"""From ids to arrays: the applications and evaluators of a request in the order of their ids, with fixed pairs taken out."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from math import lcm

import numpy as np
from numpy.typing import NDArray

from evalcomm.engine.assign.instance import Instance, Ints
from evalcomm.engine.assign.request import Pair, Request


@dataclass(frozen=True, eq=False)
class Layout:
    """
    applications, evaluators : ids in order
    scale       : affinities are integers over this
    value       : (n, m) affinity of every pair, permitted or not
    permitted   : (n, m) pairs that may be, fixed ones included
    fixed       : (n, m) pairs that must be
    stood       : (n, m) pairs that stand
    wanted      : (n,) evaluators of each application
    institution : (m,) equal numbers may not meet on one application
    low, high   : (m,) limits of loads, none beyond what can matter to n applications; `high` is −1 where the even load applies
    declared, own : pairs that may not be because they were declared, or because both belong to one organisation
    """

    applications: Sequence[str]
    evaluators: Sequence[str]
    scale: int
    value: Ints
    permitted: NDArray[np.bool_]
    fixed: NDArray[np.bool_]
    stood: NDArray[np.bool_]
    wanted: Ints
    institution: Ints
    low: Ints
    high: Ints
    declared: int
    own: int

    @property
    def free_rows(self) -> NDArray[np.intp]:
        """Applications that still need somebody besides the fixed ones."""
        return np.flatnonzero(self.wanted > self.fixed.sum(axis=1))

    def fixed_sums(self) -> Ints:
        sums: Ints = np.where(self.fixed, self.value, 0).sum(axis=1)
        return sums

    def greatest_loads(self, even: int) -> Ints:
        """(m,) the declared limits, and the even load for whoever has none and is not bound to more."""
        least = np.maximum(self.low, self.fixed.sum(axis=0))
        return np.where(self.high < 0, np.maximum(even, least), self.high)

    def instance(self, high: Ints) -> Instance:
        """What is left to decide: `free_rows` × evaluators, at these greatest loads."""
        rows = self.free_rows
        fixed = self.fixed[rows]
        held = self.fixed.sum(axis=0)
        permitted = self.permitted[rows] & (high > held)
        for i, j in np.argwhere(fixed):
            permitted[i] &= self.institution != self.institution[j]
        return Instance.of(
            self.value[rows],
            permitted,
            seats=self.wanted[rows] - fixed.sum(axis=1),
            low=np.maximum(self.low - held, 0),
            high=high - held,
            institution=self.institution,
            settled=self.fixed_sums()[rows],
        )


def lay_out(request: Request) -> Layout:
    applications = sorted(a.id for a in request.applications)
    evaluators = sorted(e.id for e in request.evaluators)
    row = {id_: i for i, id_ in enumerate(applications)}
    column = {id_: j for j, id_ in enumerate(evaluators)}
    n, m = len(applications), len(evaluators)
    people = sorted(request.evaluators, key=lambda e: e.id)

    employer = [e.organisation for e in people]
    applicant = [a.organisation for a in sorted(request.applications, key=lambda a: a.id)]
    number = {organisation: k for k, organisation in enumerate(sorted({o for o in employer if o is not None}))}
    works = np.array([-1 if o is None else number[o] for o in employer], np.int64)
    applies = np.array([-2 if o is None else number.get(o, -2) for o in applicant], np.int64)
    permitted = applies[:, None] != works[None, :]
    own = int((~permitted).sum())
    declared = _marked(request.conflicts, row, column)
    permitted &= ~declared

    scale, value = _figures(request, row, column)
    fixed = _marked(request.fixed, row, column)
    if request.per_application is None:
        wanted = (permitted | fixed).sum(axis=1)
    else:
        wanted = np.full(n, min(request.per_application, m + 1))
    return Layout(
        applications,
        evaluators,
        scale,
        value,
        permitted,
        fixed,
        _marked((pair for pair in request.standing if pair[0] in row and pair[1] in column), row, column),
        wanted,
        _institutions(employer if request.apart and request.per_application is not None else [None] * m),
        np.array([min(e.min_load, n + 1) for e in people], np.int64),
        np.array([-1 if e.max_load is None else min(e.max_load, n + 1) for e in people], np.int64),
        int(declared.sum()),
        own,
    )


def _marked(pairs: Iterable[Pair], row: dict[str, int], column: dict[str, int]) -> NDArray[np.bool_]:
    marked = np.zeros((len(row), len(column)), bool)
    for application, evaluator in pairs:
        marked[row[application], column[evaluator]] = True
    return marked


def _figures(request: Request, row: dict[str, int], column: dict[str, int]) -> tuple[int, Ints]:
    """Affinities as integers over a common denominator."""
    scale = lcm(*{figure.denominator for figure in request.affinity.values()})
    figures = {pair: figure.numerator * (scale // figure.denominator) for pair, figure in request.affinity.items()}
    largest = max(map(abs, figures.values()), default=0)
    value: Ints = np.zeros((len(row), len(column)), np.int64 if largest < (1 << 62) // (len(column) + 1) else object)
    for (application, evaluator), figure in figures.items():
        value[row[application], column[evaluator]] = figure
    return scale, value


def _institutions(employer: Sequence[str | None]) -> Ints:
    """Numbers by organisation; whoever has none is alone."""
    first: dict[str, int] = {}
    return np.array([j if e is None else first.setdefault(e, j) for j, e in enumerate(employer)], np.int64)
