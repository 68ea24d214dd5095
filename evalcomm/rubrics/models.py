"""Stored versions of rubrics and plans."""

from typing import Any

from sqlalchemy import JSON, ForeignKey, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from evalcomm.foundation.append_only import APPEND_ONLY
from evalcomm.foundation.database import Base, Id, Instant, Sha256


class RubricVersion(Base):
    """A rubric as the engine reads it: `content` is the table of the TOML file."""

    __tablename__ = "rubric_version"
    __table_args__ = (UniqueConstraint("rubric_id", "version", "sha256"), APPEND_ONLY)

    id: Mapped[Id]
    rubric_id: Mapped[str] = mapped_column(String(80))
    version: Mapped[int]
    title: Mapped[str] = mapped_column(String(200))
    content: Mapped[dict[str, Any]] = mapped_column(JSON)
    sha256: Mapped[Sha256]
    created_at: Mapped[Instant]
    created_by_id: Mapped[int | None] = mapped_column(ForeignKey("user_account.id"), index=True)


class PlanVersion(Base):
    """An evaluation plan with the rubric that it uses. `sha256` is its seal, printed in the notice of call."""

    __tablename__ = "plan_version"
    __table_args__ = (UniqueConstraint("plan_id", "version", "sha256"), APPEND_ONLY)

    id: Mapped[Id]
    plan_id: Mapped[str] = mapped_column(String(80))
    version: Mapped[int]
    title: Mapped[str] = mapped_column(String(200))
    rubric_version_id: Mapped[int] = mapped_column(ForeignKey("rubric_version.id"), index=True)
    content: Mapped[dict[str, Any]] = mapped_column(JSON)
    sha256: Mapped[Sha256]
    created_at: Mapped[Instant]
    created_by_id: Mapped[int | None] = mapped_column(ForeignKey("user_account.id"), index=True)

    rubric: Mapped[RubricVersion] = relationship(lazy="joined")
