"""Rank order and bands against a slow oracle that walks every order of the tied; proportional shares against their definition."""

from collections.abc import Iterator, Sequence
from dataclasses import replace
from fractions import Fraction
from itertools import groupby, permutations, product

from hypothesis import assume, given, settings
from hypothesis import strategies as st

from evalcomm.engine.allocate import (
    AllocationPlan,
    Application,
    Floor,
    Outcome,
    Pin,
    Policy,
    Requires,
    Shortfall,
    TiesAtLine,
    allocate,
)
from tests.engine.divisions import APPLICATIONS, RANKED, every_division, keeps


def every_order(applications: Sequence[Application], plan: AllocationPlan) -> Iterator[list[Application]]:
    lowest = plan.pass_score if plan.pass_score is not None else Fraction(-9)
    if plan.policy is Policy.BANDS:
        lowest = max(lowest, min(band.start for band in plan.bands))
    passing = sorted((one for one in applications if one.score >= lowest), key=lambda one: -one.score)
    tied = [list(group) for _, group in groupby(passing, key=lambda one: one.score)]
    for order in product(*(permutations(group) for group in tied)):
        yield [one for group in order for one in group]


def full(one: Application, plan: AllocationPlan) -> int:
    rate = Fraction(1)
    if plan.policy is Policy.BANDS:
        rate = next(band.rate for band in sorted(plan.bands, key=lambda band: -band.start) if one.score >= band.start)
    amount = int(one.requested * rate)
    amount = amount if one.maximum is None else min(amount, one.maximum)
    return amount // plan.unit_won * plan.unit_won


def walk(order: Sequence[Application], budget: int, plan: AllocationPlan) -> dict[str, int]:
    by_id = {one.id: one for one in order}
    division = {rule.application: rule.won for rule in plan.rules if isinstance(rule, Pin) and rule.won}
    pinned = {rule.application for rule in plan.rules if isinstance(rule, Pin)}
    for one in order:
        if one.id in pinned:
            continue
        left, amount = budget - sum(division.values()), full(one, plan)
        cut = left // plan.unit_won * plan.unit_won
        least = max(plan.min_award_ratio * one.requested, Fraction(one.minimum), Fraction(1))
        fits = amount <= left
        may_cut = plan.shortfall is Shortfall.CUT_LAST and not fits and cut >= least
        if amount == 0 or amount < one.minimum:
            continue
        trial = division | {one.id: cut if may_cut else amount}
        if not all(keeps(rule, trial, by_id) for rule in plan.rules if not isinstance(rule, Floor | Pin)):
            continue
        if fits or may_cut:
            division = trial
        if not fits and plan.shortfall is not Shortfall.SKIP:
            break
    return division


@settings(max_examples=250)
@given(APPLICATIONS, RANKED, st.integers(0, 30))
def test_a_walk_is_what_every_order_of_the_tied_agrees_on(
    applications: list[Application], plan: AllocationPlan, budget: int
) -> None:
    rules = tuple(rule for rule in plan.rules if not isinstance(rule, Floor | Requires))
    plan = replace(plan, rules=rules, ties_at_line=TiesAtLine.REFUSE)

    answer = allocate(applications, budget, plan, explain=False)

    assume(answer.status is not Outcome.INFEASIBLE)
    ends = [walk(order, budget, plan) for order in every_order(applications, plan)]
    agreed = {name: won for name, won in ends[0].items() if all(end.get(name) == won for end in ends)}
    assert answer.awards == agreed
    assert (answer.status is Outcome.OK) == all(end == ends[0] for end in ends)


@settings(max_examples=150)
@given(APPLICATIONS, RANKED, st.integers(0, 30))
def test_a_walk_is_refused_only_where_no_division_of_full_awards_keeps_pins_and_floors(
    applications: list[Application], plan: AllocationPlan, budget: int
) -> None:
    answer = allocate(applications, budget, plan, explain=False)

    orders = list(every_order(applications, plan))
    able = {one.id for one in orders[0]}
    asked = [
        replace(one, requested=full(one, plan), maximum=None) for one in orders[0] if full(one, plan) >= one.minimum
    ]
    held = {rule.application: rule.won for rule in plan.rules if isinstance(rule, Pin) and rule.won}
    originals = {one.id: one.requested for one in applications}
    possible = all(name in able and won <= originals[name] for name, won in held.items())
    if possible:
        asked = [one for one in asked if one.id not in held] + [
            replace(one, requested=max(one.requested, held[one.id]), minimum=0) for one in orders[0] if one.id in held
        ]
        possible = any(
            True for _ in every_division(asked, budget, replace(plan, pass_score=None, levels=(), unit_won=1))
        )
    assert (answer.status is not Outcome.INFEASIBLE) == possible


@settings(max_examples=100)
@given(APPLICATIONS, st.integers(0, 40), st.sampled_from([1, 2, 3]))
def test_proportional_shares_are_the_request_times_the_rate_but_for_one_unit(
    applications: list[Application], budget: int, unit: int
) -> None:
    plain = [replace(one, minimum=0, maximum=None, requested=one.requested + unit) for one in applications]
    demand = sum(one.requested for one in plain)

    answer = allocate(plain, budget, AllocationPlan(policy=Policy.PROPORTIONAL, unit_won=unit), explain=False)

    rate = min(Fraction(1), Fraction(budget, demand))
    assert answer.rate == rate
    for one in plain:
        share = rate * one.requested
        assert share - unit < answer.awards.get(one.id, 0) < share + unit
    remainders = {one.id: share_of(one, rate, unit) for one in plain}
    raised = {one.id for one in plain if answer.awards.get(one.id, 0) > rate * one.requested - remainders[one.id]}
    assert all(
        remainders[one] >= remainders[other]
        for one in raised
        for other in remainders
        if other not in raised and remainders[other] > 0 and room(plain, other, answer.awards, unit)
    )


def share_of(one: Application, rate: Fraction, unit: int) -> Fraction:
    """What rounding down takes away."""
    return (rate * one.requested) % unit


def room(applications: Sequence[Application], name: str, awards: object, unit: int) -> bool:
    one = next(one for one in applications if one.id == name)
    return awards.get(name, 0) + unit <= one.requested  # type: ignore[attr-defined,no-any-return]
