"""Margins, leave-one-out and weights, each against figures worked out by hand."""

from __future__ import annotations

import string
from fractions import Fraction

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from evalcomm.engine.plan import AggregateRule, CutRule, Fallback, Figure, Method, Plan
from evalcomm.engine.ranking import RankingError, Sheet, SheetState
from evalcomm.engine.robustness import Contest, Outcome, WeightSearch, assess
from evalcomm.engine.robustness.contest import reweighted
from evalcomm.engine.robustness.sentences import SENTENCES, points
from evalcomm.engine.rubric import Criterion, InputKind, Item, Rubric

TWO = Rubric(
    "two",
    1,
    "두 항목",
    Fraction(100),
    tuple(
        Criterion(name, title, Fraction(full), (Item(name, title, Fraction(full), InputKind.DIRECT),))
        for name, title, full in (("merit", "우수성", 60), ("effect", "파급효과", 40))
    ),
)


def contest_of(totals: dict[str, list[int | None]], **plan: object) -> Contest:
    """Without a rubric: by application, the score of each evaluator; None = recused."""
    sheets = [
        Sheet(application, f"E{j}", state=SheetState.RECUSED)
        if score is None
        else Sheet.of(application, f"E{j}", score)
        for application, scores in totals.items()
        for j, score in enumerate(scores)
    ]
    return Contest(Plan("p", 1, **plan), tuple(sheets))  # type: ignore[arg-type]


def two_criteria(shares: dict[str, tuple[Fraction, Fraction]], **plan: object) -> Contest:
    sheets = [
        Sheet.of(application, "E", {"merit": merit * 60, "effect": effect * 40})
        for application, (merit, effect) in shares.items()
    ]
    return Contest(Plan("p", 1, rubric=TWO, **plan), tuple(sheets))  # type: ignore[arg-type]


STEADY: dict[str, list[int | None]] = {"가": [90, 92, 91], "나": [80, 82, 84], "다": [78, 79, 80], "라": [60, 61, 62]}


def test_margins_reach_to_the_nearest_on_the_other_side() -> None:
    found = assess(contest_of(STEADY), top=2)

    assert {one.application: (one.outcome.value, one.margin) for one in found.applications} == {
        "가": ("selected", 12),
        "나": ("selected", 3),
        "다": ("not-selected", -3),
        "라": ("not-selected", -21),
    }
    first = found.of("다").statements[0]
    assert first.code == "short-of-line"
    assert first.ko == "선정된 과제 중 가장 낮은 점수(82점)보다 3점 낮음(본 과제 79점)"
    assert first.en == "3 points below the last that was selected (79 against 82)"


def test_where_nobody_decides_alone_it_says_so() -> None:
    found = assess(contest_of(STEADY), top=2)

    assert found.influence == {"E0": {}, "E1": {}, "E2": {}}
    assert [statement.code for statement in found.of("라").statements] == ["short-of-line", "no-single-evaluator"]
    assert "3명" in found.of("라").statements[1].ko


def test_one_evaluator_who_turns_the_outcome_is_known_but_not_named() -> None:
    """With all three, 나 leads 다 by 82 to 81; without E2 다 leads by 90.5 to 82."""
    found = assess(contest_of({"가": [95, 95, 95], "나": [80, 84, 82], "다": [90, 91, 62]}), top=2)

    assert found.influence["E2"] == {"나": Outcome.NOT_SELECTED, "다": Outcome.SELECTED}
    assert found.influence["E0"] == {}
    assert found.of("다").without == ("E2",)
    assert found.of("가").without == ()
    statement = found.of("다").statements[1]
    assert (statement.code, statement.facts["count"]) == ("single-evaluators", 1)
    assert "E2" not in "".join(words for one in found.applications for s in one.statements for words in (s.ko, s.en))


def test_an_application_that_only_one_evaluator_scored_has_no_figure_without_them() -> None:
    found = assess(contest_of({"가": [90, None], "나": [80, 82], "다": [70, 71]}), top=2)
    assert found.influence["E0"] == {"가": Outcome.NOT_SELECTED, "다": Outcome.SELECTED}


def test_a_plan_that_refuses_to_trim_so_few_is_reported() -> None:
    rule = AggregateRule(Method.TRIMMED_MEAN, min_sheets_to_trim=3, fallback=Fallback.REFUSE)
    found = assess(contest_of(STEADY, aggregate=rule), top=2)

    assert found.influence == {}
    assert found.of("가").not_recomputable == ("E0", "E1", "E2")
    assert [s.code for s in found.of("가").statements] == ["ahead-of-line", "not-recomputable"]


def test_a_missed_cut_is_the_margin() -> None:
    contest = two_criteria(
        {"가": (Fraction(9, 10), Fraction(9, 10)), "나": (Fraction(8, 10), Fraction(3, 10))},
        cut=CutRule(criterion_ratio=Fraction(4, 10), on=Figure.MEAN),
    )
    found = assess(contest, weights=None)

    assert found.of("나").margin == -4
    assert found.of("나").statements[0].ko == "최저기준에 4점 미달: ‘파급효과’ 항목 12점, 기준 16점"
    assert found.of("가").statements[0].code == "nobody-behind"


def test_a_cut_that_has_to_be_exceeded() -> None:
    contest = two_criteria(
        {"가": (Fraction(7, 10), Fraction(7, 10))}, cut=CutRule(total_ratio=Fraction(7, 10), inclusive=False)
    )
    statement = assess(contest, weights=None).of("가").statements[0]
    assert statement.code == "at-exclusive-cut"
    assert "총점" in statement.ko


def test_ties_at_the_line() -> None:
    contest = two_criteria({"가": (Fraction(1), Fraction(1, 2)), "나": (Fraction(2, 3), Fraction(1))})
    undecided = assess(contest, top=1, weights=None)
    assert {one.outcome for one in undecided.applications} == {Outcome.UNDECIDED}
    assert undecided.of("가").statements[0].code == "equal-undecided"

    keyed = two_criteria(
        {"가": (Fraction(1), Fraction(1, 2)), "나": (Fraction(2, 3), Fraction(1))}, tie_keys=("criterion:merit",)
    )
    decided = assess(keyed, top=1, weights=None)
    assert decided.of("가").statements[0].code == "equal-ahead"
    assert decided.of("나").margin == 0
    assert "‘우수성’ 항목" in decided.of("나").statements[0].ko


def test_smallest_weight_that_flips() -> None:
    """가 = 50 + w/2, 나 = 90 − w/10 at a weight w of merit: equal at 66 2/3, so that 67 is the first half point that turns them."""
    contest = two_criteria({"가": (Fraction(1), Fraction(1, 2)), "나": (Fraction(8, 10), Fraction(9, 10))})

    found = assess(contest, top=1)

    flip = found.of("가").flip
    assert flip is not None
    assert (flip.criterion, flip.before, flip.after) == ("merit", 60, 67)
    assert found.of("가").statements[-1].ko == (
        "‘우수성’ 항목의 배점이 60점이 아니라 67점이었다면(나머지 항목은 비례하여 조정) 결과가 달라짐"
    )
    held = assess(contest, top=1, weights=WeightSearch(limit=Fraction(5)))
    assert held.of("가").flip is None
    assert held.of("가").statements[-1].code == "weights-hold"


@settings(max_examples=60)
@given(*(st.integers(0, 10) for _ in range(4)))
def test_weight_flips_are_where_the_two_lines_cross(a: int, b: int, c: int, d: int) -> None:
    first, second = (Fraction(a, 10), Fraction(b, 10)), (Fraction(c, 10), Fraction(d, 10))

    def lead(weight: Fraction) -> int:
        gap = (first[0] - second[0]) * weight + (first[1] - second[1]) * (100 - weight)
        return (gap > 0) - (gap < 0)

    found = assess(two_criteria({"가": first, "나": second}), top=1).of("가").flip

    expected = None
    for half_points in range(1, 21):
        up, down = 60 + Fraction(half_points, 2), 60 - Fraction(half_points, 2)
        if lead(up) != lead(Fraction(60)) or lead(down) != lead(Fraction(60)):
            expected = Fraction(half_points, 2)
            break
    assert (None if found is None else abs(found.after - found.before)) == expected


@settings(max_examples=30)
@given(st.integers(1, 99))
def test_reweighting_keeps_shares_and_total(weight: int) -> None:
    contest = two_criteria({"가": (Fraction(1), Fraction(1, 2)), "나": (Fraction(0), Fraction(1))})

    changed = reweighted(contest, "effect", Fraction(weight))

    rubric = changed.plan.rubric
    assert rubric is not None
    assert sum(criterion.points for criterion in rubric.criteria) == 100
    assert changed.ranked().standing("가").final == (100 - weight) + Fraction(weight, 2)
    assert changed.ranked().standing("나").final == weight


def test_another_rule_of_selection() -> None:
    """What an allocation funds instead of the first so many."""
    found = assess(
        contest_of(STEADY),
        select=lambda ranking: {
            s.application: Outcome.SELECTED if s.application in {"가", "다"} else Outcome.NOT_SELECTED
            for s in ranking.standings
        },
    )
    assert found.of("나").outcome is Outcome.NOT_SELECTED
    assert found.of("다").outcome is Outcome.SELECTED


def test_a_contest_that_cannot_be_ranked_is_refused() -> None:
    with pytest.raises(RankingError):
        assess(Contest(Plan("p", 1), ()), top=1)


def test_every_sentence_has_both_languages_and_the_same_facts() -> None:
    for code, (korean, english) in SENTENCES.items():
        fields = [{name for _, name, _, _ in string.Formatter().parse(text) if name} for text in (korean, english)]
        neutral = [{name.removesuffix("_ko").removesuffix("_en") for name in names} for names in fields]
        assert neutral[0] == neutral[1], code
    assert points(Fraction(1, 3)) == "0.3333…"
    assert points(Fraction(5, 4)) == "1.25"
