"""No division keeps every rule: one minimal set of rules that clash, and the smallest repair of each.

The set is minimal: without any one of its rules the others can be kept together (Junker's QuickXplain, 2004). The budget and the
pass mark count as rules. A repair changes one rule as little as possible, so that all rules can be kept; found by bisection.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from fractions import Fraction
from typing import TypeAlias

from evalcomm.engine.allocate.application import Application
from evalcomm.engine.allocate.plan import (
    AllocationPlan,
    Cap,
    Exclusive,
    Floor,
    Matching,
    MaxAwards,
    Pin,
    Requires,
    Rule,
    Year,
)
from evalcomm.engine.allocate.result import Conflict, Repair
from evalcomm.engine.allocate.sentences import Statement, say
from evalcomm.engine.exact import format_figure

BUDGET = "budget"
PASS_MARK = "pass_score"  # noqa: S105 - the name of a key, no secret
Name: TypeAlias = int | str
"""A rule by its number in the plan, counted from 1; or `budget`, `pass_score`."""
Feasible: TypeAlias = Callable[[int, AllocationPlan], bool]


@dataclass(frozen=True, slots=True)
class Case:
    """A division that cannot be made, and the question whether a changed one can."""

    applications: Sequence[Application]
    budget: int
    plan: AllocationPlan
    feasible: Feasible

    def names(self) -> list[Name]:
        """Rules that demand something come last, where a minimal set keeps them."""
        rules = sorted(
            range(len(self.plan.rules)), key=lambda place: (isinstance(self.plan.rules[place], Floor | Pin), place)
        )
        marked = self.plan.pass_score is not None and any(one.eligible is None for one in self.applications)
        return [*([PASS_MARK] if marked else []), BUDGET, *(place + 1 for place in rules)]

    def clashes(self, names: Sequence[Name]) -> bool:
        """Whether these rules alone cannot be kept together."""
        kept = set(names)
        plan = replace(
            self.plan,
            rules=tuple(rule for place, rule in enumerate(self.plan.rules, start=1) if place in kept),
            pass_score=self.plan.pass_score if PASS_MARK in kept else self.lowest(),
        )
        return not self.feasible(self.budget if BUDGET in kept else self.plenty(), plan)

    def of_rules(self, names: Sequence[Name]) -> "Case":
        """The same case with no other rules than these, numbered as before."""
        idle = Matching(Fraction(0))
        rules = tuple(rule if place in names else idle for place, rule in enumerate(self.plan.rules, start=1))
        mark = self.plan.pass_score if PASS_MARK in names else self.lowest()
        budget = self.budget if BUDGET in names else self.plenty()
        return replace(self, budget=budget, plan=replace(self.plan, rules=rules, pass_score=mark))

    def plenty(self) -> int:
        return sum(one.requested for one in self.applications)

    def lowest(self) -> Fraction | None:
        """A pass mark that everybody passes (an objective above the line keeps needing one)."""
        return None if self.plan.pass_score is None else min((one.score for one in self.applications), default=None)


def conflict(case: Case) -> Conflict:
    names = _minimal(case, [], case.names(), changed=False)
    repairs = _repairs(case, names) or _repairs(case.of_rules(names), names, enough=False)
    return Conflict(tuple((name, describe(case.plan, case.budget, name)) for name in sorted(names, key=str)), repairs)


def _repairs(case: Case, names: Sequence[Name], *, enough: bool = True) -> tuple[Repair, ...]:
    found = [replace(repair, enough=enough) for name in names if (repair := _repair(case, name)) is not None]
    return tuple(sorted(found, key=lambda repair: (repair.size, str(repair.rule))))


def _minimal(case: Case, kept: list[Name], names: list[Name], *, changed: bool) -> list[Name]:
    if changed and case.clashes(kept):
        return []
    if len(names) == 1:
        return names
    half = len(names) // 2
    first, second = names[:half], names[half:]
    needed = _minimal(case, kept + first, second, changed=bool(first))
    return needed + _minimal(case, kept + needed, first, changed=bool(needed))


def describe(plan: AllocationPlan, budget: int, name: Name) -> Statement:
    """A rule in a sentence."""
    if not isinstance(name, int):
        mark = format_figure(plan.pass_score or 0)
        return say("rule-budget", won=budget) if name == BUDGET else say("rule-pass-mark", mark=mark)
    rule = plan.rules[name - 1]
    match rule:
        case Cap() | Floor():
            code = "rule-cap" if isinstance(rule, Cap) else "rule-floor"
            said = say(code, number=name, tag=rule.tag, value=rule.value or "*", won=rule.won)
        case Year():
            said = say("rule-year", number=name, year=rule.year, won=rule.won)
        case MaxAwards():
            said = say("rule-max-awards", number=name, tag=rule.tag, value=rule.value or "*", count=rule.count)
        case Exclusive():
            said = say("rule-exclusive", number=name, names=rule.applications)
        case Requires():
            said = say("rule-requires", number=name, application=rule.application, needs=rule.needs)
        case Matching():
            said = say("rule-matching", number=name, ratio=format_figure(rule.ratio))
        case Pin():
            said = say("rule-pin", number=name, application=rule.application, won=rule.won)
    return said


def _repair(case: Case, name: Name) -> Repair | None:
    """The smallest change of this one rule with which all can be kept; None where no change of it suffices."""
    plan, budget = case.plan, case.budget
    if name == BUDGET:
        found = _least(budget + 1, max(case.plenty(), budget + 1), lambda won: case.feasible(won, plan))
        return None if found is None else _changed(name, BUDGET, budget, found)
    if isinstance(name, str):
        return _lower_mark(case)
    rule, found = plan.rules[name - 1], None

    def with_rule(changed: Rule | None) -> bool:
        rules = [changed if place == name else other for place, other in enumerate(plan.rules, start=1)]
        return case.feasible(budget, replace(plan, rules=tuple(other for other in rules if other is not None)))

    match rule:
        case Cap(won=won) | Year(won=won):
            found = _least(won + 1, max(case.plenty(), won + 1), lambda to: with_rule(replace(rule, won=to)))
        case MaxAwards(count=count):
            most = max(len(case.applications), count + 1)
            found = _least(count + 1, most, lambda to: with_rule(replace(rule, count=to)))
        case Floor(won=won) | Pin(won=won):
            less = _least(1, won, lambda less: with_rule(replace(rule, won=won - less)))
            found = None if less is None else won - less
    if found is not None:
        key, was = ("count", rule.count) if isinstance(rule, MaxAwards) else ("won", getattr(rule, "won", 0))
        return _changed(name, key, was, found)
    return _removed(name) if with_rule(None) else None


def _lower_mark(case: Case) -> Repair | None:
    mark = case.plan.pass_score
    assert mark is not None
    lower = sorted({one.score for one in case.applications if one.score < mark}, reverse=True)
    place = _least(0, len(lower) - 1, lambda at: case.feasible(case.budget, replace(case.plan, pass_score=lower[at])))
    if place is None:
        return None
    to, by = format_figure(lower[place]), format_figure(lower[place] - mark)
    size = Fraction(mark - lower[place], abs(mark) or 1)
    return Repair(PASS_MARK, PASS_MARK, to, by, size, say("repair-pass-mark", mark=to, by=by))


def _least(low: int, high: int, holds: Callable[[int], bool]) -> int | None:
    """The smallest number from low to high for which it holds (from there on it does); None if for none."""
    if low > high or not holds(high):
        return None
    while low < high:
        middle = (low + high) // 2
        low, high = (low, middle) if holds(middle) else (middle + 1, high)
    return low


def _changed(name: Name, key: str, was: int, to: int) -> Repair:
    code = "repair-budget" if name == BUDGET else "repair-raise" if to > was else "repair-lower"
    facts = {"number": name, "to": to, "by": abs(to - was), "unit": "count" if key == "count" else "won"}
    return Repair(name, key, to, to - was, Fraction(abs(to - was), was or 1), say(code, **facts))


def _removed(name: Name) -> Repair:
    return Repair(name, "remove", None, None, Fraction(1), say("repair-remove", number=name))
