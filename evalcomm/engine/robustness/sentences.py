"""What a losing applicant may be told about how sure a decision is: codes with facts, in Korean and English.

Evaluators are counted, never named; Korean sentences put no particle after an id or a figure whose last sound is not known.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from fractions import Fraction

from evalcomm.engine.exact import decimal_places, format_figure, format_fixed
from evalcomm.engine.plan import Plan

Fact = str | int


@dataclass(frozen=True, slots=True)
class Statement:
    """`code` and `facts` for programs; `ko` and `en` for people."""

    code: str
    facts: Mapping[str, Fact] = field(default_factory=dict)

    @property
    def ko(self) -> str:
        return SENTENCES[self.code][0].format(**self.facts)

    @property
    def en(self) -> str:
        return SENTENCES[self.code][1].format(**self.facts)


def say(code: str, **facts: Fact | Fraction) -> Statement:
    return Statement(code, {name: points(fact) if isinstance(fact, Fraction) else fact for name, fact in facts.items()})


def points(figure: Fraction) -> str:
    """Exact where four decimals are enough, else to four and marked so."""
    places = decimal_places(figure)
    return format_figure(figure) if places is not None and places <= 4 else f"{format_fixed(figure, 4)}…"


_WORDS = {
    "total": ("총점", "total"),
    "mean": ("평가위원 평균", "mean of the evaluators"),
    "base": ("가·감점 전 점수", "points before bonus and penalty"),
    "final": ("최종점수", "final points"),
    "criteria-by-weight": ("배점이 큰 항목 순", "criteria in the order of their weight"),
    "requested-asc": ("신청액이 적은 순", "the smaller request"),
    "requested-desc": ("신청액이 많은 순", "the larger request"),
    "lot": ("추첨", "the lot"),
}


def named(plan: Plan, name: str) -> tuple[str, str]:
    """What a cut or a tie key is called, in Korean and English; criteria and items by their titles."""
    if name in _WORDS:
        return _WORDS[name]
    kind, _, one = name.partition(":")
    rubric = plan.rubric
    if rubric is not None and kind == "criterion":
        title = next((criterion.title for criterion in rubric.criteria if criterion.id == one), one)
        return f"‘{title}’ 항목", f"criterion '{title}'"
    if rubric is not None and kind == "item" and (item := rubric.item(one)) is not None:
        return f"‘{item.title}’ 세부항목", f"item '{item.title}'"
    return name, name


SENTENCES: dict[str, tuple[str, str]] = {
    "ahead-of-line": (
        "선정되지 않은 과제 중 가장 높은 점수({other}점)보다 {margin}점 높음(본 과제 {figure}점)",
        "{margin} points above the best that was not selected ({figure} against {other})",
    ),
    "short-of-line": (
        "선정된 과제 중 가장 낮은 점수({other}점)보다 {margin}점 낮음(본 과제 {figure}점)",
        "{margin} points below the last that was selected ({figure} against {other})",
    ),
    "equal-ahead": (
        "선정 경계의 과제와 같은 {figure}점이며 동점자 처리 기준({key_ko})에 따라 앞섬",
        "equal at the line ({figure} points) and ahead by the tie-break {key_en}",
    ),
    "equal-behind": (
        "선정 경계의 과제와 같은 {figure}점이며 동점자 처리 기준({key_ko})에 따라 뒤짐",
        "equal at the line ({figure} points) and behind by the tie-break {key_en}",
    ),
    "equal-undecided": (
        "선정 경계의 과제와 같은 {figure}점이며 동점자 처리 기준으로 나뉘지 않음",
        "equal at the line ({figure} points), and no tie-break tells them apart",
    ),
    "nobody-behind": (
        "최저기준을 통과한 과제가 모두 선정되어 순위로 탈락하는 과제가 없음(본 과제 {figure}점)",
        "all that passed are selected, so that rank keeps nobody out ({figure} points)",
    ),
    "nobody-selected": (
        "선정된 과제가 없음(본 과제 {figure}점)",
        "nobody is selected ({figure} points)",
    ),
    "below-cut": (
        "최저기준에 {margin}점 미달: {cut_ko} {value}점, 기준 {threshold}점",
        "{margin} points below the minimum: {cut_en} {value}, required {threshold}",
    ),
    "at-exclusive-cut": (
        "최저기준 {threshold}점과 같으나 이를 초과하여야 통과함: {cut_ko}",
        "at the minimum of {threshold} points, which has to be exceeded: {cut_en}",
    ),
    "no-figure": ("유효한 평가표가 없어 점수가 없음", "no valid score sheet, hence no figure"),
    "no-single-evaluator": (
        "평가위원 {evaluators}명 중 누구의 평가를 빼고 다시 계산하여도 결과가 같음",
        "the outcome is the same without any one of the {evaluators} evaluators",
    ),
    "single-evaluators": (
        "평가위원 {evaluators}명 중 {count}명은 그 1명의 평가를 빼고 다시 계산하면 결과가 달라짐",
        "for {count} of the {evaluators} evaluators, the outcome would be another without that one",
    ),
    "not-recomputable": (
        "평가위원 {evaluators}명 중 {count}명은 그 1명의 평가를 빼면 평가계획에 따라 점수를 낼 수 없음",
        "for {count} of the {evaluators} evaluators, the plan gives no result without that one",
    ),
    "weight-flips": (
        "‘{title}’ 항목의 배점이 {before}점이 아니라 {after}점이었다면(나머지 항목은 비례하여 조정) 결과가 달라짐",
        "the outcome would be another if '{title}' weighed {after} instead of {before} points (the rest in proportion)",
    ),
    "weights-hold": (
        "어느 한 항목의 배점을 {limit}점까지 올리거나 내려도(나머지 항목은 비례하여 조정) 결과가 같음",
        "the outcome is the same if any one criterion weighs up to {limit} points more or less (the rest in proportion)",
    ),
}
"""Korean and English by code."""
