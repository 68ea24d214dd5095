"""Messages and what became of them."""

from sqlalchemy import CheckConstraint, ForeignKey, Index, String, Text
from sqlalchemy.orm import Mapped, mapped_column

from evalcomm.foundation.database import Base, Id, Instant


class Message(Base):
    """A mail to one address, and its copy for the person's in-app list when the address is an account's."""

    __tablename__ = "message"
    __table_args__ = (
        CheckConstraint("state IN ('waiting', 'sent', 'kept', 'failed')", name="state"),
        CheckConstraint("(state = 'sent') = (sent_at IS NOT NULL)", name="sent"),
        Index("ix_message_user", "user_id", "created_at"),
    )

    id: Mapped[Id]
    key: Mapped[str] = mapped_column(String(200), unique=True)
    """The same cause never writes twice."""
    user_id: Mapped[int | None] = mapped_column(ForeignKey("user_account.id"))
    address: Mapped[str] = mapped_column(String(254))
    subject: Mapped[str] = mapped_column(String(300))
    body: Mapped[str] = mapped_column(Text)
    state: Mapped[str] = mapped_column(String(10), default="waiting")
    """kept = there is no mail server; read it here."""
    created_at: Mapped[Instant]
    sent_at: Mapped[Instant | None]
    read_at: Mapped[Instant | None]
