"""Ranks among those that passed: equal figures are told apart by the plan's keys, in their order, or stay equal."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from fractions import Fraction
from itertools import groupby
from math import lcm
from operator import itemgetter
from typing import Protocol

from evalcomm.engine.plan import Figure, Plan
from evalcomm.engine.ranking.values import Caution, Tie, TieStep

Columns = Mapping[str, Mapping[str, int | Fraction | None]]
CRITERION = "criterion:"
REQUESTED = {"requested-asc": ("requested", -1), "requested-desc": ("requested", 1)}
"""Keys that name a direction; in every other column, as in every figure, more is better."""


class Contender(Protocol):
    """An application that passed: the figure that ranks compare, and the figures that keys may read."""

    @property
    def application(self) -> str: ...
    @property
    def compared(self) -> Fraction: ...
    @property
    def figures(self) -> Mapping[str, Fraction]: ...


@dataclass(frozen=True)
class Place:
    application: str
    rank: int
    tie: Tie | None


@dataclass
class _Trail:
    """What was tried on one tied application."""

    steps: list[TieStep] = field(default_factory=list)
    key: str | None = None


@dataclass(frozen=True)
class _Key:
    """A declared key as one comparison: `better` is 1 where more is better, -1 where less is."""

    declared: str
    figure: str
    better: int


def columns_of(keys: Sequence[str]) -> tuple[str, ...]:
    """The columns of APPLICATIONS that the keys read; `lot` apart."""
    own = {*(figure.value for figure in Figure), "criteria-by-weight", "lot"}
    names = (REQUESTED.get(key, (key, 1))[0] for key in keys if key not in own and not key.startswith(CRITERION))
    return tuple(dict.fromkeys(names))


def place(
    contenders: Sequence[Contender], *, plan: Plan, columns: Columns, lots: Mapping[str, int]
) -> tuple[list[Place], list[tuple[str, ...]], list[Caution]]:
    """Places in rank order (equal ranks by id: 1, 2, 2, 4), the groups that wait for a lot, and what keeps keys from being read."""
    keys = _expanded(plan)
    problems: list[Caution] = []
    needs_lot: list[tuple[str, ...]] = []
    places: list[Place] = []
    # On one scale the figures are integers, which compare many times faster than fractions.
    scale = lcm(*{contender.compared.denominator for contender in contenders})
    scaled = [
        (-contender.compared.numerator * (scale // contender.compared.denominator), contender.application, contender)
        for contender in contenders
    ]
    for _, equal in groupby(sorted(scaled, key=itemgetter(0, 1)), key=itemgetter(0)):
        tied = [contender for _, _, contender in equal]
        if len(tied) == 1:
            places.append(Place(tied[0].application, len(places) + 1, None))
            continue
        splitter = _Splitter(keys, columns, lots)
        groups = splitter.split(tied)
        problems.extend(splitter.problems)
        everyone = tuple(contender.application for contender in tied)
        for group in groups:
            rank = len(places) + 1
            ids = tuple(contender.application for contender in group)
            if len(ids) > 1 and "lot" in plan.tie_keys:
                needs_lot.append(ids)
            for application in ids:
                trail = splitter.trails[application]
                tie = Tie(
                    application=application,
                    key=trail.key if len(ids) == 1 else None,
                    group=everyone,
                    equal=ids,
                    steps=tuple(trail.steps),
                    waits_for_lot=len(ids) > 1 and "lot" in plan.tie_keys,
                )
                places.append(Place(application, rank, tie))
    return places, needs_lot, problems


def _expanded(plan: Plan) -> list[_Key]:
    """Keys as single comparisons; "criteria-by-weight" becomes its criteria, heaviest first, equal weights in the rubric's order."""
    keys: list[_Key] = []
    figures = {figure.value for figure in Figure}
    for key in plan.tie_keys:
        if key in figures or key.startswith(CRITERION) or key == "lot":
            keys.append(_Key(key, key, -1 if key == "lot" else 1))
        elif key == "criteria-by-weight":
            assert plan.rubric is not None  # kept by plan_reading
            by_weight = sorted(plan.rubric.criteria, key=lambda criterion: -criterion.points)
            keys.extend(_Key(key, f"{CRITERION}{criterion.id}", 1) for criterion in by_weight)
        else:
            keys.append(_Key(key, *REQUESTED.get(key, (key, 1))))
    return keys


class _Splitter:
    """Splits one group of equals, and remembers for each what was tried."""

    def __init__(self, keys: Sequence[_Key], columns: Columns, lots: Mapping[str, int]) -> None:
        self._keys = keys
        self._columns = columns
        self._lots = lots
        self.trails: dict[str, _Trail] = {}
        self.problems: list[Caution] = []

    def split(self, tied: list[Contender]) -> list[list[Contender]]:
        """The groups that the keys leave, best first; a group of several is one that no key splits."""
        self.trails = {contender.application: _Trail() for contender in tied}
        groups = [tied]
        for key in self._keys:
            groups = [part for group in groups for part in (self._split_by(key, group) if len(group) > 1 else [group])]
        return groups

    def _split_by(self, key: _Key, group: list[Contender]) -> list[list[Contender]]:
        values = {contender.application: self._value(key, contender) for contender in group}
        among = tuple(values)
        for application, value in values.items():
            self.trails[application].steps.append(TieStep(key.declared, key.figure, value, among))
        if any(value is None for value in values.values()):
            if key.declared != "lot":
                self.problems.extend(
                    Caution(
                        "tie-value-missing",
                        application,
                        "",
                        f"{application} has no {key.figure}, which the tie among {', '.join(among)} needs",
                    )
                    for application, value in values.items()
                    if value is None
                )
            return [group]
        if key.declared == "lot":
            self._refuse_equal_lots(values)

        def value_of(contender: Contender) -> Fraction:
            value = values[contender.application]
            assert value is not None
            return value

        # Groups stand in the order of their ids, and sorting keeps that order among equals.
        ordered = sorted(group, key=value_of, reverse=key.better > 0)
        parts = [list(part) for _, part in groupby(ordered, key=value_of)]
        if len(parts) > 1:
            for application in among:
                self.trails[application].key = key.declared
        return parts

    def _value(self, key: _Key, contender: Contender) -> Fraction | None:
        if key.figure in contender.figures:
            return contender.figures[key.figure]
        if key.declared == "lot":
            lot = self._lots.get(contender.application)
        else:
            lot = self._columns.get(contender.application, {}).get(key.figure)  # type: ignore[assignment]  # either becomes a Fraction below
        return None if lot is None else Fraction(lot)

    def _refuse_equal_lots(self, values: Mapping[str, Fraction | None]) -> None:
        drawn: dict[Fraction | None, str] = {}
        for application, lot in values.items():
            other = drawn.setdefault(lot, application)
            if other != application:
                message = f"{other} and {application} are tied and have drawn the same lot {lot}"
                self.problems.append(Caution("lot-twice", application, "", message))
