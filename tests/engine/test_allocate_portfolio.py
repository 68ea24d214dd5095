"""The optimal portfolio against trying every combination, and the published paradoxes of the method."""

from fractions import Fraction

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from evalcomm.engine.allocate import AllocationPlan, Application, Objective, Outcome, Policy, allocate
from evalcomm.engine.allocate.portfolio import core, optimum
from tests.engine.divisions import APPLICATIONS, PORTFOLIOS, best, worth


@settings(deadline=None, max_examples=300)
@given(APPLICATIONS, PORTFOLIOS, st.integers(0, 30))
def test_the_portfolio_is_the_best_of_all_divisions(
    applications: list[Application], plan: AllocationPlan, budget: int
) -> None:
    expected = best(applications, budget, plan)

    answer = allocate(applications, budget, plan, explain=False)

    if expected is None:
        assert answer.status is Outcome.INFEASIBLE
        return
    assert answer.status is Outcome.OK
    assert answer.optimum is not None
    assert answer.optimum.proved
    assert answer.optimum.value == worth(expected, applications, plan)
    assert answer.awards == expected


@pytest.mark.parametrize(("core_work", "states"), [(core.WORK, optimum.MOST), (0, optimum.MOST), (0, 1)])
@settings(deadline=None, max_examples=60, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    rows=st.lists(st.tuples(st.integers(-1, 9), st.integers(1, 6)), min_size=1, max_size=9),
    budget=st.integers(0, 30),
    objective=st.sampled_from([Objective.SCORE, Objective.SCORE_WON]),
)
def test_core_search_and_table_choose_the_same_of_all_divisions(
    monkeypatch: pytest.MonkeyPatch,
    core_work: int,
    states: int,
    rows: list[tuple[int, int]],
    budget: int,
    objective: Objective,
) -> None:
    monkeypatch.setattr(core, "WORK", core_work)
    monkeypatch.setattr(optimum, "MOST", states)
    applications = [Application(f"A{n}", Fraction(score), won) for n, (score, won) in enumerate(rows)]
    plan = AllocationPlan(policy=Policy.PORTFOLIO, objective=objective)

    answer = allocate(applications, budget, plan, explain=False)

    assert answer.awards == best(applications, budget, plan)
    assert answer.optimum is not None
    assert answer.optimum.proved
