"""Ordered reads of the trail."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import Select, func, select

from evalcomm.audit.models import AccessLog, AuditBatch, AuditEntry, AuditSeal
from evalcomm.foundation.database import db

PAGE = 100
RECENT = timedelta(days=7)


def _filtered(verb: str, actor_id: int | None) -> Select[AuditEntry, int]:
    query = select(AuditEntry, AuditSeal.batch_id).outerjoin(AuditSeal, AuditSeal.entry_id == AuditEntry.id)
    if verb:
        query = query.where(AuditEntry.verb.startswith(verb, autoescape=True))
    if actor_id is not None:
        query = query.where(AuditEntry.actor_id == actor_id)
    return query


def trail(*, verb: str, actor_id: int | None, page: int) -> tuple[Sequence[Any], int]:
    """One page, newest first, and how many pages there are."""
    query = _filtered(verb, actor_id)
    total = db.session.scalar(select(func.count()).select_from(query.subquery())) or 0
    rows = db.session.execute(query.order_by(AuditEntry.id.desc()).limit(PAGE).offset((page - 1) * PAGE)).all()
    return rows, max(1, -(-total // PAGE))


def reads(page: int) -> tuple[Sequence[AccessLog], int]:
    total = db.session.scalar(select(func.count()).select_from(AccessLog)) or 0
    rows = db.session.scalars(
        select(AccessLog).order_by(AccessLog.id.desc()).limit(PAGE).offset((page - 1) * PAGE)
    ).all()
    return rows, max(1, -(-total // PAGE))


@dataclass(frozen=True, slots=True)
class Overview:
    """`refused` and `read` count the last seven days."""

    sealed_at: datetime | None
    unsealed: int
    refused: int
    read: int


def overview(at: datetime) -> Overview:
    unsealed = (
        select(func.count())
        .select_from(AuditEntry)
        .outerjoin(AuditSeal, AuditSeal.entry_id == AuditEntry.id)
        .where(AuditSeal.entry_id.is_(None))
    )
    refused = (
        select(func.count()).select_from(AuditEntry).where(AuditEntry.outcome == "refused", AuditEntry.at > at - RECENT)
    )
    read = select(func.count()).select_from(AccessLog).where(AccessLog.at > at - RECENT)
    last = select(func.max(AuditBatch.sealed_at))
    row = db.session.execute(
        select(last.scalar_subquery(), unsealed.scalar_subquery(), refused.scalar_subquery(), read.scalar_subquery())
    ).one()
    return Overview(*row)
