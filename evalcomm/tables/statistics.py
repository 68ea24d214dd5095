"""How statistics are printed, and which sheets they leave out."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import overload

from evalcomm.engine.plan import Plan
from evalcomm.engine.ranking import SheetState
from evalcomm.tables.scores import Scores


@overload
def shown(value: float) -> float: ...
@overload
def shown(value: float | None) -> float | None: ...


def shown(value: float | None) -> float | None:
    """To nine decimals (never −0), so that the order of additions, which differs between machines, does not show."""
    return None if value is None else round(float(value), 9) + 0.0


def shown_pair(pair: tuple[float, float]) -> list[float]:
    return [shown(pair[0]), shown(pair[1])]


def left_out(scores: Scores, plan: Plan) -> Iterator[str]:
    """Half sheets under a rubric, and applications without any score."""
    wanted = [item.id for item in plan.rubric.scored_items] if plan.rubric else []
    notes = []
    counted = set()
    for sheet in scores.sheets:
        whole = sheet.state is SheetState.SCORED
        if whole and isinstance(sheet.points, Mapping) and (lacking := [i for i in wanted if i not in sheet.points]):
            whole = False
            notes.append(
                f"the sheet of {sheet.evaluator} on {sheet.application} has no score for {', '.join(lacking)}; it counts as missing"
            )
        if whole:
            counted.add(sheet.application)
    yield from sorted(notes)
    for application in sorted({sheet.application for sheet in scores.sheets} - counted):
        yield f"{application} has no valid sheet, so it is left out"
