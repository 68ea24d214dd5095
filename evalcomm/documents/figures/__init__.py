"""The figures of a paper, drawn from its model: the same SVG on paper and, at its own address, on screen.

Beside each figure the template prints a table of its numbers, so nothing is told by a drawing alone.
"""

from collections.abc import Callable, Mapping
from functools import partial
from typing import Any

from evalcomm.documents.figures import plots

Drawing = Callable[[], str]

ROWS = 40
NEIGHBOURS = 20
"""The most rows of a figure of scores (what fits on a page) and of a ranking around one application."""


def names(kind: str, model: Mapping[str, Any]) -> list[str]:
    """The names of the figures that this paper has, in the order of printing."""
    return list(_drawings(kind, model))


def draw(kind: str, name: str, model: Mapping[str, Any]) -> str:
    """The figure as SVG; KeyError where the paper has no figure of that name."""
    return _drawings(kind, model)[name]()


def _drawings(kind: str, model: Mapping[str, Any]) -> dict[str, Drawing]:
    if kind == "decision_memo":
        return _of_decision_memo(model)
    if kind == "selection_report":
        return _of_selection_report(model)
    return {}


def _of_decision_memo(model: Mapping[str, Any]) -> dict[str, Drawing]:
    drawings: dict[str, Drawing] = {}
    if any(total["score"]["mark"] == "scored" for total in model["evaluators"]):
        drawings["scores"] = lambda: plots.evaluator_dots(
            model["evaluators"], mean=model["mean"], cut=model["cut_on_mean"]
        )
    if model["ranking"]:
        drawings["ranking"] = lambda: plots.ranking(_around_this(model["ranking"]), cut=model["cut_on_final"])
    return drawings


def _of_selection_report(model: Mapping[str, Any]) -> dict[str, Drawing]:
    drawings: dict[str, Drawing] = {}
    for number, track in enumerate(model["tracks"], 1):
        parts = range(0, len(track["scores"]), ROWS)
        for part, first in enumerate(parts, 1):
            rows = track["scores"][first : first + ROWS]
            drawings[f"scores-{number}-{part}"] = partial(plots.application_dots, rows, cut=track["cut_on_mean"])
    if model["by_task"]:
        drawings["money-task"] = lambda: plots.money(model["by_task"], title="협업과제별 신청액과 지원액")
    if model["by_region"]:
        drawings["money-region"] = lambda: plots.money(model["by_region"], title="혁신도시별 신청액과 지원액")
    return drawings


def _around_this(rows: list[Any]) -> list[Any]:
    """The ranking, or where it is long the part with the application that the paper is about in the middle."""
    here = next((index for index, row in enumerate(rows) if row["is_this"]), 0)
    first = max(0, min(here - NEIGHBOURS // 2, len(rows) - NEIGHBOURS))
    return rows[first : first + NEIGHBOURS]
