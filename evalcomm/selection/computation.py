"""From closed score tables to a division of the money: first everything that decides, as plain data; then the engine on that data alone.

`gather` writes down the inputs; `compute` reads nothing else, so a stored run can be computed again by anyone who has its inputs.
"""

from collections.abc import Sequence
from fractions import Fraction
from typing import Any

from evalcomm import __version__
from evalcomm.applications import queries as applications
from evalcomm.engine import allocate as engine
from evalcomm.engine.exact import format_figure, parse_figure
from evalcomm.engine.ranking import Failure, Ranking
from evalcomm.foundation.database import canonical_sha256
from evalcomm.foundation.errors import Conflict
from evalcomm.programs.models import Call, Track
from evalcomm.rubrics import queries as rubrics
from evalcomm.scoring import queries as scoring
from evalcomm.selection import queries


def gather(call: Call) -> dict[str, Any]:
    """The inputs of a run over every track that has applications. Raises Conflict while a track's table is not closed."""
    tracks = {str(track.id): found for track in call.tracks if (found := _track_inputs(track)) is not None}
    if not tracks:
        raise Conflict("nothing_to_allocate")
    return {"call": call.number, "engine": __version__, "tracks": tracks}


def _track_inputs(track: Track) -> dict[str, Any] | None:
    competing = applications.submitted_in(track.call_id, track_id=track.id)
    if not competing:
        return None
    table = scoring.closed_table(track)
    if table is None:
        raise Conflict("table_not_closed", track=track.title)
    if rubrics.plan_value(track.plan).allocation is None:
        raise Conflict("plan_without_allocation", track=track.title)
    ranking = ranking_with_lots(track)
    lots = queries.drawn(track.id)
    facts = {str(application.id): application for application in competing}
    return {
        "title": track.title,
        "budget_won": track.budget_won,
        "plan_sha256": track.plan.sha256,
        "table_sha256": table.sha256,
        "applications": [
            {
                "id": facts[standing.application].id,
                "number": facts[standing.application].number,
                "requested_won": facts[standing.application].requested_won,
                "own_won": facts[standing.application].total_won - facts[standing.application].requested_won,
                "region": facts[standing.application].project.task.innovation_city,
                "organisation": facts[standing.application].lead.code,
                "final": None if standing.final is None else format_figure(standing.final),
                "rank": standing.rank,
                "passed": standing.passed,
                "failed": [_failure(failure, track) for failure in standing.failed],
                "lot": lots.get(facts[standing.application].id),
            }
            for standing in ranking.standings
            if standing.application in facts
        ],
    }


def _failure(failure: Failure, track: Track) -> dict[str, str]:
    """A cut that was missed, under the name that the rubric prints."""
    return {
        "cut": cut_title(failure.cut, track),
        "value": format_figure(failure.value),
        "threshold": format_figure(failure.threshold),
    }


def cut_title(cut: str, track: Track) -> str:
    kind, _, name = cut.partition(":")
    if kind == "total":
        return "총점"
    if kind == "sheets":
        return "유효 평가표 수"
    rubric = rubrics.rubric_value(track.plan)
    if kind == "criterion":
        return next(criterion.title for criterion in rubric.criteria if criterion.id == name)
    return next(item.title for criterion in rubric.criteria for item in criterion.items if item.id == name)


def ranking_with_lots(track: Track) -> Ranking:
    """The track's official ranking with the lots that were recorded for it; applications by id as text."""
    return scoring.ranking_of(
        track, lots={str(application): lot for application, lot in queries.drawn(track.id).items()}
    )


def fingerprint(value: dict[str, Any]) -> str:
    return canonical_sha256(value)


def compute(inputs: dict[str, Any], plans: dict[str, engine.AllocationPlan]) -> dict[str, Any]:
    """The engine's answer per track. `plans` are the sealed allocation rules by track."""
    return {"tracks": {track: _divide(entry, plans[track]) for track, entry in inputs["tracks"].items()}}


def _divide(entry: dict[str, Any], plan: engine.AllocationPlan) -> dict[str, Any]:
    by_number = {row["number"]: row for row in entry["applications"]}
    answer = engine.allocate(_requests(entry["applications"]), entry["budget_won"], plan)
    if answer.status is engine.Outcome.INFEASIBLE:
        raise Conflict("allocation_infeasible", track=entry["title"])
    reserve = {number: place for place, number in enumerate(answer.reserve, start=1)}
    lot = answer.needs_lot
    return {
        "status": answer.status.value,
        "unspent_won": answer.unspent,
        "needs_lot": None
        if lot is None
        else {
            "applications": [by_number[number]["id"] for number in lot.applications],
            "slots": lot.slots,
            "budget_left_won": lot.budget_left,
        },
        "lines": [
            {
                "id": by_number[line.application.id]["id"],
                "rank": line.rank,
                "reserve_rank": reserve.get(line.application.id),
                "score": by_number[line.application.id]["final"],
                "requested_won": line.requested,
                "awarded_won": line.awarded,
                "status": line.status.value,
                "reason": _below_cut(by_number[line.application.id]) or _spoken(line.reason),
                "would_change": _spoken(line.would_change),
                "budget_left_won": line.budget_left,
            }
            for line in answer.lines
        ],
    }


def _requests(rows: Sequence[dict[str, Any]]) -> list[engine.Application]:
    return [
        engine.Application(
            id=row["number"],
            score=Fraction(0) if row["final"] is None else parse_figure(row["final"]),
            requested=row["requested_won"],
            own_funds=row["own_won"],
            lot=row["lot"],
            tags={"region": row["region"], "organisation": row["organisation"]},
            rank=row["rank"],
            eligible=row["passed"],
        )
        for row in rows
    ]


def _below_cut(row: dict[str, Any]) -> dict[str, str] | None:
    """Why an application is out before money is asked about: the figure it has and the one it needed."""
    if row["passed"]:
        return None
    ko = ", ".join(
        f"{one['cut']} {one['value']}점으로 최저기준 {one['threshold']}점에 미치지 못함" for one in row["failed"]
    )
    en = ", ".join(f"{one['cut']} {one['value']} is below the minimum of {one['threshold']}" for one in row["failed"])
    return {"code": "below-cut", "ko": ko, "en": en}


def _spoken(statement: engine.Statement) -> dict[str, str]:
    return {"code": statement.code, "ko": statement.ko, "en": statement.en}
