"""`evalcomm sweep`: the ladder of budgets."""

from __future__ import annotations

from collections.abc import Sequence

import click

from evalcomm.engine.allocate import AllocationError
from evalcomm.engine.allocate.ladder import Ladder, Span, sweep
from evalcomm.tables.answering import file_command
from evalcomm.tables.applications import read_division
from evalcomm.tables.options import Won
from evalcomm.tables.reading import InputError
from evalcomm.tables.writing import Answer, Cell, Sheet


@click.command("sweep")
@click.argument("applications", metavar="APPLICATIONS")
@click.option("--from", "start", type=Won(), required=True, help="The smallest budget.")
@click.option("--to", "stop", type=Won(), required=True, help="The largest budget.")
@click.option("--step", type=Won(least=1), required=True, help="From one budget to the next.")
@click.option("--plan", metavar="FILE", help="The plan with its [allocate]. [default: rank order, stop, one won]")
@click.option("--rubric", metavar="FILE", help="A rubric in place of the one that the plan names.")
@file_command
def command(*, applications: str, start: int, stop: int, step: int, plan: str | None, rubric: str | None) -> Answer:
    """Show who enters and who leaves as the budget grows."""
    if stop < start:
        raise click.UsageError("--to must not be less than --from")
    division = read_division(applications, plan, rubric)
    try:
        found = sweep(division.applications, start, stop, step, division.plan)
    except AllocationError as error:
        raise InputError(f"{applications}: {error}") from None
    return Answer(document_of(found), [_sheet(found)], warnings=division.warnings, remarks=_remarks(found))


def document_of(found: Ladder) -> dict[str, object]:
    """The JSON document, as open-formats decides; `needs_lot` and `infeasible` name the budgets that have no final answer."""
    return {
        "from": found.start,
        "to": found.stop,
        "step": found.step,
        "applications": {one: _spans(spans) for one, spans in found.funded.items()},
        "paradoxes": [
            {"application": one.application, "enters": one.enters, "exits": one.exits} for one in found.paradoxes
        ],
        "needs_lot": _spans(found.needs_lot),
        "infeasible": _spans(found.infeasible),
    }


def _spans(spans: Sequence[Span]) -> list[dict[str, int]]:
    return [{"from": span.start, "to": span.stop} for span in spans]


def _sheet(found: Ladder) -> Sheet:
    rows: list[list[Cell]] = []
    for one, spans in found.funded.items():
        if not spans:
            rows.append([one, None, None, None])
        for span in spans:
            left = next(
                (gone.exits for gone in found.paradoxes if gone.application == one and gone.enters == span.start), None
            )
            rows.append([one, span.start, span.stop, left])
    return Sheet("sweep", ("application", "from", "to", "paradox_exit"), rows)


def _remarks(found: Ladder) -> list[str]:
    remarks: list[str] = []
    if found.paradoxes:
        remarks += [
            f"예산이 늘어도 탈락하는 경우 {len(found.paradoxes)}건(paradox_exit 열: 탈락하기 시작하는 예산)",
            f"{len(found.paradoxes)} paradoxes: more money drops a winner (column paradox_exit: the budget at which it is out)",
        ]
    if found.needs_lot:
        remarks += [
            f"동점 추첨이 필요한 예산 구간 {len(found.needs_lot)}개: 추첨과 관계없이 확정되는 지원만 표시",
            f"{len(found.needs_lot)} spans of budgets need a lot; only awards that no lot can change are shown there",
        ]
    if found.infeasible:
        remarks += [
            f"규칙을 모두 지킬 수 없는 예산 구간 {len(found.infeasible)}개",
            f"{len(found.infeasible)} spans of budgets have no division that keeps every rule",
        ]
    return remarks
