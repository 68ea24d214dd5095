"""A job exists exactly if its verb happened, is done at least once, and survives the death of its worker."""

from collections.abc import Iterator
from datetime import datetime, timedelta
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import select

from evalcomm.foundation import outbox
from evalcomm.foundation.database import db, transaction
from tests.conftest import SettableClock
from tests.factories import NOW


@pytest.fixture
def done() -> Iterator[list[dict[str, Any]]]:
    """A task `test.work` that remembers what it did and fails where the payload says so."""
    payloads: list[dict[str, Any]] = []

    @outbox.task("test.work")
    def work(payload: dict[str, Any], at: datetime) -> None:
        payloads.append(payload)
        if payload.get("fail"):
            raise RuntimeError("the printer is on fire")

    yield payloads
    del outbox._handlers["test.work"]


def enqueue(key: str, **payload: object) -> None:
    with transaction():
        outbox.enqueue(task="test.work", key=key, payload=payload, at=NOW)


def only_job() -> outbox.Job:
    db.session.rollback()
    return db.session.scalars(select(outbox.Job).execution_options(populate_existing=True)).one()


def test_a_job_is_done_once(app: Flask, done: list[dict[str, Any]]) -> None:
    enqueue("1", paper=7)
    enqueue("1", paper=7)

    assert outbox.work_until_empty() == 1

    assert done == [{"paper": 7}]
    assert only_job().finished_at is not None


def test_a_verb_that_fails_leaves_no_job(app: Flask, done: list[dict[str, Any]]) -> None:
    with pytest.raises(RuntimeError, match="after all"), transaction():
        outbox.enqueue(task="test.work", key="1", payload={}, at=NOW)
        raise RuntimeError("not after all")

    assert outbox.work_until_empty() == 0


def test_a_leased_job_is_left_alone_until_the_lease_runs_out(app: Flask, done: list[dict[str, Any]]) -> None:
    enqueue("1")
    with transaction() as session:
        session.scalars(select(outbox.Job)).one().leased_until = NOW + outbox.LEASE

    assert not outbox.work_once(NOW + timedelta(minutes=4))
    assert outbox.work_once(NOW + outbox.LEASE)
    assert done == [{}]


def test_a_failing_job_waits_longer_each_time_and_is_given_up_in_the_open(
    app: Flask, done: list[dict[str, Any]], clock: SettableClock
) -> None:
    enqueue("1", fail=True)
    assert outbox.work_once(clock())
    first = only_job()
    assert first.due_at == NOW + timedelta(seconds=4)
    assert "the printer is on fire" in (first.last_error or "")

    while outbox.work_once(clock.advance(hours=5)):
        pass

    job = only_job()
    assert job.attempts == outbox.GIVE_UP_AFTER == len(done)
    assert job.failed_at is not None
    assert job.finished_at is None


def test_a_job_whose_workers_all_died_is_given_up_and_not_tried_for_ever(
    app: Flask, done: list[dict[str, Any]], clock: SettableClock
) -> None:
    enqueue("1")
    with transaction() as session:
        session.scalars(select(outbox.Job)).one().attempts = outbox.GIVE_UP_AFTER

    assert outbox.work_once(clock())

    assert done == []
    assert only_job().failed_at == clock()
    assert "died" in (only_job().last_error or "")
    assert not outbox.work_once(clock.advance(minutes=10))


def test_an_unknown_task_is_refused_when_it_is_asked_for(app: Flask) -> None:
    with pytest.raises(LookupError, match=r"test\.nobody"), transaction():
        outbox.enqueue(task="test.nobody", key="1", payload={}, at=NOW)
