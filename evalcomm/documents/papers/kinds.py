"""The papers, one class each."""

from collections.abc import Mapping
from typing import Any, Literal, NotRequired, TypedDict

from evalcomm.documents.papers.pieces import (
    ApplicationHead,
    Correction,
    Cut,
    Dated,
    File,
    Money,
    Named,
    Outcome,
    Paper,
    PlanInWords,
    Signature,
    Tie,
)
from evalcomm.documents.papers.values import Count, Day, Digest, Exact, Instant, Score, Text, Won


class Receipt(Paper):
    """접수증"""

    application: ApplicationHead
    applicant: Text  # who submitted: organisation, and the person if they may be named
    submission: Count  # version of the submission, 1 for the first
    submission_sha256: Digest
    received_at: Instant  # the server's receipt of the complete request
    deadline: Instant
    is_deadline_inclusive: bool
    funding: list[Money]
    files: list[File]
    contact: Text


class Change(TypedDict):
    what: Text
    before: Text
    after: Text


class Amendment(TypedDict):
    """변경공고: what changed, why, who approved."""

    reason: Text
    approver: Text
    approved_on: Day
    previous_number: Text  # 공고번호 of the notice that it changes
    changes: list[Change]


class NoticeOfCall(Paper):
    """공고문, 변경공고"""

    notice_number: Text  # "국토교통부 공고 제2026-123호"
    notice_on: Day
    authority: Text  # 공고 명의: "국토교통부장관"
    version: Count
    amendment: Amendment | None
    purpose: Text
    legal_basis: list[Text]
    budget: Won
    support: list[Text]  # 지원 내용
    eligibility: list[Text]
    opens_at: Instant
    closes_at: Instant
    is_deadline_inclusive: bool
    how_to_apply: list[Text]
    documents: list[Text]  # 제출서류
    schedule: list[Dated]
    plans: list[PlanInWords]  # one per track
    objection: list[Text]  # 이의신청
    notes: list[Text]  # 유의사항
    contact: Text


class SheetItem(TypedDict):
    title: Text
    points: Exact
    is_fixed: bool
    grade: Text | None
    score: Score
    comment: Text | None


class SheetCriterion(TypedDict):
    title: Text
    points: Exact
    subtotal: Score
    items: list[SheetItem]


class ScoreSheet(Paper):
    """개별 평가표: one evaluator, one application"""

    application: ApplicationHead
    round: Text
    evaluator: Text  # name, or "위원 3"
    affiliation: Text | None
    rubric: Text
    version: Count
    sheet_sha256: Digest
    criteria: list[SheetCriterion]
    points: Exact  # total of the rubric that evaluators can give
    total: Score
    opinion: Text | None  # None in the disclosable edition, too
    submitted_at: Instant | None
    signed_at: Instant | None
    corrections: list[Correction]


class TableRow(TypedDict):
    rank: Count | None  # None: failed a cut, or not ranked
    application: Text  # 접수번호
    project: Text
    lead: Text
    scores: list[Score]  # one per evaluator, in the order of `evaluators`
    mean: Exact | None
    fixed: Exact | None  # 정량; None: the rubric has none
    bonus: Exact
    penalty: Exact
    final: Exact | None
    passed: bool
    failed: list[Text]  # names of the cuts not reached
    remark: Text | None


class ScoreTable(Paper):
    """종합집계표: one track, one round"""

    track: Text
    round: Text
    method: Text  # one sentence: "최고·최저 각 1개를 제외한 산술평균, 소수 둘째 자리까지(셋째 자리에서 반올림)"
    evaluators: list[Text]
    rows: list[TableRow]
    ties: list[Tie]
    corrections: list[Correction]
    opened_at: Instant
    closed_at: Instant | None
    remarks: Text | None  # 위원장 총평
    signatures: list[Signature]


class AwardLine(TypedDict):
    track: Text
    rank: Count | None
    application: Text
    project: Text
    lead: Text
    final: Exact | None
    requested: Won
    awarded: Won
    outcome: Outcome
    reserve_rank: Count | None  # 예비 순위
    reason: Text


class Resolution(Paper):
    """심의의결서"""

    agenda_number: Text  # "제1호 안건"
    agenda: Text
    committee: Text
    held_at: Instant
    place: Text
    order: list[Text]  # 주문
    reasons: list[Text]
    budget: Won
    awards: list[AwardLine]
    enrolled: Count  # 재적
    present: Count
    in_favour: Count
    against: Count
    abstained: Count
    recused: list[Text]  # "위원 4 — 접수번호 2026-0007 심의에서 회피"
    rule: Text  # "재적위원 과반수 출석, 출석위원 과반수 찬성"
    carried: bool
    signatures: list[Signature]


class CriterionResult(TypedDict):
    title: Text
    points: Exact
    mean: Exact | None
    minimum: Exact | None
    passed: bool | None  # None: no minimum


class EvaluatorTotal(TypedDict):
    evaluator: Text  # "위원 1": unnamed
    score: Score


class RankedFigure(TypedDict):
    """One dot of the ranking, for the figure."""

    label: Text
    final: Exact
    passed: bool
    outcome: Outcome | None
    is_this: bool  # the application that the paper is about


class Allocation(TypedDict):
    outcome: Outcome
    rule: Text  # "고득점 순 배분, 마지막 과제는 잔액 범위에서 감액"
    track_budget: Won
    requested: Won
    awarded: Won
    reserve_rank: Count | None
    reason: Text
    would_change: Text | None  # only where the plan says so


class Opinion(TypedDict):
    evaluator: Text  # "위원 1"
    text: Text


class FinalPart(TypedDict):
    what: Text  # "위원 평균", "＋ 정량 점수", "－ 감점"
    points: Exact


class DecisionMemo(Paper):
    """과제별 심의결과서"""

    application: ApplicationHead
    summary: Text | None  # 사업 개요
    funding: list[Money]
    committee: Text
    held_on: Day
    method: Text
    evaluators: list[EvaluatorTotal]
    criteria: list[CriterionResult]
    mean: Exact | None
    fixed: list[Named]
    bonus: list[Named]
    penalty: list[Named]
    composition: list[FinalPart]  # what the final score adds up from, the mean first; [] where nobody's sheet counts
    final: Exact | None
    cuts: list[Cut]
    passed: bool
    rank: Count | None
    ranked: Count  # how many applications the track has
    tie: Tie | None
    # The track in rank order, or the part around this one; [] where the plan does not print it.
    ranking: list[RankedFigure]
    # The total cut, where it tests what the figure shows (mean of the scores; final score): None where it tests another figure.
    cut_on_mean: Exact | None
    cut_on_final: Exact | None
    allocation: Allocation
    conditions: list[Text]
    opinions: list[Opinion]
    deliberation: list[Text]  # 위원회 심의 의견
    corrections: list[Correction]
    approval: list[Text]  # 결재란: ["담당", "과장", "국장"]


class CommitteeMember(TypedDict):
    label: Text  # name, or "위원 3"
    role: Text  # 위원장, 위원
    affiliation: Text | None
    field: Text | None  # 전문분야
    recused_from: Count  # number of applications


class ApplicationScores(TypedDict):
    label: Text
    scores: list[Score]
    mean: Exact | None
    parts: NotRequired[list[FinalPart]]  # of the final score, the mean first; none without a mean
    final: NotRequired[Exact | None]


class ResultLine(AwardLine):
    task: Text
    region: Text


class TrackResult(TypedDict):
    track: Text
    budget: Won | None
    method: Text
    cut_on_mean: Exact | None  # drawn into the figure of scores; None where the cut tests another figure
    results: list[ResultLine]
    scores: list[ApplicationScores]
    unspent: Won


class MoneyBar(TypedDict):
    label: Text
    applications: Count
    funded: Count
    requested: Won
    awarded: Won


class Issue(TypedDict):
    heading: Text  # "동점", "과락", "감액", "회피"
    sentences: list[Text]


class SelectionReport(Paper):
    """선정결과보고서"""

    summary: list[Text]  # 요지, three lines
    authority: Text
    legal_basis: list[Text]
    purpose: Text
    budget: Won
    awarded: Won
    unspent: Won
    progress: list[Dated]
    method: list[Text]
    committee: Text
    members: list[CommitteeMember]
    tracks: list[TrackResult]
    issues: list[Issue]
    by_task: list[MoneyBar]
    by_region: list[MoneyBar]
    schedule: list[Dated]
    attachments: list[Text]  # 붙임: "종합집계표 4부"
    audit_head: Digest | None  # head of the audit chain when the report was made
    reporter: Text
    approval: list[Text]


class LotEntry(TypedDict):
    lot: Count  # the number that was drawn: the smaller goes first
    application: Text
    project: Text
    lead: Text


class LotRecord(Paper):
    """추첨조서"""

    track: Text
    rank: Count
    reason: Text
    held_at: Instant
    place: Text
    method: Text
    steps: list[Text]
    entries: list[LotEntry]  # in the order decided
    effect: Text  # what the lot decided
    signatures: list[Signature]


class ConflictEntry(TypedDict):
    application: Text  # "접수번호 사업명"
    act: Literal["none", "exclusion", "challenge", "recusal"]  # 해당 없음 · 제척 · 기피 · 회피
    relation: Text | None
    details: Text | None
    declared_at: Instant | None
    decision: Literal["accepted", "rejected", "exception", "pending"] | None  # 인용 · 기각 · 예외 승인 · 결정 전
    decided_by: Text | None
    decided_at: Instant | None
    reason: Text | None
    notified_at: Instant | None


class ConflictRecord(Paper):
    """이해관계 신고·결정"""

    committee: Text
    evaluator: Text
    affiliation: Text | None
    pledged_at: Instant | None
    pledge: list[Text]  # what was pledged
    entries: list[ConflictEntry]
    signatures: list[Signature]


class ResultNotice(Paper):
    """선정·미선정·예비 결과 알림"""

    receiver: Text  # 수신
    via: Text | None  # 경유
    application: ApplicationHead
    outcome: Outcome
    reserve_rank: Count | None
    awarded: Won
    conditions: list[Text]
    agreement_due: Day | None
    final: Exact | None  # None: the plan does not tell
    rank: Count | None
    ranked: Count | None
    reasons: list[Text]
    opinions: list[Text]
    objection: list[Text]  # how, until when, where
    remedies: list[Text]  # 행정심판·행정소송
    contact: Text
    attachments: list[Text]
    agency: NotRequired[Text]  # 두문의 행정기관명
    sender: Text  # 발신명의


SHAPES: Mapping[str, Any] = {
    "receipt": Receipt,
    "notice_of_call": NoticeOfCall,
    "score_sheet": ScoreSheet,
    "score_table": ScoreTable,
    "resolution": Resolution,
    "decision_memo": DecisionMemo,
    "selection_report": SelectionReport,
    "lot_record": LotRecord,
    "conflict_record": ConflictRecord,
    "result_notice": ResultNotice,
}
