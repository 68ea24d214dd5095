"""The ladder against dividing every single budget, and the paradoxes of method-allocation §1."""

from fractions import Fraction

from hypothesis import given, settings
from hypothesis import strategies as st

from evalcomm.engine.allocate import (
    AllocationPlan,
    Application,
    Objective,
    Outcome,
    Pin,
    Policy,
    Shortfall,
    allocate,
)
from evalcomm.engine.allocate.ladder import Paradox, Span, sweep
from tests.engine.divisions import APPLICATIONS, EVERY_PLAN


@settings(max_examples=100)
@given(APPLICATIONS, EVERY_PLAN, st.integers(0, 5), st.integers(1, 4))
def test_the_ladder_is_what_every_single_budget_gives(
    applications: list[Application], plan: AllocationPlan, start: int, step: int
) -> None:
    found = sweep(applications, start, 25, step, plan)
    before: frozenset[str] = frozenset()

    for budget in range(start, 26, step):
        funded = {one for one, spans in found.funded.items() if any(s.start <= budget <= s.stop for s in spans)}
        answer = allocate(applications, budget, plan, explain=False)
        assert funded == set(answer.awards), budget
        if answer.status is Outcome.OK:
            exits = {one.application for one in found.paradoxes if one.exits == budget}
            assert exits == before - funded, budget
        before = funded if answer.status is Outcome.OK else before | funded


def test_skip_can_drop_a_winner_when_money_comes() -> None:
    applications = [Application("P", Fraction(90), 6), Application("R", Fraction(80), 4)]

    found = sweep(applications, 0, 12, 1, AllocationPlan(shortfall=Shortfall.SKIP))

    assert found.funded == {"P": (Span(6, 12),), "R": (Span(4, 5), Span(10, 12))}
    assert found.paradoxes == (Paradox("R", enters=4, exits=6),)


def test_stop_never_drops_a_winner() -> None:
    applications = [Application("P", Fraction(90), 6), Application("R", Fraction(80), 4)]

    assert sweep(applications, 0, 12, 1, AllocationPlan(shortfall=Shortfall.STOP)).paradoxes == ()


def test_budgets_that_cannot_serve_a_pin_are_named() -> None:
    pin = Pin(application="P", won=5, author="위원회", reason="의결")

    found = sweep([Application("P", Fraction(90), 6)], 0, 9, 1, AllocationPlan(rules=(pin,)))

    assert (found.infeasible, found.funded) == ((Span(0, 4),), {"P": (Span(5, 9),)})


def test_budgets_that_wait_for_a_lot_are_named() -> None:
    tied = [Application("P", Fraction(90), 6), Application("R", Fraction(90), 6)]

    found = sweep(tied, 0, 12, 1, AllocationPlan())

    assert (found.needs_lot, found.funded["P"]) == ((Span(6, 11),), (Span(12, 12),))
    assert allocate(tied, 6, AllocationPlan()).status is Outcome.NEEDS_LOT


def test_more_money_can_drop_a_winner_of_the_optimal_portfolio() -> None:
    applications = [
        Application("X", Fraction(70), 6),
        Application("Y", Fraction(60), 5),
        Application("Z", Fraction(55), 5),
    ]
    plan = AllocationPlan(policy=Policy.PORTFOLIO, objective=Objective.SCORE)

    found = sweep(applications, 0, 10, 1, plan)

    assert allocate(applications, 6, plan).awards == {"X": 6}
    assert allocate(applications, 10, plan).awards == {"Y": 5, "Z": 5}
    assert Paradox("X", enters=6, exits=10) in found.paradoxes
