"""Signs about evaluators, items and the design, on tables whose figures can be checked by hand."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from evalcomm.engine.diagnosis import connected_parts, evaluator_records, item_records, outlying_sheets
from evalcomm.engine.ratings import Ratings

Rows = list[tuple[str, str, float]]


def ratings_of(matrix: list[list[float | None]]) -> Ratings:
    return Ratings.of(
        (f"A{i}", f"E{j}", float(v)) for i, row in enumerate(matrix) for j, v in enumerate(row) if v is not None
    )


def test_severity_is_measured_on_shared_applications() -> None:
    records = {r.evaluator: r for r in evaluator_records(ratings_of([[80, 90, 88], [60, 70, None], [70, 80, 84]]))}

    # E0 beside the means of the others: 89, 70, 82
    assert records["E0"].severity == pytest.approx((9 + 10 + 12) / 3)
    assert records["E1"].severity == pytest.approx(((84 - 90) + (60 - 70) + (77 - 80)) / 3)
    assert records["E2"].severity == pytest.approx(((85 - 88) + (75 - 84)) / 2)
    assert records["E0"].correlation == pytest.approx(np.corrcoef([80, 60, 70], [89, 70, 82])[0, 1])
    assert records["E2"].correlation is None


def test_spread_is_relative_to_the_others_on_the_same_applications() -> None:
    records = {r.evaluator: r for r in evaluator_records(ratings_of([[50, 70, 72], [70, 75, 77], [90, 80, 82]]))}

    assert records["E0"].spread == pytest.approx(
        np.std([50, 70, 90], ddof=1) / np.std([70, 72, 75, 77, 80, 82], ddof=1)
    )
    assert (records["E1"].spread or 0) < 0.5


def test_straight_lining_needs_enough_scores() -> None:
    many = ratings_of([[80, 60 + i] for i in range(5)])
    few = ratings_of([[80, 60 + i] for i in range(3)])

    assert [r.straight_lining for r in evaluator_records(many)] == [True, False]
    assert [r.straight_lining for r in evaluator_records(few)] == [False, False]
    assert evaluator_records(many)[0].most_common == 1.0
    assert evaluator_records(many)[0].spread == 0.0
    assert evaluator_records(many)[0].correlation is None


def test_an_evaluator_alone_has_nothing_to_be_compared_with() -> None:
    record = evaluator_records(Ratings.of([("A", "E", 1.0), ("B", "E", 2.0), ("C", "E", 4.0)]))[0]
    assert (record.severity, record.spread, record.correlation) == (None, None, None)


@settings(max_examples=40)
@given(st.integers(0, 2**32), st.floats(-30, 30))
def test_a_constant_moves_severity_of_that_evaluator_only_by_itself(seed: int, constant: float) -> None:
    rng = np.random.default_rng(seed)
    rows: Rows = [(f"A{i}", f"E{j}", float(rng.integers(40, 90))) for i in range(6) for j in range(3)]
    moved = [(a, e, score - constant if e == "E1" else score) for a, e, score in rows]

    before, after = evaluator_records(Ratings.of(rows)), evaluator_records(Ratings.of(moved))

    assert after[1].severity == pytest.approx((before[1].severity or 0) + constant, abs=1e-9)
    assert after[1].correlation == pytest.approx(before[1].correlation, abs=1e-6)
    assert after[0].severity == pytest.approx((before[0].severity or 0) - constant / 2, abs=1e-9)


def test_parts_of_a_design_that_is_not_connected() -> None:
    rows: Rows = [
        ("A", "E", 1),
        ("B", "E", 2),
        ("B", "F", 3),
        ("C", "G", 4),
        ("D", "G", 5),
        ("D", "H", 6),
        ("X", "H", 1),
    ]

    parts = connected_parts(Ratings.of(rows))

    assert [(part.applications, part.evaluators) for part in parts] == [
        (("C", "D", "X"), ("G", "H")),
        (("A", "B"), ("E", "F")),
    ]
    assert len(connected_parts(Ratings.of([*rows, ("A", "H", 3)]))) == 1


def sheets_of(halo: float, seed: int) -> list[tuple[str, str, dict[str, float]]]:
    """Three evaluators with independent impressions of each item, but E0, whose items follow one impression to the degree `halo`."""
    rng = np.random.default_rng(seed)
    items = ["a", "b", "c", "d"]
    truth = rng.normal(14, 2, (20, 4))
    found = []
    for i in range(20):
        for j in range(3):
            noise = rng.normal(0, 1.5, 4)
            if j == 0:
                noise = halo * rng.normal(0, 1.5) + (1 - halo) * noise
            found.append((f"A{i:02}", f"E{j}", dict(zip(items, (truth[i] + noise).tolist(), strict=True))))
    return found


def test_halo_is_one_impression_in_every_item() -> None:
    points = dict.fromkeys("abcd", 20.0)

    with_halo = item_records(sheets_of(0.95, 1), points)
    without = item_records(sheets_of(0.0, 1), points)

    assert (with_halo[0].halo or 0) > (without[0].halo or 0) + 0.3
    assert abs(without[1].halo or 1) < 0.4
    assert not without[0].is_halo


def test_the_same_share_in_every_item_is_straight_lining() -> None:
    points = {"a": 20.0, "b": 10.0}
    sheets = [(f"A{i}", "E", {"a": 16.0, "b": 8.0}) for i in range(5)] + [
        (f"A{i}", "F", {"a": 10.0 + i, "b": 8.0}) for i in range(5)
    ]

    records = {record.evaluator: record for record in item_records(sheets, points)}

    assert records["E"].same_share == 1.0
    assert records["E"].is_straight_lining
    assert not records["F"].is_straight_lining


def test_one_item_has_no_halo() -> None:
    assert item_records([("A", "E", {"a": 5.0})], {"a": 10.0}) == ()


def test_a_wild_sheet_is_outlying_and_a_strict_evaluator_is_not() -> None:
    rng = np.random.default_rng(2)
    truth = rng.normal(75, 6, 12)
    table = np.round(truth[:, None] + np.array([0.0, 2.0, -15.0, 1.0, 0.0]) + rng.normal(0, 2, (12, 5)), 1)
    table[4, 1] -= 30

    found = outlying_sheets(ratings_of(table.tolist()))

    assert [(sheet.application, sheet.evaluator) for sheet in found] == [("A4", "E1")]
    # by hand: the mean of the others on A4, and what E1 gave above the others elsewhere
    rest = np.delete(table, 1, axis=1).mean(axis=1)
    expected = rest[4] + np.delete(table[:, 1] - rest, 4).mean()
    assert found[0].expected == pytest.approx(expected)
    assert found[0].z < -5


def test_few_or_equal_sheets_have_no_outlier() -> None:
    assert outlying_sheets(ratings_of([[1, 2], [3, 90], [2, 2]])) == ()
    assert outlying_sheets(ratings_of([[5, 5, 5]] * 6)) == ()
    (alone,) = outlying_sheets(ratings_of([[5, 5, 5]] * 6 + [[5, 5, 6]]))
    assert (alone.application, alone.evaluator, alone.expected) == ("A6", "E2", 5.0)
    assert outlying_sheets(Ratings.of([(f"A{i}", f"E{i % 3}", float(i)) for i in range(20)])) == ()


@settings(max_examples=25)
@given(st.integers(0, 2**32), st.floats(-40, 40), st.integers(0, 3))
def test_severity_alone_makes_no_sheet_outlying(seed: int, severity: float, who: int) -> None:
    rng = np.random.default_rng(seed)
    table = rng.normal(70, 8, (9, 1)) + rng.normal(0, 3, (9, 4))
    before = outlying_sheets(ratings_of(table.tolist()))
    table[:, who] -= severity
    after = outlying_sheets(ratings_of(table.tolist()))
    assert [(sheet.application, sheet.evaluator) for sheet in after] == [(s.application, s.evaluator) for s in before]
