"""Every reason that an allocation gives: a code with facts, and the Korean and the English sentence made from them.

A statement carries exact facts only (won as int, scores and ratios as text), so that a paper, a screen and a program read the
same figures. Korean sentences put no particle after an id: an id may end in any sound.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import TypeAlias

Fact: TypeAlias = str | int | tuple[str, ...]
Facts: TypeAlias = Mapping[str, Fact]
Wording: TypeAlias = str | Callable[[Facts], str]


@dataclass(frozen=True, slots=True)
class Statement:
    """One reason. `code` and `facts` are for programs; `ko` and `en` for people."""

    code: str
    facts: Facts = field(default_factory=dict)

    @property
    def ko(self) -> str:
        return _worded(SENTENCES[self.code][0], self.facts)

    @property
    def en(self) -> str:
        return _worded(SENTENCES[self.code][1], self.facts)


def say(code: str, **facts: Fact) -> Statement:
    return Statement(code, facts)


def _worded(wording: str | Callable[[Facts], str], facts: Facts) -> str:
    return wording.format(**facts) if isinstance(wording, str) else wording(facts)


def _names(facts: Facts, key: str) -> str:
    value = facts[key]
    return ", ".join(value) if isinstance(value, tuple) else str(value)


def _others_ko(facts: Facts) -> str:
    return f"동점({_names(facts, 'tied')}) 중 일부만 지원할 수 있고 동점자는 모두 지원하거나 모두 지원하지 않는 방식이므로 지원하지 않음"


def _others_en(facts: Facts) -> str:
    return (
        f"tied with {_names(facts, 'tied')}; not all of the tied can be funded, and the plan funds all of them or none"
    )


def _lot_ko(facts: Facts) -> str:
    return f"동점({_names(facts, 'tied')})이고 지원 경계에 있어 추첨으로 정함(추첨 전)"


def _lot_en(facts: Facts) -> str:
    return f"tied at the line ({_names(facts, 'tied')}): waits for the lot"


def _flip_clauses(facts: Facts, *, awarded: bool) -> tuple[list[str], list[str]]:
    ko: list[str] = []
    en: list[str] = []
    if "budget_above" in facts:
        ko.append(f"총예산 {facts['budget_above']:,}원으로 증액")
        en.append(f"a budget raised to {facts['budget_above']:,} won")
    if "budget_below" in facts:
        ko.append(f"총예산 {facts['budget_below']:,}원으로 감액")
        en.append(f"a budget cut to {facts['budget_below']:,} won")
    if "score" in facts:
        strict = bool(facts.get("score_strict"))
        point = facts["score"]
        if awarded:
            ko.append(f"점수 {point}점 {'이하' if strict else '미만'}")
            en.append(f"a score of {point} or less" if strict else f"a score below {point}")
        else:
            ko.append(f"점수 {point}점 {'초과' if strict else '이상'}")
            en.append(f"a score above {point}" if strict else f"a score of {point} or more")
    if "requested" in facts:
        ko.append(f"신청액 {facts['requested']:,}원")
        en.append(f"a request of {facts['requested']:,} won")
    return ko, en


def _gain_ko(facts: Facts) -> str:
    return f"다른 조건이 같을 때 다음 중 하나이면 지원: {', '.join(_flip_clauses(facts, awarded=False)[0])}"


def _gain_en(facts: Facts) -> str:
    return f"all else equal, it would be funded with {', or '.join(_flip_clauses(facts, awarded=False)[1])}"


def _gain_full_ko(facts: Facts) -> str:
    return f"다른 조건이 같을 때 다음 중 하나이면 감액 없이 지원: {', '.join(_flip_clauses(facts, awarded=False)[0])}"


def _gain_full_en(facts: Facts) -> str:
    return (
        f"all else equal, it would be funded without a cut with {', or '.join(_flip_clauses(facts, awarded=False)[1])}"
    )


def _lose_ko(facts: Facts) -> str:
    return f"다른 조건이 같을 때 다음 중 하나이면 지원액이 줄거나 없어짐: {', '.join(_flip_clauses(facts, awarded=True)[0])}"


def _lose_en(facts: Facts) -> str:
    return f"all else equal, its award would shrink or go with {', or '.join(_flip_clauses(facts, awarded=True)[1])}"


def _one_or_each(facts: Facts) -> tuple[str, str]:
    value = facts["value"]
    return (f"{facts['tag']}별", f"each {facts['tag']}") if value == "*" else (f"{facts['tag']} {value}",) * 2


def _measured(facts: Facts, key: str, *, korean: bool) -> str:
    if facts["unit"] == "count":
        return f"{facts[key]}건" if korean else f"{facts[key]}"
    return f"{facts[key]:,}원" if korean else f"{facts[key]:,} won"


SENTENCES: dict[str, tuple[Wording, Wording]] = {
    # awards
    "funded": (
        "차례가 되었을 때 남은 예산 {left:,}원에서 {awarded:,}원 지원",
        "awarded {awarded:,} won of the {left:,} won left at its turn",
    ),
    "funded-band": (
        "{band}점 이상 구간의 지원율 {rate}을 적용하여 {awarded:,}원 지원(차례가 되었을 때 남은 예산 {left:,}원)",
        "band from {band}: rate {rate}, awarded {awarded:,} won of the {left:,} won left at its turn",
    ),
    "funded-floor": (
        "{tag} {value} 최저 배분액 {won:,}원을 채우기 위하여 {awarded:,}원을 먼저 지원",
        "awarded {awarded:,} won first, to meet the floor of {won:,} won for {tag} {value}",
    ),
    "funded-necessary": (
        "의결 지정이나 최저 배분액을 지키는 데 필요하여 {awarded:,}원을 먼저 지원",
        "awarded {awarded:,} won first, because a resolution or a floor cannot be kept without it",
    ),
    "funded-pin": (
        "의결 지정으로 {awarded:,}원 지원(지정자: {author}, 사유: {why})",
        "awarded {awarded:,} won by resolution ({author}: {why})",
    ),
    "proportional": (
        "신청액 {requested:,}원에 배분율 {rate}을 적용하여 {awarded:,}원 지원",
        "awarded {awarded:,} won: the request of {requested:,} won times the rate {rate}",
    ),
    "proportional-bound": (
        "배분율 {rate}을 적용한 금액을 최소·최대 지원액과 한도에 맞추어 {awarded:,}원 지원",
        "awarded {awarded:,} won: the rate {rate}, held by a minimum, a maximum or a cap",
    ),
    "portfolio": (
        "규칙을 모두 지키는 조합 가운데 목적값이 가장 큰 조합에 포함되어 {awarded:,}원 지원",
        "in the division of the highest value that keeps every rule: awarded {awarded:,} won",
    ),
    "portfolio-level": (
        "규칙을 모두 지키는 조합 가운데 목적값이 가장 큰 조합에서 {full:,}원 대신 {awarded:,}원 지원",
        "in the division of the highest value that keeps every rule: awarded {awarded:,} won instead of {full:,} won",
    ),
    "portfolio-out": (
        "포함하면 다른 지원을 줄여야 하여 목적값이 {lost} 이상 줄어듦",
        "including it would cost others their awards and lower the value by {lost} or more",
    ),
    "portfolio-dropped": (
        lambda facts: f"포함하면 {_names(facts, 'dropped')} 지원이 빠지고 목적값이 {facts['lost']} 줄어듦",
        lambda facts: f"including it would drop {_names(facts, 'dropped')} and lower the value by {facts['lost']}",
    ),
    "portfolio-not-better": (
        "포함하여도 목적값이 더 커지지 않고, 값이 같으면 순위가 앞선 지원이 많은 조합을 택함",
        "including it would not raise the value; among equals the division with the better ranks is taken",
    ),
    "portfolio-twin-lot": (
        "조건이 모두 같은 신청({other})이 있어 추첨 번호에 따라 지원하지 않음",
        "in all respects like {other}; the lot decides between them",
    ),
    "portfolio-twin-id": (
        "조건이 모두 같은 신청({other})이 있고 추첨 번호가 없어 접수번호 순에 따라 지원하지 않음",
        "in all respects like {other}; with no lot drawn, the smaller id comes first",
    ),
    "cut-last": (
        "남은 예산이 {left:,}원이므로 신청액 {requested:,}원을 {awarded:,}원으로 감액하여 지원",
        "{left:,} won were left: the request of {requested:,} won is cut to {awarded:,} won",
    ),
    "cut-share": (
        "동점({count}건)이 지원 경계에 있어 남은 예산 {left:,}원을 똑같이 나누어 {awarded:,}원 지원",
        "tied at the line ({count} applications): the {left:,} won left are shared equally, {awarded:,} won each at most",
    ),
    "promoted": (
        lambda facts: f"{_names(facts, 'declined')} 지원 포기로 예비순위에 따라 {facts['awarded']:,}원 지원",
        lambda facts: (
            f"promoted from the reserve with {facts['awarded']:,} won after {_names(facts, 'declined')} declined"
        ),
    ),
    "declined": (
        "지원금 {awarded:,}원을 포기",
        "gave back its award of {awarded:,} won",
    ),
    # no award, but in the reserve
    "budget-short": (
        "{needed:,}원이 필요하나 차례가 되었을 때 남은 예산이 {left:,}원",
        "needs {needed:,} won; {left:,} won were left at its turn",
    ),
    "cut-too-small": (
        "남은 예산 {left:,}원으로는 최소 지원액 {least:,}원을 채울 수 없음",
        "the {left:,} won left are below the smallest award it may get, {least:,} won",
    ),
    "after-line": (
        "순위가 앞선 {last}에서 배분이 끝남(남은 예산 {left:,}원)",
        "the division ended at {last}, ranked before it ({left:,} won left)",
    ),
    "below-unit": (
        "지원 가능액 {amount:,}원이 배분 단위 {unit:,}원보다 적음",
        "its amount of {amount:,} won is below the unit of {unit:,} won",
    ),
    "below-minimum": (
        "지원 가능액 {amount:,}원이 신청자가 정한 최소 금액 {minimum:,}원보다 적음",
        "its amount of {amount:,} won is below the minimum of {minimum:,} won that it can accept",
    ),
    "cap": (
        "{tag} {value} 한도 {won:,}원을 넘게 됨(이미 {used:,}원 배분, 추가 {amount:,}원)",
        "would exceed the cap of {won:,} won for {tag} {value} ({used:,} won given, {amount:,} won more)",
    ),
    "year": (
        "{year}년 지급 한도 {won:,}원을 넘게 됨(이미 {used:,}원 배분, 추가 {amount:,}원)",
        "would exceed the ceiling of {won:,} won due in {year} ({used:,} won given, {amount:,} won more)",
    ),
    "max-awards": (
        "{tag} {value} 선정 한도 {count}건을 이미 채움",
        "{tag} {value} already has its {count} awards",
    ),
    "exclusive": (
        "함께 지원할 수 없는 {other} 지원이 이미 결정됨",
        "excluded by {other}, which is funded already",
    ),
    "requires": (
        "먼저 지원되어야 하는 {needs} 지원이 없음",
        "needs {needs}, which has no award",
    ),
    "matching": (
        "자부담 {own:,}원이 지원액 {amount:,}원의 {ratio}에 미치지 못함",
        "own funds of {own:,} won are below {ratio} of an award of {amount:,} won",
    ),
    "pinned-out": (
        "의결로 지원하지 않기로 정함(지정자: {author}, 사유: {why})",
        "set to no award by resolution ({author}: {why})",
    ),
    "tied-all-or-none": (_others_ko, _others_en),
    "tied-lot": (_lot_ko, _lot_en),
    "after-lot": (
        "순위가 앞선 동점의 추첨 결과에 따라 정해짐",
        "depends on the lot among the tied ranked before it",
    ),
    "share-too-small": (
        "동점({count}건)이 남은 예산 {left:,}원을 똑같이 나누면 최소 지원액을 채울 수 없음",
        "the {left:,} won left, shared among {count} tied, are below the smallest award",
    ),
    "infeasible": (
        "규칙을 모두 지키는 배분이 없어 정하지 않음",
        "no division keeps every rule, so nothing is decided",
    ),
    "proportional-short": (
        "앞선 순위의 최소 지원액을 채우고 남은 금액이 {left:,}원으로 최소 지원액 {minimum:,}원에 미치지 못함",
        "{left:,} won are left after the minima of those ranked before it, below its minimum of {minimum:,} won",
    ),
    # never in the reserve
    "below-pass-mark": (
        "점수 {score}점으로 선정 기준 {mark}점에 미달",
        "scored {score}, below the pass mark of {mark}",
    ),
    "at-pass-mark": (
        "점수 {score}점으로 선정 기준 {mark}점을 초과하지 못함",
        "scored {score}, not above the pass mark of {mark}",
    ),
    "ineligible": ("평가에서 지원 대상에서 제외됨", "not eligible after the evaluation"),
    "below-bands": (
        "점수 {score}점으로 가장 낮은 지원 구간 {mark}점에 미달",
        "scored {score}, below the lowest band, {mark}",
    ),
    # rules that clash, and their repairs
    "rule-budget": ("총예산 {won:,}원", "the budget of {won:,} won"),
    "rule-pass-mark": ("선정 기준 {mark}점", "the pass mark of {mark}"),
    "rule-cap": (
        lambda facts: f"규칙 {facts['number']}: {_one_or_each(facts)[0]} 한도 {facts['won']:,}원",
        lambda facts: f"rule {facts['number']}: at most {facts['won']:,} won for {_one_or_each(facts)[1]}",
    ),
    "rule-floor": (
        "규칙 {number}: {tag} {value} 최저 배분액 {won:,}원",
        "rule {number}: at least {won:,} won for {tag} {value}",
    ),
    "rule-year": (
        "규칙 {number}: {year}년 지급 한도 {won:,}원",
        "rule {number}: at most {won:,} won due in {year}",
    ),
    "rule-max-awards": (
        lambda facts: f"규칙 {facts['number']}: {_one_or_each(facts)[0]} 선정 한도 {facts['count']}건",
        lambda facts: f"rule {facts['number']}: at most {facts['count']} awards for {_one_or_each(facts)[1]}",
    ),
    "rule-exclusive": (
        lambda facts: f"규칙 {facts['number']}: {_names(facts, 'names')} 중 하나만 지원",
        lambda facts: f"rule {facts['number']}: at most one of {_names(facts, 'names')}",
    ),
    "rule-requires": (
        "규칙 {number}: {application} 지원은 {needs} 지원이 있어야 함",
        "rule {number}: {application} only if {needs}",
    ),
    "rule-matching": (
        "규칙 {number}: 자부담은 지원액의 {ratio} 이상",
        "rule {number}: own funds of at least {ratio} of the award",
    ),
    "rule-pin": (
        "규칙 {number}: {application} 의결 지정 {won:,}원",
        "rule {number}: {won:,} won for {application} by resolution",
    ),
    "repair-budget": ("총예산을 {to:,}원으로 {by:,}원 증액", "raise the budget by {by:,} to {to:,} won"),
    "repair-pass-mark": ("선정 기준을 {mark}점으로 조정({by}점)", "set the pass mark to {mark} ({by})"),
    "repair-raise": (
        lambda facts: (
            f"규칙 {facts['number']} 한도를 {_measured(facts, 'to', korean=True)}으로 상향(+{_measured(facts, 'by', korean=True)})"
        ),
        lambda facts: (
            f"raise rule {facts['number']} by {_measured(facts, 'by', korean=False)} to {_measured(facts, 'to', korean=False)}"
        ),
    ),
    "repair-lower": (
        lambda facts: (
            f"규칙 {facts['number']} 금액을 {_measured(facts, 'to', korean=True)}으로 하향(-{_measured(facts, 'by', korean=True)})"
        ),
        lambda facts: (
            f"lower rule {facts['number']} by {_measured(facts, 'by', korean=False)} to {_measured(facts, 'to', korean=False)}"
        ),
    ),
    "repair-remove": ("규칙 {number} 삭제", "remove rule {number}"),
    # what would have changed it
    "gain": (_gain_ko, _gain_en),
    "gain-full": (_gain_full_ko, _gain_full_en),
    "lose": (_lose_ko, _lose_en),
    "no-flip": (
        "점수, 신청액, 총예산 중 어느 하나만 달라져서는 지원되지 않음",
        "no change of its score, its request or the budget alone would fund it",
    ),
    "gain-bound": (
        "점수가 {score}점에 이르지 못하면 지원되지 않음(충분한 점수는 계산하지 않음)",
        "no score below {score} would fund it (what would suffice was not searched)",
    ),
    "lose-bound": (
        "점수가 {score}점 아래로 내려가지 않으면 지원이 유지됨(그 아래는 계산하지 않음)",
        "its award stands while its score is not below {score} (what lies below was not searched)",
    ),
    "barred": ("규칙을 지키면서 지원할 방법이 없음", "no division that keeps the rules can fund it"),
    "no-flip-score": ("점수가 높아져도 지원되지 않음", "no score would fund it"),
    "firm-score": ("점수가 낮아져도 지원이 유지됨", "no score takes its award away"),
    "own-terms": (
        "점수나 총예산이 아니라 신청 조건(금액, 자부담, 함께 신청한 사업)이 달라져야 함",
        "only a change of what it asks for or brings along, not of its score or the budget",
    ),
    "firm": (
        "점수, 신청액, 총예산 중 어느 하나만 달라져서는 결과가 바뀌지 않음",
        "no change of its score, its request or the budget alone alters it",
    ),
    "eligibility-first": (
        "지원 대상에서 제외된 사유가 없어야 함",
        "only if the reason for which it is not eligible falls away",
    ),
    "after-decline": (
        "포기에 따른 예비순위 지원에서는 계산하지 않음",
        "not computed for a promotion from the reserve",
    ),
    "lot-decides": ("추첨 결과가 정함", "the lot decides it"),
    "rules-decide": ("서로 맞지 않는 규칙을 먼저 고쳐야 함", "the clashing rules have to be repaired first"),
    "pin-decides": ("의결 지정을 바꾸어야 함", "only a change of the resolution"),
    "too-many-to-trace": (
        "신청 건수가 많아 계산하지 않음(신청 {count}건)",
        "not computed for a call of this size ({count} applications)",
    ),
}
