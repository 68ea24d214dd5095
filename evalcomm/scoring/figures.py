"""From an opened box to the official figures, by the engine, and to the table that members sign. Exact strings, nothing is rounded here."""

from __future__ import annotations

import json
from collections.abc import Collection, Mapping
from dataclasses import asdict, dataclass
from fractions import Fraction
from typing import Any

from evalcomm.engine.exact import format_figure, format_fixed, parse_figure
from evalcomm.engine.plan import Plan
from evalcomm.engine.ranking import Ranking, Sheet, SheetFigure, SheetState, Standing, rank
from evalcomm.foundation.database import Json, canonical_json, canonical_sha256
from evalcomm.scoring.box import MISSING, NOT_APPLICABLE, SCORED, Box, Cell

_STATES = {SCORED: SheetState.SCORED, MISSING: SheetState.MISSING, NOT_APPLICABLE: SheetState.NOT_APPLICABLE}

SheetPoints = Mapping[int, Mapping[str, Fraction]]
"""Sheet id → points by item, of the version that the box names."""


def rank_box(
    box: Box,
    plan: Plan,
    points: SheetPoints,
    *,
    lots: Mapping[str, int] | None = None,
    resolved: Collection[str] = (),
    official: bool = False,
) -> Ranking:
    """The engine's ranking; applications by id as text, evaluators by `Member.key`. Raises RankingError as the engine does."""
    members = {member.id: member.key for member in box.members}
    sheets = [
        Sheet(
            application=str(cell.application),
            evaluator=members[cell.member],
            points=dict(points[cell.sheet]) if cell.sheet is not None else {},
            state=_STATES.get(cell.mark, SheetState.RECUSED),
        )
        for cell in box.cells
    ]
    fixed: dict[str, dict[str, Fraction]] = {}
    for one in box.fixed:
        fixed.setdefault(str(one.application), {})[one.item] = Fraction(one.points)
    return rank(
        plan=plan,
        scores=sheets,
        fixed=fixed,
        applications={str(one.id): {"requested": one.requested_won} for one in box.entrants},
        lots=lots,
        official=official,
        resolved=resolved,
    )


@dataclass(frozen=True, slots=True)
class TableCell:
    """A member's figure for an application: `total` as written, `value` as averaged, `dropped` = highest, lowest or None."""

    member: int
    mark: str
    total: str | None
    value: str | None
    dropped: str | None
    sheet: int | None
    sha256: str | None


@dataclass(frozen=True, slots=True)
class TableRow:
    """A row of the 종합집계표. `rank` None = failed a cut; figures None = nobody's sheet counts."""

    application: int
    number: str
    title: str
    lead: str
    rank: int | None
    passed: bool
    cells: tuple[TableCell, ...]
    mean: str | None
    base: str | None
    fixed: str
    bonus: str
    penalty: str
    final: str | None
    failed: tuple[tuple[str, str, str], ...]
    """(cut, value, threshold)"""
    criteria: tuple[tuple[str, str | None, str, str | None, bool], ...]
    """(id, mean, figure, threshold, passed)"""
    tie_key: str | None
    tied_with: tuple[str, ...]
    """Numbers of the applications that share the ranking figure."""
    waits_for_lot: bool
    fallback: str | None


def table_rows(box: Box, ranking: Ranking) -> tuple[TableRow, ...]:
    """In rank order, those that failed last."""
    entrants = {str(one.id): one for one in box.entrants}
    numbers = {key: one.number for key, one in entrants.items()}
    cells = {(cell.application, cell.member): cell for cell in box.cells}
    rows = []
    for standing in ranking.standings:
        one = entrants[standing.application]
        figures = {figure.evaluator: figure for figure in standing.sheets}
        rows.append(
            TableRow(
                application=one.id,
                number=one.number,
                title=one.title,
                lead=one.lead,
                rank=standing.rank,
                passed=standing.passed,
                cells=tuple(
                    _cell(member.id, cells[one.id, member.id], figures.get(member.key)) for member in box.members
                ),
                mean=_figure(standing.mean),
                base=_figure(standing.base),
                fixed=format_figure(standing.fixed),
                bonus=format_figure(standing.bonus),
                penalty=format_figure(standing.penalty),
                final=_figure(standing.final),
                failed=tuple(
                    (failure.cut, format_figure(failure.value), format_figure(failure.threshold))
                    for failure in standing.failed
                ),
                criteria=tuple(
                    (
                        criterion.id,
                        _figure(criterion.mean),
                        format_figure(criterion.figure),
                        _figure(criterion.threshold),
                        criterion.passed,
                    )
                    for criterion in standing.criteria
                ),
                tie_key=standing.tie.key if standing.tie is not None else None,
                tied_with=_tied_with(standing, numbers),
                waits_for_lot=standing.tie is not None and standing.tie.waits_for_lot,
                fallback=standing.fallback.value if standing.fallback is not None else None,
            )
        )
    return tuple(rows)


def _tied_with(standing: Standing, numbers: Mapping[str, str]) -> tuple[str, ...]:
    return tuple(numbers[other] for other in standing.tie.others) if standing.tie is not None else ()


def _cell(member: int, cell: Cell, figure: SheetFigure | None) -> TableCell:
    return TableCell(
        member=member,
        mark=cell.mark,
        total=_figure(figure.total) if figure is not None else None,
        value=_figure(figure.value) if figure is not None else None,
        dropped=figure.dropped if figure is not None else None,
        sheet=cell.sheet,
        sha256=cell.sha256,
    )


def _figure(value: Fraction | None) -> str | None:
    return None if value is None else format_figure(value)


def signed_figures(box: Box, ranking: Ranking, rows: tuple[TableRow, ...]) -> Json:
    """What members put their names to: every figure of the table with the hashes of the sheets behind it."""
    plain: Json = json.loads(
        canonical_json(
            {
                "track": box.track,
                "round": box.round,
                "plan_sha256": box.plan_sha256,
                "box_sha256": box.sha256,
                "members": [asdict(member) for member in box.members],
                "rows": [asdict(row) for row in rows],
                "needs_lot": ranking.needs_lot,
                "cautions": [(caution.code, caution.application, caution.evaluator) for caution in ranking.cautions],
            }
        )
    )
    return plain


def figures_sha256(figures: Mapping[str, Any]) -> str:
    return canonical_sha256(figures)


def official_total(cell: TableCell, plan: Plan) -> str | None:
    """The total as it was averaged, rounded as the plan says, so that whoever adds up a printed table gets its mean. A standard score is no
    total: there the points stand as they were given.
    """
    return cell.total if plan.aggregate.method.standardises else cell.value


def places(figure: str | None, digits: int | None) -> str | None:
    """The same figure with this many decimals, so that a column lines up. One that needs more stays as exact as it is."""
    if figure is None or digits is None:
        return figure
    value = parse_figure(figure)
    shown = format_fixed(value, digits)
    return shown if parse_figure(shown) == value else figure
