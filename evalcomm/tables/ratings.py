"""SCORES for `agreement`: as for `rank`, but an evaluator may score an application more than once, and scores may be labels."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from evalcomm.engine.diagnosis import ItemRecord, item_records
from evalcomm.engine.exact import NotExact, parse_decimal
from evalcomm.engine.plan import Plan
from evalcomm.engine.ratings import IntArray, Ratings
from evalcomm.engine.rubric import OffScale
from evalcomm.tables.reading import InputError, Row, Table, read_table
from evalcomm.tables.scores import RECUSED, Scores, half_sheets, read_scores
from evalcomm.tables.statistics import left_out

_NO_LABELS = frozenset({"nan", "inf", "infinity"})


@dataclass(frozen=True, eq=False)
class Labels:
    """Ratings that are labels: application, code, shape (n,), and how many applications and evaluators there are."""

    application: IntArray
    code: IntArray
    applications: int
    evaluators: int


@dataclass(frozen=True)
class RatingTable:
    """items : by evaluator, where scores came by item."""

    ratings: Ratings | Labels
    warnings: tuple[str, ...]
    items: tuple[ItemRecord, ...] = ()


def read_ratings(path: str, plan: Plan, *, sheet: str | None, labels: bool) -> RatingTable:
    """labels : whether scores are labels whatever they look like; else they are if every one of them is a word. Raises InputError."""
    table = read_table(path, sheet=sheet)
    items: tuple[ItemRecord, ...] = ()
    if plan.rubric is not None or "item" in table:
        scores = read_scores(path, plan, sheet=sheet)
        rows = [(a, e, float(total)) for a, e, total in scores.totals(plan)]
        warnings = [*scores.warnings, *half_sheets(scores), *left_out(scores, plan)]
        items = _items(scores, plan)
    else:
        table.require("application", "evaluator", "score")
        given = [row for row in table if _is_given(row)]
        warnings = list(table.warnings)
        words = plan.scale is None and given and all(_is_word(row.get("score")) for row in given)
        if given and (labels or words):
            if not labels:
                warnings.append(f"{table.name}: every score is a word, so that scores are taken as labels")
            return RatingTable(_labels(table, given), tuple(warnings))
        rows = [(row.text("application"), row.text("evaluator"), _points(row, plan)) for row in given]
        table.check()
        warnings += _without_scores(table, given)
    if not rows:
        raise InputError(f"{table.name}: there is no score; all sheets are blank, recused or incomplete")
    return RatingTable(Ratings.of(rows), tuple(warnings), items)


def _items(scores: Scores, plan: Plan) -> tuple[ItemRecord, ...]:
    """Without a rubric the highest score that an item got stands for its full points."""
    if plan.rubric is not None:
        full = {item.id: float(item.points) for item in plan.rubric.scored_items}
    else:
        given = {item: [points[item] for _, _, points in scores.by_item] for item in scores.items}
        full = {item: float(max(values, default=0)) or 1.0 for item, values in given.items()}
    sheets = ((a, e, {item: float(value) for item, value in points.items()}) for a, e, points in scores.by_item)
    return item_records(sheets, full)


def _is_given(row: Row) -> bool:
    score = row.get("score")
    if score and score.casefold() not in RECUSED:
        return True
    row.text("application")
    row.text("evaluator")
    return False


def _is_word(score: str) -> bool:
    return score[:1].isalpha() and score.casefold() not in _NO_LABELS


def _points(row: Row, plan: Plan) -> float:
    try:
        points = parse_decimal(row.get("score"))
        if plan.scale is not None:
            plan.scale.check(points)
    except (NotExact, OffScale) as error:
        hint = "; where scores are labels, add --nominal" if _is_word(row.get("score")) else ""
        row.problem("score", f"{error}{hint}")
        return 0.0
    return float(points)


def _labels(table: Table, given: list[Row]) -> Labels:
    cells = [(row.text("application"), row.text("evaluator"), row.text("score")) for row in given]
    table.check()
    _, application = np.unique([cell[0] for cell in cells], return_inverse=True)
    _, code = np.unique([cell[2] for cell in cells], return_inverse=True)
    order = np.lexsort((code, application))
    return Labels(application[order], code[order], len({c[0] for c in cells}), len({c[1] for c in cells}))


def _without_scores(table: Table, given: list[Row]) -> list[str]:
    scored = {row.get("application") for row in given}
    missing = sorted({row.get("application") for row in table} - scored)
    return [f"{application} has no valid sheet, so it is left out" for application in missing]
