"""How `allocate` shows another division beside the one asked for, and what each rule costs."""

from __future__ import annotations

from collections.abc import Sequence

from evalcomm.engine.allocate import Allocation, AllocationPlan
from evalcomm.engine.allocate.difference import Difference, RuleCost, difference
from evalcomm.engine.allocate.plan import kind_of
from evalcomm.tables.writing import Cell, Sheet


def against_document(answer: Allocation, other: Allocation, plan_file: str | None) -> dict[str, object]:
    """The other division, and what is different in it."""
    return {
        "plan": plan_file,
        "budget": other.budget,
        "policy": other.policy.value,
        "status": other.status.value,
        "unspent": other.unspent,
        **_changes(difference(answer, other)),
    }


def _changes(found: Difference) -> dict[str, object]:
    return {
        "enters": found.enters,
        "leaves": found.leaves,
        "won_moved": found.moved,
        "changes": [
            {"application": one.application, "awarded": one.before, "against": one.after} for one in found.changes
        ],
    }


def against_sheet(answer: Allocation, other: Allocation) -> Sheet:
    header = ("application", "awarded", "against", "difference")
    rows: list[list[Cell]] = [
        [one.application, one.before, one.after, one.after - one.before] for one in difference(answer, other).changes
    ]
    return Sheet("against", header, rows)


def against_remarks(answer: Allocation, other: Allocation) -> list[str]:
    found = difference(answer, other)
    return [
        f"비교(예산 {other.budget:,}원): 새로 지원 {len(found.enters)}건, 제외 {len(found.leaves)}건, 이동 {found.moved:,}원, 잔액 {other.unspent:,}원",
        f"against a budget of {other.budget:,} won: {len(found.enters)} enter, {len(found.leaves)} leave, {found.moved:,} won move, {other.unspent:,} won unspent",
    ]


def costs(found: Sequence[RuleCost], plan: AllocationPlan) -> list[dict[str, object]]:
    """What would be different without each rule; null where the division without it is not decided either."""
    return [
        {
            "rule": one.rule,
            "kind": kind_of(plan.rules[one.rule - 1]),
            "merit": one.merit,
            "without": None if one.without is None else _changes(one.without),
        }
        for one in found
    ]


def costs_sheet(found: Sequence[RuleCost], plan: AllocationPlan) -> Sheet:
    header = ("rule", "kind", "merit", "enter_without", "leave_without", "won_moved")
    rows: list[list[Cell]] = [
        [
            one.rule,
            kind_of(plan.rules[one.rule - 1]),
            one.merit,
            None if one.without is None else ", ".join(one.without.enters),
            None if one.without is None else ", ".join(one.without.leaves),
            None if one.without is None else one.without.moved,
        ]
        for one in found
    ]
    return Sheet("rule costs", header, rows)
