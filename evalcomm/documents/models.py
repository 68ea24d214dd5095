"""The register of issued papers. A paper is its model; the file is a print of it."""

from typing import Any

from sqlalchemy import JSON, CheckConstraint, ForeignKey, Index, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from evalcomm.foundation.append_only import APPEND_ONLY
from evalcomm.foundation.database import Base, Id, Instant, Sha256


class Paper(Base):
    """An issued paper: number, canonical model and its hash. Never changed; a corrected paper is a new one that names the old.

    `kind` finds the registered kind (title, template, who may read); `call_id` and the subject are plain ids, since the rooms that own
    them stand above this one.
    """

    __tablename__ = "paper"
    __table_args__ = (
        CheckConstraint("edition IN ('internal', 'disclosable')", name="edition"),
        CheckConstraint("length(model_sha256) = 64", name="hashed"),
        UniqueConstraint("kind", "subject_type", "subject_id", "edition", "version"),
        Index("ix_paper_subject", "subject_type", "subject_id"),
        APPEND_ONLY,
    )

    id: Mapped[Id]
    kind: Mapped[str] = mapped_column(String(40), index=True)
    number: Mapped[str] = mapped_column(String(80), unique=True)
    """The document number printed on it."""
    title: Mapped[str] = mapped_column(String(300))
    call_id: Mapped[int | None] = mapped_column(index=True)
    subject_type: Mapped[str] = mapped_column(String(60))
    subject_id: Mapped[int]
    edition: Mapped[str] = mapped_column(String(20), default="internal")
    version: Mapped[int] = mapped_column(default=1)
    model: Mapped[dict[str, Any]] = mapped_column(JSON)
    model_sha256: Mapped[Sha256]
    verification_code: Mapped[str] = mapped_column(String(40), unique=True)
    is_demonstration: Mapped[bool] = mapped_column(default=False)
    issued_at: Mapped[Instant]
    issued_by_id: Mapped[int | None] = mapped_column(ForeignKey("user_account.id"), index=True)

    file: Mapped["PaperFile | None"] = relationship(back_populates="paper")


class PaperFile(Base):
    """The printed PDF of a paper, kept under its SHA-256."""

    __tablename__ = "paper_file"
    __table_args__ = (APPEND_ONLY,)

    paper_id: Mapped[int] = mapped_column(ForeignKey("paper.id"), primary_key=True)
    sha256: Mapped[Sha256]
    size: Mapped[int]
    printed_at: Mapped[Instant]

    paper: Mapped[Paper] = relationship(back_populates="file")


class PaperNumber(Base):
    """The last number given in a series, such as one kind of paper in one year."""

    __tablename__ = "paper_number"
    __table_args__ = (CheckConstraint("last > 0", name="positive"),)

    series: Mapped[str] = mapped_column(String(60), primary_key=True)
    last: Mapped[int]
