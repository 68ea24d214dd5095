"""The declared rule of division: policy, shortfall, ties at the line, unit, and the rules over tags and applications."""

from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum
from fractions import Fraction
from typing import TypeAlias


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


Rule: TypeAlias = Cap | Floor | MaxAwards | Exclusive | Requires | Matching | Pin


@dataclass(frozen=True, slots=True)
class AllocationPlan:
    """`pass_score` None = everyone passes. `rules` keep the order of the file, which names them in conflicts."""

    policy: Policy = Policy.RANK_ORDER
    shortfall: Shortfall = Shortfall.STOP
    min_award_ratio: Fraction = Fraction(0)
    ties_at_line: TiesAtLine = TiesAtLine.REFUSE
    unit_won: int = 1
    pass_score: Fraction | None = None
    pass_inclusive: bool = True
    tie_keys: tuple[str, ...] = ()
    bands: tuple[Band, ...] = ()
    objective: Objective = Objective.SCORE_WON
    levels: tuple[Level, ...] = ()
    rules: tuple[Rule, ...] = ()

    def of(self, *kinds: type) -> Sequence[Rule]:
        return [rule for rule in self.rules if isinstance(rule, kinds)]
