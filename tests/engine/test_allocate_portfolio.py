"""The optimal portfolio against trying every combination, and the published paradoxes of the method."""

import random
from collections.abc import Sequence
from fractions import Fraction
from itertools import pairwise, product

import numpy as np
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from evalcomm.engine.allocate import AllocationPlan, Application, Cap, Objective, Outcome, Policy, allocate
from evalcomm.engine.allocate.portfolio import core, optimum
from evalcomm.engine.allocate.portfolio.dual import suggested
from evalcomm.engine.allocate.portfolio.exchange import exchanged
from evalcomm.engine.allocate.portfolio.milp import Case, kept
from evalcomm.engine.allocate.portfolio.model import Clash, Ints, Model
from evalcomm.engine.allocate.portfolio.run import modelled_for
from evalcomm.engine.allocate.ranked import field_of
from tests.engine.divisions import APPLICATIONS, PORTFOLIOS, best, worth


@settings(max_examples=300)
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
@settings(max_examples=60, suppress_health_check=[HealthCheck.function_scoped_fixture])
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


ALIKE = st.lists(st.tuples(st.integers(-1, 6), st.integers(0, 9).map(lambda more: 100 + more)), min_size=1, max_size=9)


@settings(max_examples=100)
@given(ALIKE, st.integers(0, 600))
def test_settling_the_number_of_awards_first_finds_the_same_division(rows: list[tuple[int, int]], budget: int) -> None:
    applications = [Application(f"A{n}", Fraction(score), won) for n, (score, won) in enumerate(rows)]
    plan = AllocationPlan(policy=Policy.PORTFOLIO)
    model = modelled_for(field_of(applications, plan), budget, plan)
    dual = suggested(model)
    assert dual is not None

    found = optimum.halved(model, dual)

    assert found.taken is not None
    assert found.value == found.bound
    assert {model.applications[one].id for one in found.taken} == set(best(applications, budget, plan) or {})


def tried(model: Model, cases: Sequence[Case] = ([],)) -> list[tuple[Ints | None, bool]]:
    """What the solver answers, by trying every selection."""
    choices = [(-1, *range(int(a), int(b))) for a, b in pairwise(model.first)]
    selections = [np.array([c for c in picked if c >= 0], dtype=np.int64) for picked in product(*choices)]
    selections = [taken for taken in selections if kept(model, taken)]
    answers: list[tuple[Ints | None, bool]] = []
    for case in cases:
        left = [taken for taken in selections if all((c in taken) == bool(value) for c, value in case)]
        answers.append((max(left, key=lambda taken: int(model.value[taken].sum()), default=None), True))
    return answers


@settings(max_examples=100, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(APPLICATIONS, PORTFOLIOS, st.integers(0, 30), st.floats(0, 0.2))
def test_a_program_with_all_settled_that_a_limit_settles_has_the_same_optimum(
    monkeypatch: pytest.MonkeyPatch, applications: list[Application], plan: AllocationPlan, budget: int, share: float
) -> None:
    monkeypatch.setattr(optimum, "proposed", tried)
    try:
        model = modelled_for(field_of(applications, plan), budget, plan)
    except Clash:
        return
    dual = suggested(model)
    if dual is None:
        return

    taken, sure = optimum.answered(model, dual, int(dual.bound * share))

    assert sure
    [(expected, _)] = tried(model)
    assert (taken is None) == (expected is None)
    if taken is not None and expected is not None:
        assert int(model.value[taken].sum()) == int(model.value[expected].sum())


def test_a_limit_that_settles_too_much_is_noticed(monkeypatch: pytest.MonkeyPatch) -> None:
    """The bound wants the first, which leaves no room for the next two together."""
    monkeypatch.setattr(optimum, "proposed", tried)
    rows = [(6, 10), (5, 6), (5, 6), (5, 1), (5, 1), (5, 1)]
    applications = [Application(f"A{n}", Fraction(score), won) for n, (won, score) in enumerate(rows)]
    plan = AllocationPlan(policy=Policy.PORTFOLIO, objective=Objective.SCORE)
    model = modelled_for(field_of(applications, plan), 10, plan)
    dual = suggested(model)
    assert dual is not None

    taken, sure = optimum.answered(model, dual, dual.denominator)

    assert sure
    assert taken is not None
    assert {model.applications[one].id for one in taken} == {"A1", "A2"}


def test_a_thousand_requests_alike_are_proved_without_the_solver(monkeypatch: pytest.MonkeyPatch) -> None:
    source = random.Random(7)
    rows = [(source.randint(1, 1000) + 100_000, source.randint(1, 1000)) for _ in range(1000)]
    applications = [Application(f"K{n:04}", Fraction(score), won) for n, (won, score) in enumerate(rows)]
    monkeypatch.setattr(optimum, "proposed", lambda *_: pytest.fail("the solver was asked"))

    answer = allocate(
        applications,
        sum(won for won, _ in rows) // 2,
        AllocationPlan(policy=Policy.PORTFOLIO, objective=Objective.SCORE),
        explain=False,
    )

    assert answer.optimum is not None
    assert answer.optimum.proved
    assert answer.optimum.value == 373_739


@given(APPLICATIONS, PORTFOLIOS, st.integers(0, 30), st.data())
def test_the_solvers_optimum_is_exchanged_until_no_better_rank_can_take_an_equal_award(
    applications: list[Application], plan: AllocationPlan, budget: int, data: st.DataObject
) -> None:
    """From any selection that keeps the rules, whichever the solver might name."""
    try:
        model = modelled_for(field_of(applications, plan), budget, plan)
    except Clash:
        return
    options = [
        np.array(sorted(choice for choice in choices if choice >= 0), dtype=np.int64)
        for choices in product(*([-1, *range(a, b)] for a, b in pairwise(model.first.tolist())))
    ]
    named = [taken for taken in options if kept(model, taken)]
    if not named:
        return
    taken = data.draw(st.sampled_from(named))

    found = exchanged(model, taken)

    assert kept(model, found)
    assert model.value[found].sum() == model.value[taken].sum()
    assert preference(model, found) >= preference(model, taken)
    for out, into in product(found.tolist(), range(len(model.cost))):
        other = np.array(sorted({*found.tolist(), into} - {out}), dtype=np.int64)
        if model.value[out] == model.value[into] and model.owner[into] not in model.owner[found] and kept(model, other):
            assert preference(model, other) <= preference(model, found)


def preference(model: Model, taken: Ints) -> tuple[list[int], int, list[bool]]:
    """More awards at better ranks, fewer won, the first in order."""
    awards = np.bincount(model.rank_group[model.owner[taken]], minlength=len(model.applications)).tolist()
    return awards, -int(model.cost[taken].sum()), np.isin(np.arange(len(model.cost)), taken).tolist()


def test_of_identical_applications_the_smaller_lot_has_the_award_whatever_the_solver_names(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    applications = [
        Application(f"A{n}", Fraction(80), 10, lot=lot, tags={"region": "부산"}) for n, lot in enumerate([4, 1, 3, 2])
    ]
    plan = AllocationPlan(policy=Policy.PORTFOLIO, rules=(Cap("region", "부산", 25),))

    def last_two(model: Model, cases: Sequence[Case] = ([],)) -> list[tuple[Ints, bool]]:
        return [(np.array([2, 3]), True) for _ in cases]

    monkeypatch.setattr(optimum, "MOST", 0)
    monkeypatch.setattr(optimum, "proposed", last_two)

    answer = allocate(applications, 1_000, plan, explain=False)

    assert answer.awards == {"A1": 10, "A3": 10}
