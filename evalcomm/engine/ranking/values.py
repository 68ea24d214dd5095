"""What goes into a ranking and what comes out."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from decimal import Decimal
from enum import Enum
from fractions import Fraction
from typing import TypeAlias

from evalcomm.engine.plan import Fallback, Method, Plan

Number: TypeAlias = int | Decimal | Fraction
Points: TypeAlias = Mapping[str, Fraction] | Fraction


class SheetState(Enum):
    """Only scored sheets count; the other three are no zeros."""

    SCORED = "scored"
    MISSING = "missing"  # assigned, not handed in
    RECUSED = "recused"  # 제척, 기피, 회피
    NOT_APPLICABLE = "not-applicable"  # never assigned


@dataclass(frozen=True, slots=True)
class Sheet:
    """One evaluator's sheet of one application: points by item, or the total where the plan has no rubric."""

    application: str
    evaluator: str
    points: Points = field(default_factory=dict)
    state: SheetState = SheetState.SCORED

    @classmethod
    def of(cls, application: str, evaluator: str, points: Mapping[str, Number] | Number) -> Sheet:
        """A scored sheet from any exact numbers."""
        if isinstance(points, Mapping):
            return cls(application, evaluator, {item: Fraction(value) for item, value in points.items()})
        return cls(application, evaluator, Fraction(points))


@dataclass(frozen=True, slots=True)
class SheetFigure:
    """A sheet as it entered the result. `total` is the sum of its points; `value` what was averaged: the total rounded as the plan says, or
    its standard score. `dropped` is "highest" or "lowest" where the trimmed mean left it out (in scope "criterion": never).
    """

    evaluator: str
    state: SheetState
    total: Fraction | None = None
    value: Fraction | None = None
    dropped: str | None = None


@dataclass(frozen=True, slots=True)
class CriterionFigure:
    """A criterion of an application. `mean` is aggregated from its own values; `figure` adds its fixed points where the plan's cut compares
    base or final. `dropped` lists (evaluator, "highest" or "lowest") where the trimmed mean works by criterion (scope "criterion").
    """

    id: str
    mean: Fraction | None
    fixed: Fraction
    figure: Fraction
    full: Fraction
    threshold: Fraction | None
    passed: bool
    dropped: tuple[tuple[str, str], ...] = ()


@dataclass(frozen=True, slots=True)
class Failure:
    """A cut that was missed. `cut` is "total", "criterion:ID", "item:ID", or "sheets" where nothing could be averaged."""

    cut: str
    value: Fraction
    threshold: Fraction


@dataclass(frozen=True, slots=True)
class TieStep:
    """One key that was tried on a tie: the key as declared, the figure it read, this application's value, and who was still tied then."""

    key: str
    figure: str
    value: Fraction | None
    among: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Tie:
    """Equal on the ranking figure: `group` is everyone who was, `equal` those who still share the rank (both with this application).

    `key` is the declared key that told this application apart from the last of the others, None where it still shares its rank;
    `waits_for_lot` where a lot is declared and not drawn.
    """

    application: str
    key: str | None
    group: tuple[str, ...]
    equal: tuple[str, ...]
    steps: tuple[TieStep, ...]
    waits_for_lot: bool

    @property
    def others(self) -> tuple[str, ...]:
        return tuple(other for other in self.group if other != self.application)

    @property
    def unresolved(self) -> tuple[str, ...]:
        return tuple(other for other in self.equal if other != self.application)


@dataclass(frozen=True, slots=True)
class Standing:
    """Where an application stands, and why. `rank` is None where it failed; `compared` is the figure that ranks compare."""

    application: str
    rank: int | None
    passed: bool
    mean: Fraction | None
    base: Fraction | None
    final: Fraction | None
    compared: Fraction | None
    sheets: tuple[SheetFigure, ...]
    criteria: tuple[CriterionFigure, ...]
    fixed: Fraction
    bonus: Fraction
    penalty: Fraction
    entries: Mapping[str, Fraction]
    failed: tuple[Failure, ...]
    tie: Tie | None = None
    fallback: Fallback | None = None

    @property
    def valid_sheets(self) -> int:
        return sum(sheet.state is SheetState.SCORED for sheet in self.sheets)

    @property
    def dropped(self) -> tuple[SheetFigure, ...]:
        return tuple(sheet for sheet in self.sheets if sheet.dropped is not None)


@dataclass(frozen=True, slots=True, order=True)
class Caution:
    """Something that people should know about a result. Sorted by place, so that the order of the input does not show.

    Codes: half-sheet, missing-sheet, no-sheets, too-few-sheets, fallback, constant-evaluator, undeclared-digits, unconnected, cut-on-standard-
    scores, not-listed, no-drop.
    """

    code: str
    application: str
    evaluator: str
    message: str


class RankingError(ValueError):
    """The scores cannot be ranked under this plan; `cautions` holds every reason, with the codes of Caution or of this list:

    duplicate-sheet, unknown-item, off-scale, missing-fixed, unknown-entry, unknown-application, needs-items, needs-total, tie-value-missing,
    lot-twice, lot-invalid, refused-fallback, no-scores.
    """

    def __init__(self, cautions: Sequence[Caution]) -> None:
        self.cautions = tuple(sorted(cautions))
        super().__init__("; ".join(caution.message for caution in self.cautions[:20]))


@dataclass(frozen=True, slots=True)
class Ranking:
    """Standings in rank order; those that failed come last, by id. `needs_lot` lists the groups that a lot must split."""

    plan: Plan
    method: Method
    standings: tuple[Standing, ...]
    cautions: tuple[Caution, ...]
    needs_lot: tuple[tuple[str, ...], ...]
    severity: Mapping[str, Fraction]

    def standing(self, application: str) -> Standing:
        """KeyError where the application is not in the ranking."""
        for standing in self.standings:
            if standing.application == application:
                return standing
        raise KeyError(application)
