"""Ordered reads of messages."""

from collections.abc import Sequence

from sqlalchemy import func, select

from evalcomm.foundation.database import db
from evalcomm.foundation.errors import NotFound
from evalcomm.notices.models import Message

PAGE = 50


def get_message(message_id: int) -> Message:
    """Raises NotFound."""
    message = db.session.get(Message, message_id)
    if message is None:
        raise NotFound("not_found")
    return message


def messages_of(user_id: int, *, limit: int = 200) -> Sequence[Message]:
    query = select(Message).where(Message.user_id == user_id)
    return db.session.scalars(query.order_by(Message.created_at.desc(), Message.id.desc()).limit(limit)).all()


def unread_count(user_id: int) -> int:
    return (
        db.session.scalar(
            select(func.count()).select_from(Message).where(Message.user_id == user_id, Message.read_at.is_(None))
        )
        or 0
    )


def outbox_page(page: int) -> tuple[Sequence[Message], int]:
    """One page of every message, newest first, and how many pages there are."""
    total = db.session.scalar(select(func.count()).select_from(Message)) or 0
    rows = db.session.scalars(select(Message).order_by(Message.id.desc()).limit(PAGE).offset((page - 1) * PAGE)).all()
    return rows, max(1, -(-total // PAGE))
