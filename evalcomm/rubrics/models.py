"""Stored versions of rubrics and plans."""

from typing import Any

from sqlalchemy import JSON, ForeignKey, String, Text, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from evalcomm.foundation.append_only import APPEND_ONLY
from evalcomm.foundation.database import Base, Id, Instant, Sha256
from evalcomm.foundation.errors import register_constraint


class RubricVersion(Base):
    """평가표. `source` is the TOML file as written; `content` is what the seal covers, so that anybody can recompute `sha256` from it."""

    __tablename__ = "rubric_version"
    __table_args__ = (UniqueConstraint("rubric_id", "version"), APPEND_ONLY)

    id: Mapped[Id]
    rubric_id: Mapped[str] = mapped_column(String(80))
    version: Mapped[int]
    title: Mapped[str] = mapped_column(String(200))
    source: Mapped[str] = mapped_column(Text)
    content: Mapped[dict[str, Any]] = mapped_column(JSON)
    sha256: Mapped[Sha256]
    created_at: Mapped[Instant]
    created_by_id: Mapped[int | None] = mapped_column(ForeignKey("user_account.id"), index=True)


class PlanVersion(Base):
    """평가계획 with the rubric that it uses. `sha256` is its seal, printed in the notice of call; `source` and `content` as in RubricVersion.

    The same plan may go with several rubrics; with each of them it is a version of its own, since the seal covers both.
    """

    __tablename__ = "plan_version"
    __table_args__ = (UniqueConstraint("plan_id", "version", "rubric_version_id"), APPEND_ONLY)

    id: Mapped[Id]
    plan_id: Mapped[str] = mapped_column(String(80))
    version: Mapped[int]
    title: Mapped[str] = mapped_column(String(200))
    rubric_version_id: Mapped[int] = mapped_column(ForeignKey("rubric_version.id"), index=True)
    source: Mapped[str] = mapped_column(Text)
    content: Mapped[dict[str, Any]] = mapped_column(JSON)
    sha256: Mapped[Sha256]
    created_at: Mapped[Instant]
    created_by_id: Mapped[int | None] = mapped_column(ForeignKey("user_account.id"), index=True)

    rubric: Mapped[RubricVersion] = relationship(lazy="joined")


register_constraint(
    "uq_rubric_version_rubric_id_version",
    "rubric_version_taken",
    unique="rubric_version.rubric_id, rubric_version.version",
)
register_constraint(
    "uq_plan_version_plan_id_version_rubric_version_id",
    "plan_version_taken",
    unique="plan_version.plan_id, plan_version.version, plan_version.rubric_version_id",
)
