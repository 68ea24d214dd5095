"""The plan in words: every value that can change a result changes a sentence."""

from collections.abc import Iterator
from dataclasses import fields, is_dataclass, replace
from fractions import Fraction
from typing import Any

import pytest
from flask import Flask

from evalcomm.documents import papers
from evalcomm.documents.papers.values import misfits
from evalcomm.engine.allocate.plan import (
    AllocationPlan,
    Band,
    Cap,
    Exclusive,
    Floor,
    Level,
    Matching,
    MaxAwards,
    Objective,
    Pin,
    Policy,
    Requires,
    Shortfall,
    TiesAtLine,
)
from evalcomm.engine.exact import Rounding
from evalcomm.engine.plan import (
    AggregateRule,
    BelowMin,
    CommitteeRule,
    CompareOn,
    CutRule,
    Fallback,
    Figure,
    Method,
    Plan,
    RoundingRule,
    Scope,
)
from evalcomm.engine.rubric import Limits
from evalcomm.foundation.database import transaction
from evalcomm.rubrics import checking, services, shipped, wording
from tests.factories import NOW
from tests.rubrics.test_services import ACTOR, store_both
from tests.rubrics.texts import PLAN, RUBRIC


def the_plan() -> Plan:
    plan = checking.plan_of(PLAN, checking.rubric_of(RUBRIC))
    return replace(plan, allocation=AllocationPlan())


def text_of(plan: Plan) -> str:
    return "\n".join(sentence for rule in wording.rules(plan) for sentence in rule.sentences)


HALF = Fraction(1, 2)
OTHER: dict[type, dict[str, list[Any]]] = {
    CommitteeRule: {
        "quorum": [None, 7],
        "resolution": ["majority-of-members", "two-thirds-of-present", "unanimous"],
        "min_valid_sheets": [1, 4],
        "below_min": [BelowMin.OTHER_PANEL, BelowMin.RESOLVE],
        "chair_scores": [False],
        "members": [9],
        "max_members": [15],
        "max_official_ratio": [Fraction(1, 4)],
        "min_external_ratio": [HALF],
        "reserve_multiple": [3],
    },
    AggregateRule: {
        "method": [method for method in Method if method is not Method.TRIMMED_MEAN],
        "drop_high": [0, 2],
        "drop_low": [0, 2],
        "scope": [Scope.CRITERION],
        "min_sheets_to_trim": [6],
        "double_trim_from": [None, 15],
        "fallback": [Fallback.MEDIAN, Fallback.REFUSE],
    },
    RoundingRule: {
        "mode": [Rounding.DOWN, Rounding.UP, Rounding.HALF_EVEN],
        "sheet_total": [None, 0, 3],
        "criterion": [None, 3],
        "mean": [None, 4],
        "final": [None, 1],
        "compare_on": [CompareOn.EXACT],
    },
    CutRule: {
        "total_ratio": [None, HALF],
        "criterion_ratio": [None, HALF],
        "item_ratio": [HALF],
        "inclusive": [False],
        "on": [Figure.MEAN, Figure.FINAL],
    },
    Limits: {"bonus_max": [Fraction(1)], "penalty_max": [Fraction(2)], "final_max": [Fraction(100)]},
    AllocationPlan: {
        "policy": [Policy.BANDS, Policy.PROPORTIONAL, Policy.PORTFOLIO],
        "shortfall": [Shortfall.SKIP, Shortfall.CUT_LAST],
        "ties_at_line": [TiesAtLine.ALL_OR_NONE, TiesAtLine.SHARE],
        "unit_won": [1_000_000],
        "pass_score": [Fraction(70)],
        "rules": [
            (rule,)
            for rule in (
                Cap("region", "부산", 7),
                Cap("region", None, 7),
                Floor("region", "제주", 9),
                MaxAwards("organisation", None, 2),
                Exclusive(("A1", "A7")),
                Requires("A1", "A7"),
                Matching(HALF),
                Pin("A1", 5, "위원회", "의결"),
            )
        ],
    },
}
PARTS = {
    "committee": CommitteeRule,
    "aggregate": AggregateRule,
    "rounding": RoundingRule,
    "cut": CutRule,
    "bonus": Limits,
    "allocation": AllocationPlan,
}
DEPENDENT = {
    (AllocationPlan, "min_award_ratio"): AllocationPlan(shortfall=Shortfall.CUT_LAST),
    (AllocationPlan, "bands"): AllocationPlan(policy=Policy.BANDS),
    (AllocationPlan, "objective"): AllocationPlan(policy=Policy.PORTFOLIO),
    (AllocationPlan, "levels"): AllocationPlan(policy=Policy.PORTFOLIO),
}
DEPENDENT_VALUES: dict[str, list[Any]] = {
    "min_award_ratio": [HALF],
    "bands": [(Band(Fraction(90), Fraction(1)), Band(Fraction(80), HALF))],
    "objective": [objective for objective in Objective if objective is not AllocationPlan().objective],
    "levels": [(Level(Fraction(1), Fraction(1)), Level(HALF, Fraction(3, 4)))],
}
UNSEALED = {"tie_keys", "pass_inclusive"}
"""Of an AllocationPlan: they are told where the plan has them, under ties and cuts."""


def test_every_key_of_every_rule_is_walked() -> None:
    """A key that the engine learns must be put into words: this list is then too short."""
    for rule in PARTS.values():
        assert is_dataclass(rule)
        known = set(OTHER[rule]) | {name for owner, name in DEPENDENT if owner is rule} | UNSEALED
        assert {field.name for field in fields(rule)} <= known, rule


def changes() -> Iterator[tuple[str, str, Any]]:
    for part, rule in PARTS.items():
        for name, values in OTHER[rule].items():
            for value in values:
                yield part, name, value


@pytest.mark.parametrize(
    ("part", "name", "value"), [pytest.param(*c, id=f"{c[0]}.{c[1]}={c[2]}"[:60]) for c in changes()]
)
def test_another_value_is_another_sentence(part: str, name: str, value: Any) -> None:
    plan = the_plan()
    changed = replace(plan, **{part: replace(getattr(plan, part), **{name: value})})
    assert text_of(changed) != text_of(plan)


@pytest.mark.parametrize("name", sorted(DEPENDENT_VALUES))
def test_a_value_that_counts_under_one_policy_is_told_there(name: str) -> None:
    base = DEPENDENT[AllocationPlan, name]
    for value in DEPENDENT_VALUES[name]:
        with_value = replace(the_plan(), allocation=replace(base, **{name: value}))
        assert text_of(with_value) != text_of(replace(the_plan(), allocation=base))


def test_every_tie_key_has_words() -> None:
    plan = replace(
        the_plan(),
        tie_keys=(
            "mean",
            "base",
            "final",
            "criterion:plan",
            "criteria-by-weight",
            "requested-asc",
            "requested-desc",
            "특구",
            "lot",
        ),
    )
    (order,) = [line for line in text_of(plan).splitlines() if " → " in line]
    parts = order.split(": ", 1)[1].split(" → ")
    assert len(set(parts)) == 9
    assert "‘추진계획’ 점수가 높은 순" in parts
    assert "같은 순위로 함" in text_of(replace(plan, tie_keys=()))


def test_minima_are_printed_in_points() -> None:
    """70 % of 100 points; 40 % of 40 points; the criterion's own 50 % of 60 points, 45 without its fixed item."""
    plan = the_plan()
    assert wording.total_minimum(plan) == 70
    assert [wording.minimum_of(criterion, plan) for criterion in plan.rubric.criteria] == [16, 30]  # type: ignore[union-attr]
    on_mean = replace(plan, cut=replace(plan.cut, on=Figure.MEAN))
    assert wording.total_minimum(on_mean) == Fraction(7, 10) * 85
    assert [wording.minimum_of(criterion, on_mean) for criterion in on_mean.rubric.criteria] == [16, Fraction(45, 2)]  # type: ignore[union-attr]


@pytest.mark.parametrize("name", [one.name for one in shipped.plans()])
def test_every_shipped_plan_fits_the_notice(app: Flask, name: str) -> None:
    with transaction():
        plan = services.store_plan_file(plan_id=name, actor=ACTOR, at=NOW)
    with app.test_request_context():
        words = wording.in_words(plan, track="시설", budget_won=1, sealed_at=NOW)
    assert list(misfits(words, papers.PlanInWords, "plan")) == []
    assert all(
        "%(" not in sentence and "None" not in sentence for rule in words["rules"] for sentence in rule["sentences"]
    )


def test_papers_are_korean_whatever_the_screen_speaks(app: Flask) -> None:
    plan = store_both()
    with app.test_request_context(headers={"Cookie": "locale=en"}):
        words = wording.in_words(plan, track="시설", budget_won=None, sealed_at=NOW)
    assert words["rules"][0]["heading"] == "평가위원회"


def test_who_adds_up_the_criteria_is_told_that_they_need_not_give_the_mean(app: Flask) -> None:
    """A trimmed mean of totals is not the sum of trimmed means; a plain mean is, and the sentence would confuse."""
    plan = the_plan()
    with app.test_request_context(headers={"Accept-Language": "ko"}):
        trimmed, plain = (
            text_of(replace(plan, aggregate=replace(plan.aggregate, method=method, scope=Scope.SHEET_TOTAL)))
            for method in (Method.TRIMMED_MEAN, Method.MEAN)
        )

    assert "그 합은 평균 점수와 다를 수 있음" in trimmed
    assert "그 합은 평균 점수와 다를 수 있음" not in plain


def test_a_division_that_ends_says_that_later_ranks_get_nothing(app: Flask) -> None:
    """Who stands behind an application that could not be served asks why the rest was not given to them."""
    allocation = AllocationPlan(shortfall=Shortfall.CUT_LAST, min_award_ratio=HALF)
    with app.test_request_context(headers={"Accept-Language": "ko"}):
        with_floor = text_of(replace(the_plan(), allocation=allocation))
        without = text_of(replace(the_plan(), allocation=replace(allocation, min_award_ratio=None)))

    assert "50%에 못 미치면 그 신청서에는 배분하지 않고 마침" in with_floor
    assert "남은 금액까지 줄여 배분하고 배분을 마침" in without
