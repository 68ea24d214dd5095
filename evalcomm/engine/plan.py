"""The evaluation plan: how sheets become an official figure, a pass, a rank and a division of money.

A plan is sealed with its rubric (`Plan.seal`) when the call is published. Nothing here computes; `ranking.rank` does, under a plan.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date
from enum import Enum
from fractions import Fraction

from evalcomm.engine.allocate.plan import AllocationPlan
from evalcomm.engine.exact import Rounding, format_figure
from evalcomm.engine.rubric import Limits, OffScale, Rubric
from evalcomm.engine.seal import seal


class Method(Enum):
    """How the sheets of an application become one figure."""

    MEAN = "mean"
    TRIMMED_MEAN = "trimmed-mean"  # 최고·최저 제외 평균
    MEDIAN = "median"
    Z = "z"
    T_SCORE = "t-score"
    LEAST_SQUARES = "least-squares"

    @property
    def standardises(self) -> bool:
        return self in {Method.Z, Method.T_SCORE}


class Scope(Enum):
    """What is aggregated: sheet totals, or each criterion for itself and then their sum."""

    SHEET_TOTAL = "sheet-total"
    CRITERION = "criterion"


class Fallback(Enum):
    """What a trimmed mean becomes where too few sheets are left to trim."""

    MEAN = "mean"
    MEDIAN = "median"
    REFUSE = "refuse"


class Figure(Enum):
    """The figures of an application, in their order: mean of the sheets; + fixed points; + bonus - penalty."""

    MEAN = "mean"
    BASE = "base"
    FINAL = "final"


class CompareOn(Enum):
    """Ranks compare the final figure as rounded, or before its rounding."""

    FINAL = "final"
    EXACT = "exact"


class BelowMin(Enum):
    """What happens to an application that has fewer valid sheets than the committee's minimum."""

    SUBSTITUTE = "substitute"
    OTHER_PANEL = "other-panel"
    RESOLVE = "resolve-with-reason"


@dataclass(frozen=True)
class Scale:
    """The range of sheet totals where a plan has no rubric; `step` is counted from 0."""

    min: Fraction
    max: Fraction
    step: Fraction | None = None

    @property
    def allowed(self) -> str:
        steps = f" in steps of {format_figure(self.step)}" if self.step is not None else ""
        return f"{format_figure(self.min)} to {format_figure(self.max)}{steps}"

    def check(self, points: Fraction) -> None:
        """Raises OffScale."""
        if not self.min <= points <= self.max:
            raise OffScale("out-of-range", format_figure(points), self.allowed)
        if self.step is not None and (points / self.step).denominator != 1:
            raise OffScale("off-step", format_figure(points), self.allowed)


@dataclass(frozen=True)
class CommitteeRule:
    """Who must be there: to meet and resolve (`quorum`), and per application (`min_valid_sheets`, recused not counted)."""

    quorum: int | None = None
    resolution: str = "majority-of-present"
    min_valid_sheets: int = 1
    below_min: BelowMin = BelowMin.SUBSTITUTE
    chair_scores: bool = True
    members: int | None = None
    max_members: int | None = None
    max_official_ratio: Fraction | None = None
    min_external_ratio: Fraction | None = None
    reserve_multiple: int | None = None


@dataclass(frozen=True)
class AggregateRule:
    """`drop_high` and `drop_low` sheets leave a trimmed mean, twice as many from `double_trim_from` valid sheets up."""

    method: Method = Method.MEAN
    drop_high: int = 1
    drop_low: int = 1
    scope: Scope = Scope.SHEET_TOTAL
    min_sheets_to_trim: int = 3
    double_trim_from: int | None = None
    fallback: Fallback = Fallback.MEAN

    def drops(self, sheets: int) -> tuple[int, int] | None:
        """How many of the highest and lowest leave when `sheets` are valid; None = too few, the fallback applies."""
        if sheets < self.min_sheets_to_trim:
            return None
        times = 2 if self.double_trim_from is not None and sheets >= self.double_trim_from else 1
        high, low = times * self.drop_high, times * self.drop_low
        return (high, low) if high + low < sheets else None


@dataclass(frozen=True)
class RoundingRule:
    """Digits at each stage; None = exact at that stage. `criterion` rounds criterion means, which cuts and tie keys compare."""

    mode: Rounding = Rounding.HALF_UP
    sheet_total: int | None = None
    criterion: int | None = None
    mean: int | None = None
    final: int | None = None
    compare_on: CompareOn = CompareOn.FINAL


@dataclass(frozen=True)
class CutRule:
    """최저기준 as shares of the points; a ratio that is None does not cut. `on` says which figure is compared."""

    total_ratio: Fraction | None = None
    criterion_ratio: Fraction | None = None
    item_ratio: Fraction | None = None
    inclusive: bool = True
    on: Figure = Figure.BASE


@dataclass(frozen=True)
class Plan:
    """A 평가계획 with its rubric or scale; read and checked by `plan_reading.read_plan`."""

    id: str
    version: int
    title: str = ""
    regime: str = ""
    legal_basis: tuple[str, ...] = ()
    as_of: date | None = None
    description: str = ""
    rubric: Rubric | None = None
    scale: Scale | None = None
    committee: CommitteeRule = CommitteeRule()
    aggregate: AggregateRule = AggregateRule()
    rounding: RoundingRule = RoundingRule()
    cut: CutRule = CutRule()
    bonus: Limits = field(default_factory=Limits)
    tie_keys: tuple[str, ...] = ()
    allocation: AllocationPlan | None = None
    rubric_path: str | None = field(default=None, metadata={"sealed": False})

    @property
    def limits(self) -> Limits:
        """The tighter of the rubric's caps and the plan's."""
        if self.rubric is None:
            return self.bonus
        own, shared = self.bonus, self.rubric.limits
        return Limits(
            bonus_max=_tighter(own.bonus_max, shared.bonus_max),
            penalty_max=_tighter(own.penalty_max, shared.penalty_max),
            final_max=_tighter(own.final_max, shared.final_max),
        )

    def seal(self) -> str:
        """SHA-256 of the canonical plan, rubric and defaults included."""
        return seal(self)


def _tighter(one: Fraction | None, other: Fraction | None) -> Fraction | None:
    return min((cap for cap in (one, other) if cap is not None), default=None)
