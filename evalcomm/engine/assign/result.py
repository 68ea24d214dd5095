"""What an assignment says: pairs with their proof, or who lacks how many and why."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from fractions import Fraction

from evalcomm.engine.assign.request import Objective, Pair
from evalcomm.engine.assign.sentences import Statement


@dataclass(frozen=True)
class Excluded:
    """Pairs that may not be: declared, and because evaluator and applicant belong to one organisation."""

    declared: int
    own_organisation: int


@dataclass(frozen=True)
class Assignment:
    """
    pairs       : in the order of ids, each with its affinity
    loads       : applications of every evaluator
    worst       : the application with the smallest sum (the first by id), and that sum
    worst_bound : no assignment has a greater worst sum; None where the objective is the total
    total_bound : no assignment (with this worst sum) has a greater total
    greatest_total : what the total alone could be, if the worst application did not come first
    prices      : of the evaluators, from which `total_bound` can be recomputed; None where it took more than prices, or nothing was to
                  choose
    even_load   : the greatest load of those who declared none; None if everybody did, or the whole committee judges
    """

    objective: Objective
    pairs: tuple[tuple[str, str, Fraction], ...]
    loads: Mapping[str, int]
    worst: tuple[str, Fraction]
    total: Fraction
    worst_bound: Fraction | None
    total_bound: Fraction
    greatest_total: Fraction
    prices: Mapping[str, Fraction] | None
    even_load: int | None
    excluded: Excluded

    @property
    def proved(self) -> bool:
        return self.total == self.total_bound and self.worst_bound in (None, self.worst[1])


@dataclass(frozen=True)
class Lack:
    """An application without enough evaluators, or an evaluator outside the limits of the load."""

    id: str
    wanted: int
    found: int

    @property
    def lacks(self) -> int:
        return self.wanted - self.found


@dataclass(frozen=True)
class Impossible:
    """Who lacks how many in an assignment that fills as many places as can be, and why."""

    objective: Objective
    applications: tuple[Lack, ...]
    evaluators: tuple[Lack, ...]
    reasons: tuple[Statement, ...]
    excluded: Excluded


@dataclass(frozen=True)
class Changes:
    """What an assignment would change of the one that stands."""

    added: tuple[Pair, ...]
    removed: tuple[Pair, ...]
    kept: tuple[Pair, ...]


def changes(assignment: Assignment, standing: Collection[Pair]) -> Changes:
    now, before = {(application, evaluator) for application, evaluator, _ in assignment.pairs}, set(standing)
    return Changes(tuple(sorted(now - before)), tuple(sorted(before - now)), tuple(sorted(now & before)))
