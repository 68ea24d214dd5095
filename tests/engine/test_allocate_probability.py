"""Chances of being funded: each draw through the real policy, whichever way they are counted."""

from dataclasses import replace
from fractions import Fraction

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from evalcomm.engine.allocate import AllocationError, AllocationPlan, Application, Outcome, Policy, Shortfall, allocate
from evalcomm.engine.allocate.probability import chances
from tests.engine.divisions import APPLICATIONS, EVERY_PLAN, RANKED


def one_by_one(
    applications: list[Application], budget: int, plan: AllocationPlan, draws: np.ndarray
) -> tuple[list[float], float]:
    funded, undecided = np.zeros(len(applications)), 0
    for row in draws:
        drawn = [replace(one, score=Fraction(float(score))) for one, score in zip(applications, row, strict=True)]
        answer = allocate(drawn, budget, plan, explain=False)
        undecided += answer.status is not Outcome.OK
        funded += [one.id in answer.awards for one in applications]
    return (funded / len(draws)).tolist(), undecided / len(draws)


@settings(max_examples=150)
@given(
    APPLICATIONS,
    st.one_of(RANKED.map(lambda plan: replace(plan, policy=Policy.RANK_ORDER, rules=())), EVERY_PLAN),
    st.integers(0, 30),
    st.integers(0, 2**32 - 1),
    st.booleans(),
)
def test_chances_are_what_dividing_every_draw_gives(
    applications: list[Application], plan: AllocationPlan, budget: int, seed: int, whole: bool
) -> None:
    rows = 40 if plan.policy is Policy.RANK_ORDER and not plan.rules else 3
    draws = np.random.default_rng(seed).normal(1, 1, (rows, len(applications)))
    draws = np.round(draws) if whole else draws

    found = chances(applications, budget, plan, draws)

    assert (found.funded.tolist(), found.undecided) == one_by_one(applications, budget, plan, draws)


@pytest.mark.parametrize("shortfall", Shortfall)
def test_many_applications_are_walked_at_once_as_one_by_one(shortfall: Shortfall) -> None:
    source = np.random.default_rng(4)
    applications = [
        Application(f"A{place:03}", Fraction(0), int(won), minimum=int(won) // 3)
        for place, won in enumerate(source.integers(1, 40, 120))
    ]
    plan = AllocationPlan(shortfall=shortfall, pass_score=Fraction("69.5"), min_award_ratio=Fraction(1, 2))
    draws = source.normal(source.normal(75, 6, 120), 4, (120, 120)).round(1)

    found = chances(applications, 900, plan, draws)

    assert (found.funded.tolist(), found.undecided) == one_by_one(applications, 900, plan, draws)


def test_draws_that_are_none_are_refused() -> None:
    applications = [Application("A", Fraction(1), 1)]
    for draws in (np.zeros((0, 1)), np.zeros((3, 2)), np.array([[np.nan]])):
        with pytest.raises(AllocationError):
            chances(applications, 1, AllocationPlan(), draws)
