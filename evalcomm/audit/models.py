"""Entries, the batches that seal them, and the log of reads."""

from typing import Any

from sqlalchemy import JSON, CheckConstraint, ForeignKey, Index, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from evalcomm.foundation.append_only import APPEND_ONLY
from evalcomm.foundation.database import Base, Id, Instant, Sha256


class AuditEntry(Base):
    """One act or one refusal. `entry_sha256` covers every other column but the id, which the database gives."""

    __tablename__ = "audit_entry"
    __table_args__ = (
        CheckConstraint("outcome IN ('done', 'refused')", name="outcome"),
        Index("ix_audit_entry_subject", "subject_type", "subject_id"),
        APPEND_ONLY,
    )

    id: Mapped[Id]
    at: Mapped[Instant]
    actor_id: Mapped[int | None]
    """The person's id, without a foreign key: the trail outlives the account."""
    actor_part: Mapped[str] = mapped_column(String(80), default="")
    """The part of the system, when no person acted."""
    address: Mapped[str] = mapped_column(String(80), default="")
    request_id: Mapped[str] = mapped_column(String(40), default="")
    verb: Mapped[str] = mapped_column(String(80), index=True)
    subject_type: Mapped[str] = mapped_column(String(80), default="")
    subject_id: Mapped[int | None]
    outcome: Mapped[str] = mapped_column(String(10), default="done")
    detail: Mapped[dict[str, Any]] = mapped_column(JSON, default=dict)
    entry_sha256: Mapped[Sha256]


class AuditBatch(Base):
    """A link of the chain: SHA-256 over the previous link and the hashes of its entries in order."""

    __tablename__ = "audit_batch"
    __table_args__ = (UniqueConstraint("previous_sha256"), APPEND_ONLY)

    id: Mapped[Id]
    sealed_at: Mapped[Instant]
    entries: Mapped[int]
    previous_sha256: Mapped[Sha256]
    batch_sha256: Mapped[Sha256]


class AuditSeal(Base):
    """The place of one entry in one batch."""

    __tablename__ = "audit_seal"
    __table_args__ = (UniqueConstraint("batch_id", "position"), APPEND_ONLY)

    entry_id: Mapped[int] = mapped_column(ForeignKey("audit_entry.id"), primary_key=True)
    batch_id: Mapped[int] = mapped_column(ForeignKey("audit_batch.id"))
    position: Mapped[int]


class AccessLog(Base):
    """Who read whose personal data or a sealed paper: kept two years, then removed by `services.expire_access_log`."""

    __tablename__ = "access_log"
    __table_args__ = (Index("ix_access_log_at", "at"),)

    id: Mapped[Id]
    at: Mapped[Instant]
    actor_id: Mapped[int | None]
    address: Mapped[str] = mapped_column(String(80), default="")
    request_id: Mapped[str] = mapped_column(String(40), default="")
    action: Mapped[str] = mapped_column(String(80))
    subject_type: Mapped[str] = mapped_column(String(80))
    subject_id: Mapped[int | None]
