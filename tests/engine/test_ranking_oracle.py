"""The engine against an independent slow oracle, and the laws that every ranking obeys."""

from __future__ import annotations

import random
from collections.abc import Mapping
from dataclasses import replace
from fractions import Fraction

from hypothesis import given, settings
from hypothesis import strategies as st

from evalcomm.engine.plan import Method, Plan
from evalcomm.engine.ranking import Ranking, Sheet, SheetState, rank
from tests.engine.rankings import Case, cases
from tests.engine.slow_ranking import slow_rank


def ranked(case: Case) -> Ranking:
    return rank(plan=case.plan, scores=case.sheets, fixed=case.fixed, applications=case.columns, lots=case.lots)


@settings(max_examples=400)
@given(cases())
def test_every_figure_is_the_oracle_s(case: Case) -> None:
    expected = slow_rank(case.plan, case.whole, case.fixed, case.columns, case.lots)

    ranking = ranked(case)

    assert {standing.application for standing in ranking.standings} == set(expected)
    for standing in ranking.standings:
        slow = expected[standing.application]
        assert (standing.mean, standing.base, standing.final) == (slow.mean, slow.base, slow.final)
        assert {criterion.id: criterion.figure for criterion in standing.criteria} == slow.criteria
        assert [failure.cut for failure in standing.failed] == slow.failed
        assert standing.rank == slow.rank


@settings(max_examples=100)
@given(cases((*Method,)), st.randoms(use_true_random=False))
def test_the_order_of_the_input_changes_nothing(case: Case, shuffler: random.Random) -> None:
    shuffled = list(case.sheets)
    shuffler.shuffle(shuffled)
    columns = dict(reversed(list(case.columns.items())))

    again = rank(plan=case.plan, scores=shuffled, fixed=case.fixed, applications=columns, lots=case.lots)

    assert again == ranked(case)


@settings(max_examples=100)
@given(cases((*Method,)))
def test_ranks_count_those_that_are_better_and_equal_ranks_say_why(case: Case) -> None:
    ranking = ranked(case)

    ranks = [standing.rank for standing in ranking.standings if standing.rank is not None]
    assert ranks == sorted(ranks)
    assert all(rank == 1 + sum(other < rank for other in ranks) for rank in ranks)
    for standing in ranking.standings:
        assert (standing.rank is None) == bool(standing.failed) == (not standing.passed)
        if standing.rank is not None and ranks.count(standing.rank) > 1:
            assert standing.tie is not None
            assert standing.tie.key is None
            assert len(standing.tie.unresolved) == ranks.count(standing.rank) - 1
            assert standing.tie.waits_for_lot == ("lot" in case.plan.tie_keys)


@settings(max_examples=100)
@given(cases((Method.TRIMMED_MEAN,)))
def test_a_trimmed_mean_lies_between_the_extremes_that_stay(case: Case) -> None:
    plan = replace(case.plan, rounding=replace(case.plan.rounding, sheet_total=None, criterion=None, mean=None))
    for standing in ranked(replace(case, plan=plan)).standings:
        kept = [sheet.value for sheet in standing.sheets if sheet.value is not None and sheet.dropped is None]
        if standing.mean is not None and plan.aggregate.scope.value == "sheet-total":
            assert min(kept) <= standing.mean <= max(kept)


def totals_only(table: Mapping[str, Mapping[str, int]]) -> list[Sheet]:
    return [
        Sheet.of(application, evaluator, score)
        for application, row in table.items()
        for evaluator, score in row.items()
    ]


tables = st.integers(1, 6).flatmap(
    lambda judges: st.dictionaries(
        st.sampled_from([f"A{n}" for n in range(8)]),
        st.dictionaries(st.sampled_from([f"E{n}" for n in range(judges)]), st.integers(0, 20), min_size=1),
        min_size=1,
    )
)


def order(ranking: Ranking) -> dict[str, int | None]:
    return {standing.application: standing.rank for standing in ranking.standings}


def plan_of(method: Method) -> Plan:
    plan = Plan("p", 1)
    return replace(plan, aggregate=replace(plan.aggregate, method=method))


@settings(max_examples=60)
@given(tables, st.sampled_from(Method), st.integers(-50, 50))
def test_a_constant_added_to_every_score_changes_no_rank(
    table: dict[str, dict[str, int]], method: Method, constant: int
) -> None:
    moved = {
        application: {evaluator: score + constant for evaluator, score in row.items()}
        for application, row in table.items()
    }

    assert order(rank(plan=plan_of(method), scores=totals_only(moved))) == order(
        rank(plan=plan_of(method), scores=totals_only(table))
    )


@settings(max_examples=60)
@given(tables, st.sampled_from(Method), st.randoms(use_true_random=False))
def test_renaming_evaluators_changes_no_figure(
    table: dict[str, dict[str, int]], method: Method, shuffler: random.Random
) -> None:
    names = [f"E{n}" for n in range(6)]
    shuffled = list(names)
    shuffler.shuffle(shuffled)
    new = dict(zip(names, shuffled, strict=True))
    renamed = {
        application: {new[evaluator]: score for evaluator, score in row.items()} for application, row in table.items()
    }

    before = rank(plan=plan_of(method), scores=totals_only(table))
    after = rank(plan=plan_of(method), scores=totals_only(renamed))

    assert [(s.application, s.rank, s.mean) for s in before.standings] == [
        (s.application, s.rank, s.mean) for s in after.standings
    ]


@settings(max_examples=60)
@given(tables, st.sampled_from(Method))
def test_identical_rows_get_identical_results(table: dict[str, dict[str, int]], method: Method) -> None:
    first = min(table)
    doubled = {**table, "Z": dict(table[first])}

    ranking = rank(plan=plan_of(method), scores=totals_only(doubled))

    one, other = ranking.standing(first), ranking.standing("Z")
    assert (one.mean, one.final, one.rank) == (other.mean, other.final, other.rank)


@settings(max_examples=60)
@given(st.lists(st.lists(st.integers(0, 100), min_size=4, max_size=4), min_size=1, max_size=6))
def test_least_squares_changes_nothing_where_the_table_is_complete(rows: list[list[int]]) -> None:
    table = {f"A{n}": {f"E{m}": score for m, score in enumerate(row)} for n, row in enumerate(rows)}

    corrected = rank(plan=plan_of(Method.LEAST_SQUARES), scores=totals_only(table))

    for standing in corrected.standings:
        assert standing.mean == Fraction(sum(table[standing.application].values()), 4)


def test_a_recused_lenient_evaluator_no_longer_costs_the_applicant() -> None:
    """B's sheet of the lenient E3 is gone: the plain mean drops, the corrected one stays level with its twin A."""
    table = {name: {"E1": 70, "E2": 72, "E3": 92} for name in ("A", "B", "C")}
    del table["B"]["E3"]

    plain = rank(plan=plan_of(Method.MEAN), scores=totals_only(table))
    corrected = rank(plan=plan_of(Method.LEAST_SQUARES), scores=totals_only(table))

    assert (plain.standing("A").mean, plain.standing("B").mean) == (78, 71)
    assert (corrected.standing("A").mean, corrected.standing("B").mean) == (78, 78)
    assert corrected.severity == {"E1": 8, "E2": 6, "E3": -14}


def test_recused_missing_and_not_assigned_are_not_zero() -> None:
    sheets = [Sheet.of("A", "E1", 0), Sheet.of("A", "E2", 80)]
    absent = [Sheet("B", "E1", state=state) for state in (SheetState.RECUSED,)]
    absent += [
        Sheet("B", "E2", state=SheetState.MISSING),
        Sheet("B", "E3", state=SheetState.NOT_APPLICABLE),
        Sheet.of("B", "E4", 80),
    ]

    ranking = rank(plan=plan_of(Method.MEAN), scores=sheets + absent)

    assert ranking.standing("A").mean == 40
    assert ranking.standing("B").mean == 80
    assert ranking.standing("B").valid_sheets == 1
