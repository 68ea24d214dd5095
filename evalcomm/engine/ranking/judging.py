"""From the mean of an application to its base and final figure, and whether it passes every cut."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction
from functools import cached_property

from evalcomm.engine.exact import round_to
from evalcomm.engine.plan import CompareOn, Figure, Plan
from evalcomm.engine.ranking.averaging import Averaged
from evalcomm.engine.ranking.collecting import NOTHING, Additions, Panel
from evalcomm.engine.ranking.values import CriterionFigure, Failure, SheetFigure, SheetState, Standing, Tie
from evalcomm.engine.rubric import Criterion, Item

ZERO = Fraction(0)


def full_total(plan: Plan) -> Fraction:
    """The points that `cut.total_ratio` is a share of."""
    if plan.rubric is not None:
        return plan.rubric.scored_points if plan.cut.on is Figure.MEAN else plan.rubric.total
    assert plan.scale is not None  # kept by plan_reading
    return plan.scale.max


@dataclass
class Judged:
    """An application with its figures, before ranks are known."""

    panel: Panel
    averaged: Averaged
    added: Additions
    fixed: Fraction
    base: Fraction | None
    final: Fraction | None
    exact: Fraction | None
    criteria: tuple[CriterionFigure, ...]
    failed: tuple[Failure, ...]
    compare_on: CompareOn

    @property
    def application(self) -> str:
        return self.panel.application

    @property
    def compared(self) -> Fraction:
        """What ranks compare; only for those that passed, which have figures."""
        figure = self.final if self.compare_on is CompareOn.FINAL else self.exact
        assert figure is not None
        return figure

    @cached_property
    def figures(self) -> Mapping[str, Fraction]:
        """What tie keys read."""
        named = {"mean": self.averaged.mean, "base": self.base, "final": self.final}
        named.update((f"criterion:{criterion.id}", criterion.figure) for criterion in self.criteria)
        return {name: figure for name, figure in named.items() if figure is not None}

    def standing(self, rank: int | None, tie: Tie | None) -> Standing:
        averaged = self.averaged
        return Standing(
            application=self.application,
            rank=rank,
            passed=not self.failed,
            mean=averaged.mean,
            base=self.base,
            final=self.final,
            compared=self.final if self.compare_on is CompareOn.FINAL else self.exact,
            sheets=self._sheets(),
            criteria=self.criteria,
            fixed=self.fixed,
            bonus=self.added.bonus,
            penalty=self.added.penalty,
            entries=self.added.entries,
            failed=self.failed,
            tie=tie,
            fallback=averaged.fallback,
        )

    def _sheets(self) -> tuple[SheetFigure, ...]:
        """Every sheet of the panel; scored ones with their figures."""
        averaged = self.averaged
        dropped = dict(averaged.dropped)
        figures = []
        scored = 0
        for sheet, state in zip(self.panel.sheets, self.panel.states, strict=True):
            if state is SheetState.SCORED:
                figure = SheetFigure(
                    sheet.evaluator, state, averaged.totals[scored], averaged.values[scored], dropped.get(scored)
                )
                scored += 1
            else:
                figure = SheetFigure(sheet.evaluator, state)
            figures.append(figure)
        return tuple(figures)


@dataclass(frozen=True, slots=True)
class _Bar:
    """What counts of a criterion: its fixed items, its full points and its threshold."""

    id: str
    fixed: tuple[str, ...]
    full: Fraction
    threshold: Fraction | None


class Judge:
    """Applies one plan to any number of applications."""

    def __init__(self, plan: Plan) -> None:
        self._plan = plan
        self._inclusive = plan.cut.inclusive
        self._with_fixed = plan.cut.on is not Figure.MEAN
        self._bars = tuple(self._bar(criterion) for criterion in plan.rubric.criteria) if plan.rubric else ()
        self._item_bars = tuple(self._cut_items())
        self._total = None if plan.cut.total_ratio is None else plan.cut.total_ratio * full_total(plan)

    def _bar(self, criterion: Criterion) -> _Bar:
        full = criterion.points if self._with_fixed else criterion.scored_points
        ratio = self._plan.cut.criterion_ratio if criterion.min_ratio is None else criterion.min_ratio
        # A criterion without points that count (all fixed, cut on the mean) has nothing to fail.
        threshold = ratio * full if ratio is not None and full else None
        return _Bar(criterion.id, tuple(item.id for item in criterion.items if item.is_fixed), full, threshold)

    def _cut_items(self) -> Iterator[tuple[Item, Fraction]]:
        for item in self._plan.rubric.items if self._plan.rubric else ():
            ratio = self._plan.cut.item_ratio if item.min_ratio is None else item.min_ratio
            if ratio is not None and (self._with_fixed or not item.is_fixed):
                yield item, ratio * item.points

    @property
    def items_to_average(self) -> Sequence[str]:
        """Items that evaluators score and a cut compares."""
        return [item.id for item, _ in self._item_bars if not item.is_fixed]

    def judge(self, panel: Panel, averaged: Averaged, added: Additions) -> Judged:
        plan = self._plan
        fixed = sum(added.fixed.values(), ZERO) if added.fixed else ZERO
        base = final = exact = None
        criteria: tuple[CriterionFigure, ...] = ()
        if averaged.mean is not None:
            base = averaged.mean if fixed is ZERO else averaged.mean + fixed
            exact = base if added is NOTHING else base + added.bonus - added.penalty
            if plan.limits.final_max is not None:
                exact = min(exact, plan.limits.final_max)
            digits = plan.rounding.final
            final = exact if digits is None else round_to(exact, digits, plan.rounding.mode)
            criteria = tuple([self._criterion(bar, panel, averaged, added) for bar in self._bars])
        compared = {Figure.MEAN: averaged.mean, Figure.BASE: base, Figure.FINAL: final}[plan.cut.on]
        failed = tuple(self._failures(compared, averaged, added, criteria))
        return Judged(panel, averaged, added, fixed, base, final, exact, criteria, failed, plan.rounding.compare_on)

    def _criterion(self, bar: _Bar, panel: Panel, averaged: Averaged, added: Additions) -> CriterionFigure:
        mean = averaged.criteria.get(bar.id)
        figure = ZERO if mean is None else mean
        fixed = ZERO
        if bar.fixed:
            fixed = sum((added.fixed[item] for item in bar.fixed), ZERO)
            figure += fixed if self._with_fixed else ZERO
        passed = bar.threshold is None or self._reaches(figure, bar.threshold)
        dropped: tuple[tuple[str, str], ...] = ()
        if averaged.criteria_dropped:
            places = averaged.criteria_dropped.get(bar.id, ())
            dropped = tuple((panel.sheets[panel.scored[place]].evaluator, why) for place, why in places)
        return CriterionFigure(bar.id, mean, fixed, figure, bar.full, bar.threshold, passed, dropped)

    def _reaches(self, figure: Fraction, threshold: Fraction) -> bool:
        left, right = figure.numerator * threshold.denominator, threshold.numerator * figure.denominator
        return left >= right if self._inclusive else left > right

    def _failures(
        self, compared: Fraction | None, averaged: Averaged, added: Additions, criteria: Sequence[CriterionFigure]
    ) -> Iterator[Failure]:
        if compared is None:
            yield Failure("sheets", ZERO, Fraction(1))
            return
        if self._total is not None and not self._reaches(compared, self._total):
            yield Failure("total", compared, self._total)
        for criterion in criteria:
            if not criterion.passed and criterion.threshold is not None:
                yield Failure(f"criterion:{criterion.id}", criterion.figure, criterion.threshold)
        for item, threshold in self._item_bars:
            value = added.fixed[item.id] if item.is_fixed else averaged.items[item.id]
            if not self._reaches(value, threshold):
                yield Failure(f"item:{item.id}", value, threshold)
