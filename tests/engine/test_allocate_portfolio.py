"""The optimal portfolio against trying every combination, and the published paradoxes of the method."""

from hypothesis import given, settings
from hypothesis import strategies as st

from evalcomm.engine.allocate import AllocationPlan, Application, Outcome, allocate
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
