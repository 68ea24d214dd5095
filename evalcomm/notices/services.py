"""Write a message; the worker sends it."""

from datetime import datetime

from sqlalchemy import select

from evalcomm.accounts.models import UserAccount
from evalcomm.audit import services as audit
from evalcomm.foundation import hooks, outbox
from evalcomm.foundation.actor import Actor
from evalcomm.foundation.database import db
from evalcomm.foundation.errors import Conflict
from evalcomm.foundation.outbox import Job
from evalcomm.notices.models import Message

SEND = "notices.send"


@hooks.sends_messages
def send(
    *, key: str, subject: str, body: str, at: datetime, user_id: int | None = None, address: str | None = None
) -> Message:
    """A message to an account or an address. The same key again is the same message: nothing is added."""
    known = db.session.scalar(select(Message).where(Message.key == key))
    if known is not None:
        return known
    if address is None:
        if user_id is None:
            raise ValueError("a message needs a person or an address")
        address = db.session.scalars(select(UserAccount.email).where(UserAccount.id == user_id)).one()
    message = Message(key=key, user_id=user_id, address=address, subject=subject, body=body, created_at=at)
    db.session.add(message)
    db.session.flush()
    outbox.enqueue(task=SEND, key=str(message.id), payload={"message_id": message.id}, at=at)
    return message


def mark_read(*, message: Message, actor: Actor, at: datetime) -> None:
    if message.read_at is None:
        message.read_at = at
        audit.record(verb="notices.read", subject=message, actor=actor, at=at)


def retry(*, job: Job, actor: Actor, at: datetime) -> None:
    """Raises Conflict for a job that was not given up: somebody else was first."""
    if job.failed_at is None:
        raise Conflict("job_not_given_up")
    outbox.retry(job, at)
    audit.record(verb="notices.retry_job", subject=job, actor=actor, at=at, detail={"task": job.task, "key": job.key})


def retry_all(*, actor: Actor, at: datetime) -> int:
    """Every job that was given up. Returns how many."""
    jobs = outbox.given_up()
    for job in jobs:
        retry(job=job, actor=actor, at=at)
    return len(jobs)
