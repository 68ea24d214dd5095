"""Values for the secretariat's pages and the opened table: a matrix of states, the fields of fixed points, figures masked for their reader."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from flask import url_for
from flask_babel import gettext as _

from evalcomm.committee.models import ConflictAct
from evalcomm.committee.words import ACTS
from evalcomm.engine.exact import format_figure
from evalcomm.engine.plan import Plan
from evalcomm.engine.rubric import Item, Rubric
from evalcomm.scoring.figures import TableCell, TableRow, official_total
from evalcomm.scoring.policies import Sight
from evalcomm.scoring.queries import OpenedTable, Progress, plan_of, rubric_of
from evalcomm.scoring.queries.progress import OUT, SUBMITTED
from evalcomm.scoring.words import allowed_in_words, cut_name

# ---- the secretariat's matrix


def columns_of(progress: Progress) -> list[dict[str, Any]]:
    return [
        {
            "label": str(_("위원 %(number)s", number=member.number)),
            "note": f"{member.user.name}{' ' + str(_('위원장')) if member.is_chair else ''}",
        }
        for member in progress.members
    ]


def matrix_of(progress: Progress, *, reopens: bool) -> list[dict[str, Any]]:
    """Rows for `components/matrix.html`: states and nothing else. A handed-in sheet leads to its reopening."""
    return [
        {
            "label": f"{one.number} {one.title}",
            "url": url_for("scoring.fixed_points", application_id=one.id),
            "note": one.lead,
            "cells": [_matrix_cell(progress, one.id, member.id, reopens=reopens) for member in progress.members],
        }
        for one in progress.applications
    ]


def _matrix_cell(progress: Progress, application: int, member: int, *, reopens: bool) -> Any:
    state = progress.cells[application, member]
    if state == SUBMITTED and reopens:
        return {
            "state": state,
            "url": url_for("scoring.reopening", sheet_id=progress.sheets[application, member]),
            "text": None,
        }
    if state == OUT:
        act = progress.acts[application, member]
        return {"state": state, "url": None, "text": None if act == ConflictAct.RECUSAL else ACTS[act]}
    return state


# ---- 정량·가점·감점


@dataclass(frozen=True, slots=True)
class Asked:
    """An item, bonus or penalty that the secretariat enters. `kind`: fixed, bonus, penalty."""

    kind: str
    title: str
    hint: str
    points: Any
    evidence: Any


def asked_of(rubric: Rubric, form: Any) -> list[Asked]:
    asked = [Asked("fixed", one.title, _hint_of(one), *_fields(form, one.id)) for one in rubric.fixed_items]
    for kind, adjustments in (("bonus", rubric.bonuses), ("penalty", rubric.penalties)):
        asked += [
            Asked(
                kind,
                one.title,
                str(_("최대 %(points)s점", points=format_figure(abs(one.points)))),
                *_fields(form, one.id),
            )
            for one in adjustments
        ]
    return asked


def _hint_of(item: Item) -> str:
    return f"{item.formula} ({allowed_in_words(item)})" if item.formula else allowed_in_words(item)


def _fields(form: Any, item_id: str) -> tuple[Any, Any]:
    return form[f"points-{item_id}"], form[f"evidence-{item_id}"]


# ---- the opened table, masked


@dataclass(frozen=True, slots=True)
class ShownCell:
    """`state` as `components/score.html` knows it."""

    state: str
    value: str | None
    url: str | None


@dataclass(frozen=True, slots=True)
class ShownRow:
    """A row as one person may see it. `masked` = the person is kept from the application: every figure of it is closed."""

    row: TableRow
    masked: bool
    rank: int | None
    shows_rank: bool
    cells: tuple[ShownCell, ...]
    failed: tuple[str, ...]


def shown_table(table: OpenedTable, sight: Sight) -> list[ShownRow]:
    """In rank order for who may know it, else by number."""
    ranks = sight.ranks().allowed
    plan = plan_of(table.bench.track)
    rubric = rubric_of(plan)
    rows = table.rows if ranks else tuple(sorted(table.rows, key=lambda row: row.number))
    return [
        ShownRow(
            row=row,
            masked=not sight.row(row.application).allowed,
            rank=row.rank if ranks else None,
            shows_rank=ranks,
            cells=tuple(_shown_cell(row, cell, plan, sight) for cell in row.cells),
            failed=tuple(cut_name(cut, rubric) for cut, _value, _threshold in row.failed),
        )
        for row in rows
    ]


def _shown_cell(row: TableRow, cell: TableCell, plan: Plan, sight: Sight) -> ShownCell:
    if cell.mark != "scored":
        return ShownCell("na" if cell.mark == "not_applicable" else cell.mark, None, None)
    if not sight.cell(row.application, cell.member).allowed:
        return ShownCell("sealed", None, None)
    # which copy was dropped tells where the others lie, so it goes with the right to see them
    dropped = {"highest": "high", "lowest": "low"}.get(cell.dropped or "") if sight.seat is None else None
    url = url_for("scoring.read_sheet", sheet_id=cell.sheet) if cell.sheet else None
    return ShownCell(dropped or "scored", official_total(cell, plan), url)


@dataclass(frozen=True, slots=True)
class Digits:
    """Decimals with which each stage is printed; None = as exact as it is."""

    sheet: int | None
    mean: int | None
    fixed: int | None
    final: int | None


def digits_of(plan: Plan) -> Digits:
    rule = plan.rounding
    return Digits(sheet=rule.sheet_total, mean=rule.mean, fixed=rule.final, final=rule.final)
