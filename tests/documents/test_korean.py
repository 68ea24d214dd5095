"""Amounts, dates and marks, against the values printed in the rules and an independent reading of the words."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from evalcomm.documents import korean

PRINTED = [
    (113_560, "일십일만삼천오백육십"),  # 행정업무규정 시행규칙 제2조제2항
    (234_580, "이십삼만사천오백팔십"),
    (18_980, "일만팔천구백팔십"),
    (4_567_000, "사백오십육만칠천"),
    (45_000_000_000, "사백오십억"),
    (1_001_000_000, "일십억일백만"),
    (10_000, "일만"),
    (0, "영"),
]


@pytest.mark.parametrize(("won", "words"), PRINTED)
def test_amounts_in_words_match_the_printed_examples(won: int, words: str) -> None:
    assert korean.in_words(won) == words


def read_words(words: str) -> int:
    """Reads a Korean numeral from left to right: another way than the one that wrote it."""
    total = group = digit = 0
    for letter in words:
        if letter in "영일이삼사오육칠팔구":
            digit = "영일이삼사오육칠팔구".index(letter)
        elif letter in "십백천":
            group, digit = group + digit * {"십": 10, "백": 100, "천": 1000}[letter], 0
        else:
            total, group, digit = (
                total + (group + digit) * {"만": 10**4, "억": 10**8, "조": 10**12, "경": 10**16}[letter],
                0,
                0,
            )
    return total + group + digit


@given(st.integers(min_value=0, max_value=10**20 - 1))
def test_an_amount_reads_back_from_its_words(won: int) -> None:
    assert read_words(korean.in_words(won)) == won


@pytest.mark.parametrize("won", [-1, 10**20])
def test_an_amount_that_has_no_words_is_refused(won: int) -> None:
    with pytest.raises(ValueError, match=str(won)):
        korean.in_words(won)


def test_an_official_amount_has_digits_and_words() -> None:
    assert korean.amount(45_000_000_000) == "금45,000,000,000원(금사백오십억원)"
    assert korean.amount(113_560) == "금113,560원(금일십일만삼천오백육십원)"


@pytest.mark.parametrize(
    ("won", "short"),
    [
        (45_000_000_000, "450억원"),
        (1_250_000_000, "12.5억원"),
        (123_456_789_000, "약 1,234.57억원"),
        (99_990_000, "9,999만원"),
        (12_345, "12,345원"),
        (0, "0원"),
    ],
)
def test_short_amounts_say_when_digits_are_dropped(won: int, short: str) -> None:
    assert korean.eok(won) == short


@given(st.lists(st.integers(min_value=0, max_value=10**12), min_size=1, max_size=8))
def test_a_table_of_money_never_rounds(amounts: list[int]) -> None:
    unit = korean.unit_for(amounts)

    assert [int(unit.write(won).replace(",", "")) * unit.won for won in amounts] == amounts


def test_times_are_kept_in_utc_and_printed_in_korea() -> None:
    assert korean.day("2026-11-02") == "2026. 11. 2."
    assert korean.day("2026-11-02T15:00:00Z") == "2026. 11. 3."
    assert korean.minute("2026-11-22T06:20:07Z") == "2026. 11. 22. 15:20"
    assert korean.second("2026-11-22T06:20:07.250000+00:00") == "2026. 11. 22. 15:20:07"
    assert korean.weekday("2026-11-22") == "2026. 11. 22.(일)"
    assert korean.when("2026-11-22") == "2026. 11. 22.(일)"
    assert korean.when("2026-11-22T06:20:00Z") == "2026. 11. 22. 15:20"
    assert korean.when("2021년 상반기 중") == "2021년 상반기 중"


def test_a_time_without_a_zone_is_refused() -> None:
    with pytest.raises(ValueError, match="시간대"):
        korean.minute("2026-11-22T06:20:00")


def test_a_deadline_says_whether_its_last_second_is_in() -> None:
    assert korean.deadline("2026-11-22T09:00:00Z", inclusive=True) == "2026. 11. 22. 18:00까지(정각 포함)"
    assert korean.deadline("2026-11-22T09:00:00Z", inclusive=False) == "2026. 11. 22. 18:00 전까지"


def test_exact_figures_stay_exact() -> None:
    assert korean.exact("84.50") == "84.50"
    assert korean.exact("253/3") == "253/3(약 84.33)"
    assert korean.exact("-1/8") == "−1/8(약 −0.13)"
    assert [korean.signed(f) for f in ("2", "-3", "0", "0.0", "0.5")] == ["+2", "−3", "0", "0.0", "+0.5"]


def test_the_marks_of_the_eight_levels() -> None:
    assert [korean.mark(level, 0) for level in range(1, 9)] == ["1.", "가.", "1)", "가)", "(1)", "(가)", "①", "㉮"]
    assert [korean.mark(level, 1) for level in range(1, 9)] == ["2.", "나.", "2)", "나)", "(2)", "(나)", "②", "㉯"]
    assert korean.mark(2, 13) == "하."
    assert korean.mark(2, 14) == "거."
    assert korean.mark(1, 99) == "100."
    for level, index in [(2, 28), (7, 15), (8, 14)]:
        with pytest.raises(ValueError, match="항목이 너무 많음"):
            korean.mark(level, index)


@pytest.mark.parametrize(
    ("word", "pair", "expected"),
    [
        ("위원", "이/가", "위원이"),
        ("한국자산관리공사", "이/가", "한국자산관리공사가"),
        ("「상생혁신타워」", "은/는", "「상생혁신타워」는"),
        ("서울", "으로/로", "서울로"),
        ("부산", "으로/로", "부산으로"),
        ("제3호", "을/를", "제3호를"),
        ("접수번호 2026-0013", "을/를", "접수번호 2026-0013을"),
        ("2026-0007", "으로/로", "2026-0007로"),
    ],
)
def test_particles_follow_the_last_sound(word: str, pair: str, expected: str) -> None:
    assert korean.with_particle(word, pair) == expected
