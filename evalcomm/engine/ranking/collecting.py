"""Sheets of any order become one ordered table of scaled integers, or every reason why they cannot."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from fractions import Fraction
from math import lcm

from evalcomm.engine.plan import Plan
from evalcomm.engine.ranking.values import Caution, Number, RankingError, Sheet, SheetState
from evalcomm.engine.rubric import OffScale, Rubric

TOTAL = ""
"""The only item of a sheet whose plan has no rubric."""


@dataclass(frozen=True, slots=True)
class Panel:
    """The sheets of one application by evaluator, and the scaled points of the scored ones (`rows`, aligned with `scored`)."""

    application: str
    sheets: tuple[Sheet, ...]
    states: tuple[SheetState, ...]
    scored: tuple[int, ...]
    rows: tuple[list[int], ...]


@dataclass(frozen=True, slots=True)
class Table:
    """Panels by application; a row's places are `items`; points = scaled / `scale`."""

    panels: tuple[Panel, ...]
    items: tuple[str, ...]
    scale: int
    cautions: tuple[Caution, ...]


def collect(plan: Plan, scores: Iterable[Sheet], *, listed: Collection[str], official: bool) -> Table:
    """Raises RankingError with everything that is wrong with the sheets; `listed` are applications that need no sheet to appear."""
    rubric = plan.rubric
    items = tuple(item.id for item in rubric.scored_items) if rubric else (TOTAL,)
    by_application: dict[str, dict[str, Sheet]] = {application: {} for application in listed}
    problems: list[Caution] = []
    for sheet in scores:
        seen = by_application.setdefault(sheet.application, {})
        if sheet.evaluator in seen:
            problems.append(_of(sheet, "duplicate-sheet", "has two sheets"))
        seen[sheet.evaluator] = sheet
    if not by_application:
        problems.append(Caution("no-scores", "", "", "there are no scores"))
    cautions: list[Caution] = []
    points: list[list[list[Fraction]]] = []
    panels: list[tuple[str, tuple[Sheet, ...], tuple[SheetState, ...], tuple[int, ...]]] = []
    for application in sorted(by_application):
        seen = by_application[application]
        sheets = tuple(seen[evaluator] for evaluator in sorted(seen))
        states = []
        rows = []
        for sheet in sheets:
            row = None
            if sheet.state is SheetState.SCORED:
                row = _row(sheet, items, rubric, problems, cautions)
            if row is not None:
                rows.append(row)
            states.append(SheetState.MISSING if row is None and sheet.state is SheetState.SCORED else sheet.state)
            if sheet.state is SheetState.MISSING:
                cautions.append(_of(sheet, "missing-sheet", "is missing"))
        scored = tuple(place for place, state in enumerate(states) if state is SheetState.SCORED)
        panels.append((application, sheets, tuple(states), scored))
        points.append(rows)
    if official:
        problems.extend(caution for caution in cautions if caution.code == "half-sheet")
    if problems:
        raise RankingError(problems)
    # Scores repeat and readers share their objects: every object is scaled once, found again by its identity.
    values = {id(value): value for rows in points for row in rows for value in row}
    scale = lcm(*{value.denominator for value in values.values()})
    scaled = {key: value.numerator * (scale // value.denominator) for key, value in values.items()}
    table = Table(
        tuple(
            Panel(*panel, tuple([[scaled[id(value)] for value in row] for row in rows]))
            for panel, rows in zip(panels, points, strict=True)
        ),
        items,
        scale,
        tuple(cautions),
    )
    _check_scales(plan, table)
    return table


def _of(sheet: Sheet, code: str, what: str) -> Caution:
    return Caution(
        code, sheet.application, sheet.evaluator, f"the sheet of {sheet.evaluator} on {sheet.application} {what}"
    )


def _row(
    sheet: Sheet, items: tuple[str, ...], rubric: Rubric | None, problems: list[Caution], cautions: list[Caution]
) -> list[Fraction] | None:
    """The sheet's points in the order of `items`; None where it is not whole."""
    given = sheet.points
    if rubric is None:
        if isinstance(given, Fraction):
            return [given]
        problems.append(_of(sheet, "needs-total", "has points by item, but the plan has no rubric"))
        return None
    if isinstance(given, Fraction):
        problems.append(_of(sheet, "needs-items", "has one total, but the plan's rubric wants points by item"))
        return None
    try:
        row = [given[item] for item in items]
    except KeyError:
        row = None
    if row is None or len(given) > len(items):
        known = set(items)
        for item in sorted(set(given) - known):
            found = rubric.item(item)
            why = "which is entered once per application" if found is not None else "which the rubric does not have"
            problems.append(_of(sheet, "unknown-item", f"has points for '{item}', {why}"))
    if row is None:
        missing = ", ".join(f"'{item}'" for item in items if item not in given)
        if given:
            cautions.append(_of(sheet, "half-sheet", f"has no points for {missing}; it counts as missing"))
        else:
            cautions.append(_of(sheet, "missing-sheet", "is missing"))
    return row


def _check_scales(plan: Plan, table: Table) -> None:
    """Every distinct value is checked once; only where one is off its scale are the sheets searched for it."""
    off: dict[tuple[int, int], OffScale] = {}
    for place, item_id in enumerate(table.items):
        for value in {row[place] for panel in table.panels for row in panel.rows}:
            points = Fraction(value, table.scale)
            try:
                if plan.rubric is not None:
                    item = plan.rubric.item(item_id)
                    assert item is not None
                    item.check(points)
                elif plan.scale is not None:
                    plan.scale.check(points)
            except OffScale as error:
                off[place, value] = error
    if not off:
        return
    problems = []
    for panel in table.panels:
        for sheet_place, row in zip(panel.scored, panel.rows, strict=True):
            for place, value in enumerate(row):
                if (place, value) in off:
                    where = f"has for '{table.items[place]}'" if table.items[place] else "has a score that"
                    problems.append(_of(panel.sheets[sheet_place], "off-scale", f"{where} {off[place, value]}"))
    raise RankingError(problems)


@dataclass(frozen=True, slots=True)
class Additions:
    """What the secretariat entered for one application: fixed items, and bonuses and penalties as granted, signed."""

    fixed: Mapping[str, Fraction]
    bonus: Fraction
    penalty: Fraction
    entries: Mapping[str, Fraction]


NOTHING = Additions({}, Fraction(0), Fraction(0), {})


def collect_additions(
    plan: Plan, fixed: Mapping[str, Mapping[str, Number]], applications: Iterable[str]
) -> dict[str, Additions]:
    """Checked additions of every application; a fixed item without points, an unknown entry or application raises RankingError."""
    problems: list[Caution] = []
    known = set(applications)
    for application in sorted(set(fixed) - known):
        message = f"{application} has fixed points, but nobody scored it"
        problems.append(Caution("unknown-application", application, "", message))
    if not fixed and not (plan.rubric and plan.rubric.fixed_items):
        return dict.fromkeys(known, NOTHING)
    result = {
        application: _additions(plan, application, fixed.get(application, {}), problems)
        for application in sorted(known)
    }
    if problems:
        raise RankingError(problems)
    return result


def _additions(plan: Plan, application: str, given: Mapping[str, Number], problems: list[Caution]) -> Additions:
    rubric = plan.rubric
    if rubric is None:
        if given:
            message = f"{application} has fixed points, but the plan has no rubric"
            problems.append(Caution("unknown-entry", application, "", message))
        return NOTHING
    fixed: dict[str, Fraction] = {}
    granted: dict[str, Fraction] = {}
    items = {item.id: item for item in rubric.fixed_items}
    adjustments = {adjustment.id: adjustment for adjustment in rubric.adjustments}
    for entry in sorted(given):
        points = Fraction(given[entry])
        try:
            if entry in items:
                items[entry].check(points)
                fixed[entry] = points
            elif entry in adjustments:
                granted[entry] = adjustments[entry].check(points)
            else:
                message = (
                    f"{application} has points for '{entry}', which is no fixed item, bonus or penalty of the rubric"
                )
                problems.append(Caution("unknown-entry", application, "", message))
        except OffScale as error:
            problems.append(Caution("off-scale", application, "", f"{application}, {entry}: {error}"))
            fixed.setdefault(entry, points)
    for item_id in items:
        if item_id not in fixed:
            message = f"{application} has no points for the fixed item '{item_id}'"
            problems.append(Caution("missing-fixed", application, "", message))
    limits = plan.limits
    bonus = sum((points for points in granted.values() if points > 0), Fraction(0))
    penalty = -sum((points for points in granted.values() if points < 0), Fraction(0))
    if limits.bonus_max is not None:
        bonus = min(bonus, limits.bonus_max)
    if limits.penalty_max is not None:
        penalty = min(penalty, limits.penalty_max)
    return Additions(fixed, bonus, penalty, {**fixed, **granted})
