"""Organisations, people, their roles, invitations, sign-in attempts, sessions that ended."""

from enum import StrEnum

from sqlalchemy import CheckConstraint, ForeignKey, Index, String
from sqlalchemy.orm import Mapped, mapped_column, relationship

from evalcomm.foundation.actor import Role
from evalcomm.foundation.append_only import APPEND_ONLY
from evalcomm.foundation.database import Base, Id, Instant, Sha256, one_of

EMAIL_ADDRESS = r"^[^@\s]+@[^@\s.]+(\.[^@\s.]+)+$"


class OrganisationKind(StrEnum):
    INSTITUTION = "institution"
    LOCAL_GOVERNMENT = "local_government"
    MINISTRY = "ministry"
    OTHER = "other"


class Organisation(Base):
    """An institution, a local government, a ministry. `code` is the stable id that files and papers use; names may change."""

    __tablename__ = "organisation"
    __table_args__ = (
        CheckConstraint(one_of("kind", OrganisationKind), name="kind"),
        CheckConstraint("parent_id <> id", name="own_parent"),
    )

    id: Mapped[Id]
    code: Mapped[str] = mapped_column(String(60), unique=True)
    name: Mapped[str] = mapped_column(String(200))
    """As printed in the source."""
    kind: Mapped[str] = mapped_column(String(20))
    region: Mapped[str] = mapped_column(String(60), default="")
    parent_id: Mapped[int | None] = mapped_column(ForeignKey("organisation.id"), index=True)
    created_at: Mapped[Instant]

    parent: Mapped["Organisation | None"] = relationship(remote_side="Organisation.id")


class Affiliation(Base):
    """Two organisations that belong together beside parent and child: for finding conflicts of interest."""

    __tablename__ = "organisation_affiliation"
    __table_args__ = (CheckConstraint("first_id < second_id", name="ordered"),)

    first_id: Mapped[int] = mapped_column(ForeignKey("organisation.id"), primary_key=True)
    second_id: Mapped[int] = mapped_column(ForeignKey("organisation.id"), primary_key=True)
    note: Mapped[str] = mapped_column(String(200), default="")


class UserAccount(Base):
    """A person. `session_epoch` goes up when the password, the roles or the standing change, which ends every open session."""

    __tablename__ = "user_account"

    id: Mapped[Id]
    email: Mapped[str] = mapped_column(String(254), unique=True)
    """Lower case."""
    name: Mapped[str] = mapped_column(String(80))
    position: Mapped[str] = mapped_column(String(120), default="")
    organisation_id: Mapped[int | None] = mapped_column(ForeignKey("organisation.id"), index=True)
    password_hash: Mapped[str | None] = mapped_column(String(200))
    locale: Mapped[str] = mapped_column(String(5), default="ko")
    active: Mapped[bool] = mapped_column(default=True)
    session_epoch: Mapped[int] = mapped_column(default=0)
    created_at: Mapped[Instant]

    organisation: Mapped[Organisation | None] = relationship(lazy="joined")
    roles: Mapped[list["UserRole"]] = relationship(lazy="selectin", back_populates="user")


class UserRole(Base):
    __tablename__ = "user_role"
    __table_args__ = (CheckConstraint(one_of("role", Role), name="role"),)

    user_id: Mapped[int] = mapped_column(ForeignKey("user_account.id"), primary_key=True)
    role: Mapped[str] = mapped_column(String(20), primary_key=True)
    granted_at: Mapped[Instant]

    user: Mapped[UserAccount] = relationship(back_populates="roles")


class Invitation(Base):
    """A link that works once: only the SHA-256 of its token is kept. With `user_id` it sets a new password for that account."""

    __tablename__ = "invitation"
    __table_args__ = (
        CheckConstraint(one_of("role", Role), name="role"),
        CheckConstraint("(used_at IS NULL) = (used_by_id IS NULL)", name="used_by_somebody"),
    )

    id: Mapped[Id]
    token_sha256: Mapped[Sha256] = mapped_column(unique=True)
    email: Mapped[str] = mapped_column(String(254), index=True)
    name: Mapped[str] = mapped_column(String(80), default="")
    role: Mapped[str] = mapped_column(String(20))
    user_id: Mapped[int | None] = mapped_column(ForeignKey("user_account.id"), index=True)
    organisation_id: Mapped[int | None] = mapped_column(ForeignKey("organisation.id"), index=True)
    invited_by_id: Mapped[int | None] = mapped_column(ForeignKey("user_account.id"), index=True)
    created_at: Mapped[Instant]
    expires_at: Mapped[Instant]
    used_at: Mapped[Instant | None]
    used_by_id: Mapped[int | None] = mapped_column(ForeignKey("user_account.id"), index=True)
    withdrawn_at: Mapped[Instant | None]


class SignInAttempt(Base):
    """Failed and successful sign-ins: limits are counted from these rows, so that they hold across processes and restarts."""

    __tablename__ = "sign_in_attempt"
    __table_args__ = (
        Index("ix_sign_in_attempt_email", "email_sha256", "at"),
        Index("ix_sign_in_attempt_address", "address", "at"),
        APPEND_ONLY,
    )

    id: Mapped[Id]
    at: Mapped[Instant]
    email_sha256: Mapped[Sha256]
    address: Mapped[str] = mapped_column(String(80))
    succeeded: Mapped[bool]


class EndedSession(Base):
    """A session that was signed out of: its cookie no longer counts, wherever a copy of it is. `services.end_session` is the only way."""

    __tablename__ = "ended_session"
    __table_args__ = (Index("ix_ended_session_token", "token_sha256"), APPEND_ONLY)

    id: Mapped[Id]
    token_sha256: Mapped[Sha256]
    at: Mapped[Instant]
