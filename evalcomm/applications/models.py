"""Application, its partners, budget and attachments; immutable submissions; screening."""

from datetime import date
from enum import StrEnum
from typing import Any

from sqlalchemy import JSON, CheckConstraint, Date, ForeignKey, Index, String, Text, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from evalcomm.accounts.models import Organisation
from evalcomm.foundation.append_only import APPEND_ONLY
from evalcomm.foundation.database import Base, Id, Instant, Sha256, Won, one_of
from evalcomm.programs.models import Call, Project, Track


class ApplicationState(StrEnum):
    DRAFT = "draft"
    SUBMITTED = "submitted"
    WITHDRAWN = "withdrawn"


class FundingSource(StrEnum):
    """재원. Allocation divides NATIONAL only."""

    NATIONAL = "national"
    PROVINCE = "province"
    MUNICIPALITY = "municipality"
    INSTITUTION = "institution"
    PRIVATE = "private"


class ScreeningVerdict(StrEnum):
    ELIGIBLE = "eligible"
    SUPPLEMENT = "supplement"
    INELIGIBLE = "ineligible"


class Application(Base):
    """신청서. `draft` is what the applicant is typing: section → {"tag", "fields"}, kept whatever it says and saved by compare-and-set on the
    section's tag. Every other fact is that of the last submission, written by `services.submit_application` only, so that nobody reads half a
    change: `requested_won` (국비 신청액) and `total_won` (총사업비) are the sums of its budget lines; `number` (접수번호) is given at the first
    submission and stays.
    """

    __tablename__ = "application"
    __table_args__ = (
        CheckConstraint(one_of("state", ApplicationState), name="state"),
        CheckConstraint("state = 'draft' OR (submitted_at IS NOT NULL AND number IS NOT NULL)", name="submitted"),
        CheckConstraint("(state = 'withdrawn') = (withdrawn_at IS NOT NULL)", name="withdrawn"),
        CheckConstraint("requested_won >= 0 AND requested_won <= total_won", name="amounts"),
        CheckConstraint("period_from IS NULL OR period_to IS NULL OR period_from <= period_to", name="period"),
        Index("ix_application_call", "call_id", "state"),
    )

    id: Mapped[Id]
    call_id: Mapped[int] = mapped_column(ForeignKey("call.id"))
    track_id: Mapped[int] = mapped_column(ForeignKey("track.id"), index=True)
    project_id: Mapped[int] = mapped_column(ForeignKey("project.id"), index=True)
    number: Mapped[str | None] = mapped_column(String(60), unique=True)
    title: Mapped[str] = mapped_column(String(200))
    lead_organisation_id: Mapped[int] = mapped_column(ForeignKey("organisation.id"), index=True)
    owner_id: Mapped[int] = mapped_column(ForeignKey("user_account.id"), index=True)
    state: Mapped[str] = mapped_column(String(10), default=ApplicationState.DRAFT)
    period_from: Mapped[date | None] = mapped_column(Date)
    period_to: Mapped[date | None] = mapped_column(Date)
    narrative: Mapped[dict[str, str]] = mapped_column(JSON, default=dict)
    """Section id → text."""
    requested_won: Mapped[Won] = mapped_column(default=0)
    total_won: Mapped[Won] = mapped_column(default=0)
    draft: Mapped[dict[str, Any]] = mapped_column(JSON, default=dict)
    draft_sha256: Mapped[str] = mapped_column(String(64), default="")
    """Of the draft as it was when it was submitted: another hash now means changes that are not submitted yet."""
    created_at: Mapped[Instant]
    changed_at: Mapped[Instant]
    submitted_at: Mapped[Instant | None]
    withdrawn_at: Mapped[Instant | None]

    call: Mapped[Call] = relationship()
    track: Mapped[Track] = relationship()
    project: Mapped[Project] = relationship()
    lead: Mapped[Organisation] = relationship()
    partners: Mapped[list["Partner"]] = relationship(
        back_populates="application", order_by="Partner.position", cascade="all, delete-orphan"
    )
    budget: Mapped[list["BudgetLine"]] = relationship(
        back_populates="application", order_by="BudgetLine.position", cascade="all, delete-orphan"
    )
    attachments: Mapped[list["Attachment"]] = relationship(back_populates="application", order_by="Attachment.id")
    submissions: Mapped[list["Submission"]] = relationship(back_populates="application", order_by="Submission.version")
    screening: Mapped["Screening | None"] = relationship(back_populates="application")


class Partner(Base):
    """참여기관."""

    __tablename__ = "application_partner"
    __table_args__ = (UniqueConstraint("application_id", "organisation_id"),)

    id: Mapped[Id]
    application_id: Mapped[int] = mapped_column(ForeignKey("application.id"))
    organisation_id: Mapped[int] = mapped_column(ForeignKey("organisation.id"), index=True)
    position: Mapped[int]
    duty: Mapped[str] = mapped_column(String(200), default="")

    application: Mapped[Application] = relationship(back_populates="partners")
    organisation: Mapped[Organisation] = relationship(lazy="joined")


class BudgetLine(Base):
    """One amount: what it is for, in which year, from which source."""

    __tablename__ = "budget_line"
    __table_args__ = (
        UniqueConstraint("application_id", "year", "item", "source"),
        CheckConstraint("won >= 0", name="won"),
        CheckConstraint("year BETWEEN 2000 AND 2100", name="year"),
        CheckConstraint(one_of("source", FundingSource), name="source"),
    )

    id: Mapped[Id]
    application_id: Mapped[int] = mapped_column(ForeignKey("application.id"))
    position: Mapped[int]
    year: Mapped[int]
    item: Mapped[str] = mapped_column(String(120))
    source: Mapped[str] = mapped_column(String(20))
    won: Mapped[Won]

    application: Mapped[Application] = relationship(back_populates="budget")


class Attachment(Base):
    """A file of an application. The bytes lie in the store under `sha256`; the name is only a label. Removed = not part of later versions."""

    __tablename__ = "attachment"
    __table_args__ = (CheckConstraint("size > 0", name="size"), Index("ix_attachment_application", "application_id"))

    id: Mapped[Id]
    application_id: Mapped[int] = mapped_column(ForeignKey("application.id"))
    kind: Mapped[str] = mapped_column(String(40))
    filename: Mapped[str] = mapped_column(String(255))
    media_type: Mapped[str] = mapped_column(String(120))
    size: Mapped[int]
    sha256: Mapped[Sha256]
    uploaded_at: Mapped[Instant]
    uploaded_by_id: Mapped[int] = mapped_column(ForeignKey("user_account.id"), index=True)
    removed_at: Mapped[Instant | None]

    application: Mapped[Application] = relationship(back_populates="attachments")


class Submission(Base):
    """A version of an application as the server received it, complete. Append-only; the last one counts."""

    __tablename__ = "submission"
    __table_args__ = (UniqueConstraint("application_id", "version"), APPEND_ONLY)

    id: Mapped[Id]
    application_id: Mapped[int] = mapped_column(ForeignKey("application.id"))
    version: Mapped[int]
    received_at: Mapped[Instant]
    content: Mapped[dict[str, Any]] = mapped_column(JSON)
    """Everything, with the names and hashes of the files."""
    sha256: Mapped[Sha256]
    submitted_by_id: Mapped[int] = mapped_column(ForeignKey("user_account.id"), index=True)

    application: Mapped[Application] = relationship(back_populates="submissions")


class Screening(Base):
    """요건검토: whether the formal requirements are met, with the reason."""

    __tablename__ = "screening"
    __table_args__ = (
        CheckConstraint(one_of("verdict", ScreeningVerdict), name="verdict"),
        CheckConstraint("verdict = 'eligible' OR length(reason) > 0", name="reason"),
    )

    application_id: Mapped[int] = mapped_column(ForeignKey("application.id"), primary_key=True)
    verdict: Mapped[str] = mapped_column(String(12))
    reason: Mapped[str] = mapped_column(Text, default="")
    decided_at: Mapped[Instant]
    decided_by_id: Mapped[int] = mapped_column(ForeignKey("user_account.id"), index=True)

    application: Mapped[Application] = relationship(back_populates="screening")
