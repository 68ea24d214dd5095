"""The table of applications that `allocate` and `sweep` read, against the plan that says which columns count.

Columns: application, score, requested; optional minimum, maximum, own_funds, lot; requested_YEAR (that part of the request)
for every rule of a year; a column for every tag of a rule and every tie key.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from fractions import Fraction

from evalcomm.engine.allocate import (
    AllocationPlan,
    Application,
    Cap,
    Exclusive,
    Floor,
    Matching,
    MaxAwards,
    Pin,
    Policy,
    Requires,
    Year,
)
from evalcomm.engine.exact import round_to
from evalcomm.engine.plan import CompareOn, Plan
from evalcomm.tables.plans import load_plan
from evalcomm.tables.reading import InputError, Row, Table, read_table

OWN_FIGURES = {"requested-asc", "requested-desc", "lot"}


@dataclass(frozen=True)
class Division:
    """What is to be divided, by which plan, and what a reader should be warned of."""

    applications: tuple[Application, ...]
    plan: AllocationPlan
    warnings: tuple[str, ...]


@dataclass(frozen=True)
class Sources:
    """Where draws of the scores come from: sheets of the evaluators under a plan, or a table of draws."""

    scores: str | None
    draws: str | None
    plan: str | None
    rubric: str | None


def read_division(applications: str, plan_file: str | None, rubric: str | None = None) -> Division:
    """Reads and checks both files; raises InputError with everything that is wrong."""
    whole: Plan | None = None
    plan = AllocationPlan()
    if plan_file is not None:
        whole = load_plan(plan_file, rubric=rubric).ready()
        if whole.allocation is None:
            raise InputError(f"{plan_file}: has no table [allocate]; add one with its policy")
        plan = whole.allocation.under(tie_keys=whole.tie_keys, pass_inclusive=whole.cut.inclusive)
    elif rubric is not None:
        raise InputError("--rubric goes with --plan, whose rubric it replaces")
    table = read_table(applications)
    table.require("application", "score", "requested")
    _check_columns(table, plan, plan_file or "")
    table.unique("application")
    read = tuple(_application(row, plan, whole) for row in table)
    table.check()
    warnings = [*table.warnings, *_blank_tags(table, plan), *_unused(plan), *_nobody(plan, read)]
    return Division(read, plan, tuple(warnings))


def _tags(plan: AllocationPlan) -> list[str]:
    return list(dict.fromkeys(rule.tag for rule in plan.rules if isinstance(rule, Cap | Floor | MaxAwards)))


def _years(plan: AllocationPlan) -> list[str]:
    return list(dict.fromkeys(rule.year for rule in plan.rules if isinstance(rule, Year)))


def _check_columns(table: Table, plan: AllocationPlan, plan_file: str) -> None:
    for place, rule in enumerate(plan.rules, start=1):
        if isinstance(rule, Cap | Floor | MaxAwards) and rule.tag not in table:
            table.problem(
                1, rule.tag, f"the header has no such column, but rule {place} of {plan_file} goes by this tag"
            )
        if isinstance(rule, Year) and f"requested_{rule.year}" not in table:
            named = f"rule {place} of {plan_file} sets a ceiling for that year"
            table.problem(1, f"requested_{rule.year}", f"the header has no such column, but {named}")
        if isinstance(rule, Matching) and "own_funds" not in table:
            table.problem(1, "own_funds", f"the header has no such column, but rule {place} of {plan_file} compares it")
    for key in plan.tie_keys:
        if key == "lot" and "lot" not in table:
            table.problem(
                1,
                "lot",
                f"the header has no such column, but the ties of {plan_file} go by lot; add it, blank before the draw",
            )
        elif key not in OWN_FIGURES and key not in table:
            table.problem(1, key, f"the header has no such column, but it is a tie key of {plan_file}")
    table.check()


def _application(row: Row, plan: AllocationPlan, whole: Plan | None) -> Application:
    needs_own = any(isinstance(rule, Matching) for rule in plan.rules)
    application = Application(
        id=row.text("application"),
        score=_score(row.decimal("score"), whole),
        requested=row.won("requested"),
        minimum=row.optional_won("minimum") or 0,
        maximum=row.optional_won("maximum"),
        own_funds=row.won("own_funds") if needs_own else row.optional_won("own_funds"),
        lot=row.optional_positive("lot"),
        by_year={year: row.optional_won(f"requested_{year}") or 0 for year in _years(plan)},
        tags={tag: value for tag in _tags(plan) if (value := row.optional_text(tag)) is not None},
        keys={key: row.decimal(key) for key in plan.tie_keys if key not in OWN_FIGURES},
    )
    if sum(application.by_year.values()) > application.requested and not _faulty(row, "requested"):
        last = f"requested_{_years(plan)[-1]}"
        row.problem(last, f"the years together are more than the {application.requested} requested")
    if application.minimum > application.requested and not _faulty(row, "requested"):
        row.problem("minimum", f"{application.minimum} is more than the {application.requested} requested")
    if application.maximum is not None and application.maximum < application.minimum:
        row.problem("maximum", f"{application.maximum} is less than the minimum of {application.minimum}")
    return application


def _faulty(row: Row, column: str) -> bool:
    return not row.get(column).isdigit()


def _score(score: Fraction, whole: Plan | None) -> Fraction:
    """Rounded first where the plan ranks on the rounded final figure."""
    if whole is None or whole.rounding.final is None or whole.rounding.compare_on is not CompareOn.FINAL:
        return score
    return round_to(score, whole.rounding.final, whole.rounding.mode)


def _blank_tags(table: Table, plan: AllocationPlan) -> list[str]:
    warnings = []
    for tag in _tags(plan):
        blank = sum(1 for row in table if not row.get(tag))
        if blank:
            warnings.append(f"{table.name}: column {tag}: {blank} blank; no rule of this tag counts them")
    return warnings


def _unused(plan: AllocationPlan) -> list[str]:
    unused = {
        "band": bool(plan.bands) and plan.policy is not Policy.BANDS,
        "level": bool(plan.levels) and plan.policy is not Policy.PORTFOLIO,
        "min_award_ratio": plan.min_award_ratio > 0 and plan.policy in {Policy.PROPORTIONAL, Policy.PORTFOLIO},
    }
    return [
        f"[allocate] {key} has no effect under the policy {plan.policy.value}" for key, is_so in unused.items() if is_so
    ]


def _nobody(plan: AllocationPlan, applications: Sequence[Application]) -> list[str]:
    """Rules about values and ids that nobody has."""
    ids = {one.id for one in applications}
    warnings = []
    for place, rule in enumerate(plan.rules, start=1):
        named = f"rule {place}"
        if isinstance(rule, Cap | MaxAwards | Floor) and rule.value is not None:
            if all(one.tags.get(rule.tag) != rule.value for one in applications):
                warnings.append(f"{named}: no application has {rule.tag} '{rule.value}'")
        elif isinstance(rule, Exclusive):
            warnings += [f"{named}: there is no application '{one}'" for one in rule.applications if one not in ids]
        elif isinstance(rule, Requires):
            warnings += [
                f"{named}: there is no application '{one}'" for one in (rule.application, rule.needs) if one not in ids
            ]
        elif isinstance(rule, Pin) and rule.application not in ids:
            warnings.append(f"{named}: there is no application '{rule.application}'")
    return warnings + _circles(plan)


def _circles(plan: AllocationPlan) -> list[str]:
    needs: dict[str, set[str]] = {}
    for rule in plan.rules:
        if isinstance(rule, Requires):
            needs.setdefault(rule.application, set()).add(rule.needs)
    circles = set()
    for start in needs:
        reached: set[str] = set()
        ahead = [start]
        while ahead:
            for one in needs.get(ahead.pop(), ()):
                if one not in reached:
                    reached.add(one)
                    ahead.append(one)
        if start in reached:
            circles.add(start)
    names = ", ".join(sorted(circles))
    return [f"requires: {names} need each other in a circle, so all of them are funded or none"] if circles else []
