"""Figures: what is read, how it is rounded, how it is printed."""

from __future__ import annotations

import decimal
from decimal import Decimal
from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from evalcomm.engine.exact import (
    MAX_DIGITS,
    NotExact,
    Rounding,
    format_figure,
    format_fixed,
    parse_decimal,
    parse_figure,
    parse_won,
    round_to,
)

DECIMAL_MODES = {
    Rounding.HALF_UP: decimal.ROUND_HALF_UP,
    Rounding.HALF_EVEN: decimal.ROUND_HALF_EVEN,
    Rounding.DOWN: decimal.ROUND_DOWN,
    Rounding.UP: decimal.ROUND_UP,
}


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("0", Fraction(0)),
        ("-0", Fraction(0)),
        ("84", Fraction(84)),
        ("069.50", Fraction(139, 2)),
        ("-3.25", Fraction(-13, 4)),
        ("0.1", Fraction(1, 10)),
    ],
)
def test_decimals_are_read_exactly(text: str, value: Fraction) -> None:
    assert parse_decimal(text) == value


@pytest.mark.parametrize(
    ("text", "reason"),
    [
        ("", "missing"),
        ("=1+1", "formula"),
        ("80,5", "'80.5'"),
        ("1,000", "thousands"),
        ("1e5", "exponent"),
        ("1e999999999", "exponent"),
        ("NaN", "not a number"),
        ("inf", "not a number"),
        ("80%", "percentage"),
        ("8/9", "fraction"),
        ("８０", "0-9"),
        ("٣", "0-9"),
        ("+5", "digits"),
        (".5", "digits"),
        ("5.", "digits"),
        ("0x10", "not a number"),
        ("1_000", "not a number"),
        ("여든", "not a number"),
        ("8 0", "not a number"),
        ("8" * 5_000_000, "digits"),
    ],
)
def test_everything_else_is_refused_with_its_reason(text: str, reason: str) -> None:
    with pytest.raises(NotExact, match=reason):
        parse_decimal(text)


@pytest.mark.parametrize("text", ["-1", "1.5", "1,000", "", "=A1", "천원", "1" * (MAX_DIGITS + 1), "１０"])
def test_amounts_are_whole_won_in_digits(text: str) -> None:
    with pytest.raises(NotExact):
        parse_won(text)


@given(st.fractions())
def test_a_printed_figure_reads_back(value: Fraction) -> None:
    assert parse_figure(format_figure(value)) == value


@pytest.mark.parametrize(
    ("value", "text"),
    [
        (Fraction(84), "84"),
        (Fraction("69.995"), "69.995"),
        (Fraction(82, 3), "82/3"),
        (Fraction(-1, 8), "-0.125"),
        (Fraction(-2, 7), "-2/7"),
    ],
)
def test_figures_are_finite_decimals_or_reduced_fractions(value: Fraction, text: str) -> None:
    assert format_figure(value) == text


def test_a_figure_of_ten_thousand_digits_is_printed_and_read() -> None:
    value = Fraction(7**12_000, 3**100)
    assert parse_figure(format_figure(value)) == value


@given(
    st.decimals(allow_nan=False, allow_infinity=False, places=6, min_value=-(10**6), max_value=10**6),
    st.sampled_from(Rounding),
    st.integers(0, 6),
)
def test_rounding_agrees_with_decimal(value: Decimal, mode: Rounding, digits: int) -> None:
    expected = value.quantize(Decimal(1).scaleb(-digits), rounding=DECIMAL_MODES[mode])
    assert round_to(Fraction(value), digits, mode) == Fraction(expected)
    assert format_fixed(Fraction(value), digits, mode) == f"{expected + 0:f}"


def test_rounding_stage_decides_a_pass() -> None:
    """회계 41301-1689 (2003-08-20): the same offer gets 74.55, 74.58 or 75.75, the mark being 75, by where it is rounded.

    Source: korean-practice §1.4 (rating = 50 - 3 x |(0.88 - 210,680,000 / 261,358,120) x 100|, technical 46.75).
    """
    ratio = Fraction(210_680_000, 261_358_120)
    technical = Fraction("46.75")

    def rating(distance: Fraction) -> Fraction:
        return 50 - 3 * abs(distance)

    def inside(digits: int) -> Fraction:
        return rating((Fraction("0.88") - round_to(ratio, digits, Rounding.HALF_UP)) * 100) + technical

    outside = rating(round_to(abs((Fraction("0.88") - ratio) * 100), 2, Rounding.HALF_UP)) + technical
    assert [format_figure(score) for score in (inside(3), outside, inside(2))] == ["74.55", "74.58", "75.75"]
