"""Issue the papers that read the whole call."""

from collections.abc import Iterator
from datetime import datetime

from sqlalchemy import select

from evalcomm.audit import evidence
from evalcomm.audit import services as audit
from evalcomm.audit.models import AuditBatch
from evalcomm.documents import services as documents
from evalcomm.documents.models import Paper
from evalcomm.foundation.actor import Actor
from evalcomm.foundation.database import db
from evalcomm.foundation.errors import Refused
from evalcomm.programs.heading import heading
from evalcomm.programs.models import Call
from evalcomm.reports import policies
from evalcomm.reports.material import gather
from evalcomm.reports.memos import memo
from evalcomm.reports.selection_report import report


def issue_decision_papers(*, call: Call, actor: Actor, at: datetime) -> list[Paper]:
    """Two editions of a memo per application and the selection report, from the adopted run. Issued again, they are new versions."""
    verdict = policies.may_issue_papers(actor, call, at)
    if not verdict.allowed:
        raise Refused.by(verdict)
    material = gather(call)
    issued = [
        documents.issue(
            kind="decision_memo",
            subject=line.application,
            edition=edition,
            title="과제별 심의결과서",
            body=memo(line, material, disclosable=edition == "disclosable"),
            actor=actor,
            at=at,
            **heading(material.call),
        )
        for line in material.lines
        for edition in ("internal", "disclosable")
    ]
    issued.append(
        documents.issue(
            kind="selection_report",
            subject=material.call,
            title="선정결과보고서",
            body=report(material),
            actor=actor,
            at=at,
            **heading(material.call),
        )
    )
    audit.record(
        verb="reports.issue", subject=call, actor=actor, at=at, detail={"papers": len(issued), "run": material.run.id}
    )
    return issued


def _printed_heads_stand() -> Iterator[evidence.Break]:
    """A report prints the chain's head of its day: what was cut off the end of the chain since then is missed there."""
    sealed = set(db.session.scalars(select(AuditBatch.batch_sha256))) | {audit.GENESIS}
    reports = select(Paper.number, Paper.model).where(Paper.kind == "selection_report").order_by(Paper.id)
    for number, model in db.session.execute(reports).yield_per(1):
        if model.get("audit_head") not in {None, *sealed}:
            yield evidence.Break("printed_head_gone", number=number)


evidence.agrees(_printed_heads_stand)
