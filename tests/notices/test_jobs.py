"""What the worker gave up is seen by somebody who can do something about it, and tried again when that is done."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

import pytest
from flask import Flask
from sqlalchemy import select

from evalcomm.audit.models import AuditEntry
from evalcomm.documents import rendering
from evalcomm.documents.papers.pieces import Paper
from evalcomm.documents.services import issue
from evalcomm.foundation import outbox
from evalcomm.foundation.actor import Role
from evalcomm.foundation.database import db, transaction
from evalcomm.foundation.errors import Conflict
from evalcomm.notices import services, tasks
from evalcomm.notices.models import Message
from tests.conftest import SettableClock
from tests.documents.examples import receipt
from tests.factories import NOW, actor_for, make_application, make_call, make_organisation, make_user
from tests.pages import client_for, open_page

COMMON = set(Paper.__annotations__)


@pytest.fixture
def mail_server(app: Flask, monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """A mail server that refuses until something is put into the list; then it remembers whom it wrote to."""
    settings = app.extensions["settings"]
    monkeypatch.setitem(app.extensions, "settings", replace(settings, smtp_url="smtp://mail"))
    sent: list[str] = []

    def deliver(mail: dict[str, str], url: str) -> None:
        del url
        if not sent:
            raise ConnectionRefusedError("the mail server is down")
        sent.append(mail["To"])

    monkeypatch.setattr(tasks, "_deliver", deliver)
    return sent


def give_up_two(clock: SettableClock) -> None:
    with transaction():
        for number in (1, 2):
            services.send(
                key=str(number), subject=f"안내 {number}", body="본문", at=NOW, address=f"{number}@example.kr"
            )
    while outbox.work_once(clock()) or outbox.standing(clock()).failing:
        clock.advance(hours=5)


def only_entry(verb: str) -> AuditEntry:
    return db.session.scalars(select(AuditEntry).where(AuditEntry.verb == verb)).one()


def test_a_mail_server_that_is_down_all_morning_loses_nothing(
    app: Flask, clock: SettableClock, mail_server: list[str]
) -> None:
    with transaction():
        services.send(key="1", subject="안내", body="본문", at=NOW, address="1@example.kr")
    for _ in range(5 * 60):
        while outbox.work_once(clock()):
            pass
        clock.advance(minutes=1)

    mail_server.append("up again")
    for _ in range(5):
        outbox.work_once(clock.advance(hours=1))

    assert mail_server == ["up again", "1@example.kr"]


def test_the_administrator_sees_what_was_given_up_and_has_it_tried_again(
    app: Flask, clock: SettableClock, mail_server: list[str]
) -> None:
    administrator = make_user(Role.ADMINISTRATOR)
    give_up_two(clock)
    browser = client_for(app, administrator)

    assert "중단된 메일 발송·문서 인쇄 2건" in open_page(browser, "/")
    page = open_page(browser, "/admin/jobs")
    assert "안내 1" in page
    assert "2@example.kr" in page
    assert "the mail server is down" in page
    assert "실패" in open_page(browser, "/admin/outbox")

    mail_server.append("up again")
    first = outbox.given_up()[-1]
    assert browser.post(f"/admin/jobs/{first.id}/retry").status_code == 302
    assert outbox.work_once(clock())
    assert mail_server == ["up again", "1@example.kr"]
    assert only_entry("notices.retry_job").detail == {"task": "notices.send", "key": first.key}

    assert browser.post("/admin/jobs/retry").status_code == 302
    outbox.work_until_empty()
    assert mail_server == ["up again", "1@example.kr", "2@example.kr"]
    assert "중단된 작업이 없습니다" in open_page(browser, "/admin/jobs")
    assert "지금 할 일이 없습니다" in open_page(browser, "/")
    assert set(db.session.scalars(select(Message.state))) == {"sent"}


def test_what_is_tried_again_already_is_not_started_twice(
    app: Flask, clock: SettableClock, mail_server: list[str]
) -> None:
    actor = actor_for(make_user(Role.ADMINISTRATOR))
    give_up_two(clock)
    with transaction():
        services.retry(job=outbox.given_up()[0], actor=actor, at=clock())

    with transaction(), pytest.raises(Conflict) as refused:
        job = db.session.scalars(select(outbox.Job).where(outbox.Job.failed_at.is_(None))).one()
        services.retry(job=job, actor=actor, at=clock())

    assert refused.value.code == "job_not_given_up"


def test_a_worker_that_does_not_run_is_told(app: Flask, clock: SettableClock) -> None:
    browser = client_for(app, make_user(Role.ADMINISTRATOR))
    with transaction():
        services.send(key="1", subject="안내", body="본문", at=NOW, address="1@example.kr")
    assert "멈춘 것 같습니다" not in open_page(browser, "/admin/jobs")

    clock.advance(minutes=3)

    assert "멈춘 것 같습니다" in open_page(browser, "/admin/jobs")
    assert "멈춘 것 같습니다" in open_page(browser, "/")
    outbox.work_until_empty()
    assert "멈춘 것 같습니다" not in open_page(browser, "/admin/jobs")


def test_standing_counts_each_job_once(app: Flask, clock: SettableClock, mail_server: list[str]) -> None:
    give_up_two(clock)
    at = clock()
    with transaction():
        services.send(key="3", subject="안내", body="본문", at=at, address="3@example.kr")
        services.send(key="4", subject="안내", body="본문", at=at, address="4@example.kr")
    assert outbox.work_once(at)
    with transaction() as session:
        waiting = session.scalars(select(outbox.Job).where(outbox.Job.attempts == 0)).one()
        waiting.leased_until = at + outbox.LEASE

    found = outbox.standing(at)

    assert (found.waiting, found.in_work, found.failing, found.given_up, found.due_since) == (1, 1, 1, 2, None)
    assert outbox.standing(at + timedelta(hours=1)).due_since is not None


def test_the_reader_of_a_paper_that_could_not_be_printed_is_told(
    app: Flask, clock: SettableClock, monkeypatch: pytest.MonkeyPatch
) -> None:
    def jam(kind: str, model: object) -> bytes:
        raise OSError(f"no space left for {kind}")

    monkeypatch.setattr(rendering, "print_paper", jam)
    owner = make_user(Role.APPLICANT)
    call = make_call()
    application = make_application(call, owner=owner, lead=make_organisation())
    with transaction():
        paper = issue(
            kind="receipt",
            subject=application,
            body={name: value for name, value in receipt().items() if name not in COMMON},
            title="접수증",
            issuer="사무국",
            program="사업",
            call=call.title,
            call_id=call.id,
            is_demonstration=False,
            actor=actor_for(owner),
            at=NOW,
        )
    browser = client_for(app, owner)
    assert "PDF를 만드는 중" in open_page(browser, f"/papers/{paper.id}")
    while outbox.work_once(clock()) or outbox.standing(clock()).failing:
        clock.advance(hours=5)

    assert "PDF를 만들지 못해" in open_page(browser, f"/papers/{paper.id}")
    assert paper.number in open_page(client_for(app, make_user(Role.ADMINISTRATOR)), "/admin/jobs")
