"""과제별 심의결과서: one memo per application, from the adopted run."""

from typing import Any

from evalcomm.applications.content import NARRATIVE
from evalcomm.applications.models import FundingSource
from evalcomm.applications.receipts import SOURCE_NAMES, application_head
from evalcomm.documents.papers import Cut, FinalPart, Named, RankedFigure, Tie
from evalcomm.engine.exact import format_figure, parse_figure
from evalcomm.engine.ranking import Standing
from evalcomm.foundation.clock import in_seoul
from evalcomm.reports.material import Material, TrackMaterial
from evalcomm.rubrics import wording
from evalcomm.scoring import queries as scoring
from evalcomm.selection import queries as selection
from evalcomm.selection.computation import cut_title
from evalcomm.selection.models import AllocationLine, LineStatus
from evalcomm.selection.papers import ACTS, committee_name, lot_number, tie_key_in_words

APPROVAL_BOXES = ["담당", "팀장", "과장", "국장"]


def memo(line: AllocationLine, material: Material, *, disclosable: bool) -> dict[str, Any]:
    """The body of the memo. The disclosable edition holds no opinion of a single evaluator and no figure of another application."""
    track, application = material.tracks[line.track_id], material.applications[line.application_id]
    standing, row = track.standing(application.id), track.rows[application.id]
    resolution = selection.resolution_of(material.call.id)
    held = resolution.resolved_at if resolution is not None else material.run.adopted_at
    assert held is not None
    return {
        "application": application_head(application),
        "summary": application.narrative.get(NARRATIVE[0][0]) or None,
        "funding": [
            {"source": SOURCE_NAMES[source], "won": won}
            for source in FundingSource
            if (won := sum(entry.won for entry in application.budget if entry.source == source))
        ],
        "committee": committee_name(material.call),
        "held_on": in_seoul(held).date().isoformat(),
        "method": track.method,
        "evaluators": [
            {"evaluator": label, "score": track.total(cell)}
            for label, cell in zip(track.member_labels, row.cells, strict=True)
        ],
        "criteria": _criteria(standing, track),
        "mean": track.written_or_none(standing.mean, "mean"),
        "fixed": _named(standing, track, "fixed"),
        "bonus": _named(standing, track, "bonus"),
        "penalty": _named(standing, track, "penalty"),
        "composition": composition(standing, track),
        "final": track.written_or_none(standing.final, "final"),
        "cuts": _cuts(standing, track),
        "passed": standing.passed,
        "rank": line.rank,
        "ranked": len(material.lines_of(line.track_id)),
        "tie": tie_of(standing, track, material),
        "ranking": [] if disclosable else _ranking(line, material),
        "cut_on_mean": track.cut_on_mean,
        "cut_on_final": track.cut_on_final,
        "allocation": {
            "outcome": line.status,
            "rule": " ".join(f"{sentence}." for sentence in track.rule("지원금 배분")) or "평가계획에서 정한 배분 방법",
            "track_budget": track.track.budget_won,
            "requested": line.requested_won,
            "awarded": line.awarded_won,
            "reserve_rank": line.reserve_rank,
            "reason": line.reason["ko"],
            # diagnosis and what would have changed the outcome stay with secretariat and auditor unless the plan says otherwise
            "would_change": None if disclosable or not line.would_change else line.would_change["ko"],
        },
        "conditions": _conditions(line),
        "opinions": [] if disclosable else _opinions(application.id, track),
        "deliberation": _deliberation(line, material),
        "corrections": [],
        "approval": [] if disclosable else APPROVAL_BOXES,
    }


def _criteria(standing: Standing, track: TrackMaterial) -> list[dict[str, Any]]:
    rubric = track.plan.rubric
    titles = {criterion.id: criterion.title for criterion in rubric.criteria} if rubric is not None else {}
    return [
        {
            "title": titles.get(criterion.id, criterion.id),
            "points": format_figure(criterion.full),
            "mean": track.written(criterion.figure, "criterion"),
            "minimum": track.written_or_none(criterion.threshold, "criterion"),
            "passed": None if criterion.threshold is None else criterion.passed,
        }
        for criterion in standing.criteria
    ]


def _named(standing: Standing, track: TrackMaterial, kind: str) -> list[Named]:
    """What the secretariat entered: fixed items, bonuses or penalties, under the rubric's names."""
    rubric = track.plan.rubric
    if rubric is None:
        return []
    titles = {
        "fixed": {item.id: item.title for item in rubric.fixed_items},
        "bonus": {entry.id: entry.title for entry in rubric.bonuses},
        "penalty": {entry.id: entry.title for entry in rubric.penalties},
    }[kind]
    evidence = {item: entered for (_application, item), entered in _evidence(standing).items()}
    return [
        {"name": titles[name], "points": format_figure(points), "evidence": evidence.get(name)}
        for name, points in sorted(
            standing.entries.items(), key=lambda entry: list(titles).index(entry[0]) if entry[0] in titles else -1
        )
        if name in titles
    ]


def composition(standing: Standing, track: TrackMaterial) -> list[FinalPart]:
    """As the 종합집계표 has it: the mean, and whatever else the rubric knows of, zero or not."""
    if standing.mean is None:
        return []
    rubric = track.plan.rubric
    parts: list[FinalPart] = [{"what": "위원 평균", "points": track.written(standing.mean, "mean")}]
    if rubric is not None and rubric.fixed_items:
        parts.append({"what": "＋ 정량 점수", "points": track.written(standing.fixed, "final")})
    if rubric is not None and rubric.bonuses:
        parts.append({"what": "＋ 가점", "points": format_figure(standing.bonus)})
    if rubric is not None and rubric.penalties:
        parts.append({"what": "－ 감점", "points": format_figure(standing.penalty)})
    return parts


def _evidence(standing: Standing) -> dict[tuple[int, str], str]:

    return {place: entered.evidence for place, entered in scoring.fixed_points([int(standing.application)]).items()}


def _cuts(standing: Standing, track: TrackMaterial) -> list[Cut]:
    """Every test against a minimum, passed or not: the total first, then the criteria."""
    cuts: list[Cut] = []
    minimum = wording.total_minimum(track.plan)
    value = {"mean": standing.mean, "base": standing.base, "final": standing.final}[track.plan.cut.on.value]
    if minimum is not None and value is not None:
        missed = any(failure.cut == "total" for failure in standing.failed)
        cuts.append(
            {
                "what": "총점",
                "value": track.written(value, "final"),
                "threshold": track.written(minimum, "final"),
                "passed": not missed,
            }
        )
    rubric = track.plan.rubric
    titles = {criterion.id: criterion.title for criterion in rubric.criteria} if rubric is not None else {}
    cuts += [
        {
            "what": titles.get(criterion.id, criterion.id),
            "value": track.written(criterion.figure, "criterion"),
            "threshold": track.written(criterion.threshold, "criterion"),
            "passed": criterion.passed,
        }
        for criterion in standing.criteria
        if criterion.threshold is not None
    ]
    known = {"total", *(f"criterion:{criterion.id}" for criterion in standing.criteria)}
    cuts += [
        {
            "what": cut_title(failure.cut, track.track),
            "value": format_figure(failure.value),
            "threshold": format_figure(failure.threshold),
            "passed": False,
        }
        for failure in standing.failed
        if failure.cut not in known
    ]
    return cuts


def tie_of(standing: Standing, track: TrackMaterial, material: Material) -> Tie | None:
    if standing.tie is None or standing.rank is None:
        return None
    group = sorted(
        (track.standing(int(application)) for application in standing.tie.group),
        key=lambda one: (one.rank or 0, one.application),
    )
    names = [
        f"{material.applications[int(one.application)].number} {material.applications[int(one.application)].title}"
        for one in group
    ]
    key = standing.tie.key
    words = tie_key_in_words(key, track.plan) if key is not None else None
    return {
        "rank": min(one.rank or 1 for one in group),
        "applications": names,
        "key": words,
        "lot_record": lot_number(track.track.id, standing.application),
        "explanation": f"동점자 처리 기준 가운데 ‘{words}’에서 순위가 갈림"
        if words
        else "동점자 처리 기준으로 순위가 갈리지 않아 같은 순위로 함",
    }


def _ranking(line: AllocationLine, material: Material) -> list[RankedFigure]:
    track = material.tracks[line.track_id]
    return [
        {
            "label": f"{other.application.number} {other.application.title}",
            "final": track.written(parse_figure(other.score), "final"),
            "passed": other.rank is not None,
            "outcome": other.status,  # type: ignore[typeddict-item]  # the column's CHECK holds the same four
            "is_this": other.application_id == line.application_id,
        }
        for other in material.lines_of(line.track_id)
        if other.score is not None
    ]


def _opinions(application_id: int, track: TrackMaterial) -> list[dict[str, str]]:
    """What the evaluators wrote, unnamed, in the order of their numbers."""
    opinions = []
    for label, cell in zip(track.member_labels, track.rows[application_id].cells, strict=True):
        version = track.versions.get(cell.sheet) if cell.sheet is not None else None
        text = str(version.content["draft"].get("opinion") or "").strip() if version is not None else ""
        if text:
            opinions.append({"evaluator": label, "text": text})
    return opinions


def _conditions(line: AllocationLine) -> list[str]:
    if line.status == LineStatus.CUT:
        return ["지원액에 맞추어 사업계획과 예산을 조정한 변경 사업계획서를 제출할 것"]
    return []


def _deliberation(line: AllocationLine, material: Material) -> list[str]:
    resolution = selection.resolution_of(material.call.id)
    sentences = [sentence for sentence in (resolution.reason if resolution else "").split("\n") if sentence.strip()]
    sentences += [
        f"위원 {membership.number}: 이 신청의 심의에서 {ACTS[act]}하여 참여하지 아니함"
        for membership, number, act in selection.recusals_of_call(material.call.id)
        if number == line.application.number
    ]
    return sentences
