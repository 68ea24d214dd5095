"""From a TOML section to a `Rubric`, with every problem collected in the section."""

from __future__ import annotations

import re
from dataclasses import dataclass
from fractions import Fraction
from itertools import pairwise

from evalcomm.engine.exact import NotExact, format_figure, parse_decimal
from evalcomm.engine.rubric import Adjustment, Comment, Criterion, Descriptor, Grade, InputKind, Item, Limits, Rubric
from evalcomm.engine.schema import Key, Section, did_you_mean

_ID = re.compile(r"\w[\w.-]*")
_RANGE = re.compile(r"([0-9]{1,3}) *[-~] *([0-9]{1,3}) *%")
_COMMENTS = tuple(comment.value for comment in Comment)
_INPUTS = tuple(kind.value for kind in InputKind)


@dataclass(frozen=True)
class _Defaults:
    """What an item takes from its rubric."""

    input: InputKind | None
    grades: tuple[Grade, ...]
    step: Fraction | None
    descriptors: tuple[Descriptor, ...]


def read_rubric(section: Section) -> Rubric:
    """The rubric that the section describes; usable only if `section.problems` stays empty."""
    total_known = "total" in section
    total = section.decimal("total", above=0)
    defaults = _defaults(section)
    criteria = tuple(_criterion(part, defaults) for part in section.tables("criterion"))
    if not criteria:
        section.problem("criterion", "there is no criterion", "add [[criterion]] with [[criterion.item]]")
    rubric = Rubric(
        id=read_id(section),
        version=section.integer("version", at_least=1),
        title=section.text("title"),
        total=total,
        criteria=criteria,
        bonuses=tuple(_adjustment(part, sign=1) for part in section.tables("bonus")),
        penalties=tuple(_adjustment(part, sign=-1) for part in section.tables("penalty")),
        limits=_limits(section.table("limits")),
        comment=Comment(section.choice("comment", _COMMENTS, default="optional")),
        description=section.text("description", default=""),
    )
    section.finish()
    _check_unique(section, rubric)
    points = sum((criterion.points for criterion in criteria), Fraction(0))
    if total_known and criteria and points != total and not section.problems:
        section.problem(
            "total",
            f"is {format_figure(total)}, but the criteria add up to {format_figure(points)}",
            f'write total = "{format_figure(points)}", or change the points of a criterion',
        )
    return rubric


def read_id(section: Section) -> str:
    """The required key `id`: letters (Korean too), digits, '_', '-' and '.'."""
    value = section.text("id")
    if value and not _ID.fullmatch(value):
        section.problem(
            "id",
            f"is '{value}', which is no id",
            "use letters, digits, '_', '-' and '.', beginning with a letter or digit",
        )
    return value


def _defaults(section: Section) -> _Defaults:
    grades = _grades(section.table("grades"))
    direct = section.table("direct")
    step = None
    if direct is not None:
        step = direct.decimal("step", above=0)
        direct.finish()
    if grades and direct is not None:
        section.problem(
            "direct", "stands beside [grades]; evaluators either pick grades or enter points", "keep one of the two"
        )
    kind = InputKind.GRADE if "grades" in section else InputKind.DIRECT if "direct" in section else None
    words = section.table("descriptors")
    descriptors = (
        ()
        if words is None
        else _range_descriptors(words)
        if kind is InputKind.DIRECT
        else _grade_descriptors(words, grades)
    )
    return _Defaults(kind, grades, step, descriptors)


def _grades(section: Section | None) -> tuple[Grade, ...]:
    """Grades, best first."""
    if section is None:
        return ()
    grades = [Grade(name, section.decimal(name, at_least=0, at_most=1)) for name in section.keys]
    seen: dict[Fraction, str] = {}
    for grade in grades:
        if _looks_like_number(grade.name):
            section.problem(
                grade.name, "is a number; a score in points could not be told from this grade", "name it with a letter"
            )
        other = seen.setdefault(grade.share, grade.name)
        if other != grade.name:
            section.problem(grade.name, f"is worth as much as '{other}'", "give every grade a share of its own")
    if len(grades) < 2:
        section.problem((), "needs at least two grades", 'add a line such as "우수" = "0.85"')
    return tuple(sorted(grades, key=lambda grade: -grade.share))


def _looks_like_number(text: str) -> bool:
    try:
        parse_decimal(text)
    except NotExact:
        return False
    return True


def _criterion(section: Section, defaults: _Defaults) -> Criterion:
    has_points = "points" in section
    points = section.decimal("points", above=0)
    before = len(section.problems)
    items = tuple(_item(part, defaults) for part in section.tables("item"))
    if not items:
        section.problem("item", "the criterion has no item", "add [[criterion.item]] below it")
    criterion = Criterion(
        id=read_id(section),
        title=section.text("title"),
        points=points,
        items=items,
        min_ratio=section.decimal("min_ratio", default=None, at_least=0, at_most=1),
        description=section.text("description", default=""),
    )
    section.finish()
    found = sum((item.points for item in items), Fraction(0))
    if has_points and items and found != points and len(section.problems) == before:
        section.problem(
            "points",
            f"is {format_figure(points)}, but the items of '{criterion.id}' add up to {format_figure(found)}",
            f'write points = "{format_figure(found)}", or change the points of an item',
        )
    return criterion


def _item(section: Section, defaults: _Defaults) -> Item:
    points = section.decimal("points", above=0)
    kind = _input_of(section, defaults)
    grades = _item_grades(section, kind, defaults)
    step = _item_step(section, kind, defaults)
    min_points = section.decimal("min_points", default=Fraction(0), at_least=0)
    if "min_points" in section and kind not in {InputKind.DIRECT, InputKind.FIXED}:
        section.problem("min_points", "goes only with points entered directly or fixed", "leave it out")
    elif min_points >= points > 0:
        section.problem(
            "min_points", f"is not below the {format_figure(points)} points of the item", "write a smaller value"
        )
    for key, value in (("points", points), ("min_points", min_points)):
        if step is not None and (value / step).denominator != 1:
            message = f"is {format_figure(value)}, which steps of {format_figure(step)} do not reach"
            section.problem(key, message, "change the step or the points")
    item = Item(
        id=read_id(section),
        title=section.text("title"),
        points=points,
        input=kind,
        grades=grades,
        step=step,
        min_points=min_points,
        min_ratio=section.decimal("min_ratio", default=None, at_least=0, at_most=1),
        comment=Comment(section.choice("comment", _COMMENTS, default="optional")),
        descriptors=_item_descriptors(section, kind, grades, defaults),
        description=section.text("description", default=""),
        formula=section.text("formula", default=""),
    )
    if item.formula and not item.is_fixed:
        message = "explains how fixed points come about, but evaluators score this item"
        section.problem("formula", message, 'leave it out, or write input = "fixed"')
    section.finish()
    return item


def _item_grades(section: Section, kind: InputKind, defaults: _Defaults) -> tuple[Grade, ...]:
    own = _grades(section.table("grades"))
    if kind is not InputKind.GRADE:
        if "grades" in section:
            section.problem("grades", f'does not go with input = "{kind.value}"', "leave one of the two out")
        return ()
    if "grades" not in section and defaults.input is not InputKind.GRADE:
        section.problem("input", 'is "grade", but there is no [grades]', "add [grades] to the rubric or to the item")
    return own or defaults.grades


def _item_step(section: Section, kind: InputKind, defaults: _Defaults) -> Fraction | None:
    own = section.decimal("step", default=None, above=0)
    if kind in {InputKind.GRADE, InputKind.YES_NO}:
        if "step" in section:
            section.problem(
                "step", f'does not go with input = "{kind.value}"', 'leave it out, or write input = "direct"'
            )
        return None
    if kind is InputKind.FIXED or "step" in section:
        return own
    if defaults.step is None and defaults.input is not InputKind.DIRECT:
        hint = 'add step = "0.5", or [direct] step = "0.5" for all items'
        section.problem("step", "is required for points entered directly, and missing", hint)
    return defaults.step


def _item_descriptors(
    section: Section, kind: InputKind, grades: tuple[Grade, ...], defaults: _Defaults
) -> tuple[Descriptor, ...]:
    """The item's own descriptors, else those of the rubric if they describe what is entered here."""
    own = section.table("descriptors")
    if kind is InputKind.GRADE:
        if own is not None:
            return _grade_descriptors(own, grades)
        return defaults.descriptors if grades == defaults.grades else ()
    if kind is InputKind.DIRECT:
        if own is not None:
            return _range_descriptors(own)
        return defaults.descriptors if defaults.input is InputKind.DIRECT else ()
    if own is not None:
        section.problem("descriptors", f'do not go with input = "{kind.value}"', "say it in the description")
    return ()


def _input_of(section: Section, defaults: _Defaults) -> InputKind:
    word = section.choice("input", _INPUTS, default=None)
    if word is not None:
        return InputKind(word)
    if "grades" in section:
        return InputKind.GRADE
    if "step" in section:
        return InputKind.DIRECT
    if defaults.input is None and "input" not in section:
        section.problem(
            "input",
            "is required and missing, since the rubric has neither [grades] nor [direct]",
            'add input = "direct", or [grades] to the rubric',
        )
    return defaults.input or InputKind.FIXED


def _grade_descriptors(section: Section, grades: tuple[Grade, ...]) -> tuple[Descriptor, ...]:
    shares = {grade.name: grade.share for grade in grades}
    found = {}
    for label in section.keys:
        text = section.text(label)
        if label in shares:
            found[label] = Descriptor(label, text, shares[label], shares[label])
        else:
            section.problem(label, "describes no grade", did_you_mean(label, shares))
    return tuple(found[grade.name] for grade in grades if grade.name in found)


def _range_descriptors(section: Section) -> tuple[Descriptor, ...]:
    found = []
    for label in section.keys:
        text = section.text(label)
        match = _RANGE.fullmatch(label)
        low, high = (int(match[1]), int(match[2])) if match else (0, -1)
        if 0 <= low <= high <= 100:
            found.append(Descriptor(label, text, Fraction(low, 100), Fraction(high, 100)))
        else:
            section.problem(label, "is no range of shares", 'write it as "75-89%"')
    found.sort(key=lambda descriptor: -descriptor.low)
    for upper, lower in pairwise(found):
        if lower.high >= upper.low:
            section.problem(lower.label, f"overlaps with '{upper.label}'", "let every range end below the next one")
    return tuple(found)


def _adjustment(section: Section, *, sign: int) -> Adjustment:
    points = section.decimal("points")
    if "points" in section and points * sign <= 0:
        kind, right = ("bonus", "2") if sign > 0 else ("penalty", "-2")
        section.problem("points", f"is {format_figure(points)}, no {kind}", f'write it as points = "{right}"')
    name = read_id(section)
    adjustment = Adjustment(
        id=name,
        title=section.text("title", default=name),
        points=points,
        description=section.text("description", default=""),
    )
    section.finish()
    return adjustment


def _limits(section: Section | None) -> Limits:
    return Limits() if section is None else read_limits(section)


def read_limits(section: Section) -> Limits:
    """The caps of a rubric's [limits] or a plan's [bonus]."""
    limits = Limits(
        bonus_max=section.decimal("bonus_max", default=None, at_least=0),
        penalty_max=section.decimal("penalty_max", default=None, at_least=0),
        final_max=section.decimal("final_max", default=None, above=0),
    )
    section.finish()
    return limits


def _check_unique(section: Section, rubric: Rubric) -> None:
    """Criterion ids are unique; so are, together, those of items, bonuses and penalties, which share a column of files."""
    criteria: list[tuple[Key, str]] = []
    entered: list[tuple[Key, str]] = []
    for n, criterion in enumerate(rubric.criteria):
        criteria.append((("criterion", n), criterion.id))
        entered.extend((("criterion", n, "item", m), item.id) for m, item in enumerate(criterion.items))
    entered.extend((("bonus", n), bonus.id) for n, bonus in enumerate(rubric.bonuses))
    entered.extend((("penalty", n), penalty.id) for n, penalty in enumerate(rubric.penalties))
    for places in (criteria, entered):
        seen: set[str] = set()
        for path, value in places:
            if value and value in seen:
                section.problem((*path, "id"), f"'{value}' is used before", "give it an id of its own")
            seen.add(value)
