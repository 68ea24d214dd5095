"""The papers of this room: 추첨조서, 심의의결서, 결과 알림."""

from collections.abc import Sequence
from datetime import UTC, datetime
from typing import Any

from flask_babel import force_locale
from flask_babel import lazy_gettext as _l

from evalcomm.applications.receipts import application_head
from evalcomm.committee.models import ConflictAct
from evalcomm.documents import kinds
from evalcomm.documents import queries as issued
from evalcomm.documents import services as documents
from evalcomm.documents.korean import amount
from evalcomm.documents.models import Paper
from evalcomm.engine.exact import format_fixed, parse_figure
from evalcomm.engine.plan import Plan
from evalcomm.foundation.actor import Actor
from evalcomm.programs.heading import heading, issuer
from evalcomm.programs.models import Call
from evalcomm.programs.standard import TEXTS
from evalcomm.rubrics import queries as rubrics
from evalcomm.rubrics import wording
from evalcomm.selection import policies, queries
from evalcomm.selection.computation import ranking_with_lots
from evalcomm.selection.models import AllocationLine, AllocationRun, LineStatus, LotRecord, Resolution

kinds.register(
    kinds.PaperKind(code="lot_record", label=_l("추첨조서"), series="추첨", may_read=policies.may_read_internal_paper)
)
kinds.register(
    kinds.PaperKind(code="resolution", label=_l("심의의결서"), series="의결", may_read=policies.may_read_internal_paper)
)
kinds.register(
    kinds.PaperKind(
        code="result_notice", label=_l("선정 결과 알림"), series="결과", may_read=policies.may_read_result_paper
    )
)

OUTCOMES = {
    LineStatus.FUNDED: "선정",
    LineStatus.CUT: "감액 선정",
    LineStatus.RESERVE: "예비",
    LineStatus.REJECTED: "미선정",
}
RESOLUTION_RULES = {"majority-of-present": "재적위원 과반수 출석, 출석위원 과반수 찬성"}


def instant(value: datetime) -> str:
    return value.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%SZ")


def committee_name(call: Call) -> str:
    return ", ".join(committee.name for committee in queries.selecting_committees(call.id)) or "평가위원회"


def order_of(run: AllocationRun) -> list[str]:
    """주문: what is resolved, in sentences."""
    chosen = [line for line in run.lines if line.awarded_won]
    sentences = [
        f"신청 {len(run.lines)}건 가운데 {len(chosen)}건을 지원 대상으로 선정하고, 국비 {amount(run.awarded_won)}을 배분한다."
    ]
    cut = [line for line in chosen if line.status == LineStatus.CUT]
    if cut:
        names = ", ".join(f"{line.application.number} ‘{line.application.title}’" for line in cut)
        sentences.append(f"예산의 범위에서 감액하여 지원하는 신청: {names}")
    reserve = [line for line in run.lines if line.status == LineStatus.RESERVE]
    if reserve:
        sentences.append(f"예비 선정 {len(reserve)}건의 순위는 붙임 배분표와 같다.")
    return sentences


def written_score(line: AllocationLine) -> str | None:
    """The final score with the digits that the plan declares, as every paper prints it."""
    if line.score is None:
        return None
    rounding = rubrics.plan_value(line.track.plan).rounding
    return (
        line.score if rounding.final is None else format_fixed(parse_figure(line.score), rounding.final, rounding.mode)
    )


def award_line(line: AllocationLine) -> dict[str, Any]:
    return {
        "track": line.track.title,
        "rank": line.rank,
        "application": line.application.number,
        "project": line.application.title,
        "lead": line.application.lead.name,
        "final": written_score(line),
        "requested": line.requested_won,
        "awarded": line.awarded_won,
        "outcome": line.status,
        "reserve_rank": line.reserve_rank,
        "reason": line.reason["ko"],
    }


def issue_resolution(*, resolution: Resolution, run: AllocationRun, place: str, actor: Actor, at: datetime) -> Paper:
    call = run.call
    rule = rubrics.plan_value(call.tracks[0].plan).committee.resolution
    members = queries.selecting_members(call.id)
    return documents.issue(
        kind="resolution",
        subject=resolution,
        title="심의의결서",
        body={
            "agenda_number": resolution.agenda_number,
            "agenda": f"{call.title} 지원 대상 선정과 국비 배분(안)",
            "committee": committee_name(call),
            "held_at": instant(resolution.resolved_at),
            "place": place or "기록 없음",
            "order": resolution.order_text.split("\n"),
            "reasons": [line for line in resolution.reason.split("\n") if line.strip()]
            or ["평가계획에서 정한 방법으로 집계하고 배분한 결과임"],
            "budget": sum(track.budget_won for track in call.tracks),
            "awards": [award_line(line) for line in run.lines],
            "enrolled": resolution.enrolled,
            "present": resolution.present,
            "in_favour": resolution.in_favour,
            "against": resolution.against,
            "abstained": resolution.abstained,
            "recused": recusals_in_words(call),
            "rule": RESOLUTION_RULES.get(rule, rule),
            "carried": True,
            "signatures": [
                {
                    "role": "위원장" if membership.is_chair else "위원",
                    "name": membership.user.name,
                    "affiliation": membership.user.organisation.name if membership.user.organisation else None,
                    "signed_at": None,
                    "remark": None,
                }
                for membership in members
            ],
        },
        actor=actor,
        at=at,
        **heading(call),
    )


ACTS = {ConflictAct.EXCLUSION: "제척", ConflictAct.CHALLENGE: "기피", ConflictAct.RECUSAL: "회피"}


def recusals_in_words(call: Call) -> list[str]:
    """Every application that a member did not take part in, by the member's number on papers."""
    return [
        f"위원 {membership.number} — 접수번호 {number} 심의에서 {ACTS[act]}"
        for membership, number, act in queries.recusals_of_call(call.id)
    ]


def issue_lot_record(*, record: LotRecord, tied: Sequence[AllocationLine], actor: Actor, at: datetime) -> Paper:
    """`tied`: the lines of the run that waited for the lot; they share rank and score."""
    track = record.track
    order = [line.application for line in sorted(tied, key=lambda line: record.numbers[str(line.application_id)])]
    rank = tied[0].rank
    assert rank is not None
    return documents.issue(
        kind="lot_record",
        subject=record,
        title="추첨조서",
        body={
            "track": track.title,
            "rank": rank,
            "reason": f"최종점수 {written_score(tied[0])}점으로 같고, 평가계획에서 정한 동점자 처리 기준을 모두 적용하여도 순위가 갈리지 않음",
            "held_at": instant(record.drawn_at),
            "place": record.place or "기록 없음",
            "method": record.method,
            "steps": [
                f"추첨자: {record.drawn_by}",
                f"입회인: {', '.join(record.witnesses)}",
                "작은 번호를 뽑은 쪽을 앞 순위로 정함",
            ],
            "entries": [
                {
                    "lot": record.numbers[str(application.id)],
                    "application": application.number,
                    "project": application.title,
                    "lead": application.lead.name,
                }
                for application in order
            ],
            "effect": f"접수번호 {', '.join(application.number or '' for application in order)} 순으로 {rank}위부터 순위를 정함",
            "signatures": [
                {"role": role, "name": name, "affiliation": None, "signed_at": None, "remark": None}
                for role, name in [("추첨자", record.drawn_by), *(("입회인", name) for name in record.witnesses)]
            ],
        },
        actor=actor,
        at=at,
        **heading(track.call),
    )


def tie_key_in_words(key: str, plan: Plan) -> str:
    with force_locale("ko"):  # papers are Korean whatever the screen of the one who issues them
        return wording.tie_key(key, plan)


def lot_number(track_id: int, application: str) -> str | None:
    """The number of the 추첨조서 that holds the application's lot."""
    record = next((record for record in queries.lots_of(track_id) if application in record.numbers), None)
    found = issued.papers_of("lot_record", record.id, kind="lot_record") if record is not None else ()
    return found[0].number if found else None


def ties_in_words(run: AllocationRun) -> dict[int, str]:
    """Application → how its place among equals came about, for those who had equals."""
    told: dict[int, str] = {}
    for track in {line.track for line in run.lines}:
        plan = rubrics.plan_value(track.plan)
        for standing in ranking_with_lots(track).standings:
            tie = standing.tie
            if tie is None or standing.rank is None:
                continue
            equals = f"최종점수가 같은 신청서 {len(tie.group)}건의 순위"
            lot = lot_number(track.id, standing.application)
            told[int(standing.application)] = (
                f"{equals}가 공고한 동점자 처리 기준으로 갈리지 않아 같은 순위로 함"
                if tie.key is None
                else f"{equals}를 공고한 동점자 처리 기준 ‘{tie_key_in_words(tie.key, plan)}’에 따라 정하여 {standing.rank}위가 됨"
                + (f"(추첨조서 {lot})" if lot else "")
            )
    return told


def reasons_of(line: AllocationLine, tie: str | None) -> list[str]:
    """Why it came out so: its place among equals, the money, and the published rule where money ran out."""
    with force_locale("ko"):
        rules = wording.rules(rubrics.plan_value(line.track.plan))
    rule = " ".join(f"{sentence}." for rule in rules if rule.heading == "지원금 배분" for sentence in rule.sentences)
    short = line.status in {LineStatus.RESERVE, LineStatus.CUT}
    return [*([tie] if tie else []), line.reason["ko"], *([f"공고한 배분 방법: {rule}"] if rule and short else [])]


_OBJECTION = [
    "이 결과에 이의가 있으면 통보를 받은 날부터 30일 이내에 이유를 적어 서면이나 전자문서로 이의를 신청할 수 있습니다.",
    "이의신청 결과는 신청을 받은 날부터 14일 이내에 알려 드립니다(10일의 범위에서 한 번 연장할 수 있음).",
]


def objection_of(call: Call) -> list[str]:
    """What the call promised; a call with the usual paragraphs gets them in the words of a letter."""
    own = list(call.texts.get("objection") or ())
    return own if own and own != TEXTS["objection"] else _OBJECTION


def issue_result_notice(*, line: AllocationLine, tie: str | None, actor: Actor, at: datetime) -> Paper:
    """`tie`: how its place among equals came about (`ties_in_words`)."""
    application, call = line.application, line.run.call
    ranked = sum(1 for other in line.run.lines if other.track_id == line.track_id)
    return documents.issue(
        kind="result_notice",
        subject=application,
        edition="disclosable",
        title=f"{call.title} {OUTCOMES[LineStatus(line.status)]} 결과 알림",
        body={
            "receiver": application.lead.name,
            "via": None,
            "application": application_head(application),
            "outcome": line.status,
            "reserve_rank": line.reserve_rank,
            "awarded": line.awarded_won,
            "conditions": [],
            "agreement_due": None,
            "final": written_score(line),
            "rank": line.rank,
            "ranked": ranked,
            "reasons": reasons_of(line, tie),
            "opinions": [],
            "objection": objection_of(call),
            "remedies": [
                (
                    "이의신청과 관계없이 이 통보를 받은 날부터 90일 이내에 「행정심판법」에 따른 행정심판이나 「행정소송법」에 따른 "
                    "행정소송을 제기할 수 있습니다."
                ),
                "이의신청을 한 경우에는 그 결과를 통지받은 날부터 90일 이내에 제기할 수 있습니다.",
            ],
            "contact": call.contact or ", ".join(call.program.authority) or call.program.name,
            "attachments": [],
            "agency": ", ".join(call.program.authority) or call.program.name,
            "sender": issuer(call),
        },
        actor=actor,
        at=at,
        **heading(call),
    )
