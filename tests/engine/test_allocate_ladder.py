"""The ladder against dividing every single budget, and the paradoxes of method-allocation §1."""

from fractions import Fraction

from hypothesis import given, settings
from hypothesis import strategies as st

from evalcomm.engine.allocate import AllocationPlan, Application, Cap, Outcome, Pin, Shortfall, TiesAtLine, allocate
from evalcomm.engine.allocate.ladder import Paradox, Span, sweep

APPLICATIONS = st.lists(
    st.tuples(st.integers(0, 4), st.integers(1, 6), st.sampled_from(["x", "y"])), min_size=1, max_size=5
).map(
    lambda rows: [
        Application(id=f"A{place}", score=Fraction(score), requested=won, tags={"region": region})
        for place, (score, won, region) in enumerate(rows)
    ]
)
PLANS = st.builds(
    AllocationPlan,
    shortfall=st.sampled_from(Shortfall),
    ties_at_line=st.sampled_from(TiesAtLine),
    min_award_ratio=st.sampled_from([Fraction(0), Fraction(1, 2)]),
    unit_won=st.sampled_from([1, 2]),
    rules=st.sampled_from([(), (Cap(tag="region", value="x", won=7),)]),
)


@settings(deadline=None, max_examples=200)
@given(APPLICATIONS, PLANS, st.integers(0, 5), st.integers(1, 3))
def test_the_ladder_is_what_every_single_budget_gives(
    applications: list[Application], plan: AllocationPlan, start: int, step: int
) -> None:
    found = sweep(applications, start, 25, step, plan)

    for budget in range(start, 26, step):
        funded = {one for one, spans in found.funded.items() if any(s.start <= budget <= s.stop for s in spans)}
        assert funded == set(allocate(applications, budget, plan, explain=False).awards), budget


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
