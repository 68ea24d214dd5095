"""What `rank --sensitivity` adds: how near each outcome is to another one, and whose sheets decide it."""

from __future__ import annotations

from collections.abc import Sequence

from evalcomm.engine.exact import format_figure
from evalcomm.engine.robustness import ApplicationRobustness, Outcome, Robustness
from evalcomm.tables.writing import Cell, Sheet

WORDS = {Outcome.SELECTED: "선정", Outcome.NOT_SELECTED: "미선정", Outcome.UNDECIDED: "동점(미정)"}

HEADER = ("application", "outcome", "margin", "without", "weight_change")
STATEMENTS_HEADER = ("application", "ko", "en")


def document_of(found: Robustness, top: int | None) -> dict[str, object]:
    """`margin` is an exact figure: points above (+) or below (-) the line, or the cut that was missed."""
    return {
        "top": top,
        "applications": [
            {
                "application": one.application,
                "outcome": one.outcome.value,
                "margin": one.margin,
                "without": list(one.without),
                "weight": None
                if one.flip is None
                else {"criterion": one.flip.criterion, "before": one.flip.before, "after": one.flip.after},
                "statements": [{"code": said.code, "ko": said.ko, "en": said.en} for said in one.statements],
            }
            for one in found.applications
        ],
        "influence": [
            {
                "evaluator": evaluator,
                "changes": [
                    {"application": application, "outcome": outcome.value} for application, outcome in changes.items()
                ],
            }
            for evaluator, changes in found.influence.items()
        ],
        "not_recomputable": list(found.applications[0].not_recomputable) if found.applications else [],
    }


def sheets_of(found: Robustness) -> Sequence[Sheet]:
    statements: list[list[Cell]] = [
        [one.application, said.ko, said.en] for one in found.applications for said in one.statements
    ]
    return (
        Sheet("sensitivity", HEADER, [_row(one) for one in found.applications]),
        Sheet("in words", STATEMENTS_HEADER, statements, detail=True),
    )


def remarks_of(found: Robustness) -> list[str]:
    """The sentences for a table, in Korean; a workbook and the JSON document have the English too."""
    return [f"{one.application}: {'; '.join(said.ko for said in one.statements)}" for one in found.applications]


def _row(one: ApplicationRobustness) -> list[Cell]:
    flip = one.flip
    change = "" if flip is None else f"{flip.title} {format_figure(flip.before)} → {format_figure(flip.after)}"
    return [one.application, WORDS[one.outcome], one.margin, ", ".join(one.without), change]
