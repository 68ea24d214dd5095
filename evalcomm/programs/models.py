"""Program → Task → Project, and Call → Track, Round, Phase, CallVersion."""

from datetime import date
from enum import StrEnum
from typing import Any

from sqlalchemy import JSON, CheckConstraint, Date, ForeignKey, Index, Integer, String, Text, UniqueConstraint, text
from sqlalchemy.orm import Mapped, mapped_column, relationship

from evalcomm.accounts.models import Organisation
from evalcomm.foundation.append_only import APPEND_ONLY
from evalcomm.foundation.database import Base, Id, Instant, Sha256, Won, one_of
from evalcomm.rubrics.models import PlanVersion


class CallKind(StrEnum):
    FUNDING = "funding"
    AWARDS = "awards"


class CallState(StrEnum):
    DRAFT = "draft"
    PUBLISHED = "published"
    CANCELLED = "cancelled"


class PhaseKind(StrEnum):
    APPLICATION = "application"
    SCREENING = "screening"
    DECLARATION = "declaration"
    SCORING = "scoring"
    DELIBERATION = "deliberation"


class Right(StrEnum):
    """What a phase may grant."""

    SUBMIT = "may_submit"
    SCORE = "may_score"
    SEE_APPLICANT_NAMES = "members_see_applicant_names"
    SEE_FIGURES = "secretariat_sees_figures"


class Visibility(StrEnum):
    """When members of a committee see one another's scores."""

    NEVER = "never"
    AFTER_OWN = "after_own"
    ALWAYS = "always"


class Program(Base):
    """The fund. `source` holds the file it was loaded from, word for word; authority and legal basis are as named at the time."""

    __tablename__ = "program"
    __table_args__ = (CheckConstraint("budget_won >= 0", name="budget"),)

    id: Mapped[Id]
    code: Mapped[str] = mapped_column(String(80), unique=True)
    name: Mapped[str] = mapped_column(String(200))
    name_is_working_title: Mapped[bool] = mapped_column(default=False)
    purpose: Mapped[str] = mapped_column(Text, default="")
    authority: Mapped[list[str]] = mapped_column(JSON, default=list)
    """Ministries, as named at the time."""
    legal_basis: Mapped[str] = mapped_column(Text, default="")
    fiscal_year: Mapped[int | None]
    budget_won: Mapped[Won]
    budget_as_printed: Mapped[str] = mapped_column(String(80), default="")
    source: Mapped[dict[str, Any]] = mapped_column(JSON)
    source_text: Mapped[str] = mapped_column(Text, default="")
    source_sha256: Mapped[Sha256]
    """Of the file's bytes."""
    created_at: Mapped[Instant]

    tasks: Mapped[list["Task"]] = relationship(back_populates="program", order_by="Task.number")
    calls: Mapped[list["Call"]] = relationship(back_populates="program", order_by="Call.id")


class Task(Base):
    """협업과제: one of the collaborative tasks."""

    __tablename__ = "task"
    __table_args__ = (UniqueConstraint("program_id", "number"),)

    id: Mapped[Id]
    program_id: Mapped[int] = mapped_column(ForeignKey("program.id"))
    number: Mapped[int]
    innovation_city: Mapped[str] = mapped_column(String(80))
    title: Mapped[str] = mapped_column(String(200))
    lead_printed: Mapped[str] = mapped_column(String(120))
    lead_organisation_id: Mapped[int] = mapped_column(ForeignKey("organisation.id"), index=True)

    program: Mapped[Program] = relationship(back_populates="tasks")
    lead: Mapped[Organisation] = relationship(lazy="joined")
    projects: Mapped[list["Project"]] = relationship(back_populates="task", order_by="Project.position")


class Project(Base):
    """대표 프로젝트: what an application is for."""

    __tablename__ = "project"
    __table_args__ = (UniqueConstraint("task_id", "position"),)

    id: Mapped[Id]
    task_id: Mapped[int] = mapped_column(ForeignKey("task.id"))
    position: Mapped[int]
    title: Mapped[str] = mapped_column(String(300))

    task: Mapped[Task] = relationship(back_populates="projects", lazy="joined")


class Call(Base):
    """공고: one round of money. `page_version` goes up with every verb that changes what its pages show; it is their ETag."""

    __tablename__ = "call"
    __table_args__ = (
        CheckConstraint(one_of("kind", CallKind), name="kind"),
        CheckConstraint(one_of("state", CallState), name="state"),
        CheckConstraint("budget_won > 0", name="budget"),
        CheckConstraint("(state = 'draft') = (published_at IS NULL)", name="published"),
        UniqueConstraint("program_id", "number"),
    )

    id: Mapped[Id]
    program_id: Mapped[int] = mapped_column(ForeignKey("program.id"))
    number: Mapped[str] = mapped_column(String(40))
    """공고번호, such as 2026-1."""
    title: Mapped[str] = mapped_column(String(200))
    kind: Mapped[str] = mapped_column(String(10), default=CallKind.FUNDING)
    state: Mapped[str] = mapped_column(String(10), default=CallState.DRAFT)
    is_demonstration: Mapped[bool] = mapped_column(default=False)
    """What the source does not say is made up here, and every screen and paper says so: 가상 자료."""
    budget_won: Mapped[Won]
    description: Mapped[str] = mapped_column(Text, default="")
    authority: Mapped[str] = mapped_column(String(120), default="")
    """공고 명의, such as 국토교통부장관."""
    contact: Mapped[str] = mapped_column(String(200), default="")
    texts: Mapped[dict[str, list[str]]] = mapped_column(JSON, default=dict)
    """Paragraphs of the notice by section, see `terms.SECTIONS`."""
    page_version: Mapped[int] = mapped_column(default=1)
    created_at: Mapped[Instant]
    published_at: Mapped[Instant | None]

    program: Mapped[Program] = relationship(back_populates="calls")
    tracks: Mapped[list["Track"]] = relationship(back_populates="call", order_by="Track.position")
    rounds: Mapped[list["Round"]] = relationship(back_populates="call", order_by="Round.position")
    phases: Mapped[list["Phase"]] = relationship(back_populates="call", order_by="Phase.opens_at, Phase.id")
    versions: Mapped[list["CallVersion"]] = relationship(back_populates="call", order_by="CallVersion.version")


class CallVersion(Base):
    """공고 (version 1) or 변경공고: everything that was announced, with the seal of each track's plan. Append-only."""

    __tablename__ = "call_version"
    __table_args__ = (
        UniqueConstraint("call_id", "version"),
        CheckConstraint(
            "version = 1 OR (length(reason) > 0 AND length(approver) > 0 AND approved_on IS NOT NULL)",
            name="amendment_reason",
        ),
        APPEND_ONLY,
    )

    id: Mapped[Id]
    call_id: Mapped[int] = mapped_column(ForeignKey("call.id"))
    version: Mapped[int]
    reason: Mapped[str] = mapped_column(Text, default="")
    approver: Mapped[str] = mapped_column(String(120), default="")
    approved_on: Mapped[date | None] = mapped_column(Date)
    content: Mapped[dict[str, Any]] = mapped_column(JSON)
    sha256: Mapped[Sha256]
    published_at: Mapped[Instant]
    published_by_id: Mapped[int | None] = mapped_column(ForeignKey("user_account.id"), index=True)

    call: Mapped[Call] = relationship(back_populates="versions")


class Track(Base):
    """분야: part of a call with its own plan, ceiling and ranking. A call has one by default."""

    __tablename__ = "track"
    __table_args__ = (
        UniqueConstraint("call_id", "position"),
        UniqueConstraint("call_id", "code"),
        CheckConstraint("budget_won >= 0", name="budget"),
    )

    id: Mapped[Id]
    call_id: Mapped[int] = mapped_column(ForeignKey("call.id"))
    position: Mapped[int]
    code: Mapped[str] = mapped_column(String(40))
    title: Mapped[str] = mapped_column(String(120))
    budget_won: Mapped[Won]
    plan_version_id: Mapped[int] = mapped_column(ForeignKey("plan_version.id"), index=True)

    call: Mapped[Call] = relationship(back_populates="tracks")
    plan: Mapped[PlanVersion] = relationship(lazy="joined")


class Round(Base):
    """차수: a pass of evaluation. A call has one by default, of all the weight."""

    __tablename__ = "round"
    __table_args__ = (
        UniqueConstraint("call_id", "position"),
        CheckConstraint("weight_percent BETWEEN 0 AND 100", name="weight"),
    )

    id: Mapped[Id]
    call_id: Mapped[int] = mapped_column(ForeignKey("call.id"))
    position: Mapped[int]
    title: Mapped[str] = mapped_column(String(80))
    """서면, 현장, 발표, 종합."""
    weight_percent: Mapped[int] = mapped_column(Integer, default=100)
    pass_multiple: Mapped[str | None] = mapped_column(String(10))
    """How many times the awards go on to the next round, as a decimal; None in the last."""

    call: Mapped[Call] = relationship(back_populates="rounds")


class Phase(Base):
    """단계: a dated window that grants rights, of the whole call or of one round. `closes_at` is its last second, and wholly in it.

    Ask `queries.open_phase` and `policies.phase_allows`; nothing else compares these dates with a clock.
    """

    __tablename__ = "phase"
    __table_args__ = (
        UniqueConstraint("call_id", "round_id", "kind"),
        # NULL differs from NULL: phases of the whole call need a rule of their own
        Index(
            "uq_phase_of_call",
            "call_id",
            "kind",
            unique=True,
            sqlite_where=text("round_id IS NULL"),
            postgresql_where=text("round_id IS NULL"),
        ),
        CheckConstraint(one_of("kind", PhaseKind), name="kind"),
        CheckConstraint(one_of("members_see_other_scores", Visibility), name="visibility"),
        CheckConstraint("opens_at < closes_at", name="order"),
    )

    id: Mapped[Id]
    call_id: Mapped[int] = mapped_column(ForeignKey("call.id"))
    round_id: Mapped[int | None] = mapped_column(ForeignKey("round.id"), index=True)
    kind: Mapped[str] = mapped_column(String(20))
    opens_at: Mapped[Instant]
    closes_at: Mapped[Instant]
    may_submit: Mapped[bool] = mapped_column(default=False)
    may_score: Mapped[bool] = mapped_column(default=False)
    members_see_other_scores: Mapped[str] = mapped_column(String(10), default=Visibility.NEVER)
    members_see_applicant_names: Mapped[bool] = mapped_column(default=True)
    secretariat_sees_figures: Mapped[bool] = mapped_column(default=False)

    call: Mapped[Call] = relationship(back_populates="phases")
