"""Committee → Membership → Pledge, Declaration, Conflict."""

from enum import StrEnum
from typing import Any

from sqlalchemy import JSON, CheckConstraint, ForeignKey, Index, String, Text, UniqueConstraint, text
from sqlalchemy.orm import Mapped, mapped_column, relationship

from evalcomm.accounts.models import UserAccount
from evalcomm.applications.models import Application
from evalcomm.foundation.append_only import APPEND_ONLY
from evalcomm.foundation.database import Base, Id, Instant, Sha256, one_of
from evalcomm.programs.models import Call, Track


class CommitteeKind(StrEnum):
    EVALUATION = "evaluation"
    SELECTION = "selection"
    APPEAL = "appeal"


class ChairHow(StrEnum):
    NAMED = "named"
    ELECTED = "elected"


class ConflictAct(StrEnum):
    EXCLUSION = "exclusion"
    """제척: the rules shut the member out, whoever notices it."""
    CHALLENGE = "challenge"
    """기피: an applicant asks for it."""
    RECUSAL = "recusal"
    """회피: the member asks for it."""


class ConflictState(StrEnum):
    PENDING = "pending"
    ACCEPTED = "accepted"
    REJECTED = "rejected"
    EXCEPTION = "exception"
    """예외 승인: the ground is there, and the member may sit all the same, for the reason written down."""


class DecisionBody(StrEnum):
    """Who decides on an act: 위원회 의결 without the member, 소속기관의 장, or the secretariat under the rules."""

    COMMITTEE = "committee"
    AUTHORITY = "authority"
    SECRETARIAT = "secretariat"


class Relation(StrEnum):
    """관계 유형, as the declaration asks for it."""

    MEMBER = "member"
    FORMER_MEMBER = "former_member"
    KIN = "kin"
    RESEARCHER = "researcher"
    SERVICE = "service"
    FINANCIAL = "financial"
    OTHER = "other"


class Committee(Base):
    """평가위원회. Without a track it sits for every track of the call that has no committee of its own."""

    __tablename__ = "committee"
    __table_args__ = (
        CheckConstraint(one_of("kind", CommitteeKind), name="kind"),
        UniqueConstraint("call_id", "name"),
        UniqueConstraint("call_id", "kind", "track_id"),
        Index(
            "uq_committee_whole_call",
            "call_id",
            "kind",
            unique=True,
            sqlite_where=text("track_id IS NULL"),
            postgresql_where=text("track_id IS NULL"),
        ),
    )

    id: Mapped[Id]
    call_id: Mapped[int] = mapped_column(ForeignKey("call.id"))
    track_id: Mapped[int | None] = mapped_column(ForeignKey("track.id"), index=True)
    kind: Mapped[str] = mapped_column(String(12), default=CommitteeKind.EVALUATION)
    also_selects: Mapped[bool] = mapped_column(default=True)
    """One body may hold two kinds: whether it also resolves (선정심의)."""
    name: Mapped[str] = mapped_column(String(120))
    created_at: Mapped[Instant]

    call: Mapped[Call] = relationship()
    track: Mapped[Track | None] = relationship()
    memberships: Mapped[list["Membership"]] = relationship(back_populates="committee", order_by="Membership.number")


class Membership(Base):
    """A person's seat. `number` is the number under which papers show an evaluator without the name (위원 1)."""

    __tablename__ = "membership"
    __table_args__ = (
        UniqueConstraint("committee_id", "user_id"),
        UniqueConstraint("committee_id", "number"),
        CheckConstraint("(is_chair AND chair_how IS NOT NULL) OR NOT is_chair", name="chair_how"),
        CheckConstraint("NOT (is_chair AND dismissed_at IS NOT NULL)", name="living_chair"),
        CheckConstraint("dismissed_at IS NULL OR length(dismissed_reason) > 0", name="dismissed_reason"),
        Index(
            "uq_membership_chair",
            "committee_id",
            unique=True,
            sqlite_where=text("is_chair"),
            postgresql_where=text("is_chair"),
        ),
    )

    id: Mapped[Id]
    committee_id: Mapped[int] = mapped_column(ForeignKey("committee.id"))
    user_id: Mapped[int] = mapped_column(ForeignKey("user_account.id"), index=True)
    number: Mapped[int]
    is_chair: Mapped[bool] = mapped_column(default=False)
    chair_how: Mapped[str | None] = mapped_column(String(10))
    chair_since: Mapped[Instant | None]
    chair_note: Mapped[str] = mapped_column(Text, default="")
    """지명 사유 or 호선 경위."""
    appointed_at: Mapped[Instant]
    dismissed_at: Mapped[Instant | None]
    dismissed_reason: Mapped[str] = mapped_column(Text, default="")
    declared_at: Mapped[Instant | None]
    """When the member last declared for every application of the panel, conflict or none. What was submitted later needs a new declaration."""

    committee: Mapped[Committee] = relationship(back_populates="memberships")
    user: Mapped[UserAccount] = relationship(lazy="joined")
    pledge: Mapped["Pledge | None"] = relationship(back_populates="membership")
    declarations: Mapped[list["Declaration"]] = relationship(
        back_populates="membership", order_by="Declaration.version"
    )
    conflicts: Mapped[list["Conflict"]] = relationship(back_populates="membership", order_by="Conflict.id")


class Pledge(Base):
    """청렴·보안 서약: the text as it was read and the moment of signing."""

    __tablename__ = "pledge"
    __table_args__ = (APPEND_ONLY,)

    membership_id: Mapped[int] = mapped_column(ForeignKey("membership.id"), primary_key=True)
    text: Mapped[str] = mapped_column(Text)
    sha256: Mapped[Sha256]
    signed_at: Mapped[Instant]

    membership: Mapped[Membership] = relationship(back_populates="pledge")


class Declaration(Base):
    """이해관계 신고: what the member said about each application of the panel, in one act. Append-only."""

    __tablename__ = "declaration"
    __table_args__ = (UniqueConstraint("membership_id", "version"), APPEND_ONLY)

    id: Mapped[Id]
    membership_id: Mapped[int] = mapped_column(ForeignKey("membership.id"))
    version: Mapped[int]
    content: Mapped[dict[str, Any]] = mapped_column(JSON)
    """{"applications": [{"id", "number", "answer": "none" or "recusal", "relation", "reason"}]}"""
    sha256: Mapped[Sha256]
    signed_at: Mapped[Instant]

    membership: Mapped[Membership] = relationship(back_populates="declarations")


class Conflict(Base):
    """One act about one member and one application, and what was decided on it. A pending exclusion or recusal already closes the proposal."""

    __tablename__ = "conflict"
    __table_args__ = (
        UniqueConstraint("membership_id", "application_id", "act"),
        CheckConstraint(one_of("act", ConflictAct), name="act"),
        CheckConstraint(one_of("state", ConflictState), name="state"),
        CheckConstraint(one_of("relation", Relation), name="relation"),
        CheckConstraint("length(reason) > 0", name="reason"),
        CheckConstraint(
            "(state = 'pending') = (decided_at IS NULL) AND (decided_at IS NULL) = (decided_by_id IS NULL)",
            name="decided",
        ),
        CheckConstraint("state = 'pending' OR length(decision_reason) > 0", name="decision_reason"),
        CheckConstraint(f"decision_body IS NULL OR {one_of('decision_body', DecisionBody)}", name="decision_body"),
        CheckConstraint("notified_at IS NULL OR decided_at IS NOT NULL", name="notified"),
    )

    id: Mapped[Id]
    membership_id: Mapped[int] = mapped_column(ForeignKey("membership.id"))
    application_id: Mapped[int] = mapped_column(ForeignKey("application.id"), index=True)
    act: Mapped[str] = mapped_column(String(12))
    relation: Mapped[str] = mapped_column(String(20), default=Relation.OTHER)
    reason: Mapped[str] = mapped_column(Text)
    filed_at: Mapped[Instant]
    filed_by_id: Mapped[int] = mapped_column(ForeignKey("user_account.id"), index=True)
    state: Mapped[str] = mapped_column(String(10), default=ConflictState.PENDING)
    decided_at: Mapped[Instant | None]
    decided_by_id: Mapped[int | None] = mapped_column(ForeignKey("user_account.id"), index=True)
    decision_body: Mapped[str | None] = mapped_column(String(12))
    decision_reason: Mapped[str] = mapped_column(Text, default="")
    notified_at: Mapped[Instant | None]
    """When the member, and the applicant of a challenge, were told the decision."""

    membership: Mapped[Membership] = relationship(back_populates="conflicts")
    application: Mapped[Application] = relationship()
