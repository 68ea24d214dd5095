"""`evalcomm agenda`: the order of a meeting in which the fewest people leave and come back."""

from __future__ import annotations

from collections.abc import Mapping

import click

from evalcomm.engine.agenda import Absence, Agenda, best_agenda
from evalcomm.engine.assign import Pair
from evalcomm.tables.answering import file_command
from evalcomm.tables.assigning import read_recusals
from evalcomm.tables.reading import InputError
from evalcomm.tables.writing import Answer, Cell, Sheet


@click.command("agenda")
@click.argument("applications", metavar="APPLICATIONS")
@click.option(
    "--conflicts", metavar="FILE", required=True, help="Who is recused from what: application,evaluator[,reason]."
)
@click.option(
    "--evaluators",
    metavar="FILE",
    help="Who sits in the meeting: evaluator[,organisation]. Whoever belongs to the applicant's organisation is recused too.",
)
@file_command
def command(*, applications: str, conflicts: str, evaluators: str | None) -> Answer:
    """Order a meeting's agenda (CSV or XLSX) so that the fewest people leave the room for a recusal and come back."""
    recusals = read_recusals(applications, conflicts, evaluators)
    try:
        agenda = best_agenda(recusals.by_application)
    except ValueError as error:
        raise InputError(f"{applications}: {error}") from None
    return Answer(
        document_of(agenda, recusals.reasons),
        _sheets(agenda, recusals.reasons),
        warnings=recusals.warnings,
        remarks=_remarks(agenda),
    )


def document_of(agenda: Agenda, reasons: Mapping[Pair, str]) -> dict[str, object]:
    return {
        "status": "ok",
        "items": [
            {
                "position": place,
                "application": item.application,
                "recused": item.recused,
                "leave": item.leave,
                "come_back": item.come_back,
            }
            for place, item in enumerate(agenda.items, start=1)
        ],
        "absences": [
            {
                "evaluator": absence.person,
                "leaves_before": absence.applications[0],
                "comes_back_before": absence.until,
                "recused_from": [
                    {"application": application, "reason": reasons[application, absence.person]}
                    for application in absence.applications
                ],
            }
            for absence in agenda.absences
        ],
        "count": len(agenda.absences),
        "bound": agenda.bound,
        "proved": agenda.proved,
        "count_by_id": agenda.by_id,
    }


def _sheets(agenda: Agenda, reasons: Mapping[Pair, str]) -> list[Sheet]:
    items: list[list[Cell]] = [
        [place, item.application, ", ".join(item.leave), ", ".join(item.come_back), ", ".join(item.recused)]
        for place, item in enumerate(agenda.items, start=1)
    ]
    absences: list[list[Cell]] = [
        [absence.person, absence.applications[0], absence.until, _why(absence, reasons)] for absence in agenda.absences
    ]
    return [
        Sheet("agenda", ("position", "application", "leave", "come_back", "outside"), items),
        Sheet("absences", ("evaluator", "leaves_before", "comes_back_before", "recused_from"), absences),
    ]


def _why(absence: Absence, reasons: Mapping[Pair, str]) -> str:
    told = []
    for application in absence.applications:
        reason = reasons[application, absence.person]
        told.append(f"{application} ({reason})" if reason else application)
    return ", ".join(told)


def _remarks(agenda: Agenda) -> list[str]:
    count = len(agenda.absences)
    if agenda.proved:
        ko, en = "더 줄일 수 없음을 확인", "proved the fewest"
    else:
        ko = f"더 줄일 수 있는지 확인하지 못함({agenda.bound}회보다 적을 수는 없음)"
        en = f"not proved the fewest (no order has fewer than {agenda.bound})"
    return [
        f"이 순서에서 위원이 나갔다 들어오는 횟수 {count}회(신청 번호 순서로는 {agenda.by_id}회): {ko}",
        f"in this order people leave and come back {count} times ({agenda.by_id} in the order of the ids): {en}",
        "comes_back_before 빈칸: 마지막 안건이 끝난 뒤에 들어옴",
        "comes_back_before blank: comes back after the last item",
    ]
