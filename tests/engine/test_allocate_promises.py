"""What every policy promises, whatever the call: money, rules, monotony, and the same answer for any order of the rows."""

from dataclasses import replace
from fractions import Fraction
from random import Random

from hypothesis import given, settings
from hypothesis import strategies as st

from evalcomm.engine.allocate import AllocationPlan, Application, Outcome, Policy, Shortfall, Status, allocate
from evalcomm.engine.allocate.plan import Floor, Pin, Requires
from tests.engine.divisions import APPLICATIONS, EVERY_PLAN, RANKED, keeps


@settings(max_examples=250)
@given(APPLICATIONS, EVERY_PLAN, st.integers(0, 30))
def test_no_won_over_the_budget_or_a_request_and_no_rule_broken(
    applications: list[Application], plan: AllocationPlan, budget: int
) -> None:
    answer = allocate(applications, budget, plan, explain=False)

    assert sum(answer.awards.values()) == budget - answer.unspent <= budget
    by_id = {one.id: one for one in applications}
    for line in answer.lines:
        one = line.application
        assert 0 <= line.awarded <= one.requested
        if line.reason.code != "funded-pin":
            assert line.awarded % plan.unit_won == 0
            assert line.awarded == 0 or line.awarded >= one.minimum
        assert (line.awarded > 0) == (line.status in {Status.FUNDED, Status.CUT})
        assert (line.status is Status.REJECTED) == (
            (plan.pass_score is not None and one.score < plan.pass_score)
            or (plan.policy is Policy.BANDS and one.score < 0)
        )
    assert [line.application.id for line in answer.lines if line.status is Status.RESERVE] == list(answer.reserve)
    firm = [rule for rule in plan.rules if answer.status is Outcome.OK or not isinstance(rule, Floor | Pin)]
    assert answer.status is Outcome.INFEASIBLE or all(keeps(rule, answer.awards, by_id) for rule in firm)


@settings(max_examples=50)
@given(APPLICATIONS, EVERY_PLAN, st.integers(0, 30), st.randoms(use_true_random=False))
def test_shuffled_rows_give_the_same_answer(
    applications: list[Application], plan: AllocationPlan, budget: int, random: Random
) -> None:
    shuffled = list(applications)
    random.shuffle(shuffled)

    assert repr(allocate(shuffled, budget, plan)) == repr(allocate(applications, budget, plan))


@settings(max_examples=100)
@given(APPLICATIONS, RANKED, st.integers(0, 30), st.integers(1, 5))
def test_more_money_never_takes_an_award_away_where_the_walk_stops(
    applications: list[Application], plan: AllocationPlan, budget: int, more: int
) -> None:
    stop = replace(
        plan,
        shortfall=Shortfall.STOP,
        rules=tuple(rule for rule in plan.rules if not isinstance(rule, Floor | Requires)),
    )
    before, after = (allocate(applications, won, stop, explain=False) for won in (budget, budget + more))

    if Outcome.OK is before.status is after.status and stop.ties_at_line.value != "share":
        assert set(before.awards) <= set(after.awards)


@settings(max_examples=150)
@given(APPLICATIONS, EVERY_PLAN, st.integers(0, 30), st.integers(0, 5), st.integers(1, 3))
def test_a_better_score_never_costs_its_own_award(
    applications: list[Application], plan: AllocationPlan, budget: int, which: int, more: int
) -> None:
    one = applications[which % len(applications)]
    better = replace(one, score=one.score + Fraction(more, 2))
    before = allocate(applications, budget, plan, explain=False)
    after = allocate([better if other is one else other for other in applications], budget, plan, explain=False)

    if Outcome.OK is before.status is after.status:
        assert after.awards.get(one.id, 0) >= min(before.awards.get(one.id, 0), 1)
