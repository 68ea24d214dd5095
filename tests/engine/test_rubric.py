"""Rubrics: what may be entered, what is refused, what the seal covers, what the linter tells."""

from __future__ import annotations

from fractions import Fraction

import pytest

from evalcomm.engine.lint import lint_rubric, observed_weights, possible_weights
from evalcomm.engine.places import NotToml, line_of, parse_toml
from evalcomm.engine.rubric import InputKind, OffScale, sheet_problems
from evalcomm.engine.rubric_reading import read_rubric
from evalcomm.engine.seal import canonical_json, seal
from tests.engine.documents import RUBRIC, rubric_of, rubric_problems


def test_a_rubric_is_read_with_its_defaults() -> None:
    rubric = rubric_of()

    assert [item.id for item in rubric.items] == ["goal", "site", "jobs", "ready"]
    assert [item.id for item in rubric.scored_items] == ["goal", "jobs", "ready"]
    assert [item.input for item in rubric.items] == [
        InputKind.GRADE,
        InputKind.FIXED,
        InputKind.GRADE,
        InputKind.YES_NO,
    ]
    assert (rubric.total, rubric.scored_points) == (50, 40)
    assert rubric.bonuses[0].title == "reuse"


@pytest.mark.parametrize(
    ("item", "entry", "points"),
    [
        ("goal", "상", "20"),
        ("goal", "중", "12"),
        ("goal", "12", "12"),
        ("goal", "4.0", "4"),
        ("ready", "yes", "10"),
        ("ready", "예", "10"),
        ("ready", "아니오", "0"),
        ("ready", "0", "0"),
        ("site", "2", "2"),
        ("site", "9.999", "9.999"),
    ],
)
def test_entries_that_an_item_admits(item: str, entry: str, points: str) -> None:
    found = rubric_of().item(item)
    assert found is not None
    assert found.points_of(entry) == Fraction(points)


@pytest.mark.parametrize(
    ("item", "entry", "code"),
    [
        ("goal", "최상", "unknown-grade"),
        ("goal", "13", "not-a-grade-value"),
        ("goal", "", "unknown-grade"),
        ("ready", "5", "not-a-grade-value"),
        ("site", "1.99", "out-of-range"),
        ("site", "10.01", "out-of-range"),
        ("site", "-3", "out-of-range"),
        ("site", "열", "not-a-number"),
    ],
)
def test_entries_that_an_item_refuses(item: str, entry: str, code: str) -> None:
    found = rubric_of().item(item)
    assert found is not None
    with pytest.raises(OffScale) as refusal:
        found.points_of(entry)
    assert refusal.value.code == code


def test_points_entered_directly_keep_to_the_step() -> None:
    rubric = rubric_of(RUBRIC.replace('input = "yes-no"', 'step = "0.5"'))
    ready = rubric.item("ready")
    assert ready is not None
    assert ready.points_of("7.5") == Fraction(15, 2)
    with pytest.raises(OffScale, match=r"off the step; possible: 0 to 10 in steps of 0\.5"):
        ready.points_of("7.25")


def test_everything_that_keeps_a_sheet_from_being_complete() -> None:
    rubric = rubric_of(RUBRIC.replace('title = "고용"', 'title = "고용"\ncomment = "required"'))

    problems = sheet_problems(rubric, {"goal": "상", "site": "3", "jobs": "9"}, comments={"jobs": " "})

    assert [(problem.item, problem.code) for problem in problems] == [
        ("site", "unknown-item"),
        ("jobs", "not-a-grade-value"),
        ("ready", "missing"),
        ("jobs", "comment-missing"),
    ]


def test_all_errors_are_told_at_once_with_their_keys() -> None:
    broken = (
        RUBRIC.replace('id = "goal"', 'id = "목표 1"')
        .replace(
            'points = "20"\n  [[criterion.item]]\n  id = "site"',
            'points = 20\n  pionts = "1"\n  [[criterion.item]]\n  id = "site"',
        )
        .replace('id = "ready"', 'id = "jobs"')
        .replace('points = "-3"', 'points = "3"')
        .replace('"중" = "0.6"', '"중" = "1,0"')
        .replace('min_ratio = "0.4"', 'min_ratio = "1.4"')
        .replace('input = "yes-no"', 'input = "yesno"')
    )

    problems = rubric_problems(broken)

    assert problems == {
        "grades.중": "'1,0' has a decimal comma; write '1.0'",
        "criterion[1].item[1].points": "is a bare number; decimals are strings",
        "criterion[1].item[1].id": "is '목표 1', which is no id",
        "criterion[1].item[1].pionts": "is not a known key",
        "criterion[1].min_ratio": "is 1.4, must be at most 1",
        "criterion[2].item[2].input": "is 'yesno', which is not possible here",
        "criterion[2].item[2].id": "'jobs' is used before",
        "penalty[1].points": "is 3, no penalty",
    }


@pytest.mark.parametrize(
    ("old", "new", "key"),
    [
        ('total = "50"', 'total = "60"', "total"),
        ('points = "30"', 'points = "29"', "criterion[1].points"),
        ('total = "50"', "", "total"),
        ('"상" =', '"5" =', "grades.5"),
        ('"상" = "1.0"', '"상" = "0.6"', "grades.중"),
        ('"하" = "시행할', '"최하" = "시행할', "descriptors.최하"),
        ('input = "fixed"\n  min_points = "2"', 'input = "fixed"\n  min_points = "10"', "criterion[1].item[2].min_points"),
        ('input = "yes-no"', 'input = "direct"', "criterion[2].item[2].step"),
        ('input = "yes-no"', 'input = "direct"\nstep = "3"', "criterion[2].item[2].points"),
        ('input = "yes-no"', 'input = "yes-no"\nstep = "1"', "criterion[2].item[2].step"),
        ('input = "yes-no"', 'input = "yes-no"\nformula = "x"', "criterion[2].item[2].formula"),
        ("version = 1", "version = 0", "version"),
        ("version = 1", 'version = "1"', "version"),
        ("version = 1", "version = true", "version"),
        ("[grades]", "[direct]\nstep = \"1\"\n[grades]", "direct"),
    ],
)  # fmt: skip
def test_a_single_error_is_told_alone(old: str, new: str, key: str) -> None:
    assert list(rubric_problems(RUBRIC.replace(old, new))) == [key]


def test_a_rubric_without_criteria_is_refused() -> None:
    assert "criterion" in rubric_problems('id = "x"\nversion = 1\ntitle = "x"\ntotal = "10"')


def test_errors_know_their_line() -> None:
    text = RUBRIC.replace('id = "ready"', 'id = "jobs"')
    section = parse_toml(text)
    read_rubric(section)
    line = line_of(text, section.problems[0].path)
    assert text.splitlines()[line - 1].strip() == 'id = "jobs"'
    assert line > text[: text.index('title = "효과"')].count("\n")


def test_lines_are_found_through_strings_comments_and_nested_tables() -> None:
    text = '''
a = """
[not.a.table]
b = 1
"""
"dotted.key" = "x = 1" # c = 2
list = [
  "one", # "two = 2"
  [1, 2],
]
inline = { deep = 1 }
[table.'quoted part']
key.inner = 1
[[many]]
x = 1
[[many]]
x = 2
  [[many.few]]
  y = \'\'\'a'b
z = 3\'\'\'
  [many.few.last]
  w = "\\"z = 4"
'''
    lines = text.splitlines()
    for path, start in {
        ("a",): "a =",
        ("dotted.key",): '"dotted.key"',
        ("inline", "deep"): "inline",
        ("table", "quoted part", "key", "inner"): "key.inner",
        ("table", "quoted part", "missing"): "[table",
        ("many", 1, "x"): "x = 2",
        ("many", 1, "few", 0, "y"): "  y",
        ("many", 1, "few", 0, "last", "w"): "  w",
    }.items():
        assert lines[line_of(text, path) - 1].startswith(start)  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("text", "line"),
    [
        ("a = 1\nb = \n", 2),
        ("a = 1\na = 2\n", 2),
        ('a = "unclosed', 1),
        (f"a = {'1' * 5000}", 1),
        (f"a = {'[' * 3000}", 1),
    ],
)
def test_what_is_no_toml_says_where(text: str, line: int) -> None:
    with pytest.raises(NotToml) as refusal:
        parse_toml(text)
    assert refusal.value.line == line


def test_the_seal_covers_content_and_nothing_else() -> None:
    same = (
        RUBRIC.replace('"0.6"', '"0.60"')
        .replace("[grades]", "# 주석\n[grades]")
        .replace('id = "small"\nversion = 1', 'version = 1\nid = "small"')
    )

    assert seal(rubric_of(same)) == seal(rubric_of())
    for old, new in {
        '"0.6"': '"0.61"',
        "작은 평가표": "평가표",
        "그대로 시행": "바로 시행",
        "version = 1": "version = 2",
    }.items():
        assert seal(rubric_of(RUBRIC.replace(old, new, 1))) != seal(rubric_of())


def test_canonical_json_writes_defaults_out_and_sorts_keys() -> None:
    text = canonical_json(rubric_of()).decode()
    assert text.startswith(
        '{"content":{"bonuses":[{"description":"","id":"reuse","kind":"adjustment","points":"2","title":"reuse"}]'
    )
    assert text.endswith('"total":"50","version":1},"schema":1}')
    assert '"share":"0.6"' in text


def told(text: str) -> list[str]:
    return [problem.key for problem in lint_rubric(rubric_of(text))]


def test_a_sound_rubric_is_not_warned_of() -> None:
    assert told(RUBRIC) == []


@pytest.mark.parametrize(
    ("old", "new", "key"),
    [
        ('min_ratio = "0.4"', 'min_ratio = "0.2"', "criterion[1].min_ratio"),  # 6 of 30 are scored anyway: 4 + 2
        ('"하" = "시행할 수 없다."', "", "criterion[1].item[1]"),
        ('[[bonus]]', '[limits]\nbonus_max = "5"\n[[bonus]]', "limits.bonus_max"),
        ('[[bonus]]', '[limits]\nbonus_max = "1"\n[[bonus]]', "bonus[1].points"),
        ('"하" = "0.2"', '"하" = "0.8"', "criterion[2].item[2].points"),  # grades spread 0.4, yes-no 1.0
    ],
)  # fmt: skip
def test_the_linter_names_what_does_nothing_or_too_much(old: str, new: str, key: str) -> None:
    assert key in told(RUBRIC.replace(old, new, 1))


def test_nobody_can_pass_a_cut_above_the_best_grade() -> None:
    text = RUBRIC.replace('"상" = "1.0"', '"상" = "0.7"').replace('min_ratio = "0.4"', 'min_ratio = "0.9"')
    messages = " ".join(problem.message for problem in lint_rubric(rubric_of(text)))
    assert "no grade gives all points of 'goal'" in messages
    assert "nobody can pass" in messages


def test_an_item_that_dominates_by_its_scale_is_named() -> None:
    text = RUBRIC.replace('"중" = "0.6"', '"중" = "0.97"').replace('"하" = "0.2"', '"하" = "0.95"')
    weights = {weight.item: weight for weight in possible_weights(rubric_of(text))}
    assert weights["ready"].stated == Fraction(1, 5)
    assert weights["ready"].effective == Fraction(10) / (1 + 8 + Fraction(1, 2) + 10)
    assert any("dominates" in problem.message for problem in lint_rubric(rubric_of(text)))


def test_observed_weights_are_shares_of_the_variance() -> None:
    rubric = rubric_of()
    sheets = [
        {"goal": Fraction(20), "jobs": Fraction(10), "ready": Fraction(0)},
        {"goal": Fraction(20), "jobs": Fraction(6), "ready": Fraction(10)},
        {"goal": Fraction(20), "jobs": Fraction(2), "ready": Fraction(10)},
    ]
    weights = {weight.item: weight.effective for weight in observed_weights(rubric, sheets)}
    # Totals 30, 36, 32; centred -8/3, 10/3, -2/3; squares 56/3. jobs: (-8·4 + 0 + 2·4)/3 … worked by hand.
    assert weights == {"goal": 0, "jobs": Fraction(-3, 7), "ready": Fraction(10, 7)}
    assert sum(weights.values()) == 1
    assert observed_weights(rubric, sheets[:1]) == ()
