"""Committee → Membership → Pledge, Declaration, Conflict."""

from enum import StrEnum

from sqlalchemy import CheckConstraint, ForeignKey, Index, String, Text, UniqueConstraint, text
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
    CHALLENGE = "challenge"
    RECUSAL = "recusal"


class ConflictState(StrEnum):
    PENDING = "pending"
    ACCEPTED = "accepted"
    REJECTED = "rejected"


class Committee(Base):
    """평가위원회. Without a track it sits for the whole call."""

    __tablename__ = "committee"
    __table_args__ = (CheckConstraint(one_of("kind", CommitteeKind), name="kind"), UniqueConstraint("call_id", "name"))

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
    memberships: Mapped[list["Membership"]] = relationship(back_populates="committee", order_by="Membership.id")


class Membership(Base):
    """A person's seat. `number` is the number under which papers show an evaluator without the name (위원 1)."""

    __tablename__ = "membership"
    __table_args__ = (
        UniqueConstraint("committee_id", "user_id"),
        UniqueConstraint("committee_id", "number"),
        CheckConstraint("(is_chair AND chair_how IS NOT NULL) OR NOT is_chair", name="chair_how"),
        CheckConstraint("NOT (is_chair AND dismissed_at IS NOT NULL)", name="living_chair"),
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
    appointed_at: Mapped[Instant]
    dismissed_at: Mapped[Instant | None]
    dismissed_reason: Mapped[str] = mapped_column(Text, default="")
    declared_at: Mapped[Instant | None]
    """When the member declared for every application, conflict or none. Nothing opens before."""

    committee: Mapped[Committee] = relationship(back_populates="memberships")
    user: Mapped[UserAccount] = relationship(lazy="joined")
    pledge: Mapped["Pledge | None"] = relationship(back_populates="membership")
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


class Conflict(Base):
    """One act about one member and one application, and what was decided on it. A pending recusal already closes the proposal."""

    __tablename__ = "conflict"
    __table_args__ = (
        UniqueConstraint("membership_id", "application_id", "act"),
        CheckConstraint(one_of("act", ConflictAct), name="act"),
        CheckConstraint(one_of("state", ConflictState), name="state"),
        CheckConstraint("length(reason) > 0", name="reason"),
        CheckConstraint(
            "(state = 'pending') = (decided_at IS NULL) AND (decided_at IS NULL) = (decided_by_id IS NULL)",
            name="decided",
        ),
    )

    id: Mapped[Id]
    membership_id: Mapped[int] = mapped_column(ForeignKey("membership.id"))
    application_id: Mapped[int] = mapped_column(ForeignKey("application.id"), index=True)
    act: Mapped[str] = mapped_column(String(12))
    relation: Mapped[str] = mapped_column(String(80), default="")
    reason: Mapped[str] = mapped_column(Text)
    filed_at: Mapped[Instant]
    filed_by_id: Mapped[int] = mapped_column(ForeignKey("user_account.id"), index=True)
    state: Mapped[str] = mapped_column(String(10), default=ConflictState.PENDING)
    decided_at: Mapped[Instant | None]
    decided_by_id: Mapped[int | None] = mapped_column(ForeignKey("user_account.id"), index=True)
    decision_reason: Mapped[str] = mapped_column(Text, default="")

    membership: Mapped[Membership] = relationship(back_populates="conflicts")
    application: Mapped[Application] = relationship()
