"""The tables that `rank` and `agreement` read: SCORES, and beside it FIXED, APPLICATIONS and LOTS.

SCORES has one row per sheet (`application,evaluator,score`) or per item of a sheet (`application,evaluator,item,score`). A blank score is
missing; `recused` (회피, 제척, 기피) is a recusal, in one row of the sheet or in all. Everything else is points, or a grade of the rubric.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field
from fractions import Fraction

from evalcomm.engine.exact import NotExact, parse_decimal
from evalcomm.engine.plan import Plan
from evalcomm.engine.ranking import Sheet, SheetState
from evalcomm.engine.ranking.ties import columns_of
from evalcomm.engine.rubric import Adjustment, Item, OffScale, Rubric
from evalcomm.engine.schema import did_you_mean
from evalcomm.tables.reading import Row, Table, read_table

RECUSED = frozenset({"recused", "회피", "제척", "기피"})


@dataclass
class Scores:
    """SCORES as sheets. `items` are the items that its rows name where there is no rubric (a sheet's total is their sum), else empty;
    `by_item` holds (application, evaluator, points by item) of every whole sheet, none where scores are totals."""

    table: Table
    sheets: list[Sheet] = field(default_factory=list)
    items: tuple[str, ...] = ()
    by_item: list[tuple[str, str, Mapping[str, Fraction]]] = field(default_factory=list)

    @property
    def warnings(self) -> list[str]:
        """What a reader should know; the same for every order of rows."""
        notes = list(self.table.warnings)
        if self.items:
            notes.append(
                f"{self.table.name}: no rubric is given; the total of a sheet is the sum of its items ({', '.join(self.items)})"
            )
        return notes

    def totals(self, plan: Plan) -> list[tuple[str, str, Fraction]]:
        """(application, evaluator, total) of every whole sheet; missing, recused and half sheets are left out."""
        wanted = len(plan.rubric.scored_items) if plan.rubric else 0
        found = []
        for sheet in self.sheets:
            if sheet.state is not SheetState.SCORED:
                continue
            if isinstance(sheet.points, Fraction):
                found.append((sheet.application, sheet.evaluator, sheet.points))
            elif len(sheet.points) == wanted:
                found.append((sheet.application, sheet.evaluator, sum(sheet.points.values(), Fraction(0))))
        return found


def read_scores(path: str, plan: Plan, *, sheet: str | None = None) -> Scores:
    """Reads and checks SCORES under the plan's rubric or scale; raises InputError with every problem, at row and column."""
    table = read_table(path, sheet=sheet)
    with_items = plan.rubric is not None or "item" in table
    table.require("application", "evaluator", *(("item",) if with_items else ()), "score")
    reader = _Reader(table, plan)
    for row in table:
        if with_items:
            reader.take_item(row)
        else:
            reader.take_total(row)
    sheets = reader.sheets()
    table.check()
    free = reader.free_items if with_items and plan.rubric is None else ()
    return Scores(table, sheets, free, reader.by_item if with_items else [])


@dataclass(slots=True)
class _Draft:
    """What the rows of one sheet said so far: points (None = blank) and the row of each item."""

    points: dict[str, Fraction | None] = field(default_factory=dict)
    rows: dict[str, int] = field(default_factory=dict)
    recused: Row | None = None


class _Reader:
    def __init__(self, table: Table, plan: Plan) -> None:
        self._table = table
        self._plan = plan
        self._drafts: dict[tuple[str, str], _Draft] = {}
        self._known: dict[tuple[str, str], Fraction | str] = {}
        self._scored = {item.id for item in plan.rubric.scored_items} if plan.rubric else set()
        self.by_item: list[tuple[str, str, Mapping[str, Fraction]]] = []

    @property
    def free_items(self) -> tuple[str, ...]:
        return tuple(sorted({item for draft in self._drafts.values() for item in draft.points}))

    def take_total(self, row: Row) -> None:
        self._take(row, "")

    def take_item(self, row: Row) -> None:
        item = row.get("item")
        score = row.get("score")
        if not item:
            if score and score.casefold() not in RECUSED:
                row.problem("item", "is blank; name the item that was scored")
                return
        elif self._plan.rubric is not None and item not in self._scored:
            row.problem("item", _unknown_item(self._plan.rubric, item))
            return
        self._take(row, item)

    def _take(self, row: Row, item: str) -> None:
        application, evaluator = row.text("application"), row.text("evaluator")
        if not application or not evaluator:
            return
        draft = self._drafts.setdefault((application, evaluator), _Draft())
        if item in draft.rows:
            what = f"item {item} of " if item else ""
            row.problem(
                "score",
                f"{what}the sheet of {evaluator} on {application} stands in row {draft.rows[item]} already; keep one of the two",
            )
            return
        draft.rows[item] = row.number
        score = row.get("score")
        if score.casefold() in RECUSED:
            draft.recused = draft.recused or row
        elif item or self._plan.rubric is None:
            draft.points[item] = self._points(row, item, score) if score else None

    def _points(self, row: Row, item: str, score: str) -> Fraction | None:
        """Points of a cell; each text is understood once per item."""
        key = (item, score)
        known = self._known.get(key)
        if known is None:
            known = self._known[key] = self._understood(item, score)
        if isinstance(known, str):
            row.problem("score", known)
            return None
        return known

    def _understood(self, item: str, score: str) -> Fraction | str:
        rubric = self._plan.rubric
        try:
            if rubric is not None:
                found = rubric.item(item)
                assert found is not None  # take_item has refused unknown items
                return found.points_of(score)
            points = parse_decimal(score)
            if self._plan.scale is not None and not item:
                self._plan.scale.check(points)
        except NotExact as error:
            return str(error)
        except OffScale as error:
            return str(error)
        return points

    def sheets(self) -> list[Sheet]:
        """The sheets that the rows make up; contradictions become problems of the table."""
        wanted = self.free_items if self._plan.rubric is None else ()
        return [self._sheet(key, draft, wanted) for key, draft in self._drafts.items()]

    def _sheet(self, key: tuple[str, str], draft: _Draft, wanted: Sequence[str]) -> Sheet:
        points = {item: value for item, value in draft.points.items() if value is not None}
        if draft.recused is not None:
            for item in points:
                scored = draft.rows[item]
                draft.recused.problem(
                    "score", f"says {key[1]} is recused on {key[0]}, but row {scored} has a score; keep one of the two"
                )
            return Sheet(*key, state=SheetState.RECUSED)
        if not points:
            return Sheet(*key, state=SheetState.MISSING)
        if len(points) == len(self._scored or wanted):
            self.by_item.append((*key, points))
        if self._plan.rubric is not None:
            return Sheet(*key, points)
        if len(points) < len(wanted):
            return Sheet(*key, points, SheetState.MISSING)
        return Sheet(*key, sum(points.values(), Fraction(0)))


def _unknown_item(rubric: Rubric, item: str) -> str:
    if rubric.item(item) is not None:
        return f"'{item}' is a fixed item, entered once per application; put it into the table of --fixed"
    if any(adjustment.id == item for adjustment in rubric.adjustments):
        return f"'{item}' is a bonus or penalty, entered once per application; put it into the table of --fixed"
    return f"the rubric has no item '{item}'; {did_you_mean(item, [known.id for known in rubric.scored_items])}"


def half_sheets(scores: Scores) -> list[str]:
    """Warnings about sheets of which only some items came, where no rubric says which items there are."""
    return sorted(
        f"the sheet of {sheet.evaluator} on {sheet.application} has no score for "
        f"{', '.join(item for item in scores.items if item not in sheet.points)}; it counts as missing"
        for sheet in scores.sheets
        if sheet.state is SheetState.MISSING and isinstance(sheet.points, Mapping) and sheet.points
    )


def read_fixed(path: str, rubric: Rubric, known: Collection[str]) -> dict[str, dict[str, Fraction]]:
    """FIXED: `application,item,points`, of known applications. Blank points are as if the row were not there."""
    table = read_table(path)
    table.require("application", "item", "points")
    table.unique("application", "item")
    entries: dict[str, Item | Adjustment] = {item.id: item for item in rubric.fixed_items}
    entries.update((adjustment.id, adjustment) for adjustment in rubric.adjustments)
    result: dict[str, dict[str, Fraction]] = {}
    for row in table:
        application, item = row.text("application"), row.text("item")
        points = row.optional_decimal("points")
        if application and application not in known:
            row.problem("application", f"nobody scored '{application}'; correct the id, or leave the row out")
        if item and item not in entries:
            if rubric.item(item) is not None:
                row.problem("item", f"'{item}' is scored by evaluators; put it into SCORES")
            else:
                hint = did_you_mean(item, entries)
                row.problem("item", f"the rubric has no fixed item, bonus or penalty '{item}'; {hint}")
        elif points is not None and item:
            try:
                entries[item].check(points)
            except OffScale as error:
                row.problem("points", str(error))
            result.setdefault(application, {})[item] = points
    table.check()
    return result


@dataclass(frozen=True)
class Applications:
    """APPLICATIONS as far as ties read it: columns of tie keys by application, and lots."""

    columns: dict[str, dict[str, int | Fraction | None]]
    lots: dict[str, int]
    warnings: tuple[str, ...]


def read_applications(path: str, plan: Plan) -> Applications:
    """APPLICATIONS: `application`, and the columns that the plan's tie keys read; a blank matters only if a tie needs it."""
    table = read_table(path)
    needed = columns_of(plan.tie_keys)
    table.require("application")
    for column in needed:
        if column not in table:
            table.problem(1, column, f"the header has no such column, but it is a tie key; {table.hint(column)}")
    table.check()
    table.unique("application")
    columns: dict[str, dict[str, int | Fraction | None]] = {}
    lots: dict[str, int] = {}
    for row in table:
        application = row.text("application")
        columns[application] = {
            column: row.optional_won(column) if column == "requested" else row.optional_decimal(column)
            for column in needed
        }
        if "lot" in plan.tie_keys and (lot := row.optional_positive("lot")) is not None:
            lots[application] = lot
    table.check()
    return Applications(columns, lots, tuple(table.warnings))


def read_lots(path: str, known: Collection[str]) -> tuple[dict[str, int], list[str]]:
    """LOTS: `application,lot`; a blank is "not drawn yet". Warns of applications that are not known."""
    table = read_table(path)
    table.require("application", "lot")
    table.unique("application")
    lots = {}
    for row in table:
        application, lot = row.text("application"), row.optional_positive("lot")
        if lot is not None:
            lots[application] = lot
    table.check()
    unknown = [
        f"{table.name}: nobody scored {application}, which has a lot"
        for application in sorted(lots.keys() - set(known))
    ]
    return lots, [*table.warnings, *unknown]
