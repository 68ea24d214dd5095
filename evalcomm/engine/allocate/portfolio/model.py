"""The optimal portfolio as an integer program: choices with whole cost and value, rows that must not be exceeded.

Everything is scaled to integers here, once and exactly: won by their greatest common divisor, values by the least common multiple
of their denominators. `Model.exact` turns a value back into merit. A choice is one award that an application can get; an
application takes at most one. Pinned awards are constants: they are taken out, and the limits are what they leave.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from fractions import Fraction
from math import gcd, lcm
from typing import TypeAlias

import numpy as np
from numpy.typing import NDArray

from evalcomm.engine.allocate.application import AllocationError, Application
from evalcomm.engine.allocate.ledger import Ledger, matching_broken
from evalcomm.engine.allocate.plan import (
    AllocationPlan,
    Cap,
    Exclusive,
    Floor,
    Level,
    Matching,
    MaxAwards,
    Objective,
    Pin,
    Requires,
    Year,
)
from evalcomm.engine.allocate.sentences import Statement, say

Ints: TypeAlias = NDArray[np.int64]
BUDGET = -1
"""The place of the budget among the rules of a plan."""
NONE: Ints = np.zeros(0, dtype=np.int64)
FULL = Level(Fraction(1), Fraction(1))
LARGEST = 1 << 60


@dataclass(frozen=True, slots=True)
class Row:
    """sum(coefficients of the choices taken) <= limit. `rule`: place in the plan's rules; `value`: of a tag, for printing."""

    rule: int
    value: str | None
    choices: Ints
    coefficients: Ints
    limit: int
    money: bool


@dataclass(frozen=True, slots=True)
class Columns:
    """The rows that each choice uses: entries start[c] … start[c + 1] - 1 of `row` and `coefficient`."""

    start: Ints
    row: Ints
    coefficient: Ints

    @classmethod
    def of(cls, rows: Sequence[Row], choices: int) -> "Columns":
        if not rows:
            return cls(np.zeros(choices + 1, dtype=np.int64), NONE, NONE)
        choice = np.concatenate([row.choices for row in rows])
        number = np.repeat(np.arange(len(rows)), [len(row.choices) for row in rows])
        order = np.argsort(choice, kind="stable")
        start = np.searchsorted(choice[order], np.arange(choices + 1)).astype(np.int64)
        return cls(start, number[order], np.concatenate([row.coefficients for row in rows])[order])

    def used_by(self, choice: int) -> dict[int, int]:
        """Coefficients by row; -1 = no choice."""
        if choice < 0:
            return {}
        part = slice(int(self.start[choice]), int(self.start[choice + 1]))
        return dict(zip(self.row[part].tolist(), self.coefficient[part].tolist(), strict=True))

    def price(self, prices: Ints) -> Ints:
        """Of each choice: sum of price times coefficient."""
        sums = np.concatenate([[0], np.cumsum(prices[self.row] * self.coefficient)])
        priced: Ints = sums[self.start[1:]] - sums[self.start[:-1]]
        return priced

    def usage(self, taken: Ints, rows: int) -> Ints:
        """Of each row: the sum of the coefficients of the choices taken."""
        counts = self.start[taken + 1] - self.start[taken]
        entries = np.repeat(self.start[taken] - np.cumsum(counts) + counts, counts) + np.arange(int(counts.sum()))
        used = np.zeros(rows, dtype=np.int64)
        np.add.at(used, self.row[entries], self.coefficient[entries])
        return used


@dataclass(frozen=True, slots=True)
class Model:
    """The integer program.

    applications : those that can get an award, best rank first (ties by lot, then id).
    rank_group : shape (applications,); equal for tied ranks.
    first : shape (applications + 1,); the choices of application i are first[i] … first[i + 1] - 1, larger awards first.
    cost, value : shape (choices,); in `won_scale` won and in `value_scale` merit.
    constant : merit of the pinned awards.
    """

    applications: tuple[Application, ...]
    rank_group: Ints
    first: Ints
    owner: Ints
    cost: Ints
    value: Ints
    rows: tuple[Row, ...]
    columns: Columns
    won_scale: int
    value_scale: Fraction
    constant: Fraction
    pinned: Mapping[str, int]
    out: Mapping[str, Statement]

    def exact(self, value: int) -> Fraction:
        return value * self.value_scale + self.constant


def merit(application: Application, plan: AllocationPlan) -> Fraction:
    """What the full award of an application adds to the objective."""
    if plan.objective is Objective.SCORE:
        return application.score
    if plan.objective is Objective.SCORE_WON:
        return application.score * application.requested
    assert plan.pass_score is not None
    return application.score - plan.pass_score


def award_at(application: Application, level: Level, plan: AllocationPlan) -> int:
    """Won of one level: its share of the request, at most the maximum, in whole units."""
    won = min(int(application.requested * level.rate), application.wanted)
    return won - won % plan.unit_won


def awards_of(application: Application, plan: AllocationPlan) -> list[tuple[int, Fraction]]:
    """The awards it can get by the levels alone, larger first, with the merit counted for each; an award of 0 is none."""
    found: dict[int, Fraction] = {}
    full = merit(application, plan)
    for level in plan.levels or (FULL,):
        won = award_at(application, level, plan)
        if won > 0 and won >= application.minimum:
            worth = full * level.merit
            found[won] = max(found.get(won, worth), worth)
    return sorted(found.items(), reverse=True)


def merit_of_pin(application: Application, won: int, plan: AllocationPlan) -> Fraction:
    """A pinned award counts with the merit of the largest level that it reaches."""
    if not plan.levels:
        return merit(application, plan)
    reached = [level for level in plan.levels if award_at(application, level, plan) <= won]
    return merit(application, plan) * max(reached, key=lambda level: level.rate).merit if reached else Fraction(0)


class Clash(Exception):
    """A rule that cannot be kept whatever is chosen."""


def modelled(
    groups: Sequence[Sequence[Application]], budget: int, plan: AllocationPlan, *, held: Mapping[str, int]
) -> Model:
    """The program for these ranked groups; `held`: awards that stand as they are (pins, or awards already adopted).

    Raises Clash where the held awards alone break a rule, AllocationError where amounts are too large to be exact.
    """
    ranked = sorted(
        ((place, one) for place, group in enumerate(groups) for one in group),
        key=lambda pair: (pair[0], pair[1].lot is None, pair[1].lot or 0, pair[1].id),
    )
    everyone = {one.id: one for _, one in ranked}
    if any(one not in everyone for one in held):
        raise Clash
    out, options = _options(ranked, plan, held)
    kept = [(place, one) for place, one in ranked if one.id in options]
    choices = [(number, won, worth) for number, (_, one) in enumerate(kept) for won, worth in options[one.id]]
    won_scale = gcd(*(won for _, won, _ in choices)) or 1
    value_scale = _value_scale([worth for _, _, worth in choices])
    costs = [won // won_scale for _, won, _ in choices]
    values = [int(worth / value_scale) for _, _, worth in choices]
    if sum(costs) > LARGEST or sum(map(abs, values)) > LARGEST:
        raise AllocationError("the amounts are too large for an optimal portfolio (their sum exceeds 10^18 units)")
    counts = np.bincount([number for number, _, _ in choices], minlength=len(kept))
    model = Model(
        applications=tuple(one for _, one in kept),
        rank_group=np.array([place for place, _ in kept], dtype=np.int64),
        first=np.concatenate([[0], np.cumsum(counts)]).astype(np.int64),
        owner=np.array([number for number, _, _ in choices], dtype=np.int64),
        cost=np.array(costs, dtype=np.int64),
        value=np.array(values, dtype=np.int64),
        rows=(),
        columns=Columns.of((), len(choices)),
        won_scale=won_scale,
        value_scale=value_scale,
        constant=sum((merit_of_pin(everyone[one], won, plan) for one, won in held.items()), Fraction(0)),
        pinned=dict(held),
        out=out,
    )
    return _with_rows(model, everyone, budget, plan)


def _value_scale(worths: Iterable[Fraction]) -> Fraction:
    denominators, numerators = 1, 0
    worths = list(worths)
    for worth in worths:
        denominators = lcm(denominators, worth.denominator)
    for worth in worths:
        numerators = gcd(numerators, int(worth * denominators))
    return Fraction(numerators or 1, denominators)


def _options(
    ranked: Sequence[tuple[int, Application]], plan: AllocationPlan, held: Mapping[str, int]
) -> tuple[dict[str, Statement], dict[str, list[tuple[int, Fraction]]]]:
    """The awards each can get at all, and for the others why they can get none."""
    out: dict[str, Statement] = {}
    options: dict[str, list[tuple[int, Fraction]]] = {}
    matching = [rule for rule in plan.rules if isinstance(rule, Matching)]
    banned = {rule.application: rule for rule in plan.rules if isinstance(rule, Pin) and rule.won == 0}
    for _, one in ranked:
        if one.id in held:
            continue
        if one.id in banned:
            out[one.id] = say("pinned-out", author=banned[one.id].author, why=banned[one.id].reason)
            continue
        awards = awards_of(one, plan)
        if not awards:
            small = one.wanted < plan.unit_won
            out[one.id] = (
                say("below-unit", amount=one.wanted, unit=plan.unit_won)
                if small
                else say("below-minimum", amount=one.wanted, minimum=one.minimum)
            )
            continue
        matched = [(won, worth) for won, worth in awards if all(_matched(rule, one, won) for rule in matching)]
        if matched:
            options[one.id] = matched
        else:
            broken = (matching_broken(rule.ratio, one, awards[-1][0]) for rule in matching)
            out[one.id] = next(why for why in broken if why is not None)
    _drop_hopeless(plan, held, out, options)
    return out, options


def _matched(rule: Matching, one: Application, won: int) -> bool:
    return matching_broken(rule.ratio, one, won) is None


def _drop_hopeless(
    plan: AllocationPlan,
    held: Mapping[str, int],
    out: dict[str, Statement],
    options: dict[str, list[tuple[int, Fraction]]],
) -> None:
    needs = [rule for rule in plan.rules if isinstance(rule, Requires)]
    while True:
        lost = next(
            (r for r in needs if r.application in options and r.needs not in options and r.needs not in held), None
        )
        if lost is None:
            return
        del options[lost.application]
        out[lost.application] = say("requires", needs=lost.needs)


def _with_rows(model: Model, everyone: Mapping[str, Application], budget: int, plan: AllocationPlan) -> Model:
    ledger = Ledger.open(plan.rules)
    spent = sum(model.pinned.values())
    for name, won in model.pinned.items():
        if ledger.obstacle(everyone[name], won) is not None:
            raise Clash
        ledger.take(everyone[name], won)
    if spent > budget:
        raise Clash
    build = _Rows(model, everyone, ledger)
    build.money(BUDGET, None, np.arange(len(model.cost)), budget - spent)
    for place, rule in enumerate(plan.rules):
        if isinstance(rule, Cap | MaxAwards):
            build.limit(place, rule)
        elif isinstance(rule, Year):
            build.year(place, rule)
        elif isinstance(rule, Floor):
            build.floor(place, rule)
        elif isinstance(rule, Exclusive):
            build.exclusive(place, rule)
        elif isinstance(rule, Requires):
            build.requires(place, rule)
    rows = tuple(build.rows)
    return replace(model, rows=rows, columns=Columns.of(rows, len(model.cost)))


class _Rows:
    """Rows in the scale of the model, less what the pinned awards use; rows that can never be
    exceeded are left out, but for the budget."""

    def __init__(self, model: Model, everyone: Mapping[str, Application], ledger: Ledger) -> None:
        self.model = model
        self.everyone = everyone
        self.ledger = ledger
        self.number = {one.id: place for place, one in enumerate(model.applications)}
        self.rows: list[Row] = []

    def money(self, rule: int, value: str | None, choices: Ints, won: int) -> None:
        self.add(rule, value, choices, self.model.cost[choices], won // self.model.won_scale, money=True)

    def add(self, rule: int, value: str | None, choices: Ints, coefficients: Ints, limit: int, *, money: bool) -> None:
        owners = self.model.owner[choices]
        worst = np.zeros(len(self.model.applications), dtype=np.int64)
        np.maximum.at(worst, owners, coefficients)
        if rule == BUDGET or int(worst.sum()) > limit:
            self.rows.append(Row(rule, value, choices, coefficients, limit, money))

    def choices_of(self, applications: Iterable[str]) -> Ints:
        first = self.model.first
        parts = [
            np.arange(first[self.number[one]], first[self.number[one] + 1])
            for one in applications
            if one in self.number
        ]
        return np.concatenate(parts) if parts else np.zeros(0, dtype=np.int64)

    def limit(self, place: int, rule: Cap | MaxAwards) -> None:
        members: dict[str, list[str]] = {}
        for one in self.model.applications:
            value = one.tags.get(rule.tag)
            if value is not None and rule.value in {None, value}:
                members.setdefault(value, []).append(one.id)
        for value, names in sorted(members.items()):
            choices = self.choices_of(names)
            used = sum(
                self._used(rule, name, won) for name, won in self.model.pinned.items() if self._has(rule, name, value)
            )
            if isinstance(rule, Cap):
                self.money(place, value, choices, rule.won - used)
            else:
                self.add(place, value, choices, np.ones_like(choices), rule.count - used, money=False)

    def year(self, place: int, rule: Year) -> None:
        """In won, whatever the scale of the model."""
        model = self.model
        due = [
            model.applications[owner].due(rule.year, won * model.won_scale)
            for owner, won in zip(model.owner.tolist(), model.cost.tolist(), strict=True)
        ]
        dues = np.array(due, dtype=np.int64)
        choices = np.flatnonzero(dues)
        given = sum(self.everyone[name].due(rule.year, won) for name, won in model.pinned.items())
        self.add(place, None, choices, dues[choices], rule.won - given, money=True)

    def _used(self, rule: Cap | MaxAwards, name: str, won: int) -> int:
        del name
        return won if isinstance(rule, Cap) else 1

    def _has(self, rule: Cap | MaxAwards | Floor, name: str, value: str) -> bool:
        return self.everyone[name].tags.get(rule.tag) == value

    def floor(self, place: int, rule: Floor) -> None:
        names = [one.id for one in self.model.applications if one.tags.get(rule.tag) == rule.value]
        given = sum(won for name, won in self.model.pinned.items() if self._has(rule, name, rule.value))
        missing = rule.won - given
        if missing > 0:
            choices = self.choices_of(names)
            least = -(-missing // self.model.won_scale)
            self.rows.append(Row(place, rule.value, choices, -self.model.cost[choices], -least, money=True))

    def exclusive(self, place: int, rule: Exclusive) -> None:
        taken = sum(1 for one in rule.applications if one in self.model.pinned)
        choices = self.choices_of(rule.applications)
        self.add(place, None, choices, np.ones_like(choices), 1 - taken, money=False)

    def requires(self, place: int, rule: Requires) -> None:
        if rule.needs in self.model.pinned:
            return
        mine, needed = self.choices_of([rule.application]), self.choices_of([rule.needs])
        if rule.application in self.model.pinned:
            self.rows.append(Row(place, None, needed, -np.ones_like(needed), -1, money=False))
            return
        if len(mine):
            choices = np.concatenate([mine, needed])
            signs = np.concatenate([np.ones_like(mine), -np.ones_like(needed)])
            self.rows.append(Row(place, None, choices, signs, 0, money=False))
