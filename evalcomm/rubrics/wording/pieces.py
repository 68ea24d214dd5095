"""Pieces of sentences, and the figures that several of them print."""

from collections import Counter
from collections.abc import Iterable
from fractions import Fraction

from flask_babel import gettext as _

from evalcomm.documents.papers import Grade
from evalcomm.engine.exact import format_figure
from evalcomm.engine.plan import Figure, Plan
from evalcomm.engine.rubric import Criterion, InputKind, Rubric


def named_points(title: str, points: Fraction) -> str:
    return str(_("%(title)s %(points)s점", title=title, points=format_figure(points)))


def percent(ratio: Fraction) -> str:
    return f"{format_figure(ratio * 100)}%"


def quoted(title: str) -> str:
    return f"‘{title}’"


def listed(names: Iterable[str]) -> str:
    """‘one’, ‘other’"""
    return ", ".join(quoted(name) for name in names)


def common_grades(rubric: Rubric) -> list[Grade]:
    """The grades that most items share, each with the descriptor that most of these items share; [] where points are entered directly."""
    shared = Counter(item.grades for item in rubric.scored_items if item.input is InputKind.GRADE)
    if not shared:
        return []
    grades = shared.most_common(1)[0][0]
    words = common_descriptors(rubric, InputKind.GRADE)
    return [
        {"name": grade.name, "share": format_figure(grade.share), "descriptor": words.get(grade.name)}
        for grade in grades
    ]


def common_descriptors(rubric: Rubric, kind: InputKind) -> dict[str, str]:
    shared = Counter(item.descriptors for item in rubric.scored_items if item.input is kind and item.descriptors)
    return {d.label: d.text for d in shared.most_common(1)[0][0]} if shared else {}


def minimum_of(criterion: Criterion, plan: Plan) -> Fraction | None:
    """What the criterion's mean must reach, in points; None where nothing is asked."""
    ratio = plan.cut.criterion_ratio if criterion.min_ratio is None else criterion.min_ratio
    if ratio is None:
        return None
    full = criterion.scored_points if plan.cut.on is Figure.MEAN else criterion.points
    return ratio * full or None


def total_minimum(plan: Plan) -> Fraction | None:
    """What the total must reach, in points; None where nothing is asked."""
    if plan.cut.total_ratio is None:
        return None
    if plan.rubric is None:
        return None if plan.scale is None else plan.cut.total_ratio * plan.scale.max
    full = plan.rubric.scored_points if plan.cut.on is Figure.MEAN else plan.rubric.total
    return plan.cut.total_ratio * full
