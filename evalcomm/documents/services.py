"""Issue a paper: number, canonical model, hash, and a job that prints it."""

import base64
import secrets
from collections.abc import Iterator, Mapping
from datetime import UTC, datetime
from typing import Any

from flask import current_app
from sqlalchemy import select, text

from evalcomm.audit import evidence
from evalcomm.audit import services as audit
from evalcomm.config import Settings
from evalcomm.documents import kinds, papers, queries
from evalcomm.documents.models import Paper
from evalcomm.foundation import outbox
from evalcomm.foundation.actor import Actor
from evalcomm.foundation.clock import in_seoul
from evalcomm.foundation.database import canonical_sha256, db

PRINT = "documents.print"


def issue(
    *,
    kind: str,
    subject: Any,
    body: Mapping[str, Any],
    title: str,
    issuer: str,
    program: str,
    call: str,
    call_id: int | None,
    is_demonstration: bool,
    actor: Actor,
    at: datetime,
    edition: str = "internal",
) -> Paper:
    """Give the next number, complete the model with what every paper carries, keep it, and ask the worker for the print.

    `body` is the model of `papers` without the common keys. Issued again for the same subject, it is a new version with a new number.
    """
    paper_kind = kinds.get(kind)
    settings: Settings = current_app.extensions["settings"]
    code = base64.b32encode(secrets.token_bytes(10)).decode("ascii")
    model: dict[str, Any] = {
        **body,
        "number": _next_number(paper_kind.series, at),
        "title": title,
        "issued_at": at.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%SZ"),
        "issuer": issuer,
        "verify_url": f"{settings.public_url}/verify/{code}",
        "is_demonstration": is_demonstration,
        "edition": edition,
        "program": program,
        "call": call,
    }
    papers.check(kind, model)
    paper = Paper(
        kind=kind,
        number=model["number"],
        title=title,
        call_id=call_id,
        subject_type=subject.__tablename__,
        subject_id=subject.id,
        edition=edition,
        version=queries.last_version(kind, subject.__tablename__, subject.id, edition) + 1,
        model=model,
        model_sha256=canonical_sha256(model),
        verification_code=code,
        is_demonstration=is_demonstration,
        issued_at=at,
        issued_by_id=actor.user_id,
    )
    db.session.add(paper)
    db.session.flush()
    outbox.enqueue(task=PRINT, key=str(paper.id), payload={"paper_id": paper.id}, at=at)
    audit.record(
        verb="documents.issue",
        subject=paper,
        actor=actor,
        at=at,
        detail={"kind": kind, "model_sha256": paper.model_sha256},
    )
    return paper


def _next_number(series: str, at: datetime) -> str:
    """series-year-0001; the row is held to the end of the transaction, so no number is given twice or left out, nor by two that are first."""
    name = f"{series}-{in_seoul(at).year}"
    number = db.session.execute(_NEXT_NUMBER, {"series": name}).scalar_one()
    return f"{name}-{number:04d}"


_NEXT_NUMBER = text(
    "INSERT INTO paper_number (series, last) VALUES (:series, 1) "
    "ON CONFLICT (series) DO UPDATE SET last = paper_number.last + 1 RETURNING last"
)
"""Both databases speak it. SQLAlchemy has it for each of them apart, which would be the same statement twice."""


def _kept() -> Iterator[evidence.Kept]:
    rows = select(Paper.id, Paper.number, Paper.model_sha256, Paper.model)
    for row in db.session.execute(rows.order_by(Paper.id)).yield_per(evidence.AT_ONCE):
        yield evidence.Kept(("paper", row.id), row.model_sha256, canonical_sha256(row.model), note=row.number)


evidence.keeps("documents.issue", key="model_sha256", rows=_kept)
