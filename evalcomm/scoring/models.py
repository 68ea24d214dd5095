"""ScoreSheet → SheetVersion; fixed points; opening; the score table and its signatures."""

from decimal import Decimal
from enum import StrEnum
from typing import Any

from sqlalchemy import JSON, CheckConstraint, ForeignKey, String, Text, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from evalcomm.applications.models import Application
from evalcomm.committee.models import Membership
from evalcomm.foundation.append_only import APPEND_ONLY
from evalcomm.foundation.database import Base, Id, Instant, Points, Sha256, one_of
from evalcomm.programs.models import Round, Track


class SheetState(StrEnum):
    DRAFT = "draft"
    SUBMITTED = "submitted"
    """Submitted and signed in one act: the sheet is the evaluator's word from then on."""


class ScoreSheet(Base):
    """개별 평가표: one evaluator × one application × one round. Made when the evaluator first opens it; its absence means "not started"."""

    __tablename__ = "score_sheet"
    __table_args__ = (
        UniqueConstraint("round_id", "application_id", "membership_id"),
        CheckConstraint(one_of("state", SheetState), name="state"),
        CheckConstraint("(state = 'submitted') = (submitted_at IS NOT NULL)", name="submitted"),
        CheckConstraint("(submitted_at IS NULL) = (submitted_version IS NULL)", name="submitted_version"),
    )

    id: Mapped[Id]
    round_id: Mapped[int] = mapped_column(ForeignKey("round.id"))
    application_id: Mapped[int] = mapped_column(ForeignKey("application.id"), index=True)
    membership_id: Mapped[int] = mapped_column(ForeignKey("membership.id"), index=True)
    state: Mapped[str] = mapped_column(String(10), default=SheetState.DRAFT)
    draft: Mapped[dict[str, Any]] = mapped_column(JSON, default=dict)
    """{"items": {id: {"entry": grade name or points or "yes"/"no", "comment": …}}, "opinion": …}; an item without an entry is not scored."""
    draft_tag: Mapped[int] = mapped_column(default=1)
    changed_at: Mapped[Instant]
    submitted_version: Mapped[int | None]
    submitted_at: Mapped[Instant | None]

    application: Mapped[Application] = relationship()
    membership: Mapped[Membership] = relationship()
    round: Mapped[Round] = relationship()
    versions: Mapped[list["SheetVersion"]] = relationship(back_populates="sheet", order_by="SheetVersion.version")


class SheetVersion(Base):
    """A sheet as it was at a save or a submission. `points` are exact decimals as text, per item and in total. Append-only."""

    __tablename__ = "sheet_version"
    __table_args__ = (
        UniqueConstraint("sheet_id", "version"),
        CheckConstraint("cause IN ('saved', 'submitted', 'signed_out', 'idle')", name="cause"),
        APPEND_ONLY,
    )

    id: Mapped[Id]
    sheet_id: Mapped[int] = mapped_column(ForeignKey("score_sheet.id"))
    version: Mapped[int]
    cause: Mapped[str] = mapped_column(String(12))
    content: Mapped[dict[str, Any]] = mapped_column(JSON)
    sha256: Mapped[Sha256]
    made_at: Mapped[Instant]
    made_by_id: Mapped[int] = mapped_column(ForeignKey("user_account.id"), index=True)

    sheet: Mapped[ScoreSheet] = relationship(back_populates="versions")


class FixedPoints(Base):
    """정량·가점·감점: entered once per application by the secretariat, with evidence. Penalties are negative."""

    __tablename__ = "fixed_points"
    __table_args__ = (
        UniqueConstraint("application_id", "item"),
        CheckConstraint("length(evidence) > 0", name="evidence"),
    )

    id: Mapped[Id]
    application_id: Mapped[int] = mapped_column(ForeignKey("application.id"))
    item: Mapped[str] = mapped_column(String(60))
    points: Mapped[Decimal] = mapped_column(Points)
    evidence: Mapped[str] = mapped_column(Text)
    entered_at: Mapped[Instant]
    entered_by_id: Mapped[int] = mapped_column(ForeignKey("user_account.id"), index=True)


class Opening(Base):
    """점수 개봉: from this moment the figures of a track and round may be read. Once, for good; opened by one person, witnessed by another."""

    __tablename__ = "opening"
    __table_args__ = (
        UniqueConstraint("track_id", "round_id"),
        CheckConstraint("opened_by_id <> witness_id", name="two_people"),
        APPEND_ONLY,
    )

    id: Mapped[Id]
    track_id: Mapped[int] = mapped_column(ForeignKey("track.id"))
    round_id: Mapped[int] = mapped_column(ForeignKey("round.id"), index=True)
    opened_at: Mapped[Instant]
    opened_by_id: Mapped[int] = mapped_column(ForeignKey("user_account.id"), index=True)
    witness_id: Mapped[int] = mapped_column(ForeignKey("user_account.id"), index=True)

    track: Mapped[Track] = relationship()


class ScoreTable(Base):
    """종합집계표: the figures as closed by the chair, with the hashes of every sheet in it. No official allocation before. Append-only."""

    __tablename__ = "score_table"
    __table_args__ = (UniqueConstraint("track_id", "round_id"), APPEND_ONLY)

    id: Mapped[Id]
    track_id: Mapped[int] = mapped_column(ForeignKey("track.id"))
    round_id: Mapped[int] = mapped_column(ForeignKey("round.id"), index=True)
    content: Mapped[dict[str, Any]] = mapped_column(JSON)
    sha256: Mapped[Sha256]
    remark: Mapped[str] = mapped_column(Text)
    """총평."""
    closed_at: Mapped[Instant]
    closed_by_id: Mapped[int] = mapped_column(ForeignKey("membership.id"), index=True)

    track: Mapped[Track] = relationship()
    round: Mapped[Round] = relationship()
    closed_by: Mapped[Membership] = relationship()


class TableSignature(Base):
    """A member's signature under the figures of a track and round, before the chair closes the table."""

    __tablename__ = "table_signature"
    __table_args__ = (UniqueConstraint("track_id", "round_id", "membership_id"), APPEND_ONLY)

    id: Mapped[Id]
    track_id: Mapped[int] = mapped_column(ForeignKey("track.id"))
    round_id: Mapped[int] = mapped_column(ForeignKey("round.id"), index=True)
    membership_id: Mapped[int] = mapped_column(ForeignKey("membership.id"), index=True)
    content_sha256: Mapped[Sha256]
    """What was signed; a table whose figures changed since needs new signatures."""
    signed_at: Mapped[Instant]

    membership: Mapped[Membership] = relationship()
