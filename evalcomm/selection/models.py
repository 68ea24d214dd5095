"""LotRecord, AllocationRun → AllocationLine, Resolution, Approval, Announcement."""

from datetime import date
from enum import StrEnum
from typing import Any

from sqlalchemy import JSON, CheckConstraint, Date, ForeignKey, Index, String, Text, UniqueConstraint, text
from sqlalchemy.orm import Mapped, mapped_column, relationship

from evalcomm.applications.models import Application
from evalcomm.foundation.append_only import APPEND_ONLY
from evalcomm.foundation.database import Base, Id, Instant, Sha256, Won, one_of
from evalcomm.programs.models import Call, Track


class LineStatus(StrEnum):
    FUNDED = "funded"
    CUT = "cut"
    RESERVE = "reserve"
    REJECTED = "rejected"


class LotRecord(Base):
    """추첨조서: the lot that settled a tie, as drawn by hand before witnesses. Append-only."""

    __tablename__ = "lot_record"
    __table_args__ = (APPEND_ONLY,)

    id: Mapped[Id]
    track_id: Mapped[int] = mapped_column(ForeignKey("track.id"), index=True)
    method: Mapped[str] = mapped_column(String(200))
    numbers: Mapped[dict[str, int]] = mapped_column(JSON)
    """Application id (as text) → the number drawn; the smaller goes first."""
    drawn_by: Mapped[str] = mapped_column(String(120))
    witnesses: Mapped[list[str]] = mapped_column(JSON)
    drawn_at: Mapped[Instant]
    place: Mapped[str] = mapped_column(String(200), default="")
    recorded_at: Mapped[Instant]
    recorded_by_id: Mapped[int] = mapped_column(ForeignKey("user_account.id"), index=True)

    track: Mapped[Track] = relationship()


class AllocationRun(Base):
    """지원금 배분(안): one computation over all tracks of a call. Frozen once adopted; `services.adopt_run` is the only way.

    `inputs` are stored with their hash, so that anyone can compute it again; `result` is the engine's answer per track.
    """

    __tablename__ = "allocation_run"
    __table_args__ = (
        CheckConstraint("(adopted_at IS NULL) = (adopted_by_id IS NULL)", name="adopted"),
        Index(
            "uq_allocation_run_adopted",
            "call_id",
            unique=True,
            sqlite_where=text("adopted_at IS NOT NULL"),
            postgresql_where=text("adopted_at IS NOT NULL"),
        ),
    )

    id: Mapped[Id]
    call_id: Mapped[int] = mapped_column(ForeignKey("call.id"), index=True)
    made_at: Mapped[Instant]
    made_by_id: Mapped[int] = mapped_column(ForeignKey("user_account.id"), index=True)
    engine_version: Mapped[str] = mapped_column(String(20))
    inputs: Mapped[dict[str, Any]] = mapped_column(JSON)
    inputs_sha256: Mapped[Sha256]
    result: Mapped[dict[str, Any]] = mapped_column(JSON)
    result_sha256: Mapped[Sha256]
    needs_lot: Mapped[bool] = mapped_column(default=False)
    awarded_won: Mapped[Won]
    adopted_at: Mapped[Instant | None]
    adopted_by_id: Mapped[int | None] = mapped_column(ForeignKey("user_account.id"), index=True)

    call: Mapped[Call] = relationship()
    lines: Mapped[list["AllocationLine"]] = relationship(back_populates="run", order_by="AllocationLine.position")


class AllocationLine(Base):
    """What one application gets in one run, and why. Append-only."""

    __tablename__ = "allocation_line"
    __table_args__ = (
        UniqueConstraint("run_id", "application_id"),
        CheckConstraint(one_of("status", LineStatus), name="status"),
        CheckConstraint("awarded_won >= 0 AND awarded_won <= requested_won", name="award_within_request"),
        CheckConstraint("(status IN ('funded', 'cut')) = (awarded_won > 0)", name="award_status"),
        APPEND_ONLY,
    )

    id: Mapped[Id]
    run_id: Mapped[int] = mapped_column(ForeignKey("allocation_run.id"))
    position: Mapped[int]
    application_id: Mapped[int] = mapped_column(ForeignKey("application.id"), index=True)
    track_id: Mapped[int] = mapped_column(ForeignKey("track.id"), index=True)
    rank: Mapped[int | None]
    reserve_rank: Mapped[int | None]
    score: Mapped[str | None] = mapped_column(String(80))
    """The exact final score as the engine prints it; None where nothing was scored."""
    requested_won: Mapped[Won]
    awarded_won: Mapped[Won]
    status: Mapped[str] = mapped_column(String(10))
    reason: Mapped[dict[str, Any]] = mapped_column(JSON)
    """{code, ko, en}"""
    would_change: Mapped[dict[str, Any] | None] = mapped_column(JSON)

    run: Mapped[AllocationRun] = relationship(back_populates="lines")
    application: Mapped[Application] = relationship()
    track: Mapped[Track] = relationship()


class Resolution(Base):
    """의결: what the committee resolved on the adopted run. Append-only."""

    __tablename__ = "resolution"
    __table_args__ = (
        CheckConstraint("present <= enrolled AND in_favour + against + abstained = present", name="votes"),
        CheckConstraint("in_favour * 2 > present", name="majority"),
        UniqueConstraint("call_id"),
        APPEND_ONLY,
    )

    id: Mapped[Id]
    call_id: Mapped[int] = mapped_column(ForeignKey("call.id"))
    run_id: Mapped[int] = mapped_column(ForeignKey("allocation_run.id"), index=True)
    agenda_number: Mapped[str] = mapped_column(String(60))
    enrolled: Mapped[int]
    present: Mapped[int]
    in_favour: Mapped[int]
    against: Mapped[int]
    abstained: Mapped[int]
    order_text: Mapped[str] = mapped_column(Text)
    """주문."""
    reason: Mapped[str] = mapped_column(Text)
    resolved_at: Mapped[Instant]
    recorded_by_id: Mapped[int] = mapped_column(ForeignKey("user_account.id"), index=True)


class Approval(Base):
    """내부결재: approval happens in the ministry's own system; here is its record. Append-only."""

    __tablename__ = "approval"
    __table_args__ = (
        UniqueConstraint("call_id"),
        CheckConstraint("length(document_number) > 0 AND length(approver) > 0", name="filled"),
        APPEND_ONLY,
    )

    id: Mapped[Id]
    call_id: Mapped[int] = mapped_column(ForeignKey("call.id"))
    run_id: Mapped[int] = mapped_column(ForeignKey("allocation_run.id"), index=True)
    document_number: Mapped[str] = mapped_column(String(120))
    """문서번호 in the ministry's system."""
    decided_on: Mapped[date] = mapped_column(Date)
    approver: Mapped[str] = mapped_column(String(120))
    """결재권자."""
    instruction: Mapped[str] = mapped_column(Text, default="")
    """수정 지시."""
    recorded_at: Mapped[Instant]
    recorded_by_id: Mapped[int] = mapped_column(ForeignKey("user_account.id"), index=True)


class Announcement(Base):
    """통보·공표: from this moment applicants and the public may read the result. Append-only."""

    __tablename__ = "announcement"
    __table_args__ = (UniqueConstraint("call_id"), APPEND_ONLY)

    id: Mapped[Id]
    call_id: Mapped[int] = mapped_column(ForeignKey("call.id"))
    run_id: Mapped[int] = mapped_column(ForeignKey("allocation_run.id"), index=True)
    announced_at: Mapped[Instant]
    announced_by_id: Mapped[int] = mapped_column(ForeignKey("user_account.id"), index=True)
