"""Plain aggregates, standard scores and the least-squares solvers on their own."""

from __future__ import annotations

import decimal
import random
from decimal import Decimal
from fractions import Fraction

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from evalcomm.engine.aggregate import adjust_for_severity, aggregate, dropped, severity, standard_scores
from evalcomm.engine.aggregate.lifting import lifted
from evalcomm.engine.plan import AggregateRule, Fallback, Method
from tests.engine.slow_ranking import least_squares

TRIMMED = AggregateRule(Method.TRIMMED_MEAN)


@pytest.mark.parametrize(
    ("values", "rule", "figure"),
    [
        ([68, 68, 68, 68, 72], TRIMMED, Fraction(68)),
        ([5, 5, 5], TRIMMED, Fraction(5)),
        ([1, 9], TRIMMED, Fraction(5)),  # two or fewer: the mean
        ([9], TRIMMED, Fraction(9)),
        ([1, 2, 9], AggregateRule(Method.TRIMMED_MEAN, min_sheets_to_trim=5, fallback=Fallback.MEDIAN), Fraction(2)),
        ([1, 2, 3, 9], AggregateRule(Method.MEDIAN), Fraction(5, 2)),
        ([9, 1, 2], AggregateRule(Method.MEDIAN), Fraction(2)),
        ([0, *range(1, 11), 99], AggregateRule(Method.TRIMMED_MEAN, double_trim_from=12), Fraction(11, 2)),
        ([0, *range(1, 10), 99], AggregateRule(Method.TRIMMED_MEAN, double_trim_from=12), Fraction(5)),
        (
            [1, 2, 3, 100],
            AggregateRule(Method.TRIMMED_MEAN, drop_high=2, drop_low=0, min_sheets_to_trim=3),
            Fraction(3, 2),
        ),
    ],
)
def test_plain_aggregates(values: list[int], rule: AggregateRule, figure: Fraction) -> None:
    numerator, denominator = aggregate(values, rule)
    assert Fraction(numerator, denominator) == figure


@given(st.lists(st.integers(-5, 5), min_size=1, max_size=9), st.integers(0, 2), st.integers(0, 2))
def test_what_is_named_as_dropped_is_what_the_figure_leaves_out(values: list[int], high: int, low: int) -> None:
    rule = AggregateRule(Method.TRIMMED_MEAN, high, low, min_sheets_to_trim=high + low + 1)
    gone = dropped(values, rule)

    kept = [value for place, value in enumerate(values) if place not in dict(gone)]
    numerator, denominator = aggregate(values, rule)
    assert Fraction(numerator, denominator) == Fraction(sum(kept), len(kept))
    assert [why for _, why in gone] == (["highest"] * high + ["lowest"] * low if high + low < len(values) else [])


def test_among_equal_extremes_the_first_is_named() -> None:
    assert dropped([7, 7, 7, 7], TRIMMED) == ((0, "highest"), (1, "lowest"))
    assert dropped([65, 73, 62, 65, 73], TRIMMED) == ((1, "highest"), (2, "lowest"))


@given(
    st.lists(st.integers(-10_000, 10_000), min_size=2, max_size=8).filter(lambda values: len(set(values)) > 1),
    st.integers(0, 8),
    st.booleans(),
)
def test_standard_scores_are_those_of_fifty_digit_decimals(values: list[int], digits: int, t_score: bool) -> None:
    with decimal.localcontext() as context:
        context.prec = 50
        mean = Decimal(sum(values)) / len(values)
        sd = (sum((value - mean) ** 2 for value in values) / (len(values) - 1)).sqrt()
        raw = [(value - mean) / sd * (10 if t_score else 1) + (50 if t_score else 0) for value in values]
        # Where sd is a recurring decimal, 50 digits miss an exact half by less than this.
        raw = [value.quantize(Decimal(1).scaleb(-40)) for value in raw]
        expected = [
            int(value.quantize(Decimal(1).scaleb(-digits), decimal.ROUND_HALF_UP).scaleb(digits)) for value in raw
        ]

    assert standard_scores(values, digits, t_score=t_score) == expected


@pytest.mark.parametrize("values", [[7], [5, 5, 5]])
def test_an_evaluator_without_spread_has_no_standard_score(values: list[int]) -> None:
    assert standard_scores(values, 6, t_score=False) is None


def test_an_exact_half_is_not_missed() -> None:
    """mean 7, squares 4, n - 1 = 9: sd = 2/3, which no decimal holds, and z = ±3/2 exactly."""
    assert standard_scores([8, 6, 8, 6, 7, 7, 7, 7, 7, 7], 0, t_score=False) == [2, -2, 2, -2, 0, 0, 0, 0, 0, 0]


@st.composite
def connected_tables(draw: st.DrawFn) -> tuple[list[list[int]], list[list[int]], int]:
    evaluators = draw(st.integers(2, 7))
    panels = [[n, n + 1] for n in range(evaluators - 1)]  # a chain, so that everyone is connected
    panels += draw(st.lists(st.lists(st.integers(0, evaluators - 1), min_size=1, unique=True).map(sorted), max_size=6))
    values = [draw(st.lists(st.integers(-100, 100), min_size=len(panel), max_size=len(panel))) for panel in panels]
    return panels, values, evaluators


@settings(max_examples=60)
@given(connected_tables())
def test_both_solvers_find_the_least_squares_fit(table: tuple[list[list[int]], list[list[int]], int]) -> None:
    panels, values, evaluators = table
    expected = least_squares(
        {
            f"{p:03}": dict(zip(map(str, panel), map(Fraction, row), strict=True))
            for p, (panel, row) in enumerate(zip(panels, values, strict=True))
        }
    )

    fit = adjust_for_severity(panels, [values], evaluators)
    assert [Fraction(*mean) for mean in fit.means[0]] == list(expected.values())
    slow = severity._bareiss(panels, [values], evaluators)
    fast = lifted(panels, [values], evaluators)
    assert [[Fraction(n, d) for n in ns] for ns, d in slow] == [[Fraction(n, d) for n in ns] for ns, d in fast]


def test_a_panel_too_large_for_elimination_satisfies_its_equations() -> None:
    """The residuals of every application and every evaluator sum to zero, exactly."""
    source = random.Random(20200925)
    evaluators = severity.BAREISS_UP_TO + 12
    panels = [sorted(source.sample(range(evaluators), 3)) for _ in range(150)]
    values = [[source.randrange(10_000) for _ in panel] for panel in panels]

    fit = adjust_for_severity(panels, [values], evaluators)

    assert len(fit.parts) == 1
    means = [Fraction(*mean) for mean in fit.means[0]]
    strict = [Fraction(*part) for part in fit.severity[0]]
    residuals = [0] * evaluators
    for panel, row, mean in zip(panels, values, means, strict=True):
        left = [value - mean + strict[evaluator] for evaluator, value in zip(panel, row, strict=True)]
        assert sum(left) == 0
        for evaluator, part in zip(panel, left, strict=True):
            residuals[evaluator] += part
    assert residuals == [0] * evaluators
    assert sum(strict) == 0


def test_parts_that_share_no_application_are_centred_each_for_itself() -> None:
    fit = adjust_for_severity([[0, 1], [0], [2, 3], [3]], [[[10, 20], [10], [50, 70], [70]]], 4)

    assert fit.parts == [[0, 1], [2, 3]]
    assert [Fraction(*mean) for mean in fit.means[0]] == [15, 15, 60, 60]
