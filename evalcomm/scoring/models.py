"""ScoreSheet → SheetVersion; fixed points; opening; the score table and its signatures."""

from decimal import Decimal
from enum import StrEnum
from typing import Any

from sqlalchemy import JSON, CheckConstraint, ForeignKey, Index, String, Text, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from evalcomm.accounts.models import UserAccount
from evalcomm.applications.models import Application
from evalcomm.committee.models import Membership
from evalcomm.foundation.append_only import APPEND_ONLY
from evalcomm.foundation.database import Base, Id, Instant, Points, Sha256, one_of
from evalcomm.programs.models import Round, Track


class SheetState(StrEnum):
    DRAFT = "draft"
    SUBMITTED = "submitted"
    """Submitted and signed in one act: the sheet is the evaluator's word from then on."""


class Cause(StrEnum):
    """Why a version of a sheet was cut."""

    SAVED = "saved"
    SUBMITTED = "submitted"
    SIGNED_OUT = "signed_out"
    IDLE = "idle"


class ScoreSheet(Base):
    """개별 평가표: one evaluator × one application × one round. Made when the evaluator first opens it; its absence means "not started".

    `draft` is written by `services.save_draft` only, which compares `draft_tag`; `cut_tag` is the tag at which `last_version` was cut, so a
    sheet whose tags differ holds keystrokes that no version has yet.
    """

    __tablename__ = "score_sheet"
    __table_args__ = (
        UniqueConstraint("round_id", "application_id", "membership_id"),
        CheckConstraint(one_of("state", SheetState), name="state"),
        CheckConstraint("(state = 'submitted') = (submitted_at IS NOT NULL)", name="submitted"),
        CheckConstraint("(submitted_at IS NULL) = (submitted_version IS NULL)", name="submitted_version"),
        CheckConstraint("reopened_at IS NULL OR length(reopened_reason) > 0", name="reopened_reason"),
        Index("ix_score_sheet_uncut", "state", "changed_at"),
    )

    id: Mapped[Id]
    round_id: Mapped[int] = mapped_column(ForeignKey("round.id"))
    application_id: Mapped[int] = mapped_column(ForeignKey("application.id"), index=True)
    membership_id: Mapped[int] = mapped_column(ForeignKey("membership.id"), index=True)
    state: Mapped[str] = mapped_column(String(10), default=SheetState.DRAFT)
    draft: Mapped[dict[str, Any]] = mapped_column(JSON, default=dict)
    """{"items": {id: {"entry": grade name or points or "yes"/"no", "comment": …}}, "opinion": …}; an item without an entry is not scored."""
    draft_tag: Mapped[int] = mapped_column(default=1)
    cut_tag: Mapped[int] = mapped_column(default=1)
    last_version: Mapped[int] = mapped_column(default=0)
    changed_at: Mapped[Instant]
    submitted_version: Mapped[int | None]
    submitted_at: Mapped[Instant | None]
    reopened_at: Mapped[Instant | None]
    """재작성 허용."""
    reopened_reason: Mapped[str] = mapped_column(Text, default="")

    application: Mapped[Application] = relationship()
    membership: Mapped[Membership] = relationship()
    round: Mapped[Round] = relationship()
    versions: Mapped[list["SheetVersion"]] = relationship(back_populates="sheet", order_by="SheetVersion.version")


class SheetVersion(Base):
    """A sheet as it was when it was saved or submitted. `points` in it are exact decimals as text, per item and in total. Append-only.

    `content` carries a nonce: its hash stands in the trail and on receipts, and a sheet has so few possible contents that without it
    anybody could find the scores by trying.
    """

    __tablename__ = "sheet_version"
    __table_args__ = (
        UniqueConstraint("sheet_id", "version"),
        CheckConstraint(one_of("cause", Cause), name="cause"),
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
    """정량·가점·감점: entered by the secretariat for an application, with evidence. Penalties are negative. Append-only: the last version counts."""

    __tablename__ = "fixed_points"
    __table_args__ = (
        UniqueConstraint("application_id", "item", "version"),
        CheckConstraint("length(evidence) > 0", name="evidence"),
        APPEND_ONLY,
    )

    id: Mapped[Id]
    application_id: Mapped[int] = mapped_column(ForeignKey("application.id"))
    item: Mapped[str] = mapped_column(String(60))
    version: Mapped[int] = mapped_column(default=1)
    points: Mapped[Decimal] = mapped_column(Points)
    evidence: Mapped[str] = mapped_column(Text)
    entered_at: Mapped[Instant]
    entered_by_id: Mapped[int] = mapped_column(ForeignKey("user_account.id"), index=True)

    entered_by: Mapped[UserAccount] = relationship()


class OpeningRequest(Base):
    """What one person asks to open: the box, listed by hashes without a figure. Another account confirms exactly this box, or nobody does."""

    __tablename__ = "opening_request"
    __table_args__ = (Index("ix_opening_request_track", "track_id", "round_id"), APPEND_ONLY)

    id: Mapped[Id]
    track_id: Mapped[int] = mapped_column(ForeignKey("track.id"))
    round_id: Mapped[int] = mapped_column(ForeignKey("round.id"), index=True)
    box: Mapped[dict[str, Any]] = mapped_column(JSON)
    """{"applications": […], "members": […], "cells": […], "fixed": […]}; see `box.Box`."""
    sha256: Mapped[Sha256]
    requested_at: Mapped[Instant]
    requested_by_id: Mapped[int] = mapped_column(ForeignKey("user_account.id"), index=True)

    requested_by: Mapped[UserAccount] = relationship()
    track: Mapped[Track] = relationship()


class Opening(Base):
    """점수 개봉: from this moment the figures of a track and round may be read. Once, for good; opened by one person, witnessed by another.

    The figures are those of the request's box and stay so: nothing that is filed, entered or withdrawn later changes them.
    """

    __tablename__ = "opening"
    __table_args__ = (
        UniqueConstraint("track_id", "round_id"),
        UniqueConstraint("request_id"),
        CheckConstraint("opened_by_id <> witness_id", name="two_people"),
        APPEND_ONLY,
    )

    id: Mapped[Id]
    track_id: Mapped[int] = mapped_column(ForeignKey("track.id"))
    round_id: Mapped[int] = mapped_column(ForeignKey("round.id"), index=True)
    request_id: Mapped[int] = mapped_column(ForeignKey("opening_request.id"))
    opened_at: Mapped[Instant]
    opened_by_id: Mapped[int] = mapped_column(ForeignKey("user_account.id"), index=True)
    witness_id: Mapped[int] = mapped_column(ForeignKey("user_account.id"), index=True)

    track: Mapped[Track] = relationship()
    request: Mapped[OpeningRequest] = relationship(lazy="joined")
    opened_by: Mapped[UserAccount] = relationship(foreign_keys=[opened_by_id])
    witness: Mapped[UserAccount] = relationship(foreign_keys=[witness_id])


class ScoreTable(Base):
    """종합집계표: the figures as closed by the chair, with the hashes of every sheet in it. No official allocation before. Append-only."""

    __tablename__ = "score_table"
    __table_args__ = (
        UniqueConstraint("track_id", "round_id"),
        CheckConstraint("length(remark) > 0", name="remark"),
        APPEND_ONLY,
    )

    id: Mapped[Id]
    track_id: Mapped[int] = mapped_column(ForeignKey("track.id"))
    round_id: Mapped[int] = mapped_column(ForeignKey("round.id"), index=True)
    content: Mapped[dict[str, Any]] = mapped_column(JSON)
    """{"figures": what was signed, "signatures": […], "absent": […], "resolved": {…}}"""
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
    __table_args__ = (
        UniqueConstraint("track_id", "round_id", "membership_id", "content_sha256", name="uq_table_signature_once"),
        APPEND_ONLY,
    )

    id: Mapped[Id]
    track_id: Mapped[int] = mapped_column(ForeignKey("track.id"))
    round_id: Mapped[int] = mapped_column(ForeignKey("round.id"), index=True)
    membership_id: Mapped[int] = mapped_column(ForeignKey("membership.id"), index=True)
    content_sha256: Mapped[Sha256]
    """What was signed: a table with other figures needs new signatures."""
    signed_at: Mapped[Instant]

    membership: Mapped[Membership] = relationship()
