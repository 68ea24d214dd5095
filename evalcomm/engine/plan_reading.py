"""From a TOML section to a `Plan`, with every problem collected in the section."""

from __future__ import annotations

from dataclasses import dataclass
from fractions import Fraction

from evalcomm.engine.allocate.plan import read_allocation
from evalcomm.engine.exact import Rounding, format_figure
from evalcomm.engine.plan import (
    AggregateRule,
    BelowMin,
    CommitteeRule,
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
from evalcomm.engine.rubric import Limits, Rubric
from evalcomm.engine.rubric_reading import read_id, read_limits
from evalcomm.engine.schema import Section, did_you_mean

RESOLUTIONS = ("majority-of-present", "majority-of-members", "two-thirds-of-present", "unanimous")
MAX_DIGITS = 12
FIGURE_KEYS = tuple(figure.value for figure in Figure)
CRITERION = "criterion:"


@dataclass(frozen=True)
class _Basis:
    """The rubric of the plan; `absent` where the plan names none (and not where it could not be read)."""

    rubric: Rubric | None
    absent: bool


def read_plan(section: Section, rubric: Rubric | None = None, *, rubric_unreadable: bool = False) -> Plan:
    """The plan that the section describes, with the rubric that its key `rubric` names (read by the caller, who has the files).

    Usable only if `section.problems` stays empty. `rubric_unreadable`: a rubric is named, but has errors of its own, so that nothing
    is said about what depends on it.
    """
    basis = _Basis(rubric, rubric is None and not rubric_unreadable)
    plan = Plan(
        id=read_id(section),
        version=section.integer("version", at_least=1),
        title=section.text("title", default=""),
        regime=section.text("regime", default=""),
        legal_basis=_legal_basis(section),
        as_of=section.day("as_of", default=None),
        description=section.text("description", default=""),
        rubric=rubric,
        scale=_scale(section, basis),
        committee=_committee(section.table("committee")),
        aggregate=_aggregate(section.table("aggregate"), basis),
        rounding=_rounding(section.table("rounding"), basis),
        cut=_cut(section.table("cut"), basis, has_scale="scale" in section),
        bonus=_bonus(section.table("bonus"), basis),
        tie_keys=_tie_keys(section.table("ties"), basis),
        allocation=None if (table := section.table("allocate")) is None else read_allocation(table),
        rubric_path=section.text("rubric", default=None),
    )
    section.finish()
    return plan


def _legal_basis(section: Section) -> tuple[str, ...]:
    if isinstance(section.raw.get("legal_basis"), str):
        return (section.text("legal_basis"),)
    return section.texts("legal_basis", default=())


def _scale(section: Section, basis: _Basis) -> Scale | None:
    table = section.table("scale")
    if table is None:
        return None
    low = table.decimal("min", default=Fraction(0))
    scale = Scale(low, table.decimal("max"), table.decimal("step", default=None, above=0))
    if "max" in table and scale.max <= scale.min:
        table.problem(
            "max", f"is {format_figure(scale.max)}, not above min = {format_figure(scale.min)}", "write a larger value"
        )
    elif scale.step is not None and any((end / scale.step).denominator != 1 for end in (scale.min, scale.max)):
        table.problem(
            "step",
            f"of {format_figure(scale.step)} does not reach both ends of the scale",
            "write a step that divides them",
        )
    table.finish()
    if basis.rubric is not None:
        section.problem("scale", "stands beside a rubric, which has scales of its own", "leave [scale] out")
    return scale


def _committee(table: Section | None) -> CommitteeRule:
    if table is None:
        return CommitteeRule()
    rule = CommitteeRule(
        quorum=table.integer("quorum", default=None, at_least=1),
        resolution=table.choice("resolution", RESOLUTIONS, default="majority-of-present"),
        min_valid_sheets=table.integer("min_valid_sheets", default=1, at_least=1),
        below_min=BelowMin(
            table.choice("below_min", [rule.value for rule in BelowMin], default=BelowMin.SUBSTITUTE.value)
        ),
        chair_scores=table.boolean("chair_scores", default=True),
        members=table.integer("members", default=None, at_least=1),
        max_members=table.integer("max_members", default=None, at_least=1),
        max_official_ratio=table.decimal("max_official_ratio", default=None, at_least=0, at_most=1),
        min_external_ratio=table.decimal("min_external_ratio", default=None, at_least=0, at_most=1),
        reserve_multiple=table.integer("reserve_multiple", default=None, at_least=1),
    )
    if rule.members is not None:
        for key, value in (("quorum", rule.quorum), ("min_valid_sheets", rule.min_valid_sheets)):
            if value is not None and value > rule.members:
                table.problem(
                    key, f"is {value}, but the committee has {rule.members} members", f"write {rule.members} or less"
                )
        if rule.max_members is not None and rule.members > rule.max_members:
            table.problem(
                "members", f"is {rule.members}, more than max_members = {rule.max_members}", "write a smaller number"
            )
    table.finish()
    return rule


def _aggregate(table: Section | None, basis: _Basis) -> AggregateRule:
    if table is None:
        return AggregateRule()
    method = Method(table.choice("method", [method.value for method in Method], default=Method.MEAN.value))
    high = table.integer("drop_high", default=1, at_least=0, at_most=1000)
    low = table.integer("drop_low", default=1, at_least=0, at_most=1000)
    least = high + low + 1
    rule = AggregateRule(
        method=method,
        drop_high=high,
        drop_low=low,
        scope=Scope(table.choice("scope", [scope.value for scope in Scope], default=Scope.SHEET_TOTAL.value)),
        min_sheets_to_trim=table.integer("min_sheets_to_trim", default=least, at_least=1),
        double_trim_from=table.integer("double_trim_from", default=None, at_least=1),
        fallback=Fallback(
            table.choice("fallback", [fallback.value for fallback in Fallback], default=Fallback.MEAN.value)
        ),
    )
    if rule.min_sheets_to_trim < least:
        message = f"is {rule.min_sheets_to_trim}, but dropping {high} and {low} leaves a sheet only from {least} up"
        table.problem("min_sheets_to_trim", message, f"write {least} or more")
    if rule.double_trim_from is not None and rule.double_trim_from < 2 * (high + low) + 1:
        message = f"is {rule.double_trim_from}, but dropping {2 * high} and {2 * low} leaves a sheet only from {2 * (high + low) + 1} up"
        table.problem("double_trim_from", message, f"write {2 * (high + low) + 1} or more")
    if rule.scope is Scope.CRITERION:
        if basis.absent:
            table.problem(
                "scope",
                'is "criterion", but there is no rubric with criteria',
                'write scope = "sheet-total", or name a rubric',
            )
        if method.standardises or method is Method.LEAST_SQUARES:
            table.problem(
                "scope", f'is "criterion", which method "{method.value}" cannot use', 'write scope = "sheet-total"'
            )
    table.finish()
    return rule


def _rounding(table: Section | None, basis: _Basis) -> RoundingRule:
    if table is None:
        return RoundingRule()
    rule = RoundingRule(
        mode=Rounding(table.choice("mode", [mode.value for mode in Rounding], default=Rounding.HALF_UP.value)),
        sheet_total=table.integer("sheet_total", default=None, at_least=0, at_most=MAX_DIGITS),
        criterion=table.integer("criterion", default=None, at_least=0, at_most=MAX_DIGITS),
        mean=table.integer("mean", default=None, at_least=0, at_most=MAX_DIGITS),
        final=table.integer("final", default=None, at_least=0, at_most=MAX_DIGITS),
        compare_on=CompareOn(
            table.choice("compare_on", [word.value for word in CompareOn], default=CompareOn.FINAL.value)
        ),
    )
    if rule.criterion is not None and basis.absent:
        table.problem("criterion", "rounds criterion means, but there is no rubric with criteria", "leave it out")
    table.finish()
    return rule


def _cut(table: Section | None, basis: _Basis, *, has_scale: bool) -> CutRule:
    if table is None:
        return CutRule()
    rule = CutRule(
        total_ratio=table.decimal("total_ratio", default=None, at_least=0, at_most=1),
        criterion_ratio=table.decimal("criterion_ratio", default=None, at_least=0, at_most=1),
        item_ratio=table.decimal("item_ratio", default=None, at_least=0, at_most=1),
        inclusive=table.boolean("inclusive", default=True),
        on=Figure(table.choice("on", FIGURE_KEYS, default=Figure.BASE.value)),
    )
    if basis.absent:
        if "total_ratio" in table and not has_scale:
            hint = 'name a rubric, or add [scale] max = "100"'
            table.problem("total_ratio", "is a share of a total, but there is neither a rubric nor a [scale]", hint)
        for key in ("criterion_ratio", "item_ratio"):
            if key in table:
                table.problem(key, "is a share of points, but there is no rubric", "name a rubric, or leave it out")
    table.finish()
    return rule


def _bonus(table: Section | None, basis: _Basis) -> Limits:
    if table is None:
        return Limits()
    if basis.absent:
        table.problem(
            (),
            "caps bonuses and penalties, but there is no rubric that has them",
            "name a rubric, or leave [bonus] out",
        )
    return read_limits(table)


def _tie_keys(table: Section | None, basis: _Basis) -> tuple[str, ...]:
    if table is None:
        return ()
    keys = table.texts("keys", default=())
    for place, key in enumerate(keys):
        where = ("keys", place)
        if key in keys[:place]:
            table.problem(where, f"'{key}' stands in the list before", "leave it out")
        elif "lot" in keys[:place]:
            table.problem(where, f"'{key}' comes after the lot, which leaves nothing to decide", 'put "lot" last')
        if (key.startswith(CRITERION) or key == "criteria-by-weight") and basis.absent:
            table.problem(where, f"'{key}' needs a rubric with criteria", "name a rubric, or leave the key out")
        elif key.startswith(CRITERION) and basis.rubric is not None:
            known = [criterion.id for criterion in basis.rubric.criteria]
            if key.removeprefix(CRITERION) not in known:
                hint = did_you_mean(key.removeprefix(CRITERION), known)
                table.problem(where, f"the rubric has no criterion '{key.removeprefix(CRITERION)}'", hint)
    table.finish()
    return keys
