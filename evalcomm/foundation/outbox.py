"""Work that leaves after the commit: mail, PDF, sealing.

A job is a row, written in the transaction of the verb that wants it, so it exists if and only if the verb happened. A worker takes a row with
a lease, does the work, and marks it done; when the worker is killed the lease runs out and another takes it. So a job runs at
least once, and every task is idempotent by its key. The row is the queue: a second queue beside it could only lose what this one keeps.
"""

import time
import traceback
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from flask import Flask
from sqlalchemy import JSON, CheckConstraint, Index, String, Text, UniqueConstraint, func, select
from sqlalchemy.orm import Mapped, mapped_column

from evalcomm.foundation import clock
from evalcomm.foundation.database import Base, Id, Instant, db, transaction
from evalcomm.foundation.errors import register_constraint

LEASE = timedelta(minutes=5)
GIVE_UP_AFTER = 8
"""Attempts, with waits that grow fourfold from 4 s to four and a half hours: a mail server that is down for the morning loses nothing. After
that the administrator is shown the job and may have it tried again. A job that kills its worker ends here too."""
OVERDUE = timedelta(minutes=2)
"""A job that is due this long and nobody's means that no worker runs."""


class Job(Base):
    """One piece of work. `finish` and `fail` are the only ways in which it ends."""

    __tablename__ = "job"
    __table_args__ = (
        UniqueConstraint("task", "key"),
        CheckConstraint("finished_at IS NULL OR failed_at IS NULL", name="one_end"),
        Index("ix_job_open", "finished_at", "failed_at", "due_at"),
    )

    id: Mapped[Id]
    task: Mapped[str] = mapped_column(String(80))
    key: Mapped[str] = mapped_column(String(200))
    payload: Mapped[dict[str, Any]] = mapped_column(JSON)
    created_at: Mapped[Instant]
    due_at: Mapped[Instant]
    leased_until: Mapped[Instant | None]
    attempts: Mapped[int] = mapped_column(default=0)
    finished_at: Mapped[Instant | None]
    failed_at: Mapped[Instant | None]
    last_error: Mapped[str | None] = mapped_column(Text)


@dataclass(frozen=True, slots=True)
class Periodic:
    name: str
    every_seconds: float
    work: Callable[[datetime], object]


register_constraint("uq_job_task_key", "job_asked_already", unique="job.task, job.key")
register_constraint("ck_job_one_end", "job_ended_already")

Handler = Callable[[dict[str, Any], datetime], object]
_handlers: dict[str, Handler] = {}
_periodic: dict[str, Periodic] = {}


def task(name: str) -> Callable[[Handler], Handler]:
    """Register what does the jobs of this name: `handler(payload, at)`, outside any transaction, idempotent."""

    def register(handler: Handler) -> Handler:
        _handlers[name] = handler
        return handler

    return register


def periodic(
    name: str, *, every_seconds: float
) -> Callable[[Callable[[datetime], object]], Callable[[datetime], object]]:
    """Register what every worker does from time to time. Two workers may do it at once."""

    def register(work: Callable[[datetime], object]) -> Callable[[datetime], object]:
        _periodic[name] = Periodic(name, every_seconds, work)
        return work

    return register


def enqueue(*, task: str, key: str, payload: dict[str, Any], at: datetime, due_at: datetime | None = None) -> None:
    """Ask for work in the current transaction. The same task and key again is the same job: nothing is added."""
    if task not in _handlers:
        raise LookupError(f"no handler is registered for the task {task}")
    known = db.session.scalar(select(Job.id).where(Job.task == task, Job.key == key))
    if known is None:
        db.session.add(Job(task=task, key=key, payload=payload, created_at=at, due_at=due_at or at))
        db.session.flush()


def given_up() -> Sequence[Job]:
    """Jobs that will not be tried again by themselves, newest first."""
    return db.session.scalars(
        select(Job).where(Job.failed_at.is_not(None)).order_by(Job.failed_at.desc(), Job.id)
    ).all()


def is_given_up(task: str, key: str) -> bool:
    query = select(Job.id).where(Job.task == task, Job.key == key, Job.failed_at.is_not(None))
    return db.session.scalar(query) is not None


def retry(job: Job, at: datetime) -> None:
    """Let a job that was given up be tried as often again. Its last error stays until it is done."""
    job.failed_at, job.leased_until, job.attempts, job.due_at = None, None, 0, at
    db.session.flush()


@dataclass(frozen=True, slots=True)
class Standing:
    """What is to be done. `due_since`: when the oldest job that nobody has taken became due; None where nothing is due."""

    waiting: int
    in_work: int
    failing: int
    """Tried at least once, and to be tried again."""
    given_up: int
    due_since: datetime | None

    def is_abandoned(self, at: datetime) -> bool:
        return self.due_since is not None and self.due_since <= at - OVERDUE


def standing(at: datetime) -> Standing:
    """One statement."""
    open_ = Job.finished_at.is_(None) & Job.failed_at.is_(None)
    leased = open_ & (Job.leased_until > at)
    free = open_ & ((Job.leased_until.is_(None)) | (Job.leased_until <= at))
    row = db.session.execute(
        select(
            func.count().filter(free),
            func.count().filter(leased),
            func.count().filter(free & (Job.attempts > 0)),
            func.count().filter(Job.failed_at.is_not(None)),
            func.min(Job.due_at).filter(free & (Job.due_at <= at)),
        ).where(Job.finished_at.is_(None))
    ).one()
    return Standing(*row)


def work_once(at: datetime) -> bool:
    """Take one due job and do it. Returns whether there was one."""
    with transaction() as session:
        job = session.scalar(
            select(Job)
            .where(
                Job.finished_at.is_(None),
                Job.failed_at.is_(None),
                Job.due_at <= at,
                (Job.leased_until.is_(None)) | (Job.leased_until <= at),
            )
            .order_by(Job.due_at, Job.id)
            .limit(1)
            .with_for_update(skip_locked=True)
        )
        if job is None:
            return False
        if job.attempts >= GIVE_UP_AFTER:
            job.failed_at, job.leased_until = at, None
            job.last_error = job.last_error or "every worker that took this job died before it ended"
            return True
        job.leased_until = at + LEASE
        job.attempts += 1
        job_id, name, payload, attempts = job.id, job.task, dict(job.payload), job.attempts
    try:
        _handlers[name](payload, at)
    except Exception:  # noqa: BLE001 - whatever a handler raises, the job must be kept and tried again
        _fail(job_id, attempts, traceback.format_exc(), at)
    else:
        with transaction() as session:
            done = session.get_one(Job, job_id)
            done.finished_at, done.leased_until, done.last_error = at, None, None
    return True


def _fail(job_id: int, attempts: int, error: str, at: datetime) -> None:
    with transaction() as session:
        job = session.get_one(Job, job_id)
        job.last_error, job.leased_until = error[-4000:], None
        if attempts >= GIVE_UP_AFTER:
            job.failed_at = at
        else:
            job.due_at = at + timedelta(seconds=4**attempts)


def work_until_empty() -> int:
    """Do everything that is due now. Returns how many jobs were taken. Used by commands and tests."""
    taken = 0
    while work_once(clock.now()):
        taken += 1
    return taken


def run_worker(app: Flask, *, poll_seconds: float = 0.5, stopping: Callable[[], bool] = lambda: False) -> None:
    """Work until told to stop: due jobs first, periodic work in between."""
    last_run: dict[str, float] = {}
    while not stopping():
        with app.app_context():
            for periodic_work in _periodic.values():
                if time.monotonic() - last_run.get(periodic_work.name, float("-inf")) >= periodic_work.every_seconds:
                    last_run[periodic_work.name] = time.monotonic()
                    try:
                        periodic_work.work(clock.now())
                    except Exception:
                        app.logger.exception("periodic work %s failed", periodic_work.name)
            try:
                busy = work_once(clock.now())
            except Exception:
                app.logger.exception("the outbox could not be read")
                busy = False
        if not busy:
            time.sleep(poll_seconds)
