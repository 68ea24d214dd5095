"""The rubric: criteria, their items, and what may be entered for each item.

A rubric says how one evaluator's sheet becomes points. Items with `InputKind.FIXED`, bonuses and penalties are entered once per
application by the secretariat. `Item.points_of` is the one rule about what a cell may hold; form, import and service all ask it.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from enum import Enum
from fractions import Fraction
from functools import cached_property

from evalcomm.engine.exact import NotExact, format_figure, parse_decimal


class InputKind(Enum):
    """How an item is entered."""

    GRADE = "grade"  # a grade's name, worth a share of the item's points
    DIRECT = "direct"  # points, in steps
    YES_NO = "yes-no"  # all points or none
    FIXED = "fixed"  # points entered once per application, with evidence


class Comment(Enum):
    """Whether an evaluator writes a comment beside the item (or, on the rubric, an overall opinion)."""

    REQUIRED = "required"
    OPTIONAL = "optional"
    NONE = "none"


class OffScale(ValueError):
    """A cell that the item does not admit. `code` is one of not-a-number, unknown-grade, out-of-range, off-step, not-a-grade-value."""

    def __init__(self, code: str, given: str, allowed: str) -> None:
        self.code = code
        self.given = given
        self.allowed = allowed
        super().__init__(f"'{given[:40]}' {_OFF_SCALE[code]}; possible: {allowed}")


_OFF_SCALE = {
    "not-a-number": "is not a number",
    "unknown-grade": "is neither a grade nor a number",
    "not-a-grade-value": "is not the value of a grade",
    "out-of-range": "is off the scale",
    "off-step": "is off the step",
}

YES = frozenset({"yes", "예"})
NO = frozenset({"no", "아니오", "아니요"})


@dataclass(frozen=True)
class Grade:
    """A named share of an item's points."""

    name: str
    share: Fraction


@dataclass(frozen=True)
class Descriptor:
    """What a grade, or a range of shares [low, high], means in words."""

    label: str
    text: str
    low: Fraction
    high: Fraction


@dataclass(frozen=True)
class Item:
    """One line of the sheet. Where points are entered, `min_points` is the least; `step` is counted from 0."""

    id: str
    title: str
    points: Fraction
    input: InputKind
    grades: tuple[Grade, ...] = ()
    step: Fraction | None = None
    min_points: Fraction = Fraction(0)
    min_ratio: Fraction | None = None
    comment: Comment = Comment.OPTIONAL
    descriptors: tuple[Descriptor, ...] = ()
    description: str = ""
    formula: str = ""

    @property
    def is_fixed(self) -> bool:
        return self.input is InputKind.FIXED

    @cached_property
    def entries(self) -> Mapping[str, Fraction]:
        """What may be entered by name, best first, and the points it gives; empty where points are entered."""
        if self.input is InputKind.GRADE:
            return {grade.name: grade.share * self.points for grade in self.grades}
        if self.input is InputKind.YES_NO:
            return {"yes": self.points, "no": Fraction(0)}
        return {}

    @property
    def lowest(self) -> Fraction:
        """The least that can be entered."""
        return min(self.entries.values(), default=self.min_points)

    @property
    def highest(self) -> Fraction:
        """The most that can be entered; below `points` where no grade gives all of them."""
        return max(self.entries.values(), default=self.points)

    @cached_property
    def _values(self) -> frozenset[Fraction]:
        return frozenset(self.entries.values())

    def points_of(self, entry: str) -> Fraction:
        """Points for what was entered: a grade's name, yes or no (예/아니오), or points. Raises OffScale."""
        if entry in self.entries:
            return self.entries[entry]
        if self.input is InputKind.YES_NO and (entry in YES or entry in NO):
            return self.points if entry in YES else Fraction(0)
        try:
            points = parse_decimal(entry)
        except NotExact:
            code = "unknown-grade" if self.entries else "not-a-number"
            raise OffScale(code, entry, self.allowed) from None
        self.check(points, entry)
        return points

    def check(self, points: Fraction, entry: str | None = None) -> None:
        """Raises OffScale unless the item can be worth exactly these points."""
        given = format_figure(points) if entry is None else entry
        if self.entries:
            if points not in self._values:
                raise OffScale("not-a-grade-value", given, self.allowed)
        elif not self.min_points <= points <= self.points:
            raise OffScale("out-of-range", given, self.allowed)
        elif self.step is not None and (points / self.step).denominator != 1:
            raise OffScale("off-step", given, self.allowed)

    @property
    def allowed(self) -> str:
        """The admitted entries in words."""
        if self.entries:
            return ", ".join(f"{name} ({format_figure(points)})" for name, points in self.entries.items())
        steps = f" in steps of {format_figure(self.step)}" if self.step is not None else ""
        return f"{format_figure(self.min_points)} to {format_figure(self.points)}{steps}"

    def descriptor_of(self, points: Fraction) -> Descriptor | None:
        """The descriptor whose range holds these points: the one with the highest `low` that is reached."""
        share = points / self.points
        return max((d for d in self.descriptors if d.low <= share), key=lambda d: d.low, default=None)


@dataclass(frozen=True)
class Criterion:
    """A heading of the rubric with its items; `min_ratio` is a cut as a share of its points."""

    id: str
    title: str
    points: Fraction
    items: tuple[Item, ...]
    min_ratio: Fraction | None = None
    description: str = ""

    @property
    def scored_points(self) -> Fraction:
        """Points that evaluators can give: all items but the fixed ones."""
        return sum((item.points for item in self.items if not item.is_fixed), Fraction(0))


@dataclass(frozen=True)
class Adjustment:
    """A bonus (points > 0) or a penalty (points < 0): the most that may be granted or taken."""

    id: str
    title: str
    points: Fraction
    description: str = ""

    def check(self, points: Fraction) -> Fraction:
        """The signed points of an entry; a penalty of 3 may be entered as 3 or -3. Raises OffScale."""
        signed = -abs(points) if self.points < 0 else points
        if signed * self.points < 0 or abs(signed) > abs(self.points):
            allowed = f"0 to {format_figure(self.points)}"
            raise OffScale("out-of-range", format_figure(points), allowed)
        return signed


@dataclass(frozen=True)
class Limits:
    """Caps on the sum of bonuses, on the size of the sum of penalties, and on the final figure; None = no cap."""

    bonus_max: Fraction | None = None
    penalty_max: Fraction | None = None
    final_max: Fraction | None = None


@dataclass(frozen=True)
class Rubric:
    """A 평가표. Criteria add up to `total`, items to their criterion; ids are unique (kept by `rubric_reading.read_rubric`)."""

    id: str
    version: int
    title: str
    total: Fraction
    criteria: tuple[Criterion, ...]
    bonuses: tuple[Adjustment, ...] = ()
    penalties: tuple[Adjustment, ...] = ()
    limits: Limits = Limits()
    comment: Comment = Comment.OPTIONAL
    description: str = ""

    @cached_property
    def items(self) -> tuple[Item, ...]:
        return tuple(item for criterion in self.criteria for item in criterion.items)

    @cached_property
    def scored_items(self) -> tuple[Item, ...]:
        """What an evaluator's sheet holds."""
        return tuple(item for item in self.items if not item.is_fixed)

    @cached_property
    def fixed_items(self) -> tuple[Item, ...]:
        """What the secretariat enters once per application."""
        return tuple(item for item in self.items if item.is_fixed)

    @cached_property
    def adjustments(self) -> tuple[Adjustment, ...]:
        return self.bonuses + self.penalties

    @cached_property
    def scored_points(self) -> Fraction:
        return sum((criterion.scored_points for criterion in self.criteria), Fraction(0))

    def item(self, item_id: str) -> Item | None:
        return self._by_id.get(item_id)

    @cached_property
    def _by_id(self) -> Mapping[str, Item]:
        return {item.id: item for item in self.items}


@dataclass(frozen=True)
class SheetProblem:
    """Why a sheet cannot be submitted: `code` of OffScale, or missing, unknown-item, comment-missing."""

    item: str
    code: str
    message: str


def sheet_problems(
    rubric: Rubric, entries: Mapping[str, str], comments: Mapping[str, str] | None = None
) -> tuple[SheetProblem, ...]:
    """Everything that keeps a sheet from being complete; `comments` (by item id, "" for the overall opinion) None = not checked."""
    problems = [
        SheetProblem(item_id, "unknown-item", f"the rubric has no item '{item_id}' for evaluators")
        for item_id in entries
        if (item := rubric.item(item_id)) is None or item.is_fixed
    ]
    for item in rubric.scored_items:
        entry = entries.get(item.id, "").strip()
        if not entry:
            problems.append(SheetProblem(item.id, "missing", f"'{item.title}' has no score"))
            continue
        try:
            item.points_of(entry)
        except OffScale as error:
            problems.append(SheetProblem(item.id, error.code, str(error)))
    if comments is not None:
        problems.extend(
            SheetProblem(place, "comment-missing", f"'{title}' needs a comment")
            for place, title in _required_comments(rubric)
            if not comments.get(place, "").strip()
        )
    return tuple(problems)


def _required_comments(rubric: Rubric) -> Iterable[tuple[str, str]]:
    yield from ((item.id, item.title) for item in rubric.scored_items if item.comment is Comment.REQUIRED)
    if rubric.comment is Comment.REQUIRED:
        yield "", rubric.title
