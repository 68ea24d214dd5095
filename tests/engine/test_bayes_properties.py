"""What must hold for every table: neither rows, names nor a common constant have a say; equals are equal; probabilities add up."""

from __future__ import annotations

import math
import random
from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from evalcomm.engine.bayes import Group, NothingToRank, Uncertainty, rank_with_uncertainty
from evalcomm.engine.bayes.groups import groups, line_of
from evalcomm.engine.ratings import Ratings

Rows = list[tuple[str, str, float]]


@st.composite
def tables(draw: st.DrawFn) -> Rows:
    """Up to 7 applications and 5 evaluators, whole scores, gaps; every application has a score."""
    n_applications, n_evaluators = draw(st.integers(1, 7)), draw(st.integers(1, 5))
    rows: Rows = []
    for i in range(n_applications):
        who = draw(st.sets(st.integers(0, n_evaluators - 1), min_size=1))
        rows += [(f"A{i}", f"E{j}", float(draw(st.integers(0, 20)))) for j in sorted(who)]
    return rows


def by_id(found: Uncertainty) -> dict[str, object]:
    return {item.application: item for item in found.applications}


@settings(max_examples=40)
@given(tables(), st.booleans(), st.randoms(use_true_random=False))
def test_shuffled_rows_give_the_same_answer_to_the_last_bit(rows: Rows, robust: bool, chance: random.Random) -> None:
    shuffled = rows.copy()
    chance.shuffle(shuffled)

    assert rank_with_uncertainty(Ratings.of(rows), top=2, robust=robust) == rank_with_uncertainty(
        Ratings.of(shuffled), top=2, robust=robust
    )


@settings(max_examples=30)
@given(tables(), st.permutations(range(5)))
def test_evaluators_that_change_names_change_nothing(rows: Rows, names: list[int]) -> None:
    renamed = [(application, f"E{names[int(evaluator[1:])]}", score) for application, evaluator, score in rows]

    before, after = rank_with_uncertainty(Ratings.of(rows), top=2), rank_with_uncertainty(Ratings.of(renamed), top=2)

    for one, other in zip(before.applications, after.applications, strict=True):
        assert one.application == other.application
        assert one.expected_rank == pytest.approx(other.expected_rank, abs=1e-6)
        assert one.effect_90 == pytest.approx(other.effect_90, abs=1e-5)
        assert np.abs(np.subtract(one.rank_90, other.rank_90)).max() <= 1
    severity = {f"E{names[int(item.evaluator[1:])]}": item.severity for item in before.evaluators}
    assert {item.evaluator: item.severity for item in after.evaluators} == pytest.approx(severity, abs=1e-6)


@settings(max_examples=30)
@given(tables(), st.sampled_from([-50.0, 7.0, 1000.0]), st.booleans())
def test_a_constant_for_everyone_changes_no_rank(rows: Rows, constant: float, robust: bool) -> None:
    raised = [(application, evaluator, score + constant) for application, evaluator, score in rows]

    before, after = (rank_with_uncertainty(Ratings.of(table), top=2, robust=robust) for table in (rows, raised))

    assert after.m == pytest.approx(before.m + constant)
    other = by_id(after)
    for one in before.applications:
        same = other[one.application]
        assert same.expected_rank == pytest.approx(one.expected_rank, abs=1e-6)
        assert same.effect == pytest.approx(one.effect, abs=1e-6)
        assert (same.rank_50, same.rank_90) == (one.rank_50, one.rank_90)


@pytest.mark.filterwarnings("error")
@settings(max_examples=30)
@given(tables(), st.sampled_from([2.0**-90, 2.0**40, 2.0**160]), st.booleans())
def test_the_unit_of_the_scores_changes_no_rank(rows: Rows, unit: float, robust: bool) -> None:
    scaled = [(application, evaluator, score * unit) for application, evaluator, score in rows]

    before, after = (rank_with_uncertainty(Ratings.of(table), top=2, robust=robust) for table in (rows, scaled))

    other = by_id(after)
    for one in before.applications:
        same = other[one.application]
        assert same.expected_rank == pytest.approx(one.expected_rank, abs=1e-6)
        assert same.effect == pytest.approx(one.effect * unit, abs=1e-6 * unit)
        assert np.abs(np.subtract(one.rank_90, same.rank_90)).max() <= 1
        assert same.p_top == pytest.approx(one.p_top, abs=0.01)


@settings(max_examples=30)
@given(tables(), st.booleans())
def test_a_twin_shares_every_figure(rows: Rows, robust: bool) -> None:
    twins = rows + [("B0", evaluator, score) for application, evaluator, score in rows if application == "A0"]

    found = by_id(rank_with_uncertainty(Ratings.of(twins), top=2, robust=robust))

    assert replace(found["A0"], application="B0") == found["B0"]


@settings(max_examples=40)
@given(tables(), st.integers(1, 8), st.booleans())
def test_ranks_and_chances_add_up_and_intervals_nest(rows: Rows, top: int, robust: bool) -> None:
    found = rank_with_uncertainty(Ratings.of(rows), top=top, robust=robust)
    count = len(found.applications)

    assert sum(item.expected_rank for item in found.applications) == pytest.approx(count * (count + 1) / 2)
    assert sum(item.p_top or 0.0 for item in found.applications) == pytest.approx(min(top, count))
    for item in found.applications:
        assert 1 <= item.rank_90[0] <= item.rank_50[0] <= item.rank_50[1] <= item.rank_90[1] <= count
        assert item.effect_90[0] <= item.effect_50[0] <= item.effect_50[1] <= item.effect_90[1]
        assert all(math.isfinite(value) for value in (item.effect, item.effect_sd, item.pcer, item.sucra))
    assert [item.expected_rank for item in found.applications] == sorted(
        item.expected_rank for item in found.applications
    )
    for sheet in found.sheets:
        assert 0 < sheet.weight <= 1


def test_lower_is_better_mirrors_the_ranks() -> None:
    rows = [(f"A{i}", f"E{j}", float(i + (i * j) % 3)) for i in range(5) for j in range(3)]

    up, down = (rank_with_uncertainty(Ratings.of(rows), top=2, lower_is_better=lower) for lower in (False, True))

    assert [item.application for item in up.applications] == [item.application for item in reversed(down.applications)]
    for one, other in zip(up.applications, reversed(down.applications), strict=True):
        assert one.expected_rank == pytest.approx(6 - other.expected_rank, abs=1e-6)
        assert one.effect == pytest.approx(-other.effect, abs=1e-6)
    for one, other in zip(up.evaluators, down.evaluators, strict=True):
        assert one.severity == pytest.approx(-other.severity, abs=1e-6)


def test_equal_totals_in_a_complete_table_are_equal_to_the_normal_model() -> None:
    """The published example's oddity: JAGS ranks proposals with identical totals apart by chance."""
    rows = [
        (name, f"E{j}", score)
        for name, scores in {"A": (5, 4, 3), "B": (3, 4, 5), "C": (4, 4, 4), "D": (1, 2, 1)}.items()
        for j, score in enumerate(scores)
    ]

    found = by_id(
        rank_with_uncertainty(
            Ratings.of([(a, e, float(s)) for a, e, s in rows]), top=2, severity_sd=0.5, prior_upper=2, robust=False
        )
    )

    assert found["A"].expected_rank == found["B"].expected_rank == found["C"].expected_rank
    assert found["A"].rank_50 == found["B"].rank_50 == found["C"].rank_50
    assert found["A"].group is found["B"].group is found["C"].group


def test_a_strict_evaluator_has_positive_severity_and_costs_nobody_the_rank() -> None:
    """E0 sees only the second half and takes 20 points off; by the mean the second half would lose."""
    rng = np.random.default_rng(8)
    rows: Rows = []
    for i in range(12):
        quality = 50 + 10 * (i >= 6) + rng.normal()
        who = [0, 1, 2] if i >= 6 else [1, 2, 3]
        rows += [(f"A{i:02}", f"E{j}", quality + rng.normal() - 40 * (j == 0)) for j in who]

    found = rank_with_uncertainty(Ratings.of(rows), top=6)

    severity = {item.evaluator: item.severity for item in found.evaluators}
    assert max(severity, key=lambda name: severity[name]) == "E0"
    assert severity["E0"] - severity["E1"] == pytest.approx(40, abs=4)
    assert {item.application for item in found.applications[:6]} == {f"A{i:02}" for i in range(6, 12)}


def test_a_wild_sheet_weighs_little_and_is_named_first() -> None:
    rng = np.random.default_rng(3)
    rows = [(f"A{i:02}", f"E{j}", 60 + i + rng.normal()) for i in range(15) for j in range(5)]
    place = next(k for k, row in enumerate(rows) if row[:2] == ("A14", "E2"))
    rows[place] = ("A14", "E2", 20.0)

    robust, normal = (rank_with_uncertainty(Ratings.of(rows), top=3, robust=flag) for flag in (True, False))

    wildest = robust.outlying[0]
    assert (wildest.application, wildest.evaluator) == ("A14", "E2")
    assert wildest.z < -10
    assert len(robust.outlying) == 1
    assert wildest.weight < 0.05
    assert wildest.expected == pytest.approx(74, abs=2)
    assert robust.applications[0].application == "A14"
    assert normal.applications[0].application != "A14"
    assert all(sheet.weight == 1 for sheet in normal.sheets)


def test_where_nobody_is_wild_the_robust_ranking_is_nearly_the_normal_one() -> None:
    rng = np.random.default_rng(12)
    quality, severity = rng.normal(0, 0.7, 40), rng.normal(0, 0.5, 8)
    rows = [
        (f"A{i:02}", f"E{j}", quality[i] + severity[j] + rng.normal(0, 0.9))
        for i in range(40)
        for j in rng.choice(8, 4, replace=False)
    ]

    robust, normal = (rank_with_uncertainty(Ratings.of(rows), robust=flag) for flag in (True, False))

    other = by_id(normal)
    assert max(abs(item.expected_rank - other[item.application].expected_rank) for item in robust.applications) < 2.5
    assert robust.degrees_of_freedom is not None
    assert robust.degrees_of_freedom[30.0] + robust.degrees_of_freedom[math.inf] > 0.5


def test_panels_that_share_evaluators_are_told_apart_from_quality() -> None:
    """Both panels have the same evaluators; the second panel's applications got ten points more across the board. Panels take most of it."""
    rng = np.random.default_rng(5)
    rows = [(f"A{i:02}", f"E{j}", 50 + 10 * (i >= 10) + (i % 10) + rng.normal()) for i in range(20) for j in range(4)]
    panel = {f"A{i:02}": "first" if i < 10 else "second" for i in range(20)}

    alone, merged = rank_with_uncertainty(Ratings.of(rows)), rank_with_uncertainty(Ratings.of(rows), panel=panel)

    def gap(found: Uncertainty) -> float:
        effect = {item.application: item.effect for item in found.applications}
        return effect["A15"] - effect["A05"]

    assert gap(alone) == pytest.approx(10, abs=1.5)
    assert gap(merged) < 0.8 * gap(alone)
    assert merged.sds["panel"] > 0


def test_all_scores_equal_has_a_defined_answer() -> None:
    found = rank_with_uncertainty(Ratings.of([(f"A{i}", f"E{j}", 70.0) for i in range(4) for j in range(3)]), top=2)

    for item in found.applications:
        assert (item.expected_rank, item.effect, item.p_top, item.group) == (2.5, 0.0, 0.5, Group.DISCUSS)
        assert (item.rank_50, item.rank_90) == ((1, 3), (1, 4))
    assert [item.severity for item in found.evaluators] == [0.0, 0.0, 0.0]


def test_full_agreement_is_sure_but_finite() -> None:
    found = rank_with_uncertainty(
        Ratings.of([(f"A{i}", f"E{j}", 60.0 + 5 * i) for i in range(5) for j in range(3)]), top=2
    )

    assert [item.application for item in found.applications] == ["A4", "A3", "A2", "A1", "A0"]
    assert [item.expected_rank for item in found.applications] == pytest.approx([1, 2, 3, 4, 5], abs=0.01)


def test_nothing_to_rank() -> None:
    with pytest.raises(NothingToRank):
        rank_with_uncertainty(Ratings.of([]))


def test_one_evaluator_ranks_by_score_and_has_no_severity_to_tell() -> None:
    found = rank_with_uncertainty(Ratings.of([(f"A{i}", "E0", float(v)) for i, v in enumerate([3, 9, 5, 7])]))

    assert [item.application for item in found.applications] == ["A1", "A3", "A2", "A0"]
    assert found.evaluators[0].severity == pytest.approx(0.0, abs=1e-9)


def test_groups_follow_the_published_rule() -> None:
    expected = np.array([1.2, 2.4, 3.1, 3.9, 4.4])

    def found(low: list[int], high: list[int], top: int) -> list[str]:
        return [group.value for group in groups(expected, np.array(low), np.array(high), top=top)]

    assert line_of(expected, 3) == 3.1
    assert found([1, 2, 2, 3, 4], [1, 3, 4, 5, 5], 3) == ["fund", "fund", "discuss", "discuss", "decline"]
    # those to fund and to discuss are exactly the three that can be funded
    assert found([1, 2, 2, 4, 4], [1, 3, 4, 5, 5], 3) == ["fund", "fund", "fund", "decline", "decline"]
    # whose expected rank is the line is discussed, whatever its interval
    assert found([1, 2, 2, 3, 4], [1, 3, 3, 5, 5], 3)[2] == "discuss"
    assert found([1, 2, 2, 3, 4], [1, 3, 4, 5, 5], 9) == ["fund"] * 5


def test_expected_scores_leave_the_score_itself_out() -> None:
    """Moving one score does not move what is expected of it, at the same hyperparameters; here they are nearly so in a large table."""
    rng = np.random.default_rng(6)
    rows = [(f"A{i:02}", f"E{j}", 50 + i / 4 + 3 * j + rng.normal(0, 2)) for i in range(30) for j in range(6)]
    place = next(k for k, row in enumerate(rows) if row[:2] == ("A10", "E3"))
    expected = []
    for moved in (0.0, 4.0):
        table = rows.copy()
        table[place] = ("A10", "E3", rows[place][2] + moved)
        found = rank_with_uncertainty(Ratings.of(table), robust=False)
        expected.append(next(s for s in found.sheets if (s.application, s.evaluator) == ("A10", "E3")).expected)

    assert expected[1] == pytest.approx(expected[0], abs=0.2)
