"""What a sheet keeps and what it adds up to, over any rubric that the shipped ones stand for."""

from fractions import Fraction
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from evalcomm.engine.exact import parse_decimal
from evalcomm.engine.rubric import Comment, Criterion, Grade, InputKind, Item, Rubric
from evalcomm.foundation.database import canonical_sha256
from evalcomm.scoring.sheet import (
    COMMENT,
    ENTRY,
    OPINION,
    TEXT_LIMIT,
    Draft,
    TooLong,
    cut_short,
    version_content,
)
from tests.factories import NOW

GRADES = (Grade("상", Fraction(1)), Grade("중", Fraction(3, 4)), Grade("하", Fraction(1, 2)))
RUBRIC = Rubric(
    id="small",
    version=1,
    title="작은 평가표",
    total=Fraction(100),
    criteria=(
        Criterion(
            "plan",
            "계획",
            Fraction(60),
            (
                Item("goal", "목표", Fraction(25), InputKind.GRADE, grades=GRADES, comment=Comment.REQUIRED),
                Item("cost", "비용", Fraction(20), InputKind.DIRECT, step=Fraction(1, 2)),
                Item("site", "부지", Fraction(15), InputKind.FIXED),
            ),
        ),
        Criterion(
            "effect",
            "효과",
            Fraction(40),
            (Item("jobs", "고용", Fraction(40), InputKind.YES_NO, comment=Comment.NONE),),
        ),
    ),
    comment=Comment.REQUIRED,
)
ENTRIES = {
    "goal": {"상": Fraction(25), "중": Fraction(75, 4), "하": Fraction(25, 2)},
    "cost": {"0": Fraction(0), "12.5": Fraction(25, 2), "20": Fraction(20)},
    "jobs": {"yes": Fraction(40), "no": Fraction(0)},
}
WRONG = {"goal": ["최상", "26"], "cost": ["20.5", "0.25", "-1", "열"], "jobs": ["maybe"]}

texts = st.text(max_size=60).filter(
    lambda text: "\0" not in text and "\r" not in text and text == text.encode("utf-8", "ignore").decode()
)
whole = st.fixed_dictionaries({item: st.sampled_from(sorted(points)) for item, points in ENTRIES.items()})
anything = st.fixed_dictionaries(
    {}, optional={item: st.sampled_from([*sorted(points), *WRONG[item]]) for item, points in ENTRIES.items()}
)


@given(anything, st.dictionaries(st.sampled_from(["goal", "cost"]), texts), texts)
def test_nothing_typed_is_lost_between_page_and_draft(
    entries: dict[str, str], comments: dict[str, str], opinion: str
) -> None:
    fields = {ENTRY + item: entry for item, entry in entries.items()}
    fields |= {COMMENT + item: comment for item, comment in comments.items()} | {OPINION: opinion}

    draft = Draft.of_fields(RUBRIC, fields)
    kept = Draft.of_json(draft.to_json())

    assert kept == draft
    assert {name: text for name, text in kept.to_fields().items() if text} == {
        name: text for name, text in fields.items() if (text.strip() if name != OPINION else text)
    }
    assert Draft.of_fields(RUBRIC, kept.to_fields()) == kept


@given(anything)
def test_the_sum_is_of_what_is_scored_and_of_nothing_else(entries: dict[str, str]) -> None:
    valid = {item: ENTRIES[item][entry] for item, entry in entries.items() if entry in ENTRIES[item]}

    tally = Draft(entries=entries).tally(RUBRIC)

    assert tally.scored == len(valid)
    assert tally.total == (sum(valid.values(), Fraction(0)) if valid else None)
    assert tally.of == 85
    assert tally.is_complete == (len(valid) == 3)


def test_not_scored_is_no_zero() -> None:
    nothing, zero = Draft(), Draft(entries={"jobs": "no"})

    assert nothing.tally(RUBRIC).total is None
    assert nothing.tally(RUBRIC).shown is None
    assert zero.tally(RUBRIC).total == 0
    assert zero.tally(RUBRIC).shown == "0"


@given(whole)
def test_a_whole_sheet_with_its_comments_has_no_problem(entries: dict[str, str]) -> None:
    draft = Draft(entries=entries, comments={"goal": "근거"}, opinion="종합의견")

    assert draft.problems(RUBRIC) == ()
    content = version_content(draft, RUBRIC, head={"sheet": 1}, at=NOW)
    assert parse_decimal(content["total"]) == sum(ENTRIES[item][entry] for item, entry in entries.items())
    assert {item: parse_decimal(text) for item, text in content["points"].items()} == draft.points(RUBRIC)


@pytest.mark.parametrize(
    ("change", "place", "code"),
    [
        ({"entries": {"goal": "상", "cost": "12.5"}}, "jobs", "missing"),
        ({"entries": {"goal": "최상", "cost": "12.5", "jobs": "yes"}}, "goal", "unknown-grade"),
        ({"entries": {"goal": "상", "cost": "12.25", "jobs": "yes"}}, "cost", "off-step"),
        ({"entries": {"goal": "상", "cost": "20.5", "jobs": "yes"}}, "cost", "out-of-range"),
        ({"comments": {}}, "goal", "comment-missing"),
        ({"opinion": " "}, "", "comment-missing"),
    ],
)
def test_what_keeps_a_sheet_from_being_handed_in(change: dict[str, Any], place: str, code: str) -> None:
    values = {
        "entries": {"goal": "상", "cost": "12.5", "jobs": "yes"},
        "comments": {"goal": "근거"},
        "opinion": "종합의견",
        **change,
    }

    assert [(problem.item, problem.code) for problem in Draft(**values).problems(RUBRIC)] == [(place, code)]


def test_fields_that_the_rubric_does_not_ask_are_left_out() -> None:
    fields = {ENTRY + "site": "15", COMMENT + "jobs": "의견", ENTRY + "other": "1", ENTRY + "goal": "상", "evil": "x"}

    assert Draft.of_fields(RUBRIC, fields) == Draft(entries={"goal": "상"})


@pytest.mark.parametrize("value", [None, 3, ["상"], {"a": 1}])
def test_a_field_that_is_no_text_is_not_scored(value: object) -> None:
    assert Draft.of_fields(RUBRIC, {ENTRY + "goal": value, OPINION: value}) == Draft()


def test_a_form_and_a_script_send_the_same_text() -> None:
    by_form = Draft.of_fields(RUBRIC, {OPINION: "첫 줄\r\n둘째 줄"})
    by_script = Draft.of_fields(RUBRIC, {OPINION: "첫 줄\n둘째 줄"})

    assert by_form == by_script


def test_what_no_database_can_hold_is_left_out_of_a_text() -> None:
    assert Draft.of_fields(RUBRIC, {OPINION: "앞\0뒤\ud800끝"}).opinion == "앞뒤끝"


def test_a_text_over_its_limit_is_named_and_can_be_shown_again() -> None:
    long = "가" * (TEXT_LIMIT + 1)

    with pytest.raises(TooLong) as caught:
        Draft.of_fields(RUBRIC, {COMMENT + "goal": long})

    assert caught.value.name == COMMENT + "goal"
    assert len(cut_short(COMMENT + "goal", long)) == TEXT_LIMIT
    Draft.of_fields(RUBRIC, {ENTRY + "goal": cut_short(ENTRY + "goal", long)})


def test_the_hash_of_a_version_hides_its_scores() -> None:
    """A sheet has few possible contents; whoever sees the hash must not find the right one by trying them all."""
    draft = Draft(entries={"goal": "상", "cost": "20", "jobs": "yes"}, comments={"goal": "근거"}, opinion="의견")
    one, other = (version_content(draft, RUBRIC, head={"sheet": 1, "version": 1}, at=NOW) for _ in range(2))

    tried = {
        canonical_sha256({**one, "draft": {**guess.to_json()}, "points": {}, "total": None, "nonce": ""})
        for guess in (draft, Draft())
    }

    assert canonical_sha256(one) != canonical_sha256(other)
    assert len(one["nonce"]) == 32
    assert canonical_sha256(one) not in tried
    assert {key: value for key, value in one.items() if key != "nonce"} == {
        key: value for key, value in other.items() if key != "nonce"
    }
