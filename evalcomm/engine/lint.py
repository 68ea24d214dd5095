"""What a rubric or plan says but does not do: weights that differ from their effect, cuts that cannot bite, figures that disagree.

Warnings, not errors: the document is valid, and its authors should know. Thresholds are stated beside each rule.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction

from evalcomm.engine.exact import format_figure, format_fixed
from evalcomm.engine.plan import CompareOn, Figure, Method, Plan, Scope
from evalcomm.engine.rubric import Adjustment, Criterion, InputKind, Item, Rubric
from evalcomm.engine.schema import Key, Problem

REGIMES = ("national_subsidy", "local_subsidy", "rnd", "negotiated", "balanced", "other")

# An item's effective weight may differ from its stated one by this factor, and by this share of the total, before it is told.
MAX_DISTORTION = Fraction(3, 2)
MIN_DIFFERENCE = Fraction(3, 100)


@dataclass(frozen=True)
class Weight:
    """`stated`: the item's share of the points. `effective`: its share of the spread that decides ranks."""

    item: str
    stated: Fraction
    effective: Fraction

    @property
    def distorted(self) -> bool:
        if abs(self.effective - self.stated) < MIN_DIFFERENCE:
            return False
        return self.effective > self.stated * MAX_DISTORTION or self.stated > self.effective * MAX_DISTORTION


def possible_weights(rubric: Rubric) -> tuple[Weight, ...]:
    """Effective weights from the spread that each item can have: highest - lowest entry."""
    spread = {item.id: item.highest - item.lowest for item in rubric.items}
    whole = sum(spread.values(), Fraction(0))
    return tuple(Weight(item.id, item.points / rubric.total, spread[item.id] / whole) for item in rubric.items)


def observed_weights(rubric: Rubric, sheets: Sequence[Mapping[str, Fraction]]) -> tuple[Weight, ...]:
    """Effective weights from complete sheets (points by item): each item's share of the variance of the totals, cov(item, total) / var(total).

    The shares add up to 1; an item that runs against the total has a negative one. Empty where the totals do not vary.
    """
    items = rubric.scored_items
    count = len(sheets)
    totals = [sum((sheet[item.id] for item in items), Fraction(0)) for sheet in sheets]
    centre = sum(totals, Fraction(0)) / count if count else Fraction(0)
    away = [total - centre for total in totals]
    variance = sum((part * part for part in away), Fraction(0))
    if not variance:
        return ()
    return tuple(
        Weight(
            item.id,
            item.points / rubric.scored_points,
            sum((sheet[item.id] * part for sheet, part in zip(sheets, away, strict=True)), Fraction(0)) / variance,
        )
        for item in items
    )


def lint_rubric(rubric: Rubric) -> tuple[Problem, ...]:
    """Warnings about a rubric for itself; cuts are judged as a plan without further keys applies them (`on = "base"`, inclusive)."""
    cuts = _Cuts(rubric, Figure.BASE, inclusive=True, criterion_ratio=None, item_ratio=None)
    return (*_weights(rubric), *_grades(rubric), *_descriptors(rubric), *_caps(rubric), *cuts.problems())


def lint_plan(plan: Plan) -> tuple[Problem, ...]:
    """Warnings about a plan; those about its rubric alone are `lint_rubric`'s."""
    return (*_regime(plan), *_committee(plan), *_aggregate(plan), *_figures(plan), *_plan_cuts(plan))


def lint_weights(rubric: Rubric, weights: Sequence[Weight], basis: str) -> Iterator[Problem]:
    """Warnings about stated against effective weights; `basis` says where the effect was seen."""
    for place, weight in ((_place(rubric, weight.item), weight) for weight in weights if weight.distorted):
        stated, effective = (format_fixed(100 * share, 1) for share in (weight.stated, weight.effective))
        if weight.effective > Fraction(1, 2) > weight.stated:
            verb = "dominates"
        else:
            verb = "weighs more than stated" if weight.effective > weight.stated else "weighs less than stated"
        yield Problem(
            (*place, "points"),
            f"'{weight.item}' {verb}: {stated} % of the points, but {effective} % of the spread {basis}",
            "give all items scales of like relative width (grades, min_points)",
        )


def _weights(rubric: Rubric) -> Iterator[Problem]:
    yield from lint_weights(rubric, possible_weights(rubric), "that scores can have")


def _place(rubric: Rubric, item_id: str) -> Key:
    for n, criterion in enumerate(rubric.criteria):
        for m, item in enumerate(criterion.items):
            if item.id == item_id:
                return ("criterion", n, "item", m)
    raise KeyError(item_id)


def _grades(rubric: Rubric) -> Iterator[Problem]:
    short = [item for item in rubric.items if item.highest < item.points]
    if short:
        yield Problem(
            ("grades",),
            f"no grade gives all points of '{short[0].id}'"
            + (f" and {len(short) - 1} more items" if short[1:] else ""),
            'let the best grade be "1.0"',
        )


def _descriptors(rubric: Rubric) -> Iterator[Problem]:
    told: set[tuple[str, ...]] = set()
    for n, criterion in enumerate(rubric.criteria):
        for m, item in enumerate(criterion.items):
            missing = _undescribed(item)
            if missing and missing not in told:
                told.add(missing)
                yield Problem(
                    ("criterion", n, "item", m),
                    f"has no descriptor for {', '.join(missing)}; evaluators will read the same grade differently",
                    "describe every grade under [descriptors]",
                )


def _undescribed(item: Item) -> tuple[str, ...]:
    if item.input is InputKind.GRADE:
        described = {descriptor.label for descriptor in item.descriptors}
        return tuple(grade.name for grade in item.grades if grade.name not in described)
    if item.input is not InputKind.DIRECT:
        return ()
    if not item.descriptors:
        return ("any range of points",)
    # Ranges are read as "from low up to the next low"; only a hole wider than their own grain of 1 % is a hole.
    missing = []
    top = Fraction(101, 100)
    for descriptor in item.descriptors:
        if top - descriptor.high > Fraction(1, 100):
            missing.append(f"{format_figure(100 * descriptor.high)} to {format_figure(100 * top)} %")
        top = descriptor.low
    if top > item.min_points / item.points:
        missing.append(f"less than {format_figure(100 * top)} %")
    return tuple(missing)


def _caps(rubric: Rubric) -> Iterator[Problem]:
    for key, cap, parts in (
        ("bonus", rubric.limits.bonus_max, rubric.bonuses),
        ("penalty", rubric.limits.penalty_max, rubric.penalties),
    ):
        whole = sum((abs(part.points) for part in parts), Fraction(0))
        if cap is not None and cap > whole:
            message = f"is {format_figure(cap)}, but all of them together are {format_figure(whole)}; it caps nothing"
            yield Problem(("limits", f"{key}_max"), message, f'write "{format_figure(whole)}" or less, or leave it out')
        for n, part in enumerate(parts):
            if cap is not None and abs(part.points) > cap:
                message = (
                    f"is {format_figure(part.points)}, but {key}_max = {format_figure(cap)} lets it never count in full"
                )
                yield Problem((key, n, "points"), message, "lower it, or raise the cap")


@dataclass(frozen=True)
class _Cuts:
    """Judges every cut of a rubric under the figure that it is compared on."""

    rubric: Rubric
    on: Figure
    inclusive: bool
    criterion_ratio: Fraction | None
    item_ratio: Fraction | None

    def counted(self, item: Item) -> bool:
        return self.on is not Figure.MEAN or not item.is_fixed

    def full(self, criterion: Criterion) -> Fraction:
        return sum((item.points for item in criterion.items if self.counted(item)), Fraction(0))

    def threshold(self, criterion: Criterion) -> Fraction | None:
        """None also where a ratio of 0 exempts the criterion from the others' cut."""
        ratio = self.criterion_ratio if criterion.min_ratio is None else criterion.min_ratio
        return ratio * self.full(criterion) if ratio else None

    def item_threshold(self, item: Item) -> Fraction | None:
        ratio = self.item_ratio if item.min_ratio is None else item.min_ratio
        return ratio * item.points if ratio else None

    def least(self, criterion: Criterion) -> Fraction:
        """The least that the criterion can come to if none of its items fails its own cut."""
        return sum(
            (
                max(item.lowest, self.item_threshold(item) or Fraction(0))
                for item in criterion.items
                if self.counted(item)
            ),
            Fraction(0),
        )

    def most(self, criterion: Criterion) -> Fraction:
        return sum((item.highest for item in criterion.items if self.counted(item)), Fraction(0))

    def never_bites(self, least: Fraction, threshold: Fraction) -> bool:
        return least >= threshold if self.inclusive else least > threshold

    def always_bites(self, most: Fraction, threshold: Fraction) -> bool:
        return most < threshold if self.inclusive else most <= threshold

    def problems(self) -> Iterator[Problem]:
        shared: list[str] = []
        for n, criterion in enumerate(self.rubric.criteria):
            for m, item in enumerate(criterion.items):
                if self.counted(item) and (threshold := self.item_threshold(item)) is not None:
                    place: Key = ("criterion", n, "item", m, "min_ratio")
                    yield from self._judge(place, f"'{item.id}'", item.lowest, item.highest, threshold)
            threshold = self.threshold(criterion)
            if threshold is None or not self.full(criterion):
                continue
            if criterion.min_ratio is not None:
                place = ("criterion", n, "min_ratio")
                yield from self._judge(
                    place, f"'{criterion.id}'", self.least(criterion), self.most(criterion), threshold
                )
            elif self.never_bites(self.least(criterion), threshold):
                shared.append(criterion.id)
            elif self.always_bites(self.most(criterion), threshold):
                yield from self._judge(
                    ("cut", "criterion_ratio"), f"'{criterion.id}'", Fraction(0), self.most(criterion), threshold
                )
        if shared:
            names = ", ".join(f"'{name}'" for name in shared)
            yield Problem(
                ("cut", "criterion_ratio"),
                f"can never bite in {names}, whose lowest scores reach it already",
                "lower the lowest grade, or raise the ratio (min_ratio of the criterion)",
            )

    def _judge(self, place: Key, what: str, least: Fraction, most: Fraction, threshold: Fraction) -> Iterator[Problem]:
        if self.never_bites(least, threshold):
            message = f"asks for {format_figure(threshold)} in {what}, which the lowest possible score ({format_figure(least)}) reaches"
            yield Problem(place, f"{message}: it can never bite", "raise it, lower the lowest grade, or leave it out")
        elif self.always_bites(most, threshold):
            message = (
                f"asks for {format_figure(threshold)} in {what}, of which at most {format_figure(most)} can be scored"
            )
            yield Problem(place, f"{message}: nobody can pass", "lower it")


def _plan_cuts(plan: Plan) -> Iterator[Problem]:
    cut = plan.cut
    if plan.rubric is None:
        if plan.scale is not None and cut.total_ratio is not None:
            yield from _total_cut(plan, cut.total_ratio * plan.scale.max, plan.scale.min, plan.scale.max)
        return
    cuts = _Cuts(plan.rubric, cut.on, cut.inclusive, cut.criterion_ratio, cut.item_ratio)
    by_default = set(lint_rubric(plan.rubric))  # told with the rubric already
    yield from (problem for problem in cuts.problems() if problem not in by_default)
    if cut.total_ratio is None:
        return
    full = plan.rubric.scored_points if cut.on is Figure.MEAN else plan.rubric.total
    least = sum((max(cuts.least(c), cuts.threshold(c) or Fraction(0)) for c in plan.rubric.criteria), Fraction(0))
    most = sum((cuts.most(c) for c in plan.rubric.criteria), Fraction(0))
    if cut.on is Figure.FINAL:
        least -= _reach(plan.rubric.penalties, plan.limits.penalty_max)
        most += _reach(plan.rubric.bonuses, plan.limits.bonus_max)
    yield from _total_cut(plan, cut.total_ratio * full, least, most)


def _reach(parts: Sequence[Adjustment], cap: Fraction | None) -> Fraction:
    whole = sum((abs(part.points) for part in parts), Fraction(0))
    return whole if cap is None else min(whole, cap)


def _total_cut(plan: Plan, threshold: Fraction, least: Fraction, most: Fraction) -> Iterator[Problem]:
    if least >= threshold if plan.cut.inclusive else least > threshold:
        message = (
            f"asks for {format_figure(threshold)}, which the lowest possible total ({format_figure(least)}) reaches"
        )
        yield Problem(
            ("cut", "total_ratio"), f"{message}: it can never bite", "raise it, lower the lowest grade, or leave it out"
        )
    elif most < threshold if plan.cut.inclusive else most <= threshold:
        message = (
            f"asks for {format_figure(threshold)}, but at most {format_figure(most)} can be scored: nobody can pass"
        )
        yield Problem(("cut", "total_ratio"), message, "lower it")


def _regime(plan: Plan) -> Iterator[Problem]:
    if plan.regime and plan.regime not in REGIMES:
        yield Problem(("regime",), f"'{plan.regime}' is no regime that evalcomm knows", "known: " + ", ".join(REGIMES))


def _committee(plan: Plan) -> Iterator[Problem]:
    committee, aggregate = plan.committee, plan.aggregate
    if committee.quorum is not None and committee.min_valid_sheets > committee.quorum:
        message = f"is {committee.min_valid_sheets}, more than the quorum of {committee.quorum}: a valid meeting may give no valid result"
        yield Problem(("committee", "min_valid_sheets"), message, "lower it, or raise the quorum")
    size = committee.members or committee.max_members
    if aggregate.method is Method.TRIMMED_MEAN and size is not None and aggregate.min_sheets_to_trim > size:
        message = (
            f"is {aggregate.min_sheets_to_trim}, but the committee has at most {size} members: nothing is ever dropped"
        )
        yield Problem(("aggregate", "min_sheets_to_trim"), message, "lower it, or name another method")


def _aggregate(plan: Plan) -> Iterator[Problem]:
    aggregate, rounding = plan.aggregate, plan.rounding
    if aggregate.method is Method.TRIMMED_MEAN and aggregate.drop_high + aggregate.drop_low == 0:
        yield Problem(
            ("aggregate", "method"),
            "is a trimmed mean that drops no sheet",
            'raise drop_high or drop_low, or write "mean"',
        )
    if aggregate.method.standardises:
        if rounding.sheet_total is None:
            message = f"is missing; {aggregate.method.value} needs roots, and 6 digits are taken"
            yield Problem(("rounding", "sheet_total"), message, "declare the digits, as a plan for official use must")
        if plan.cut.total_ratio is not None:
            message = f"compares points with standard scores ({aggregate.method.value})"
            yield Problem(("cut", "total_ratio"), message, "cut by criterion_ratio, or use another method")
    if aggregate.scope is Scope.CRITERION and rounding.sheet_total is not None:
        message = 'has no effect on the result: with scope = "criterion" the mean is made of criterion means'
        yield Problem(("rounding", "sheet_total"), message, 'leave it out, or round "criterion"')


def _figures(plan: Plan) -> Iterator[Problem]:
    """Where a cut compares a figure with more digits than the printed one, a printed 70.00 may fail a cut at 70."""
    rounding, cut = plan.rounding, plan.cut
    if rounding.final is not None and cut.total_ratio is not None and cut.on is not Figure.FINAL:
        digits = "every digit" if rounding.mean is None else f"{rounding.mean} digits"
        if rounding.mean is None or rounding.mean > rounding.final:
            message = f"compares {digits} of the {cut.on.value}, but the final figure is printed with {rounding.final}: a printed figure may say passed where the cut says failed"
            yield Problem(
                ("cut", "on"), message, f'round mean to {rounding.final} digits as well, or write on = "final"'
            )
    cuts_criteria = cut.criterion_ratio is not None or (
        plan.rubric is not None and any(criterion.min_ratio is not None for criterion in plan.rubric.criteria)
    )
    if cuts_criteria and rounding.criterion is None and (rounding.mean is not None or rounding.final is not None):
        message = "is missing: criterion means are cut with every digit, but printed as the other figures are"
        yield Problem(("rounding", "criterion"), message, "declare its digits, as for mean")
    if rounding.final is not None and rounding.compare_on is CompareOn.EXACT:
        message = "ranks by digits that are not printed: equal printed figures may stand on different ranks"
        yield Problem(("rounding", "compare_on"), message, 'write compare_on = "final", and let [ties] keys decide')
