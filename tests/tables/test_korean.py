"""Errors and warnings in Korean: every sentence that the engine and the file commands can say has its own."""

from __future__ import annotations

import re
import tomllib
from pathlib import Path
from string import Formatter

import pytest
from hypothesis import given
from hypothesis import strategies as st

import evalcomm
from evalcomm.tables import korean
from evalcomm.tables.korean.documents import SENTENCES as OF_DOCUMENTS
from evalcomm.tables.korean.files import SENTENCES as OF_FILES
from evalcomm.tables.korean.particles import with_particles
from evalcomm.tables.korean.phrases import PHRASES
from evalcomm.tables.korean.results import SENTENCES as OF_RESULTS
from evalcomm.tables.plans import Finding
from tests.tables.sentences import sentences

PACKAGE = Path(evalcomm.__file__).parent
BESIDE = {
    "sentences.py": "says everything in both languages",
    "check_*.py": "a program of its own, for whoever has nothing but Python",
    "shares/*.py": "no command divides by ballots",
}
"""Files of the engine whose sentences no command says in English alone."""
SOURCES = [
    *sorted(PACKAGE.glob("tables/*.py")),
    *sorted(PACKAGE.glob("tables/commands/*.py")),
    *(path for path in sorted(PACKAGE.glob("engine/**/*.py")) if not any(path.match(name) for name in BESIDE)),
]
OPENINGS = ("", "7 ", "the sheet of 7 on 7 ")
"""Some sentences get their subject elsewhere."""
NEVER_SAID = {
    # reading the source, any stem meets any end
    "asks for 7 in 7, of which at most 7 can be scored: it can never bite",
    "asks for 7 in 7, which the lowest possible score (7) reaches: nobody can pass",
    "asks for 7, but at most 7 can be scored: nobody can pass: it can never bite",
    # only places, around a sentence
    *("7: line 7, key 7: 7", "7: line 7, key 7: 7 (7)", "7: line 7: 7", "7: line 7: 7 (7)", "the sheet of 7 on 7 7"),
    # the commands refuse it before the engine can
    *("an 7 occurs twice", "an application needs at least one evaluator", "there is no 7", "unknown pair 7, 7"),
    "evaluator 7: loads from 7 to 7 make no sense",
}
UNSAID = {
    *(english for english in OF_RESULTS if " valid {}" in english),  # Korean has no plural
    *(english for english in OF_FILES if english.startswith("is no readable XLSX")),  # a name of the program's
}
"""Where a gap has no place in the Korean."""
TABLES = {"documents": OF_DOCUMENTS, "files": OF_FILES, "results": OF_RESULTS, "phrases": PHRASES}


@pytest.mark.parametrize("path", SOURCES, ids=lambda path: str(path.relative_to(PACKAGE)))
def test_every_sentence_has_its_korean(path: Path) -> None:
    assert {text for text in sentences(path) - NEVER_SAID if not has_korean(text)} == set()


def has_korean(text: str) -> bool:
    found = [korean.phrase(text), *(korean.sentence(opening + text) for opening in OPENINGS)]
    return any(re.search("[가-힣]", one) and not re.search("([a-z]+ ){3}[a-z]+", one) for one in found)


def test_the_sources_are_really_read() -> None:
    found = {text for path in SOURCES for text in sentences(path)}

    assert len(found) > 300
    assert {
        "7: is a folder; name a file in it",
        "the header has no such column, but rule 7 of 7 sets a ceiling for that year",
        "'7' is off the step; possible: 7",
        "7 gave every application the same score: its standard score is 7",
        "the pool has 7 candidates, 7 without the skipped; 7 and 7 in reserve cannot be drawn from it",
    } <= found


@pytest.mark.parametrize("name", TABLES)
def test_the_korean_has_the_gaps_of_the_english(name: str) -> None:
    for english, text in TABLES[name].items():
        used = {int(field) for _, field, _, _ in Formatter().parse(text) if field} if "{}" in english else set()
        assert used <= set(range(english.count("{}"))), english
        assert english in UNSAID or len(used) == english.count("{}"), english


def test_a_special_sentence_wins_over_a_general_one() -> None:
    assert korean.sentence("is 5, but the committee has 3 members") == "5인데 위원은 3명입니다."
    assert korean.sentence("is 0.5, must be at least 1") == "0.5인데 1 이상이어야 합니다."
    assert korean.sentence("is true or false, must be a whole number without quotes").startswith("지금은 참·거짓인데")


def test_what_is_in_no_table_stays_as_it_is() -> None:
    assert korean.sentence("something quite new") == "something quite new"
    assert korean.sentence("scores.csv: row 3: something quite new") == "scores.csv: row 3: something quite new"


def test_names_are_not_translated() -> None:
    """Ids and columns may be words that the tables have as well."""
    said = korean.sentence(
        "final.csv: row 3, column mean: the sheet of base on final stands in row 2 already; keep one of the two"
    )

    assert said == "final.csv: 3행 mean 열: base 위원의 final 평가표가 2행에 이미 있습니다. 하나만 남기십시오."


def test_a_place_stands_around_its_sentence_however_it_is_written() -> None:
    assert korean.sentence("a: b (c).csv: is a folder; name a file in it").startswith("a: b (c).csv: 폴더입니다.")
    finding = Finding(
        "p (2).toml",
        3,
        "cut.on",
        "compares 2 digits of the base, but the final figure is printed with 1: a printed figure may say passed where the cut says failed",
        'write points = "3", or change the points of an item',
    )
    assert korean.sentence(str(finding)) == (
        "p (2).toml: 3번째 줄 cut.on: 가점 전 점수의 소수 2자리를 견주는데 최종 점수는 1자리로 인쇄하므로, 통과로 보이는 점수가 탈락일 수 있습니다. "
        '(points = "3"으로 적거나 세부항목의 배점을 고치십시오.)'
    )


@given(
    st.lists(
        st.sampled_from(["a", ": ", "row 3", ", column x", "line 2", "key k", "{", "}", " (", ")", "'", "1", "은(는)"])
    ).map("".join)
)
def test_names_may_be_anything(name: str) -> None:
    text = f"x{name}x: there is no such file"

    assert korean.sentence(text).endswith(": 그런 파일이 없습니다.")


@pytest.mark.parametrize(
    ("text", "right"),
    [
        ("‘우수’은(는)", "‘우수’는"),
        ("“미흡”을(를)", "“미흡”을"),
        ("10과(와)", "10과"),
        ("84.5이(가)", "84.5가"),
        ("3(으)로", "3으로"),
        ("8(으)로", "8로"),
        ("‘서울’(으)로", "‘서울’로"),
        ("‘부산’(으)로", "‘부산’으로"),
        ("E1은(는)", "E1은"),
        ("‘A’은(는)", "‘A’는"),
        ("‘r’은(는)", "‘r’은"),
        ("세미콜론(;)(으)로", "세미콜론(;)으로"),
        ("80%은(는)", "80%는"),
        ("score은(는)", "score은(는)"),
    ],
)
def test_particles_follow_the_sound_before_them(text: str, right: str) -> None:
    assert with_particles(text) == right


BROKEN = ["a", "a = ", "a = [1", "a = {b = 1", 'a = "b', "[a", "[[a]", "a = 1\na = 2", "[a]\n[a]", "a = 1 2", "= 1", "a = 2026-99-99",
          'a = "\\q"', 'a = "\\uD800"', 'a = "\\u12"', "a.b = 1\n[a]\nb = 2", "a = {b = 1, b = 2}", "a = \x01", "a = {b = 1}\n[a.c]", "\x01", 'a = "\x01"']  # fmt: skip


@pytest.mark.parametrize("text", BROKEN)
def test_what_python_says_of_broken_toml_is_korean(text: str) -> None:
    from evalcomm.engine.places import NotToml, parse_toml

    with pytest.raises(tomllib.TOMLDecodeError):
        tomllib.loads(text)
    with pytest.raises(NotToml) as caught:
        parse_toml(text)
    assert not re.search("[A-Za-z]{3}", korean.sentence(str(caught.value)).removeprefix("TOML"))
