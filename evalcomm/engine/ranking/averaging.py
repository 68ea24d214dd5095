"""From the table of sheets to the mean of every application and of its criteria."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from fractions import Fraction

from evalcomm.engine.aggregate import Rational, adjust_for_severity, aggregate, dropped, standard_scores
from evalcomm.engine.exact import Rounding, round_scaled
from evalcomm.engine.plan import AggregateRule, Fallback, Method, Plan, Scope
from evalcomm.engine.ranking.collecting import TOTAL, Panel, Table
from evalcomm.engine.ranking.values import Caution, RankingError

DEFAULT_STANDARD_DIGITS = 6


Dropped = tuple[tuple[int, str], ...]
"""Places among the scored sheets that the trimmed mean left out, each with "highest" or "lowest"."""


@dataclass(frozen=True, slots=True)
class Averaged:
    """Of one application: what each scored sheet brought in, the mean of the sheets (rounded), those of criteria and of items.

    `totals` and `values` are aligned with the scored sheets. `mean` None = nothing to average. `criteria_dropped` only where the trimmed mean
    works by criterion, else `dropped`.
    """

    totals: tuple[Fraction, ...]
    values: tuple[Fraction, ...]
    mean: Fraction | None = None
    dropped: Dropped = ()
    fallback: Fallback | None = None
    criteria: Mapping[str, Fraction] = field(default_factory=dict)
    criteria_dropped: Mapping[str, Dropped] = field(default_factory=dict)
    items: Mapping[str, Fraction] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Averages:
    """Aligned with the table's panels. `severity` by evaluator, positive = strict; empty but for least squares."""

    panels: tuple[Averaged, ...]
    cautions: tuple[Caution, ...]
    severity: Mapping[str, Fraction]


class _Figures:
    """Fractions from scaled integers, each built once: scores repeat."""

    def __init__(self, scale: int) -> None:
        self._scale = scale
        self._known: dict[int, Fraction] = {}

    def __getitem__(self, value: int) -> Fraction:
        known = self._known.get(value)
        if known is None:
            known = self._known[value] = Fraction(value, self._scale)
        return known


class _Rounded:
    """numerator / denominator as the plan rounds that stage, each figure built once."""

    def __init__(self, digits: int | None, mode: Rounding) -> None:
        self._digits = digits
        self._mode = mode
        self._figures = _Figures(10 ** (digits or 0))

    def __call__(self, numerator: int, denominator: int) -> Fraction:
        if self._digits is None:
            return Fraction(numerator, denominator)
        return self._figures[round_scaled(numerator * 10**self._digits, denominator, self._mode)]


def average(plan: Plan, table: Table, *, official: bool, items: Sequence[str]) -> Averages:
    """`items` are those whose own mean is wanted (for cuts by item). Raises RankingError where a rule refuses."""
    return _Averaging(plan, table, official=official, items=items).run()


class _Averaging:
    def __init__(self, plan: Plan, table: Table, *, official: bool, items: Sequence[str]) -> None:
        self._plan = plan
        self._rule = plan.aggregate
        # Criteria and items are averaged as the sheets are; standard scores have no points, so there the plain mean is taken.
        self._column_rule = AggregateRule() if self._rule.method.standardises else self._rule
        self._table = table
        self._official = official
        self._cautions: list[Caution] = []
        self._refusals: list[Caution] = []
        self._severity: dict[str, Fraction] = {}
        self._criteria = self._slices()
        self._items = {item: (table.items.index(item), table.items.index(item) + 1) for item in items}
        self._mean = _Rounded(plan.rounding.mean, plan.rounding.mode)
        self._criterion_mean = _Rounded(plan.rounding.criterion, plan.rounding.mode)

    def _slices(self) -> dict[str, tuple[int, int]]:
        """Where the scored items of each criterion stand in a row; criteria that are all fixed are left out."""
        slices: dict[str, tuple[int, int]] = {}
        start = 0
        for criterion in self._plan.rubric.criteria if self._plan.rubric else ():
            stop = start + sum(not item.is_fixed for item in criterion.items)
            if stop > start:
                slices[criterion.id] = (start, stop)
            start = stop
        return slices

    def run(self) -> Averages:
        totals = [[sum(row) for row in panel.rows] for panel in self._table.panels]
        values, scale = self._values(totals)
        fitted = self._fitted(values, scale) if self._rule.method is Method.LEAST_SQUARES else {}
        as_total, as_value = _Figures(self._table.scale), _Figures(scale)
        panels = []
        for place, panel in enumerate(self._table.panels):
            shown = (
                tuple([as_total[total] for total in totals[place]]),
                tuple([as_value[value] for value in values[place]]),
            )
            if not panel.rows or self._refuses(panel):
                panels.append(Averaged(*shown))
            elif place in fitted:
                panels.append(self._of_fit(shown, fitted[place], scale))
            else:
                panels.append(self._of_panel(shown, panel, values[place], scale))
        if self._refusals:
            raise RankingError(self._refusals)
        return Averages(tuple(panels), tuple(self._cautions), self._severity)

    def _refuses(self, panel: Panel) -> bool:
        """Notes where the trimmed mean has too few sheets; true where the plan has no fallback for them."""
        rule, sheets = self._rule, len(panel.rows)
        if rule.method is not Method.TRIMMED_MEAN or rule.drops(sheets) is not None:
            return False
        few = f"{panel.application} has {sheets} valid sheet{'s' * (sheets != 1)}, fewer than {rule.min_sheets_to_trim}"
        if rule.fallback is Fallback.REFUSE:
            message = f"{few}: the plan does not trim so few and has no fallback"
            self._refusals.append(Caution("refused-fallback", panel.application, "", message))
            return True
        message = f"{few}: the {rule.fallback.value} is taken instead of the trimmed mean"
        self._cautions.append(Caution("fallback", panel.application, "", message))
        return False

    def _of_panel(
        self, shown: tuple[tuple[Fraction, ...], tuple[Fraction, ...]], panel: Panel, values: list[int], scale: int
    ) -> Averaged:
        points = self._table.scale
        rule = self._column_rule
        criteria: dict[str, Fraction] = {}
        criteria_dropped: dict[str, Dropped] = {}
        items: dict[str, Fraction] = {}
        by_criterion = self._rule.scope is Scope.CRITERION
        for name, (start, stop) in self._criteria.items():
            cells = [sum(row[start:stop]) for row in panel.rows]
            numerator, denominator = aggregate(cells, rule)
            criteria[name] = self._criterion_mean(numerator, denominator * points)
            if by_criterion:
                criteria_dropped[name] = dropped(cells, rule)
        for name, (start, _) in self._items.items():
            numerator, denominator = aggregate([row[start] for row in panel.rows], rule)
            items[name] = self._criterion_mean(numerator, denominator * points)
        if by_criterion:
            total = sum(criteria.values(), Fraction(0))
            mean = self._mean(total.numerator, total.denominator)
        else:
            numerator, denominator = aggregate(values, self._rule)
            mean = self._mean(numerator, denominator * scale)
        trimmed = self._rule.method is Method.TRIMMED_MEAN
        few = trimmed and self._rule.drops(len(values)) is None
        return Averaged(
            *shown,
            mean=mean,
            dropped=dropped(values, self._rule) if trimmed and not by_criterion else (),
            fallback=self._rule.fallback if few else None,
            criteria=criteria,
            criteria_dropped=criteria_dropped,
            items=items,
        )

    def _of_fit(
        self, shown: tuple[tuple[Fraction, ...], tuple[Fraction, ...]], fit: Mapping[str, Rational], scale: int
    ) -> Averaged:
        points = self._table.scale
        means = {
            name: self._criterion_mean(top, bottom * points) for name, (top, bottom) in fit.items() if name != TOTAL
        }
        top, bottom = fit[TOTAL]
        return Averaged(
            *shown,
            mean=self._mean(top, bottom * scale),
            criteria={name: means[name] for name in self._criteria},
            items={name: means[f"item:{name}"] for name in self._items},
        )

    def _values(self, totals: list[list[int]]) -> tuple[list[list[int]], int]:
        """What is averaged, and its scale: totals rounded as declared, or standard scores."""
        if self._rule.method.standardises:
            return self._standardised(totals)
        digits = self._plan.rounding.sheet_total
        if digits is None:
            return totals, self._table.scale
        scale, mode = self._table.scale, self._plan.rounding.mode
        known = {
            total: round_scaled(total * 10**digits, scale, mode) for total in {total for row in totals for total in row}
        }
        return [[known[total] for total in row] for row in totals], 10**digits

    def _standardised(self, totals: list[list[int]]) -> tuple[list[list[int]], int]:
        method = self._rule.method
        digits = self._plan.rounding.sheet_total
        if digits is None:
            digits = DEFAULT_STANDARD_DIGITS
            note = Caution(
                "undeclared-digits",
                "",
                "",
                f"the plan declares no digits for {method.value} (rounding.sheet_total); {digits} are taken",
            )
            (self._refusals if self._official else self._cautions).append(note)
        by_evaluator: dict[str, list[tuple[int, int]]] = {}
        for place, panel in enumerate(self._table.panels):
            for row, sheet in enumerate(panel.scored):
                by_evaluator.setdefault(panel.sheets[sheet].evaluator, []).append((place, row))
        neutral = 50 * 10**digits if method is Method.T_SCORE else 0
        values = [[neutral] * len(row) for row in totals]
        for evaluator in sorted(by_evaluator):
            cells = by_evaluator[evaluator]
            scores = standard_scores(
                [totals[place][row] for place, row in cells], digits, t_score=method is Method.T_SCORE
            )
            if scores is None:
                why = "scored only one application" if len(cells) == 1 else "gave every application the same score"
                message = f"{evaluator} {why}: its standard score is {neutral // 10**digits}"
                self._cautions.append(Caution("constant-evaluator", "", evaluator, message))
                continue
            for (place, row), score in zip(cells, scores, strict=True):
                values[place][row] = score
        return values, 10**digits

    def _fitted(self, values: list[list[int]], scale: int) -> dict[int, dict[str, Rational]]:
        """Least squares for the totals and every column in one fit, since they share the design; by place of the panel."""
        scored = [place for place, row in enumerate(values) if row]
        judges = [[panel.sheets[place].evaluator for place in panel.scored] for panel in self._table.panels]
        evaluators = sorted({evaluator for panel in judges for evaluator in panel})
        number = {evaluator: n for n, evaluator in enumerate(evaluators)}
        panels = [[number[evaluator] for evaluator in judges[place]] for place in scored]
        slices = self._criteria | {f"item:{name}": part for name, part in self._items.items()}
        names = (TOTAL, *slices)
        columns = [[values[place] for place in scored]]
        for start, stop in slices.values():
            columns.append([[sum(row[start:stop]) for row in self._table.panels[place].rows] for place in scored])
        fit = adjust_for_severity(panels, columns, len(evaluators))
        if len(fit.parts) > 1:
            self._note_parts([[evaluators[n] for n in part] for part in fit.parts])
        self._severity = {
            evaluator: Fraction(top, bottom * scale)
            for evaluator, (top, bottom) in zip(evaluators, fit.severity[0], strict=True)
        }
        return {place: {name: fit.means[c][n] for c, name in enumerate(names)} for n, place in enumerate(scored)}

    def _note_parts(self, parts: list[list[str]]) -> None:
        shown = "; ".join(", ".join(part[:5]) + (" …" if len(part) > 5 else "") for part in parts[:5])
        message = (
            f"evaluators fall into {len(parts)} parts that share no application ({shown}): "
            "severity is corrected inside each part only, and figures of different parts have no common standard"
        )
        (self._refusals if self._official else self._cautions).append(Caution("unconnected", "", "", message))
