"""선정결과보고서: the whole call on one paper, from the adopted run."""

from collections.abc import Callable
from typing import Any

from evalcomm.audit import services as audit
from evalcomm.documents.korean import amount
from evalcomm.documents.papers import MoneyBar
from evalcomm.foundation.clock import in_seoul
from evalcomm.programs import queries as programs
from evalcomm.programs.models import PhaseKind
from evalcomm.reports.material import Material
from evalcomm.reports.memos import APPROVAL_BOXES, composition, tie_of
from evalcomm.selection import queries as selection
from evalcomm.selection.models import AllocationLine, LineStatus
from evalcomm.selection.papers import award_line, committee_name, instant


def report(material: Material) -> dict[str, Any]:
    call, run = material.call, material.run
    budget = sum(track.budget_won for track in call.tracks)
    return {
        "summary": _summary(material, budget),
        "authority": ", ".join(call.program.authority) or call.program.name,
        "legal_basis": _legal_basis(material),
        "purpose": call.program.purpose or call.program.name,
        "budget": budget,
        "awarded": run.awarded_won,
        "unspent": budget - run.awarded_won,
        "progress": _progress(material),
        "method": _method(material),
        "committee": committee_name(call),
        "members": _members(material),
        "tracks": [_track(material, track_id) for track_id in material.tracks],
        "issues": _issues(material),
        "by_task": _bars(material, lambda line: line.application.project.task.title),
        "by_region": _bars(material, lambda line: line.application.project.task.innovation_city),
        "schedule": _schedule(material),
        "attachments": [
            f"종합집계표 {len(material.tracks)}부",
            "심의의결서 1부",
            f"과제별 심의결과서 {len(material.lines)}부",
        ],
        "audit_head": audit.head(),
        "reporter": call.contact or ", ".join(call.program.authority) or call.program.name,
        "approval": APPROVAL_BOXES,
    }


def _legal_basis(material: Material) -> list[str]:
    """The programme's own, else those that the plans name, each once."""
    own = [line for line in material.call.program.legal_basis.split("\n") if line.strip()]
    named = [law for track in material.tracks.values() for law in track.plan.legal_basis]
    return own or list(dict.fromkeys(named))


def _summary(material: Material, budget: int) -> list[str]:
    lines = material.lines
    chosen = [line for line in lines if line.awarded_won]
    reserve = [line for line in lines if line.status == LineStatus.RESERVE]
    rejected = [line for line in lines if line.status == LineStatus.REJECTED]
    unspent = budget - material.run.awarded_won
    return [
        f"신청 {len(lines)}건 가운데 {len(chosen)}건을 선정하고 국비 {amount(material.run.awarded_won)}을 배분함",
        f"예비선정 {len(reserve)}건, 최저기준 미달 등 미선정 {len(rejected)}건",
        f"예산 {amount(budget)} 가운데 {amount(unspent)}이 남음" if unspent else f"예산 {amount(budget)}을 모두 배분함",
    ]


def _progress(material: Material) -> list[dict[str, Any]]:
    call, run = material.call, material.run
    entries: list[dict[str, Any]] = []
    for version in call.versions:
        what = "공고와 평가계획 확정" if version.version == 1 else f"변경공고({version.reason})"
        entries.append({"what": what, "when": in_seoul(version.published_at).date().isoformat(), "note": None})
    deadline = programs.phase_of(call, PhaseKind.APPLICATION)
    if deadline is not None:
        entries.append(
            {"what": "접수 마감", "when": instant(deadline.closes_at), "note": f"{len(material.lines)}건 접수"}
        )
    openings = [track.opened.opening.opened_at for track in material.tracks.values()]
    entries.append({"what": "점수 개봉·집계", "when": instant(max(openings)), "note": f"종합집계표 {len(openings)}부"})
    if run.adopted_at is not None:
        entries.append({"what": "배분(안) 채택", "when": instant(run.adopted_at), "note": None})
    resolution = selection.resolution_of(call.id)
    if resolution is not None:
        note = f"재적 {resolution.enrolled}명, 출석 {resolution.present}명, 찬성 {resolution.in_favour}명"
        entries.append({"what": "위원회 의결", "when": instant(resolution.resolved_at), "note": note})
    return entries


def _method(material: Material) -> list[str]:
    seats = len(selection.selecting_members(material.call.id))
    sentences = [f"평가위원 {seats}명이 공고한 평가표로 온라인 채점하고, 개봉할 때까지 서로의 점수를 볼 수 없게 함"]
    for track in material.tracks.values():
        sentences += [sentence for sentence in track.rule("점수 집계") if sentence not in sentences]
        sentences += [sentence for sentence in track.rule("지원금 배분") if sentence not in sentences]
    return sentences


def _members(material: Material) -> list[dict[str, Any]]:
    recused: dict[int, int] = {}
    for membership, _number, _act in selection.recusals_of_call(material.call.id):
        recused[membership.id] = recused.get(membership.id, 0) + 1
    return [
        {
            "label": membership.user.name,
            "role": "위원장" if membership.is_chair else "위원",
            "affiliation": membership.user.organisation.name if membership.user.organisation else None,
            "field": membership.user.position or None,
            "recused_from": recused.get(membership.id, 0),
        }
        for membership in selection.selecting_members(material.call.id)
    ]


def _track(material: Material, track_id: int) -> dict[str, Any]:
    track = material.tracks[track_id]
    lines = material.lines_of(track_id)
    return {
        "track": track.track.title,
        "budget": track.track.budget_won,
        "method": track.method,
        "cut_on_mean": track.cut_on_mean,
        "results": [
            {
                **award_line(line),
                "final": track.written_or_none(track.standing(line.application_id).final, "final"),
                "task": line.application.project.task.title,
                "region": line.application.project.task.innovation_city,
            }
            for line in lines
        ],
        "scores": [
            {
                "label": f"{line.application.number} {line.application.title}",
                "scores": [track.total(cell) for cell in track.rows[line.application_id].cells],
                "mean": track.written_or_none(track.standing(line.application_id).mean, "mean"),
                "parts": composition(track.standing(line.application_id), track),
                "final": track.written_or_none(track.standing(line.application_id).final, "final"),
            }
            for line in lines
        ],
        "unspent": material.run.result["tracks"][str(track_id)]["unspent_won"],
    }


def _issues(material: Material) -> list[dict[str, Any]]:
    found = {
        "동점": _ties(material),
        "과락": [
            f"{_name(line)}: {line.reason['ko']}" for line in material.lines if line.status == LineStatus.REJECTED
        ],
        "감액": [
            f"{_name(line)}: 신청액 {amount(line.requested_won)} 가운데 {amount(line.awarded_won)}을 지원함"
            for line in material.lines
            if line.status == LineStatus.CUT
        ],
        "회피": [
            f"위원 {membership.number}: 접수번호 {number} 심의에 참여하지 아니함"
            for membership, number, _act in selection.recusals_of_call(material.call.id)
        ],
    }
    return [{"heading": heading, "sentences": sentences} for heading, sentences in found.items() if sentences]


def _ties(material: Material) -> list[str]:
    sentences: list[str] = []
    for track in material.tracks.values():
        for line in material.lines_of(track.track.id):
            tie = tie_of(track.standing(line.application_id), track, material)
            if tie is None:
                continue
            sentence = f"{tie['rank']}위 동점({', '.join(tie['applications'])}): {tie['explanation']}"
            sentence += f"({tie['lot_record']})" if tie["lot_record"] else ""
            if sentence not in sentences:
                sentences.append(sentence)
    return sentences


def _name(line: AllocationLine) -> str:
    return f"{line.application.number} ‘{line.application.title}’"


def _bars(material: Material, label: Callable[[AllocationLine], str]) -> list[MoneyBar]:
    bars: dict[str, MoneyBar] = {}
    for line in sorted(material.lines, key=lambda line: line.application.project.task.number):
        name = label(line)
        bar = bars.setdefault(name, {"label": name, "applications": 0, "funded": 0, "requested": 0, "awarded": 0})
        bar["applications"] += 1
        bar["funded"] += bool(line.awarded_won)
        bar["requested"] += line.requested_won
        bar["awarded"] += line.awarded_won
    return list(bars.values())


def _schedule(material: Material) -> list[dict[str, Any]]:
    approval = selection.approval_of(material.call.id)
    approved = {
        "what": "내부결재",
        "when": approval.decided_on.isoformat() if approval else "의결 후",
        "note": f"{approval.document_number}, {approval.approver}" if approval else None,
    }
    return [
        approved,
        {"what": "결과 알림과 공표", "when": "결재 후", "note": None},
        {"what": "이의신청 접수", "when": "통보받은 날부터 30일", "note": None},
        {"what": "협약·교부결정", "when": "이의신청 처리 후", "note": "감액 사업은 변경 사업계획서 제출 후"},
    ]
