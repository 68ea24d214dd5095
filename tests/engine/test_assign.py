"""Assignments against every assignment there is, and against published solvers where there are too many."""

from __future__ import annotations

import random
from collections import Counter
from dataclasses import replace
from fractions import Fraction
from itertools import combinations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy import sparse
from scipy.optimize import Bounds, LinearConstraint, linear_sum_assignment, milp

from evalcomm.engine.assign import (
    Application,
    Assignment,
    Evaluator,
    Impossible,
    Objective,
    Request,
    assign,
    changes,
    contradictions,
)
from tests.engine.slow_assignment import able, limits, may, meet, most_kept, slow_best, teams

ORGANISATIONS = st.sampled_from([None, None, "국토연구원", "한국대", "행복대"])


@st.composite
def requests(draw: st.DrawFn, *, most: int = 5) -> Request:
    """Small requests of every kind; many of them impossible, none contradictory."""
    applications = [Application(f"A{i}", draw(ORGANISATIONS)) for i in range(draw(st.integers(1, most)))]
    evaluators = []
    for j in range(draw(st.integers(1, most))):
        least = draw(st.sampled_from([0, 0, 0, 1, 2]))
        limit = draw(st.sampled_from([None, None, 1, 2, 3, 4]))
        evaluators.append(Evaluator(f"E{j}", draw(ORGANISATIONS), least, None if limit is None else max(limit, least)))
    pairs = [(a.id, e.id) for a in applications for e in evaluators]
    figures = st.sampled_from([Fraction(-1), Fraction(0), Fraction(1, 2), Fraction(1), Fraction(3, 2), Fraction(4)])
    request = Request(
        applications,
        evaluators,
        draw(st.integers(1, min(3, len(evaluators)))),
        affinity={pair: draw(figures) for pair in pairs if draw(st.booleans())},
        conflicts=[pair for pair in pairs if draw(st.integers(0, 7)) == 0],
        objective=draw(st.sampled_from(Objective)),
        apart=draw(st.booleans()),
    )
    fixed = draw(st.lists(st.sampled_from(pairs), max_size=3, unique=True))
    for pair in fixed:
        more = replace_unchecked(request, (*request.fixed, pair))
        request = request if more is None else more
    return request


def replace_unchecked(request: Request, fixed: tuple[tuple[str, str], ...]) -> Request | None:
    try:
        return replace(request, fixed=fixed)
    except ValueError:
        return None


@settings(max_examples=150)
@given(requests())
def test_it_is_the_best_of_all_assignments(request: Request) -> None:
    best = slow_best(request)

    found = assign(request)

    if best is None:
        assert isinstance(found, Impossible)
        return
    assert isinstance(found, Assignment)
    assert found.proved
    assert found.total == found.total_bound == best.total
    if best.worst is not None:
        assert found.worst[1] == found.worst_bound == best.worst
        alone = slow_best(replace(request, objective=Objective.TOTAL))
        assert alone is not None
        assert found.greatest_total == alone.total
    if found.even_load is not None:
        assert found.even_load == best.even_load
    assert sum(load * load for load in found.loads.values()) == best.squares


@settings(max_examples=100)
@given(requests(most=7))
def test_it_keeps_every_rule_and_its_own_account(request: Request) -> None:
    found = assign(request)

    if isinstance(found, Impossible):
        assert found.reasons
        return
    pairs = [(a, e) for a, e, _ in found.pairs]
    assert pairs == sorted(set(pairs))
    assert set(request.fixed) <= set(pairs)
    assert all(may(request, a, e) for a, e in pairs)
    for application in request.applications:
        team = tuple(e for a, e in pairs if a == application.id)
        assert len(team) == request.per_application
        assert meet(request, team)
    load = Counter(e for _, e in pairs)
    assert found.loads == {e.id: load[e.id] for e in request.evaluators}
    high = limits(request, found.even_load or 0)
    assert all(e.min_load <= load[e.id] <= high[e.id] for e in request.evaluators)
    sums = {a.id: sum((f for b, _, f in found.pairs if b == a.id), Fraction(0)) for a in request.applications}
    assert all(figure == request.affinity.get((a, e), 0) for a, e, figure in found.pairs)
    assert found.worst == min(sums.items(), key=lambda one: (one[1], one[0]))
    assert found.total == sum(sums.values())


@settings(max_examples=50)
@given(requests(most=7), st.randoms(use_true_random=False))
def test_the_order_of_the_input_decides_nothing(request: Request, source: random.Random) -> None:
    def shuffled(given: object) -> list[object]:
        return source.sample(list(given), len(list(given)))  # type: ignore[call-overload]

    again = replace(
        request,
        applications=shuffled(request.applications),
        evaluators=shuffled(request.evaluators),
        affinity=dict(shuffled(request.affinity.items())),
        conflicts=shuffled(request.conflicts),
        fixed=shuffled(request.fixed),
    )
    assert assign(again) == assign(request)


@settings(max_examples=100)
@given(requests(), st.lists(st.tuples(st.integers(0, 5), st.integers(0, 5)), max_size=12))
def test_of_equals_it_keeps_most_of_what_stands(request: Request, places: list[tuple[int, int]]) -> None:
    standing = [(f"A{i}", f"E{j}") for i, j in places]

    plain, found = assign(request), assign(replace(request, standing=standing))

    if isinstance(found, Impossible):
        assert found == plain
        return
    assert isinstance(plain, Assignment)
    assert (found.worst, found.total, found.loads) == (plain.worst, plain.total, plain.loads)
    assert found.proved
    assert len(changes(found, standing).kept) == most_kept(replace(request, standing=standing), found)


@settings(max_examples=40)
@given(requests(most=7))
def test_its_own_answer_stands_unchanged(request: Request) -> None:
    first = assign(request)
    if isinstance(first, Assignment):
        pairs = [(a, e) for a, e, _ in first.pairs]
        assert assign(replace(request, standing=pairs)) == first


def recomputed_bound(request: Request, found: Assignment) -> Fraction:
    """The textbook's dual bound from the printed prices, by going through every team there is: no assignment has a greater total."""
    assert found.prices is not None
    high = limits(request, found.even_load or 0)
    fixed = Counter(e for _, e in set(request.fixed))
    least = found.worst[1] if request.objective is Objective.WORST_THEN_TOTAL else None
    bound = Fraction(0)
    for application in request.applications:
        given = [e for a, e in request.fixed if a == application.id]
        worths = []
        for team in teams(request, application.id, request.per_application or 0):
            affinities = [request.affinity.get((application.id, e), Fraction(0)) for e in team]
            if any(fixed[e] == high[e] for e in team if e not in given):
                continue  # fixed pairs fill him
            if least is None or sum(affinities) >= least:
                worths.append(sum(affinities) - sum(found.prices[e] for e in team if e not in given))
        bound += max(worths)
    for e in request.evaluators:
        price = found.prices[e.id]
        bound += price * (high[e.id] - fixed[e.id] if price > 0 else max(e.min_load - fixed[e.id], 0))
    return bound


@settings(max_examples=80)
@given(requests(most=6))
def test_the_prices_prove_the_total_to_anyone(request: Request) -> None:
    found = assign(request)

    if isinstance(found, Assignment) and found.prices is not None:
        assert recomputed_bound(request, found) == found.total


def committee(n: int, m: int, *, seed: int, digits: int, institutions: int | None = None) -> Request:
    source = random.Random(seed)
    evaluators = [
        Evaluator(f"E{j:03}", None if institutions is None else f"기관{source.randrange(institutions)}", 3)
        for j in range(m)
    ]
    applications = [Application(f"A{i:03}") for i in range(n)]
    pairs = [(a.id, e.id) for a in applications for e in evaluators]
    return Request(
        applications,
        evaluators,
        3,
        affinity={pair: Fraction(source.randrange(10**digits + 1), 10**digits) for pair in pairs},
        conflicts=[pair for pair in pairs if source.random() < 0.08],
    )


def with_milp(request: Request, even: int, *, least: Fraction | None) -> Fraction | None:
    """HiGHS on 0-1 pairs: the greatest worst sum (`least` None), or the greatest total at this worst sum."""
    n, m = len(request.applications), len(request.evaluators)
    value = np.array(
        [[float(request.affinity.get((a.id, e.id), 0)) for e in request.evaluators] for a in request.applications]
    )
    open_ = np.array([[may(request, a.id, e.id) for e in request.evaluators] for a in request.applications])
    rows = sparse.kron(sparse.eye(n), np.ones((1, m)))
    high = limits(request, even)
    lows, highs = [e.min_load for e in request.evaluators], [high[e.id] for e in request.evaluators]
    employers = sorted({e.organisation or e.id for e in request.evaluators})
    shared = np.array([[(e.organisation or e.id) == one for e in request.evaluators] for one in employers], float)
    parts = [
        (rows, 3, 3),
        (sparse.kron(np.ones((1, n)), sparse.eye(m)), lows, highs),
        (sparse.kron(sparse.eye(n), shared), 0, 1),
    ]
    sums = rows.multiply(value.ravel()[None, :])
    cost, floor = np.append(-value.ravel(), 0.0), np.zeros((n, 1))
    if least is None:
        cost, floor = np.append(np.zeros(n * m), -1.0), np.full((n, 1), -1.0)
    limit = 0.0 if least is None else float(least)
    constraints = [
        LinearConstraint(sparse.hstack([part, sparse.csr_matrix((part.shape[0], 1))]).tocsr(), low, top)
        for part, low, top in parts
    ]
    constraints.append(LinearConstraint(sparse.hstack([sums, floor]).tocsr(), limit - 1e-7, np.inf))
    solved = milp(
        cost,
        constraints=constraints,
        integrality=np.append(np.ones(n * m), 0),
        bounds=Bounds(0, np.append(open_.ravel().astype(float), 3.0)),
        options={"mip_rel_gap": 0},
    )
    return None if solved.x is None else Fraction(round(-solved.fun * 1000), 1000)


@pytest.mark.parametrize(("digits", "institutions"), [(3, None), (3, 8), (1, None), (1, 8)])
def test_a_middling_committee_against_a_mixed_integer_solver(digits: int, institutions: int | None) -> None:
    request = committee(40, 12, seed=digits, digits=digits, institutions=institutions)

    found = assign(request)

    assert isinstance(found, Assignment)
    assert found.proved
    assert found.even_load is not None
    assert found.worst[1] == with_milp(request, found.even_load, least=None)
    assert found.total == with_milp(request, found.even_load, least=found.worst[1])


def by_field(n: int, m: int, *, seed: int) -> Request:
    """Most applications lie in one field, and evaluators are spread evenly, so nearly every application of that field is short."""
    source = random.Random(seed)
    fields = [source.choice("가가가나다") for _ in range(n)]
    evaluators = [Evaluator(f"E{j:02}") for j in range(m)]
    applications = [Application(f"A{i:02}") for i in range(n)]
    return Request(
        applications,
        evaluators,
        3,
        affinity={
            (f"A{i:02}", f"E{j:02}"): Fraction(source.randrange(3) + 8 * (fields[i] == "가나다"[j % 3]), 10)
            for i in range(n)
            for j in range(m)
        },
        conflicts=[(f"A{i:02}", f"E{j:02}") for i in range(n) for j in range(m) if source.random() < 0.05],
    )


@pytest.mark.parametrize("seed", [0, 4, 6])
def test_scarce_experts_take_branching_and_are_proved_all_the_same(seed: int) -> None:
    request = by_field(24, 9, seed=seed)

    found = assign(request)

    assert isinstance(found, Assignment)
    assert found.proved
    assert found.prices is None
    assert found.even_load is not None
    assert found.worst[1] == with_milp(request, found.even_load, least=None)
    assert found.total == with_milp(request, found.even_load, least=found.worst[1])


def test_one_evaluator_each_is_the_assignment_problem() -> None:
    source = np.random.default_rng(7)
    value = source.integers(0, 1000, (60, 60))
    request = Request(
        [Application(f"A{i:02}") for i in range(60)],
        [Evaluator(f"E{j:02}", max_load=1) for j in range(60)],
        1,
        affinity={(f"A{i:02}", f"E{j:02}"): Fraction(int(value[i, j])) for i in range(60) for j in range(60)},
        objective=Objective.TOTAL,
    )

    found = assign(request)

    assert isinstance(found, Assignment)
    assert found.total == value[linear_sum_assignment(value, maximize=True)].sum()
    assert found.proved


def test_a_worst_sum_that_exchanges_miss_is_searched_for() -> None:
    """Exchanges from the greatest total (26) get stuck at a worst sum of 4."""
    figures = [[None, 5, 1, None], [6, 4, -2, -1], [-2, 3, -1, 2], [7, None, -2, 4]]
    people = [Evaluator("E0", max_load=3)] + [Evaluator(f"E{j}", max_load=2) for j in (1, 2, 3)]
    pairs = {(f"A{i}", f"E{j}"): figures[i][j] for i in range(4) for j in range(4)}
    request = Request(
        [Application(f"A{i}") for i in range(4)],
        people,
        2,
        affinity={pair: Fraction(figure) for pair, figure in pairs.items() if figure is not None},
        conflicts=[pair for pair, figure in pairs.items() if figure is None],
    )

    found = assign(request)

    assert isinstance(found, Assignment)
    assert (found.worst[1], found.total, found.proved) == (5, 21, True)


def test_figures_beyond_64_bits_stay_exact() -> None:
    request = committee(12, 5, seed=3, digits=1)
    huge = Fraction(10**40 + 1, 10**3)
    scaled = replace(request, affinity={pair: figure * huge for pair, figure in request.affinity.items()})

    small, found = assign(request), assign(scaled)

    assert isinstance(small, Assignment)
    assert isinstance(found, Assignment)
    assert (found.worst[1], found.total) == (small.worst[1] * huge, small.total * huge)
    assert found.proved


def test_a_better_worst_application_is_worth_a_smaller_total() -> None:
    """Two applications and two evaluators: the one is much better with E1, the other can only live with him."""
    affinity = {("A", "E1"): Fraction(9), ("A", "E2"): Fraction(3), ("B", "E1"): Fraction(4), ("B", "E2"): Fraction(1)}
    request = Request([Application("A"), Application("B")], [Evaluator("E1"), Evaluator("E2")], 1, affinity)

    fair, greedy = assign(request), assign(replace(request, objective=Objective.TOTAL))

    assert isinstance(fair, Assignment)
    assert isinstance(greedy, Assignment)
    assert (fair.worst, fair.total) == (("A", Fraction(3)), Fraction(7))
    assert (greedy.worst, greedy.total, greedy.worst_bound) == (("B", Fraction(1)), Fraction(10), None)


def test_without_a_maximum_the_load_is_the_smallest_even_one() -> None:
    applications, evaluators = [Application(f"A{i}") for i in range(5)], [Evaluator(f"E{j}") for j in range(4)]

    plain = assign(Request(applications, evaluators, 2))
    pressed = assign(
        Request(applications, evaluators, 2, conflicts=[(f"A{i}", e) for i in range(5) for e in ("E0", "E1")])
    )

    assert isinstance(plain, Assignment)
    assert isinstance(pressed, Assignment)
    assert plain.even_load == 3
    assert sorted(plain.loads.values()) == [2, 2, 3, 3]
    assert (pressed.even_load, pressed.loads) == (5, {"E0": 0, "E1": 0, "E2": 5, "E3": 5})


def test_those_without_a_maximum_share_with_those_who_declared_one() -> None:
    applications = [Application(f"A{i}") for i in range(6)]
    request = Request(applications, [Evaluator("E1", max_load=100), Evaluator("E2"), Evaluator("E3", max_load=1)], 1)

    found = assign(request)

    assert isinstance(found, Assignment)
    assert found.even_load == 3
    assert sorted(found.loads.values()) == [1, 2, 3]


def test_the_whole_committee_judges_whatever_it_may() -> None:
    request = Request(
        [Application("A", "한국대"), Application("B")],
        [Evaluator("E1", "한국대"), Evaluator("E2", "행복대"), Evaluator("E3", "행복대")],
        None,
        affinity={("B", "E1"): Fraction(1)},
        conflicts=[("B", "E3")],
    )

    found = assign(request)

    assert isinstance(found, Assignment)
    assert [(a, e) for a, e, _ in found.pairs] == [("A", "E2"), ("A", "E3"), ("B", "E1"), ("B", "E2")]
    assert (found.excluded.declared, found.excluded.own_organisation) == (1, 1)
    assert (found.worst, found.total, found.proved) == (("A", Fraction(0)), Fraction(1), True)


def test_what_would_change_of_the_standing_pairs() -> None:
    request = Request([Application("A"), Application("B")], [Evaluator("E1"), Evaluator("E2")], 1, fixed=[("A", "E2")])
    found = assign(request)

    assert isinstance(found, Assignment)
    changed = changes(found, [("A", "E1"), ("A", "E2"), ("C", "E9")])

    assert changed.added == (("B", "E1"),)
    assert changed.removed == (("A", "E1"), ("C", "E9"))
    assert changed.kept == (("A", "E2"),)


@pytest.mark.parametrize(
    ("change", "sentence"),
    [
        ({"conflicts": [("A", "E1")], "fixed": [("A", "E1")]}, "E1 has a conflict with A"),
        ({"fixed": [("A", "E3")]}, "E3 and the applicant of A both belong to 한국대"),
        ({"fixed": [("B", "E2"), ("B", "E3")]}, "E2 is fixed for B already and belongs to 한국대 too"),
        ({"fixed": [("B", "E1"), ("B", "E2"), ("B", "E4")]}, "more than 2 evaluators are fixed for B"),
        ({"fixed": [("A", "E1"), ("B", "E1")]}, "E1 has more fixed applications than the maximum load of 1"),
        ({"fixed": [("A", "E9")]}, "unknown pair A, E9"),
        ({"evaluators": [Evaluator("E1"), Evaluator("E1")]}, "an evaluator occurs twice"),
        ({"evaluators": [Evaluator("E1", None, 3, 2)]}, "loads from 3 to 2 make no sense"),
        ({"applications": []}, "there is no application"),
        ({"per_application": 0}, "at least one evaluator"),
    ],
)
def test_what_contradicts_itself_is_refused(change: dict[str, object], sentence: str) -> None:
    request = Request(
        [Application("A", "한국대"), Application("B")],
        [Evaluator("E1", max_load=1), Evaluator("E2", "한국대"), Evaluator("E3", "한국대"), Evaluator("E4")],
        2,
    )
    assert contradictions(request, [("A", "E1")]) == []

    with pytest.raises(ValueError, match=sentence):
        replace(request, **change)


def test_colleagues_may_meet_where_the_request_says_so() -> None:
    people = [Evaluator("E1", "한국대"), Evaluator("E2", "한국대"), Evaluator("E3")]
    affinity = {("A", "E1"): Fraction(2), ("A", "E2"): Fraction(2)}
    request = Request([Application("A")], people, 2, affinity)

    def team(found: Assignment | Impossible) -> list[str]:
        assert isinstance(found, Assignment)
        return [e for _, e, _ in found.pairs]

    assert team(assign(request)) == ["E1", "E3"]
    assert team(assign(replace(request, apart=False))) == ["E1", "E2"]


def test_the_oracle_knows_the_teams() -> None:
    request = Request([Application("A")], [Evaluator(f"E{j}") for j in range(4)], 2, conflicts=[("A", "E0")])

    assert able(request, "A") == ["E1", "E2", "E3"]
    assert list(teams(request, "A", 2)) == list(combinations(["E1", "E2", "E3"], 2))
