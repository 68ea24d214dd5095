"""Ordered reads of messages, and what the worker's jobs are about."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from sqlalchemy import func, select

from evalcomm.documents.models import Paper
from evalcomm.documents.services import PRINT
from evalcomm.foundation.database import db
from evalcomm.foundation.errors import NotFound
from evalcomm.foundation.outbox import Job
from evalcomm.notices.models import Message
from evalcomm.notices.services import SEND

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


def get_job(job_id: int) -> Job:
    """Raises NotFound."""
    job = db.session.get(Job, job_id)
    if job is None:
        raise NotFound("not_found")
    return job


@dataclass(frozen=True, slots=True)
class Concern:
    """What a job is about: a mail by subject and address, or a paper by title and number. `paper_id` leads to its page."""

    title: str
    note: str
    paper_id: int | None = None


def concerns_of(jobs: Sequence[Job]) -> Mapping[int, Concern]:
    """Job → what it is about, in two statements."""
    mails = {job.payload["message_id"]: job.id for job in jobs if job.task == SEND}
    prints = {job.payload["paper_id"]: job.id for job in jobs if job.task == PRINT}
    messages = db.session.scalars(select(Message).where(Message.id.in_(mails)))
    papers = db.session.execute(select(Paper.id, Paper.title, Paper.number).where(Paper.id.in_(prints)))
    return {mails[message.id]: Concern(message.subject, message.address) for message in messages} | {
        prints[paper.id]: Concern(paper.title, paper.number, paper.id) for paper in papers
    }
