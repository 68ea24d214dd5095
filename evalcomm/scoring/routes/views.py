"""Values that the templates of this room show: plain data made from the engine's."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from fractions import Fraction
from typing import Any

from flask_babel import gettext as _

from evalcomm.engine.exact import format_figure, format_fixed
from evalcomm.engine.plan import Figure, Plan
from evalcomm.engine.rubric import Criterion, InputKind, Item, Rubric
from evalcomm.foundation.actor import Actor
from evalcomm.foundation.errors import Invalid
from evalcomm.programs.queries import Timed
from evalcomm.rubrics.wording import total_minimum
from evalcomm.scoring import policies
from evalcomm.scoring.models import SheetState
from evalcomm.scoring.queries import Desk
from evalcomm.scoring.sheet import COMMENT, ENTRY, Draft, Tally
from evalcomm.scoring.words import allowed_in_words
from evalcomm.web import words


def show_errors(form: Any, error: Invalid) -> None:
    """The verb's complaint at its fields, or over the form when it names none."""
    for name, (code, params) in error.fields.items():
        if name in form:
            form[name].errors = [*form[name].errors, words.sentence(code, params)]
    if not error.fields:
        form.form_errors = [*form.form_errors, words.explain(error)]


# ---- the evaluator's list


@dataclass(frozen=True, slots=True)
class Line:
    """An application in an evaluator's list. `state`: none, draft, submitted, recused, closed, unassigned; `action`: open, go_on, read, only_read or ""."""

    desk: Desk
    state: str
    action: str
    tally: Tally | None
    why_not: str


def line_of(desk: Desk, actor: Actor, at: datetime, call: Timed) -> Line:
    reading = policies.may_read_proposal(actor, desk, at)
    if desk.is_recused:
        return Line(desk, "recused", "", None, words.explain(reading))
    if not reading.allowed:
        return Line(desk, "closed", "", None, words.explain(reading))
    tally = desk.sheet.draft.tally(desk.rubric) if desk.sheet is not None else None
    if desk.sheet is not None and desk.sheet.state == SheetState.SUBMITTED:
        return Line(desk, "submitted", "read", tally, "")
    writing = policies.may_write(desk, at, call=call)
    if not desk.scores:
        return Line(desk, "unassigned", "only_read", None, words.explain(writing))
    state = "none" if desk.sheet is None else "draft"
    if writing.allowed:
        return Line(desk, state, "open" if desk.sheet is None else "go_on", tally, "")
    return Line(desk, state, "only_read" if desk.sheet is None else "read", tally, words.explain(writing))


# ---- the rubric beside the proposal


@dataclass(frozen=True, slots=True)
class GradeView:
    value: str
    label: str
    points: str
    descriptor: str | None


@dataclass(frozen=True, slots=True)
class ItemView:
    number: str
    item: Item
    of: str
    grades: tuple[GradeView, ...]
    allowed: str
    entry: Any
    comment: Any


@dataclass(frozen=True, slots=True)
class CriterionView:
    number: str
    criterion: Criterion
    of: str
    items: tuple[ItemView, ...]


def rubric_view(rubric: Rubric, form: Any) -> list[CriterionView]:
    return [
        CriterionView(
            number=str(place),
            criterion=criterion,
            of=format_figure(criterion.points),
            items=tuple(
                _item_view(f"{place}-{number}", item, form) for number, item in enumerate(criterion.items, start=1)
            ),
        )
        for place, criterion in enumerate(rubric.criteria, start=1)
    ]


def _item_view(number: str, item: Item, form: Any) -> ItemView:
    comment = COMMENT + item.id
    return ItemView(
        number=number,
        item=item,
        of=format_figure(item.points),
        grades=_grades(item),
        allowed="" if item.is_fixed else allowed_in_words(item),
        entry=None if item.is_fixed else form[ENTRY + item.id],
        comment=next((field for field in form if field.name == comment), None),
    )


def _grades(item: Item) -> tuple[GradeView, ...]:
    labels = _yes_no() if item.input is InputKind.YES_NO else {}
    told = {descriptor.label: descriptor.text for descriptor in item.descriptors}
    return tuple(
        GradeView(name, labels.get(name, name), format_figure(points), told.get(name))
        for name, points in item.entries.items()
    )


def evaluator_cut(plan: Plan) -> str | None:
    """The minimum of the total where it is a minimum of what evaluators give; else it can't be held against a sheet."""
    minimum = total_minimum(plan)
    return format_figure(minimum) if minimum is not None and plan.cut.on is Figure.MEAN else None


# ---- a sheet that is only read


@dataclass(frozen=True, slots=True)
class Filled:
    """An item as written: `shown` = the grade or the points as typed, `points` None where nothing valid was entered."""

    number: str
    title: str
    of: str
    is_fixed: bool
    shown: str | None
    points: str | None
    comment: str


@dataclass(frozen=True, slots=True)
class FilledCriterion:
    number: str
    title: str
    of: str
    subtotal: str | None
    items: tuple[Filled, ...]


def filled_in(rubric: Rubric, draft: Draft) -> list[FilledCriterion]:
    points = draft.points(rubric)
    return [
        FilledCriterion(
            number=str(place),
            title=criterion.title,
            of=format_figure(criterion.points),
            subtotal=_subtotal(criterion, points),
            items=tuple(
                Filled(
                    number=f"{place}-{number}",
                    title=item.title,
                    of=format_figure(item.points),
                    is_fixed=item.is_fixed,
                    shown=_shown(item, draft.entries.get(item.id)),
                    points=format_figure(points[item.id]) if item.id in points else None,
                    comment=draft.comments.get(item.id, ""),
                )
                for number, item in enumerate(criterion.items, start=1)
            ),
        )
        for place, criterion in enumerate(rubric.criteria, start=1)
    ]


def _subtotal(criterion: Criterion, points: dict[str, Fraction]) -> str | None:
    found = [points[item.id] for item in criterion.items if item.id in points]
    return format_figure(sum(found, Fraction(0))) if found else None


def _shown(item: Item, entry: str | None) -> str | None:
    if entry is None or item.input is InputKind.DIRECT:
        return None
    return _yes_no().get(entry, entry)


def _yes_no() -> dict[str, str]:
    return {"yes": str(_("예")), "no": str(_("아니오"))}


# ---- two windows


@dataclass(frozen=True, slots=True)
class Difference:
    """A place where what is typed and what was saved elsewhere are not the same."""

    title: str
    mine: str
    saved: str


def differences(rubric: Rubric, mine: Draft, saved: Draft) -> list[Difference]:
    found: list[Difference] = []
    for item in rubric.scored_items:
        for ours, theirs, show in (
            (mine.entries, saved.entries, lambda text, item=item: _shown(item, text) or text),
            (mine.comments, saved.comments, str),
        ):
            if ours.get(item.id, "") != theirs.get(item.id, ""):
                found.append(Difference(item.title, show(ours.get(item.id, "")), show(theirs.get(item.id, ""))))
    if mine.opinion != saved.opinion:
        found.append(Difference("", mine.opinion, saved.opinion))
    return found


# ---- an evaluator's own distribution


@dataclass(frozen=True, slots=True)
class Distribution:
    """The totals of one's own complete sheets, by application; lowest, middle and highest of them."""

    lines: tuple[Line, ...]
    lowest: str
    mean: str
    highest: str


def distribution(lines: Sequence[Line]) -> Distribution | None:
    """None until two sheets are complete: one figure has no distribution."""
    whole = [line for line in lines if line.tally is not None and line.tally.is_complete]
    totals = [line.tally.total for line in whole if line.tally is not None and line.tally.total is not None]
    if len(totals) < 2:
        return None
    mean = sum(totals, Fraction(0)) / len(totals)
    return Distribution(
        lines=tuple(whole),
        lowest=format_figure(min(totals)),
        mean=format_fixed(mean, 2),
        highest=format_figure(max(totals)),
    )
