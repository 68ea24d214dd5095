"""`evalcomm allocate`: divide a budget by the plan, with a reason for every line."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from typing import TYPE_CHECKING

import click

from evalcomm.engine.allocate import Allocation, AllocationError, AllocationLine, AllocationPlan, Outcome, allocate
from evalcomm.engine.allocate.difference import costs_of_rules
from evalcomm.engine.allocate.plan import kind_of
from evalcomm.engine.allocate.result import Conflict
from evalcomm.engine.allocate.sentences import Statement
from evalcomm.engine.exact import format_figure
from evalcomm.tables.answering import file_command
from evalcomm.tables.applications import Division, Sources, read_division
from evalcomm.tables.differences import against_document, against_remarks, against_sheet, costs, costs_sheet
from evalcomm.tables.options import Won
from evalcomm.tables.reading import InputError
from evalcomm.tables.writing import Answer, Cell, Sheet

if TYPE_CHECKING:
    from evalcomm.tables.chances import Probability


@click.command("allocate")
@click.argument("applications", metavar="APPLICATIONS")
@click.option("--budget", type=Won(), required=True, help="The money to divide, in whole won.")
@click.option("--plan", metavar="FILE", help="The plan with its [allocate]. [default: rank order, stop, one won]")
@click.option("--rubric", metavar="FILE", help="A rubric in place of the one that the plan names.")
@click.option("--declined", metavar="ID", multiple=True, help="An application that gives its award back; repeatable.")
@click.option("--against", metavar="FILE", help="Another plan: show what it would change.")
@click.option("--against-budget", type=Won(), help="Another budget: show what it would change.")
@click.option("--rule-costs", is_flag=True, help="Show what each rule costs in merit and awards.")
@click.option(
    "--scores",
    metavar="FILE",
    help="The sheets of the evaluators: show the chance of an award, from draws of the scores.",
)
@click.option("--draws", metavar="FILE", help="Draws of the scores, one column each: show the chance of an award.")
@file_command
def command(
    *,
    applications: str,
    budget: int,
    plan: str | None,
    rubric: str | None,
    declined: tuple[str, ...],
    against: str | None,
    against_budget: int | None,
    rule_costs: bool,
    scores: str | None,
    draws: str | None,
) -> Answer:
    """Divide a budget among the applications of a table (CSV or XLSX) by a plan."""
    if scores is not None and draws is not None:
        raise click.UsageError("--scores and --draws are two sources of the same draws; give one of them")
    if declined and (against is not None or against_budget is not None or rule_costs):
        raise click.UsageError("--declined is about the run as adopted; compare plans, budgets and rules without it")
    division = read_division(applications, plan, rubric)
    try:
        allocation = allocate(division.applications, budget, division.plan, declined)
        answer = Answer(
            document_of(allocation, division.plan),
            [_sheet(allocation)],
            warnings=(*division.warnings, *allocation.warnings),
            remarks=_remarks(allocation),
        )
        if against is not None or against_budget is not None:
            other = read_division(applications, against or plan, rubric)
            other_budget = budget if against_budget is None else against_budget
            answer = _with_comparison(answer, allocation, other, other_budget, against or plan)
        if rule_costs:
            answer = _with_costs(answer, allocation, division)
        if scores is not None or draws is not None:
            from evalcomm.tables.chances import chances_of

            found = chances_of(division.applications, budget, division.plan, Sources(scores, draws, plan, rubric))
            answer = _with_chances(answer, allocation, found)
    except AllocationError as error:
        raise InputError(f"{applications}: {error}") from None
    return answer


def _with_comparison(
    answer: Answer, allocation: Allocation, division: Division, budget: int, plan_file: str | None
) -> Answer:
    other = allocate(division.applications, budget, division.plan, explain=False)
    return replace(
        answer,
        document={**answer.document, "against": against_document(allocation, other, plan_file)},
        sheets=[*answer.sheets, against_sheet(allocation, other)],
        warnings=tuple(dict.fromkeys((*answer.warnings, *division.warnings))),
        remarks=[*answer.remarks, *against_remarks(allocation, other)],
    )


def _with_costs(answer: Answer, allocation: Allocation, division: Division) -> Answer:
    found = costs_of_rules(division.applications, allocation.budget, division.plan, allocation)
    return replace(
        answer,
        document={**answer.document, "rule_costs": costs(found, division.plan)},
        sheets=[*answer.sheets, costs_sheet(found, division.plan)],
    )


def _with_chances(answer: Answer, allocation: Allocation, found: Probability) -> Answer:
    first, *others = answer.sheets
    rows = [[*row, found.shown(line.application.id)] for row, line in zip(first.rows, allocation.lines, strict=True)]
    return replace(
        answer,
        document={**answer.document, "probability": found.document()},
        sheets=[Sheet(first.title, (*first.header, "probability"), rows), *others],
        warnings=(*answer.warnings, *found.warnings),
        remarks=[*answer.remarks, *found.remarks()],
    )


def document_of(allocation: Allocation, plan: AllocationPlan) -> dict[str, object]:
    """The JSON document, as open-formats decides."""
    document: dict[str, object] = {
        "status": allocation.status.value,
        "policy": allocation.policy.value,
        "budget": allocation.budget,
        "awards": dict(allocation.awards),
        "unspent": allocation.unspent,
        "reserve": list(allocation.reserve),
        "lines": [_line(line) for line in allocation.lines],
    }
    if allocation.rate is not None:
        document["rate"] = str(allocation.rate)
    if allocation.optimum is not None:
        best = allocation.optimum
        document["objective"] = {
            "name": best.objective.value,
            "value": best.value,
            "bound": best.bound,
            "gap": best.bound - best.value,
            "proved": best.proved,
            "proof": best.proof,
        }
        document["certificate"] = best.certificate
    if allocation.needs_lot is not None:
        lot = allocation.needs_lot
        document["needs_lot"] = {
            "applications": lot.applications,
            "slots": lot.slots,
            "budget_left": lot.budget_left,
        }
    if allocation.conflict is not None:
        document["conflict"] = _conflict(allocation.conflict, plan)
    if allocation.promoted is not None:
        document["promoted"] = list(allocation.promoted)
    return document


def _conflict(conflict: Conflict, plan: AllocationPlan) -> Mapping[str, object]:
    return {
        "rules": [
            {"rule": name, "kind": _kind(plan, name), "ko": said.ko, "en": said.en} for name, said in conflict.rules
        ],
        "repairs": [
            {
                "rule": repair.rule,
                "kind": _kind(plan, repair.rule),
                "change": repair.change,
                **({} if repair.to is None else {"to": repair.to, "by": repair.by}),
                "enough": repair.enough,
                "ko": repair.statement.ko,
                "en": repair.statement.en,
            }
            for repair in conflict.repairs
        ],
    }


def _kind(plan: AllocationPlan, name: int | str) -> str:
    return name if isinstance(name, str) else kind_of(plan.rules[name - 1])


def _line(line: AllocationLine) -> Mapping[str, object]:
    return {
        "application": line.application.id,
        "rank": line.rank,
        "score": line.application.score,
        "requested": line.requested,
        "awarded": line.awarded,
        "status": line.status.value,
        "reason": _said(line.reason),
        "would_change": _said(line.would_change),
        "budget_left": line.budget_left,
    }


def _said(statement: Statement) -> Mapping[str, str]:
    return {"code": statement.code, "ko": statement.ko, "en": statement.en}


HEADER = (
    "rank",
    "application",
    "score",
    "requested",
    "awarded",
    "status",
    "budget_left",
    "reason_code",
    "reason",
    "would_change",
)


def _sheet(allocation: Allocation) -> Sheet:
    rows: list[list[Cell]] = [
        [
            line.rank,
            line.application.id,
            line.application.score,
            line.requested,
            line.awarded,
            line.status.value,
            line.budget_left,
            line.reason.code,
            line.reason.ko,
            line.would_change.ko,
        ]
        for line in allocation.lines
    ]
    return Sheet("allocation", HEADER, rows)


def _remarks(allocation: Allocation) -> list[str]:
    spent = allocation.budget - allocation.unspent
    remarks = [
        f"예산 {allocation.budget:,}원 중 {spent:,}원({len(allocation.awards)}건) 배분, 잔액 {allocation.unspent:,}원",
        f"budget {allocation.budget:,} won: {spent:,} won awarded to {len(allocation.awards)}, {allocation.unspent:,} won unspent",
    ]
    if allocation.needs_lot is not None:
        lot = allocation.needs_lot
        names = ", ".join(lot.applications)
        remarks += [
            f"추첨 필요: 동점 {names} 중 {lot.slots}건(남은 예산 {lot.budget_left:,}원). 추첨 후 lot 열에 번호를 적어 다시 실행",
            f"needs a lot: {lot.slots} of {names} ({lot.budget_left:,} won left); write the numbers drawn into the column lot and run again",
        ]
    if allocation.optimum is not None:
        best = allocation.optimum
        value, gap = format_figure(best.value), format_figure(best.bound - best.value)
        if best.proved:
            remarks += [
                f"목적값({best.objective.value}) {value}: 최적임을 확인",
                f"value ({best.objective.value}) {value}: proved optimal",
            ]
        else:
            remarks += [
                f"목적값({best.objective.value}) {value}: 최적임을 확인하지 못함(더 나은 조합이 있어도 차이는 {gap} 이하)",
                f"value ({best.objective.value}) {value}: not proved optimal; no division is better by more than {gap}",
            ]
    if allocation.status is Outcome.INFEASIBLE:
        remarks += ["모든 규칙을 함께 지키는 배분이 없음", "no division keeps all rules together"]
    if allocation.conflict is not None:
        clash = [said for _, said in allocation.conflict.rules]
        remarks += [f"함께 지킬 수 없는 규칙: {' / '.join(said.ko for said in clash)}"]
        remarks += [f"rules that clash: {' / '.join(said.en for said in clash)}"]
        for repair in allocation.conflict.repairs:
            more = "" if repair.enough else "(다른 규칙도 고쳐야 함)"
            remarks += [f"고치는 방법: {repair.statement.ko}{more} / repair: {repair.statement.en}"]
    return remarks
