"""A plan in words: the sentences that the notice of call prints and the screen shows, one heading for each part of the plan.

Every value of the plan that can change a result has a sentence here (a test walks them); the reader needs no TOML.
"""

from dataclasses import dataclass
from datetime import datetime
from fractions import Fraction
from typing import Any

from flask_babel import force_locale
from flask_babel import gettext as _

from evalcomm.documents.papers import Named, PlanInWords, RubricCriterion
from evalcomm.engine.exact import format_figure
from evalcomm.engine.plan import Plan
from evalcomm.engine.rubric import Adjustment, Criterion, InputKind
from evalcomm.rubrics.models import PlanVersion
from evalcomm.rubrics.queries import plan_value
from evalcomm.rubrics.wording import division, entry, figures
from evalcomm.rubrics.wording.figures import tie_key
from evalcomm.rubrics.wording.pieces import common_descriptors, common_grades, minimum_of, percent, total_minimum

__all__ = [
    "Rule",
    "common_grades",
    "in_words",
    "minimum_of",
    "percent",
    "rules",
    "summary",
    "tie_key",
    "total_minimum",
    "view",
]


@dataclass(frozen=True, slots=True)
class Rule:
    heading: str
    sentences: tuple[str, ...]


def rules(plan: Plan) -> list[Rule]:
    """Headings in the order in which the procedure meets them; a part without a sentence is left out."""
    parts = (
        (_("평가위원회"), entry.committee(plan)),
        (_("평가 방법"), entry.entered(plan)),
        (_("점수 집계"), figures.aggregation(plan)),
        (_("소수 처리"), figures.rounding(plan)),
        (_("가점과 감점"), figures.adjustments(plan)),
        (_("최저기준(과락)"), figures.cuts(plan)),
        (_("순위와 동점자 처리"), figures.ranking(plan)),
        (_("지원금 배분"), division.sentences(plan)),
    )
    found = [Rule(heading, tuple(sentences)) for heading, sentences in parts]
    return [rule for rule in found if rule.sentences]


def view(plan: Plan) -> dict[str, Any]:
    """What templates/rubrics/components.html shows of a plan: the rubric as applicants read it, minima in points, the rules in words."""
    rubric = plan.rubric
    assert rubric is not None
    usual = {kind: common_descriptors(rubric, kind) for kind in (InputKind.GRADE, InputKind.DIRECT)}
    return {
        "value": plan,
        "rubric": rubric,
        "rules": rules(plan),
        "grades": [[g["name"], percent(Fraction(g["share"])), g["descriptor"]] for g in common_grades(rubric)],
        "ranges": [[label, text] for label, text in usual[InputKind.DIRECT].items()],
        "minima": {criterion.id: minimum_of(criterion, plan) for criterion in rubric.criteria},
        "total_minimum": total_minimum(plan),
        "own_descriptors": [
            (item.title, [[descriptor.label, descriptor.text] for descriptor in item.descriptors])
            for item in rubric.scored_items
            if item.descriptors and {d.label: d.text for d in item.descriptors} != usual.get(item.input)
        ],
        "figure": format_figure,
    }


def summary(plan: Plan) -> list[str]:
    """Three lines to choose by: what is scored, how it becomes one figure, who passes."""
    rubric = plan.rubric
    assert rubric is not None
    criteria = ", ".join(f"{criterion.title} {format_figure(criterion.points)}" for criterion in rubric.criteria)
    return [criteria, next(iter(figures.aggregation(plan))), *list(figures.cuts(plan))[:1]]


def in_words(plan: PlanVersion, *, track: str, budget_won: int | None, sealed_at: datetime) -> PlanInWords:
    """The piece of a paper, in Korean whatever the screen speaks."""
    value = plan_value(plan)
    rubric = value.rubric
    assert rubric is not None
    with force_locale("ko"):
        return {
            "track": track,
            "budget": budget_won,
            "plan_id": plan.plan_id,
            "version": plan.version,
            "sha256": plan.sha256,
            "sealed_at": sealed_at.strftime("%Y-%m-%dT%H:%M:%SZ"),
            "rubric": rubric.title,
            "total": format_figure(rubric.total),
            "grades": common_grades(rubric),
            "criteria": [_criterion(criterion, value) for criterion in rubric.criteria],
            "bonus": [_named(bonus) for bonus in rubric.bonuses],
            "penalty": [_named(penalty) for penalty in rubric.penalties],
            "rules": [{"heading": rule.heading, "sentences": list(rule.sentences)} for rule in rules(value)],
        }


def _criterion(criterion: Criterion, plan: Plan) -> RubricCriterion:
    minimum = minimum_of(criterion, plan)
    return {
        "title": criterion.title,
        "points": format_figure(criterion.points),
        "minimum": None if minimum is None else format_figure(minimum),
        "items": [
            {"title": item.title, "points": format_figure(item.points), "is_fixed": item.is_fixed}
            for item in criterion.items
        ],
    }


def _named(adjustment: Adjustment) -> Named:
    return {
        "name": adjustment.title,
        "points": format_figure(adjustment.points),
        "evidence": adjustment.description or None,
    }
