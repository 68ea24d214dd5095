"""The rules of open-formats written down once more, slowly and with fractions only: the oracle for `evalcomm.engine.ranking`.

Nothing of the engine's arithmetic is used; only its plan and rubric values are read.
"""

from __future__ import annotations

import decimal
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from decimal import Decimal
from fractions import Fraction

from evalcomm.engine.plan import CompareOn, Figure, Method, Plan, Scope

ROUNDING = {
    "half-up": decimal.ROUND_HALF_UP,
    "half-even": decimal.ROUND_HALF_EVEN,
    "down": decimal.ROUND_DOWN,
    "up": decimal.ROUND_UP,
}

Sheets = Mapping[str, Mapping[str, Mapping[str, Fraction]]]
"""By application and evaluator, the points by item ("" where there is no rubric) of whole sheets."""


@dataclass
class Slow:
    """What the oracle says of one application."""

    mean: Fraction | None
    base: Fraction | None = None
    final: Fraction | None = None
    compared: Fraction | None = None
    criteria: dict[str, Fraction] = field(default_factory=dict)
    failed: list[str] = field(default_factory=list)
    rank: int | None = None


def rounded(value: Fraction, digits: int | None, mode: str) -> Fraction:
    """By long division in integers, then decimal's own rounding on an exact quotient with enough digits to tell ties."""
    if digits is None:
        return value
    with decimal.localcontext() as context:
        context.prec = 400
        scaled = value * 10**digits
        whole = scaled.numerator // scaled.denominator
        rest = scaled - whole
        # Two decimals after the whole part say all that rounding needs: 0, below, at or above one half.
        hint = "0" if rest == 0 else "25" if rest < Fraction(1, 2) else "5" if rest == Fraction(1, 2) else "75"
        number = Decimal(whole) + Decimal(f"0.{hint}")
        return Fraction(int(number.quantize(Decimal(1), rounding=ROUNDING[mode]))) / 10**digits


def averaged(values: Sequence[Fraction], plan: Plan) -> Fraction:
    rule = plan.aggregate
    values = sorted(values)
    if rule.method is Method.TRIMMED_MEAN and len(values) >= rule.min_sheets_to_trim:
        times = 2 if rule.double_trim_from and len(values) >= rule.double_trim_from else 1
        for _ in range(times * rule.drop_high):
            values.remove(max(values))
        for _ in range(times * rule.drop_low):
            values.remove(min(values))
        return sum(values, Fraction(0)) / len(values)
    if rule.method is Method.MEDIAN or (rule.method is Method.TRIMMED_MEAN and rule.fallback.value == "median"):
        middle = len(values) // 2
        return values[middle] if len(values) % 2 else (values[middle - 1] + values[middle]) / 2
    return sum(values, Fraction(0)) / len(values)


def least_squares(table: Mapping[str, Mapping[str, Fraction]]) -> dict[str, Fraction]:
    """Solves the full normal equations of y = a[p] + s[r] with the s of each connected part summing to 0."""
    applications = [p for p in sorted(table) if table[p]]
    evaluators = sorted({r for p in applications for r in table[p]})
    size = len(applications) + len(evaluators)
    row_of = {("a", p): n for n, p in enumerate(applications)}
    row_of |= {("s", r): n for n, r in enumerate(evaluators, start=len(applications))}
    rows = [[Fraction(0)] * (size + 1) for _ in range(size)]
    for p in applications:
        for r, y in table[p].items():
            a, s = row_of["a", p], row_of["s", r]
            for one in (a, s):
                rows[one][a] += 1
                rows[one][s] += 1
                rows[one][size] += y
    for part in parts(table):
        members = {row_of["s", r] for r in part}
        rows += [[Fraction(int(n in members)) for n in range(size)] + [Fraction(0)]]
    for column in range(size):
        pivot = next(n for n in range(column, len(rows)) if rows[n][column])
        rows[column], rows[pivot] = rows[pivot], rows[column]
        rows[column] = [value / rows[column][column] for value in rows[column]]
        for n, row in enumerate(rows):
            if n != column and row[column]:
                factor = row[column]
                rows[n] = [value - factor * top for value, top in zip(row, rows[column], strict=True)]
    return {p: rows[row_of["a", p]][size] for p in applications}


def parts(table: Mapping[str, Mapping[str, Fraction]]) -> list[set[str]]:
    found: list[set[str]] = []
    for sheets in table.values():
        joined = set(sheets)
        for part in [part for part in found if part & joined]:
            found.remove(part)
            joined |= part
        if joined:
            found.append(joined)
    return found


def slow_rank(
    plan: Plan,
    sheets: Sheets,
    fixed: Mapping[str, Mapping[str, Fraction]],
    columns: Mapping[str, Mapping[str, Fraction]],
    lots: Mapping[str, int],
) -> dict[str, Slow]:
    mode = plan.rounding.mode.value
    rubric = plan.rubric
    totals = {
        p: {r: rounded(sum(points.values(), Fraction(0)), plan.rounding.sheet_total, mode) for r, points in by.items()}
        for p, by in sheets.items()
    }
    by_criterion: dict[str, dict[str, dict[str, Fraction]]] = {}
    for criterion in rubric.criteria if rubric else ():
        ids = [item.id for item in criterion.items if item.input.value != "fixed"]
        if ids:
            by_criterion[criterion.id] = {
                p: {r: sum((points[i] for i in ids), Fraction(0)) for r, points in by.items()}
                for p, by in sheets.items()
            }
    if plan.aggregate.method is Method.LEAST_SQUARES:
        means = least_squares(totals)
        criteria = {name: least_squares(table) for name, table in by_criterion.items()}
    else:
        means = {p: averaged(list(by.values()), plan) for p, by in totals.items() if by}
        criteria = {
            name: {p: averaged(list(by.values()), plan) for p, by in table.items() if by}
            for name, table in by_criterion.items()
        }
    result = {p: _figures(p, plan, means, criteria, fixed.get(p, {})) for p in sheets}
    _ranks(plan, result, columns, lots)
    return result


def _figures(
    p: str,
    plan: Plan,
    means: Mapping[str, Fraction],
    criteria: Mapping[str, Mapping[str, Fraction]],
    entries: Mapping[str, Fraction],
) -> Slow:
    mode, rounding, cut, rubric = plan.rounding.mode.value, plan.rounding, plan.cut, plan.rubric
    if p not in means:
        return Slow(None, failed=["sheets"])
    own = {name: rounded(by[p], rounding.criterion, mode) for name, by in criteria.items()}
    mean = sum(own.values(), Fraction(0)) if plan.aggregate.scope is Scope.CRITERION else means[p]
    mean = rounded(mean, rounding.mean, mode)
    items = {item.id: item for item in rubric.items} if rubric else {}
    base = mean + sum((points for entry, points in entries.items() if entry in items), Fraction(0))
    bonus = sum((points for entry, points in entries.items() if entry not in items and points > 0), Fraction(0))
    penalty = sum((-points for entry, points in entries.items() if entry not in items and points < 0), Fraction(0))
    limits = plan.limits
    bonus = bonus if limits.bonus_max is None else min(bonus, limits.bonus_max)
    penalty = penalty if limits.penalty_max is None else min(penalty, limits.penalty_max)
    exact = base + bonus - penalty
    exact = exact if limits.final_max is None else min(exact, limits.final_max)
    final = rounded(exact, rounding.final, mode)
    found = Slow(mean, base, final, final if rounding.compare_on is CompareOn.FINAL else exact)

    def passes(value: Fraction, bar: Fraction) -> bool:
        return value >= bar if cut.inclusive else value > bar

    whole = rubric.total if rubric else plan.scale.max if plan.scale else Fraction(0)
    counts = {item.id for item in items.values() if cut.on is not Figure.MEAN or item.input.value != "fixed"}
    if rubric and cut.on is Figure.MEAN:
        whole = sum((items[i].points for i in counts), Fraction(0))
    value = {Figure.MEAN: mean, Figure.BASE: base, Figure.FINAL: final}[cut.on]
    if cut.total_ratio is not None and not passes(value, cut.total_ratio * whole):
        found.failed.append("total")
    for criterion in rubric.criteria if rubric else ():
        inside = [item for item in criterion.items if item.id in counts]
        figure = own.get(criterion.id, Fraction(0))
        figure += sum((entries[item.id] for item in inside if item.input.value == "fixed"), Fraction(0))
        found.criteria[criterion.id] = figure
        ratio = criterion.min_ratio if criterion.min_ratio is not None else cut.criterion_ratio
        if (
            ratio is not None
            and inside
            and not passes(figure, ratio * sum((item.points for item in inside), Fraction(0)))
        ):
            found.failed.append(f"criterion:{criterion.id}")
    return found


def _ranks(
    plan: Plan, result: dict[str, Slow], columns: Mapping[str, Mapping[str, Fraction]], lots: Mapping[str, int]
) -> None:
    """Strength is the list of everything compared; a rank is one more than the number of those that are stronger."""
    names: list[str] = []
    for key in plan.tie_keys:
        if key == "criteria-by-weight":
            assert plan.rubric is not None
            names += [f"criterion:{c.id}" for c in sorted(plan.rubric.criteria, key=lambda c: -c.points)]
        elif key != "lot":
            names.append(key)
    passed = [p for p, found in result.items() if not found.failed]
    strength = {p: [result[p].compared, *(_key(result[p], columns[p], name) for name in names)] for p in passed}
    for p in passed:
        equal = [q for q in passed if strength[q] == strength[p]]
        result[p].rank = 1 + sum(strength[q] > strength[p] for q in passed)  # type: ignore[operator]
        # Drawn lots decide only if everyone who is equal has one.
        if "lot" in plan.tie_keys and all(q in lots for q in equal):
            result[p].rank += sum(lots[q] < lots[p] for q in equal)


def _key(found: Slow, columns: Mapping[str, Fraction], key: str) -> Fraction | None:
    if key in {"mean", "base", "final"}:
        return {"mean": found.mean, "base": found.base, "final": found.final}[key]
    if key.startswith("criterion:"):
        return found.criteria[key.removeprefix("criterion:")]
    return -columns["requested"] if key == "requested-asc" else columns[key.removesuffix("-desc")]
