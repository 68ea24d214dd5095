"""Hypothesis strategies of rubrics, plans and tables of scores."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from fractions import Fraction

from hypothesis import strategies as st

from evalcomm.engine.exact import Rounding
from evalcomm.engine.plan import (
    AggregateRule,
    CompareOn,
    CutRule,
    Fallback,
    Figure,
    Method,
    Plan,
    RoundingRule,
    Scale,
    Scope,
)
from evalcomm.engine.ranking import Sheet, SheetState
from evalcomm.engine.rubric import Adjustment, Criterion, Grade, InputKind, Item, Limits, Rubric

GRADES = tuple(
    Grade(name, Fraction(share, 100)) for name, share in (("수", 100), ("우", 85), ("미", 60), ("양", 33), ("가", 0))
)
EXACT = (Method.MEAN, Method.TRIMMED_MEAN, Method.MEDIAN, Method.LEAST_SQUARES)


@dataclass
class Case:
    """Everything that `rank` is called with."""

    plan: Plan
    sheets: list[Sheet]
    fixed: dict[str, dict[str, Fraction]] = field(default_factory=dict)
    columns: dict[str, dict[str, Fraction]] = field(default_factory=dict)
    lots: dict[str, int] = field(default_factory=dict)

    @property
    def whole(self) -> dict[str, dict[str, Mapping[str, Fraction]]]:
        """The scored sheets as the oracle reads them."""
        table: dict[str, dict[str, Mapping[str, Fraction]]] = {application: {} for application in self.columns}
        for sheet in self.sheets:
            row = table.setdefault(sheet.application, {})
            if sheet.state is SheetState.SCORED:
                row[sheet.evaluator] = sheet.points if isinstance(sheet.points, Mapping) else {"": sheet.points}
        return table


@st.composite
def items(draw: st.DrawFn, name: str) -> Item:
    points = Fraction(draw(st.sampled_from((1, 3, 5, 10))))
    kind = draw(st.sampled_from((InputKind.GRADE, InputKind.DIRECT, InputKind.YES_NO, InputKind.FIXED)))
    return Item(
        name,
        name,
        points,
        kind,
        grades=GRADES if kind is InputKind.GRADE else (),
        step=Fraction(1, 2) if kind is InputKind.DIRECT else None,
    )


@st.composite
def rubrics(draw: st.DrawFn) -> Rubric:
    criteria = []
    for n in range(draw(st.integers(1, 3))):
        parts = tuple(draw(items(f"i{n}{m}")) for m in range(draw(st.integers(1, 2))))
        points = sum((item.points for item in parts), Fraction(0))
        ratio = draw(st.sampled_from((None, Fraction(2, 5))))
        criteria.append(Criterion(f"c{n}", f"c{n}", points, parts, min_ratio=ratio))
    if all(item.is_fixed for criterion in criteria for item in criterion.items):
        criteria.append(
            Criterion("c9", "c9", Fraction(4), (Item("i9", "i9", Fraction(4), InputKind.DIRECT, step=Fraction(1, 2)),))
        )
    return Rubric(
        "r",
        1,
        "r",
        sum((criterion.points for criterion in criteria), Fraction(0)),
        tuple(criteria),
        bonuses=(Adjustment("plus", "plus", Fraction(2)), Adjustment("more", "more", Fraction(1))),
        penalties=(Adjustment("minus", "minus", Fraction(-3)),),
        limits=Limits(
            bonus_max=draw(st.sampled_from((None, Fraction(2)))),
            penalty_max=draw(st.sampled_from((None, Fraction(1)))),
            final_max=draw(st.sampled_from((None, Fraction(7)))),
        ),
    )


digits = st.sampled_from((None, 0, 1, 2))


@st.composite
def plans(draw: st.DrawFn, methods: tuple[Method, ...] = EXACT) -> Plan:
    rubric = draw(st.one_of(st.none(), rubrics()))
    method = draw(st.sampled_from(methods))
    high, low = draw(st.integers(0, 2)), draw(st.integers(0, 1))
    scopes = (Scope.SHEET_TOTAL, Scope.CRITERION) if rubric and method in EXACT[:3] else (Scope.SHEET_TOTAL,)
    keys = ["mean", "base", "requested-asc"]
    if rubric:
        keys += ["criteria-by-weight", f"criterion:{rubric.criteria[0].id}"]
    declared = draw(st.lists(st.sampled_from(keys), unique=True, max_size=3))
    if draw(st.booleans()):
        declared.append("lot")
    scale = None if rubric else draw(st.sampled_from((None, Scale(Fraction(0), Fraction(10)))))
    return Plan(
        "p",
        1,
        rubric=rubric,
        scale=scale,
        aggregate=AggregateRule(
            method,
            high,
            low,
            draw(st.sampled_from(scopes)),
            high + low + 1 + draw(st.integers(0, 2)),
            draw(st.sampled_from((None, 2 * (high + low) + 1))),
            draw(st.sampled_from((Fallback.MEAN, Fallback.MEDIAN))),
        ),
        rounding=RoundingRule(
            draw(st.sampled_from(Rounding)),
            draw(digits),
            draw(digits) if rubric else None,
            draw(digits),
            draw(digits),
            draw(st.sampled_from(CompareOn)),
        ),
        cut=CutRule(
            draw(st.sampled_from((None, Fraction(1, 2)))) if rubric or scale else None,
            draw(st.sampled_from((None, Fraction(1, 3)))) if rubric else None,
            None,
            draw(st.booleans()),
            draw(st.sampled_from(Figure)),
        ),
        tie_keys=tuple(declared),
    )


def entries(item: Item) -> st.SearchStrategy[Fraction]:
    if item.entries:
        return st.sampled_from(list(item.entries.values()))
    if item.step is None:
        return st.integers(0, int(item.points) * 4).map(lambda n: Fraction(n, 4))
    return st.integers(0, int(item.points / item.step)).map(lambda n: n * item.step)


@st.composite
def cases(draw: st.DrawFn, methods: tuple[Method, ...] = EXACT) -> Case:
    plan = draw(plans(methods))
    case = Case(plan, [])
    count, judges = draw(st.integers(1, 5)), draw(st.integers(1, 6))
    points: st.SearchStrategy[Mapping[str, Fraction] | Fraction]
    if plan.rubric is None:
        points = st.integers(0, 40).map(lambda n: Fraction(n, 4))
    else:
        points = st.fixed_dictionaries({item.id: entries(item) for item in plan.rubric.scored_items})
    states = (SheetState.SCORED,) * 6 + tuple(SheetState)
    for p in range(count):
        application = f"A{p}"
        case.columns[application] = {"requested": Fraction(draw(st.integers(1, 3)))}
        for r in range(judges):
            state = draw(st.sampled_from(states))
            scored = state is SheetState.SCORED
            case.sheets.append(Sheet(application, f"E{r}", draw(points) if scored else {}, state))
        if plan.rubric is not None:
            given = {item.id: draw(entries(item)) for item in plan.rubric.fixed_items}
            for adjustment in plan.rubric.adjustments:
                if draw(st.integers(0, 3)) == 0:
                    given[adjustment.id] = adjustment.points
            case.fixed[application] = given
    drawn = draw(st.permutations(range(1, count + 1)))
    case.lots = {f"A{p}": drawn[p] for p in range(count) if draw(st.booleans())}
    return case
