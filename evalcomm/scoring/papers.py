"""개별 평가표 and 종합집계표. Evaluators are named in the internal edition only; the disclosable one leaves out what they wrote, too."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime
from fractions import Fraction
from typing import Any

from flask_babel import force_locale
from flask_babel import lazy_gettext as _l
from sqlalchemy import select
from sqlalchemy.orm import joinedload, selectinload

from evalcomm.applications.models import Application
from evalcomm.applications.receipts import application_head
from evalcomm.committee import queries as committee
from evalcomm.committee.models import Membership
from evalcomm.committee.papers import EDITIONS, affiliation, evaluator_name, utc
from evalcomm.documents import kinds
from evalcomm.documents.models import Paper
from evalcomm.documents.services import issue
from evalcomm.engine.exact import format_figure, parse_decimal
from evalcomm.engine.plan import Plan
from evalcomm.engine.rubric import Criterion, InputKind, Item, Rubric
from evalcomm.foundation.actor import Actor
from evalcomm.foundation.database import Json, db
from evalcomm.programs.heading import heading
from evalcomm.programs.models import Project
from evalcomm.rubrics import wording
from evalcomm.scoring import queries
from evalcomm.scoring.figures import TableRow, official_total, places
from evalcomm.scoring.models import ScoreSheet, ScoreTable, SheetVersion
from evalcomm.scoring.policies import may_read_sheet_paper, may_read_table_paper, readable_sheet_papers
from evalcomm.scoring.queries import Bench, OpenedTable
from evalcomm.scoring.sheet import Draft
from evalcomm.scoring.words import cut_name

SHEET, TABLE = "score_sheet", "score_table"

kinds.register(
    kinds.PaperKind(
        code=SHEET,
        label=_l("개별 평가표"),
        series="평가표",
        may_read=may_read_sheet_paper,
        readable=readable_sheet_papers,
    )
)
kinds.register(kinds.PaperKind(code=TABLE, label=_l("종합집계표"), series="집계표", may_read=may_read_table_paper))

NOTHING: Json = {"mark": "not_applicable", "value": None, "dropped": None}


def _score(points: Fraction) -> Json:
    return {"mark": "scored", "value": format_figure(points), "dropped": None}


# ---- 개별 평가표


def issue_sheets(bench: Bench, table: OpenedTable, *, edition: str, actor: Actor, at: datetime) -> list[Paper]:
    """One paper for every sheet in the box, by application and member."""
    rubric = queries.rubric_of(queries.plan_of(bench.track))
    versions = queries.version_contents(table.box)
    members = {member.id: member for member in committee.members(bench.panel.id, with_dismissed=True)}
    heads = _heads([one.id for one in table.box.entrants])
    sheets = _sheets(list(versions))
    common = heading(bench.track.call)
    return [
        issue(
            kind=SHEET,
            subject=sheets[cell.sheet],
            body=_sheet_body(
                sheets[cell.sheet],
                versions[cell.sheet],
                head=heads[cell.application],
                member=members[cell.member],
                rubric=rubric,
                round_title=bench.round.title,
                edition=edition,
            ),
            title="개별 평가표",
            edition=edition,
            actor=actor,
            at=at,
            **common,
        )
        for cell in table.box.cells
        if cell.sheet is not None
    ]


def _heads(application_ids: Sequence[int]) -> dict[int, Any]:
    query = (
        select(Application)
        .options(
            joinedload(Application.track),
            joinedload(Application.lead),
            joinedload(Application.project).joinedload(Project.task),
            selectinload(Application.partners),
        )
        .where(Application.id.in_(application_ids))
    )
    return {application.id: application_head(application) for application in db.session.scalars(query)}


def _sheets(sheet_ids: Sequence[int]) -> dict[int, ScoreSheet]:
    return {sheet.id: sheet for sheet in db.session.scalars(select(ScoreSheet).where(ScoreSheet.id.in_(sheet_ids)))}


def _sheet_body(
    sheet: ScoreSheet,
    version: SheetVersion,
    *,
    head: Any,
    member: Membership,
    rubric: Rubric,
    round_title: str,
    edition: str,
) -> Json:
    draft = Draft.of_json(version.content["draft"])
    points = {item: parse_decimal(text) for item, text in version.content["points"].items()}
    named = edition == "internal"
    signed_at = utc(sheet.submitted_at) if sheet.submitted_at is not None else None
    return {
        "application": head,
        "round": round_title,
        "evaluator": evaluator_name(member, edition),
        "affiliation": affiliation(member, edition),
        "rubric": rubric.title,
        "version": version.version,
        "sheet_sha256": version.sha256,
        "criteria": [_criterion(criterion, draft, points, with_comments=named) for criterion in rubric.criteria],
        "points": format_figure(rubric.scored_points),
        "total": _score(sum(points.values(), Fraction(0))),
        "opinion": draft.opinion.strip() or None if named else None,
        "submitted_at": signed_at,
        "signed_at": signed_at,
        "corrections": [],
    }


def _criterion(criterion: Criterion, draft: Draft, points: Mapping[str, Fraction], *, with_comments: bool) -> Json:
    scored = [points[item.id] for item in criterion.items if not item.is_fixed]
    return {
        "title": criterion.title,
        "points": format_figure(criterion.points),
        "subtotal": _score(sum(scored, Fraction(0))) if scored else NOTHING,
        "items": [
            {
                "title": item.title,
                "points": format_figure(item.points),
                "is_fixed": item.is_fixed,
                "grade": _grade(item, draft.entries.get(item.id)),
                "score": NOTHING if item.is_fixed else _score(points[item.id]),
                "comment": (draft.comments.get(item.id, "").strip() or None) if with_comments else None,
            }
            for item in criterion.items
        ],
    }


def _grade(item: Item, entry: str | None) -> str | None:
    if item.input is InputKind.GRADE:
        return entry
    if item.input is InputKind.YES_NO and entry is not None:
        return "예" if item.points_of(entry) == item.points else "아니오"
    return None


# ---- 종합집계표


def issue_table(
    closed: ScoreTable,
    table: OpenedTable,
    signed: Mapping[int, datetime],
    absent: Mapping[int, str],
    *,
    actor: Actor,
    at: datetime,
) -> list[Paper]:
    """Both editions."""
    return [
        issue(
            kind=TABLE,
            subject=closed,
            body=_table_body(closed, table, signed, absent, edition),
            title="종합집계표",
            edition=edition,
            actor=actor,
            at=at,
            **heading(table.bench.track.call),
        )
        for edition in EDITIONS
    ]


def _table_body(
    closed: ScoreTable,
    table: OpenedTable,
    signed: Mapping[int, datetime],
    absent: Mapping[int, str],
    edition: str,
) -> Json:
    plan = queries.plan_of(table.bench.track)
    sitting = {member.id: member for member in committee.members(table.bench.panel.id, with_dismissed=True)}
    return {
        "track": table.bench.track.title,
        "round": table.bench.round.title,
        "method": method_in_words(plan),
        "evaluators": [evaluator_name(sitting[member.id], edition) for member in table.box.members],
        "rows": [_row(row, plan, closed.content["resolved"]) for row in table.rows],
        "ties": ties_in_words(table, plan),
        "corrections": [],
        "opened_at": utc(table.opening.opened_at),
        "closed_at": utc(closed.closed_at),
        "remarks": closed.remark,
        "signatures": [
            {
                "role": "위원장" if sitting[member.id].is_chair else "위원",
                "name": evaluator_name(sitting[member.id], edition),
                "affiliation": affiliation(sitting[member.id], edition),
                "signed_at": utc(signed[member.id]) if member.id in signed else None,
                "remark": _remark(member.id, table, absent),
            }
            for member in sorted(table.box.members, key=lambda member: (not member.is_chair, member.number))
        ],
    }


def _remark(member: int, table: OpenedTable, absent: Mapping[int, str]) -> str | None:
    if member in absent:
        return f"불참({absent[member]})"
    out = sum(cell.member == member and cell.mark in {"recused", "excluded", "challenged"} for cell in table.box.cells)
    return f"제척·기피·회피 {out}건 제외" if out else None


def _row(row: TableRow, plan: Plan, resolved: Mapping[str, str]) -> Json:
    rubric, digits = queries.rubric_of(plan), plan.rounding
    remarks = []
    if row.fallback is not None:
        remarks.append("유효 평가표가 적어 최고·최저를 제외하지 않음")
    if str(row.application) in resolved:
        remarks.append(f"위원회 의결: {resolved[str(row.application)]}")
    if row.waits_for_lot:
        remarks.append("동점(추첨 필요)")
    with force_locale("ko"):
        failed = [cut_name(cut, rubric) for cut, _value, _threshold in row.failed]
    return {
        "rank": row.rank,
        "application": row.number,
        "project": row.title,
        "lead": row.lead,
        "scores": [
            {
                "mark": cell.mark,
                "value": places(official_total(cell, plan), digits.sheet_total) if cell.mark == "scored" else None,
                "dropped": cell.dropped,
            }
            for cell in row.cells
        ],
        "mean": places(row.mean, digits.mean),
        "fixed": places(row.fixed, digits.final) if rubric.fixed_items else None,
        "bonus": row.bonus,
        "penalty": row.penalty,
        "final": places(row.final, digits.final),
        "passed": row.passed,
        "failed": failed,
        "remark": "; ".join(remarks) or None,
    }


def method_in_words(plan: Plan) -> str:
    """How sheets become the printed figures, in one line of Korean."""
    with force_locale("ko"):
        rules = {rule.heading: rule.sentences for rule in wording.rules(plan)}
        told = [*rules.get("점수 집계", ())[:1], *rules.get("소수 처리", ())]
    return "; ".join(told) or "산술평균함"


def ties_in_words(table: OpenedTable, plan: Plan) -> list[Json]:
    """One entry for each group that shares the ranking figure, in the order decided."""
    titles = {row.number: f"{row.number} {row.title}" for row in table.rows}
    groups: dict[frozenset[str], list[TableRow]] = {}
    for row in table.rows:
        if row.tied_with:
            groups.setdefault(frozenset((row.number, *row.tied_with)), []).append(row)
    told = []
    with force_locale("ko"):
        for rows in groups.values():
            waits = any(row.waits_for_lot for row in rows)
            keys = list(dict.fromkeys(row.tie_key for row in rows if row.tie_key is not None))
            told.append(
                {
                    "rank": min(row.rank or 0 for row in rows),
                    "applications": [titles[row.number] for row in rows],
                    "key": ", ".join(wording.tie_key(key, plan) for key in keys) or None,
                    "lot_record": None,
                    "explanation": _tie_sentence(plan, keys, waits=waits),
                }
            )
    return told


def _tie_sentence(plan: Plan, keys: Sequence[str], *, waits: bool) -> str:
    if waits:
        return "공고한 동점자 처리 기준으로 가려지지 않아 추첨이 필요함."
    if not keys:
        return "공고한 동점자 처리 기준으로 가려지지 않아 같은 순위로 함."
    return f"{wording.tie_key(keys[0], plan)}으로 순위를 가림."
