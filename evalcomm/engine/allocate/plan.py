"""The declared rule of division: policy, shortfall, ties at the line, unit, and the rules over tags and applications."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace
from enum import StrEnum
from fractions import Fraction
from typing import TypeAlias
from unicodedata import normalize

from evalcomm.engine.schema import Section


class Policy(StrEnum):
    RANK_ORDER = "rank-order"
    BANDS = "bands"
    PROPORTIONAL = "proportional"
    PORTFOLIO = "portfolio"


class Shortfall(StrEnum):
    """What happens at the first request that the budget does not cover."""

    STOP = "stop"
    SKIP = "skip"
    CUT_LAST = "cut-last"


class TiesAtLine(StrEnum):
    REFUSE = "refuse"
    ALL_OR_NONE = "all-or-none"
    SHARE = "share"


class Objective(StrEnum):
    SCORE = "score"
    SCORE_WON = "score-won"
    SCORE_ABOVE_LINE = "score-above-line"


@dataclass(frozen=True, slots=True)
class Band:
    """Scores from `start` (included) up to the next band get `rate` of the request."""

    start: Fraction
    rate: Fraction


@dataclass(frozen=True, slots=True)
class Level:
    """One size of award that an optimal portfolio may give: `rate` of the request, counted with `merit`."""

    rate: Fraction
    merit: Fraction


@dataclass(frozen=True, slots=True)
class Cap:
    """At most `won` for the applications whose `tag` is `value`; without a value, for each value of the tag."""

    tag: str
    value: str | None
    won: int


@dataclass(frozen=True, slots=True)
class Floor:
    tag: str
    value: str
    won: int


@dataclass(frozen=True, slots=True)
class Year:
    """At most `won` of all awards together may fall due in `year` (see `Application.due`)."""

    year: str
    won: int


@dataclass(frozen=True, slots=True)
class MaxAwards:
    tag: str
    value: str | None
    count: int


@dataclass(frozen=True, slots=True)
class Exclusive:
    applications: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Requires:
    application: str
    needs: str


@dataclass(frozen=True, slots=True)
class Matching:
    """own_funds >= ratio x award."""

    ratio: Fraction


@dataclass(frozen=True, slots=True)
class Pin:
    """An award set by resolution, with its author and reason; 0 won keeps the application out."""

    application: str
    won: int
    author: str
    reason: str


Rule: TypeAlias = Cap | Floor | Year | MaxAwards | Exclusive | Requires | Matching | Pin


KINDS: Mapping[type[Rule], str] = {
    Cap: "cap",
    Floor: "floor",
    Year: "year",
    MaxAwards: "max-awards",
    Exclusive: "exclusive",
    Requires: "requires",
    Matching: "matching",
    Pin: "pin",
}


def kind_of(rule: Rule) -> str:
    """The word for a rule in plans and papers."""
    return KINDS[type(rule)]


@dataclass(frozen=True, slots=True)
class AllocationPlan:
    """`pass_score` None = everyone passes. `rules` keep the order of the file, which names them in conflicts.

    tie_keys, pass_inclusive : from the plan's `[ties]` and `[cut]` (see `under`), where they are sealed.
    """

    policy: Policy = Policy.RANK_ORDER
    shortfall: Shortfall = Shortfall.STOP
    min_award_ratio: Fraction = Fraction(0)
    ties_at_line: TiesAtLine = TiesAtLine.REFUSE
    unit_won: int = 1
    pass_score: Fraction | None = None
    bands: tuple[Band, ...] = ()
    objective: Objective = Objective.SCORE_WON
    levels: tuple[Level, ...] = ()
    rules: tuple[Rule, ...] = ()
    tie_keys: tuple[str, ...] = field(default=(), metadata={"sealed": False})
    pass_inclusive: bool = field(default=True, metadata={"sealed": False})

    def under(self, *, tie_keys: tuple[str, ...], pass_inclusive: bool) -> "AllocationPlan":
        """The same division under the tie keys and the cut of the whole plan."""
        return replace(self, tie_keys=tie_keys, pass_inclusive=pass_inclusive)


def read_allocation(section: Section) -> AllocationPlan:
    """The table `[allocate]` of a plan; usable only if `section.problems` stays empty.

    Tie keys and the inclusiveness of the pass mark stand in other tables of the plan (`[ties]`, `[cut]`): see `AllocationPlan.under`.
    """
    plan = AllocationPlan(
        policy=Policy(section.choice("policy", [word.value for word in Policy], default=Policy.RANK_ORDER.value)),
        shortfall=Shortfall(
            section.choice("shortfall", [word.value for word in Shortfall], default=Shortfall.STOP.value)
        ),
        min_award_ratio=section.decimal("min_award_ratio", default=Fraction(0), at_least=0, at_most=1),
        ties_at_line=TiesAtLine(
            section.choice("ties_at_line", [word.value for word in TiesAtLine], default=TiesAtLine.REFUSE.value)
        ),
        unit_won=section.integer("unit_won", default=1, at_least=1),
        pass_score=section.decimal("pass_score", default=None),
        bands=_read_bands(section),
        objective=Objective(
            section.choice("objective", [word.value for word in Objective], default=Objective.SCORE_WON.value)
        ),
        levels=_read_levels(section),
        rules=tuple(rule for part in section.tables("rule") if (rule := _read_rule(part)) is not None),
    )
    if plan.policy is Policy.BANDS and not plan.bands:
        section.problem("band", "policy bands needs its bands", 'add [[allocate.band]] min = "90" rate = "1"')
    if plan.policy is Policy.PORTFOLIO and plan.objective is Objective.SCORE_ABOVE_LINE and plan.pass_score is None:
        section.problem("pass_score", "the objective score-above-line needs the line", 'add pass_score = "70"')
    pinned = [rule.application for rule in plan.rules if isinstance(rule, Pin)]
    for name in sorted({one for one in pinned if pinned.count(one) > 1}):
        section.problem("rule", f"pins {name} more than once", "keep one of the pins")
    section.finish()
    return plan


def _read_bands(section: Section) -> tuple[Band, ...]:
    bands: list[Band] = []
    for part in section.tables("band"):
        edge = "from" if "from" in part and "min" not in part else "min"
        band = Band(part.decimal(edge), part.decimal("rate", above=0, at_most=1))
        part.finish()
        if any(band.start == other.start for other in bands):
            part.problem(edge, "is where another band begins", "write each lower edge once")
        bands.append(band)
    return tuple(sorted(bands, key=lambda band: -band.start))


def _read_levels(section: Section) -> tuple[Level, ...]:
    levels: list[Level] = []
    for part in section.tables("level"):
        level = Level(part.decimal("rate", above=0, at_most=1), part.decimal("merit", at_least=0))
        part.finish()
        if any(level.rate == other.rate for other in levels):
            part.problem("rate", "is that of another level", "write each rate once")
        levels.append(level)
    return tuple(sorted(levels, key=lambda level: -level.rate))


def _word(section: Section, key: str) -> str:
    """Ids and tag values are compared with table cells, which are in Unicode's composed form."""
    return normalize("NFC", section.text(key))


def _read_rule(part: Section) -> Rule | None:
    kind = part.choice("kind", sorted(_READERS))
    rule = _READERS[kind](part)
    part.finish()
    return rule


def _value(part: Section) -> str | None:
    return _word(part, "value") if "value" in part else part.text("value", default=None)


def _read_exclusive(part: Section) -> Exclusive:
    names = tuple(normalize("NFC", name) for name in part.texts("applications"))
    if len(set(names)) < 2 or len(set(names)) < len(names):
        part.problem("applications", "must name at least two different applications", 'write ["A1", "A7"]')
    return Exclusive(names)


def _read_requires(part: Section) -> Requires:
    rule = Requires(_word(part, "application"), _word(part, "needs"))
    if rule.application and rule.application == rule.needs:
        part.problem("needs", f"is {rule.needs} itself", "name another application")
    return rule


_READERS: Mapping[str, Callable[[Section], Rule]] = {
    "cap": lambda part: Cap(_word(part, "tag"), _value(part), part.integer("won", at_least=0)),
    "floor": lambda part: Floor(_word(part, "tag"), _word(part, "value"), part.integer("won", at_least=0)),
    "year": lambda part: Year(_word(part, "year"), part.integer("won", at_least=0)),
    "max-awards": lambda part: MaxAwards(_word(part, "tag"), _value(part), part.integer("count", at_least=0)),
    "exclusive": _read_exclusive,
    "requires": _read_requires,
    "matching": lambda part: Matching(part.decimal("ratio", at_least=0)),
    "pin": lambda part: Pin(
        _word(part, "application"), part.integer("won", at_least=0), part.text("author"), part.text("reason")
    ),
}
