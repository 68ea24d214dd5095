"""The trail can be read, and can't be changed without being found out."""

import pytest
from flask import Flask
from sqlalchemy import select, text
from sqlalchemy.exc import DatabaseError

from evalcomm.audit import queries, services
from evalcomm.audit.models import AccessLog, AuditBatch, AuditEntry
from evalcomm.foundation.actor import Role, system_actor
from evalcomm.foundation.append_only import append_only_tables
from evalcomm.foundation.database import WRITES, Base, db, transaction
from tests.conftest import SettableClock
from tests.factories import NOW, actor_for, make_user
from tests.pages import client_for, open_page

ACTOR = system_actor("test")


def write(count: int) -> None:
    with transaction():
        for number in range(count):
            services.record(verb="test.act", actor=ACTOR, at=NOW, detail={"number": number})


def tamper(statement: str) -> None:
    """What somebody with the database's password would do: take the triggers off first."""
    with db.engine.connect() as connection:
        connection.execution_options(**{WRITES: True})
        with connection.begin():
            if db.engine.dialect.name == "sqlite":
                for name in connection.scalars(text("SELECT name FROM sqlite_master WHERE type = 'trigger'")).all():
                    connection.exec_driver_sql(f"DROP TRIGGER {name}")
            else:
                connection.exec_driver_sql("SET LOCAL session_replication_role = replica")
            connection.exec_driver_sql(statement)
    db.session.rollback()
    db.session.expire_all()


def test_entries_are_sealed_in_order_and_verify(app: Flask) -> None:
    write(3)
    assert services.seal(NOW) == 3
    write(2)
    assert services.seal(NOW) == 2
    write(1)

    found = services.verify()

    assert (found.batches, found.sealed, found.unsealed, found.broken) == (2, 5, 1, None)
    assert found.head == services.head() != services.GENESIS


def test_nothing_to_seal_makes_no_batch(app: Flask) -> None:
    write(1)
    services.seal(NOW)

    assert services.seal(NOW) == 0
    assert len(db.session.scalars(select(AuditBatch)).all()) == 1


@pytest.mark.parametrize(
    ("statement", "code", "named"),
    [
        ("UPDATE audit_entry SET verb = 'test.other' WHERE id = 2", "entry_changed", {"entry": 2, "batch": 1}),
        ("UPDATE audit_entry SET detail = '{}' WHERE id = 4", "entry_changed", {"entry": 4, "batch": 2}),
        ("UPDATE audit_batch SET previous_sha256 = 'f' WHERE id = 2", "chain_order", {"batch": 2}),
        ("UPDATE audit_seal SET position = 7 WHERE entry_id = 1", "chain_gap", {"batch": 1}),
        ("DELETE FROM audit_seal WHERE entry_id = 5", "chain_count", {"batch": 2, "sealed": 2, "found": 1}),
        ("UPDATE audit_entry SET address = '1.2.3.4' WHERE id = 6", "entry_changed_unsealed", {"entry": 6}),
    ],
)
def test_the_first_break_is_named(app: Flask, statement: str, code: str, named: dict[str, int]) -> None:
    write(3)
    services.seal(NOW)
    write(2)
    services.seal(NOW)
    write(1)
    assert services.verify().broken is None

    tamper(statement)

    broken = services.verify().broken
    assert broken is not None
    assert broken.code == code
    assert named.items() <= broken.params.items()


def test_the_command_says_intact_or_names_the_break(app: Flask) -> None:
    write(2)
    services.seal(NOW)
    runner = app.test_cli_runner()

    intact = runner.invoke(args=["audit", "verify"])
    tamper("UPDATE audit_entry SET verb = 'test.other' WHERE id = 1")
    broken = runner.invoke(args=["audit", "verify"])

    assert (intact.exit_code, broken.exit_code) == (0, 1)
    assert "intact" in intact.output
    assert "BROKEN: entry 1 of the trail (batch 1)" in broken.output


@pytest.mark.parametrize("table", [table.name for table in append_only_tables(Base.metadata)])
@pytest.mark.parametrize("verb", ["UPDATE", "DELETE"])
def test_the_database_refuses_to_change_append_only_tables(app: Flask, table: str, verb: str) -> None:
    """PostgreSQL refuses the statement; SQLite refuses each row, so there its trigger is looked up and one table is tried for real below."""
    statement = (
        f"DELETE FROM {table}"
        if verb == "DELETE"
        else f"UPDATE {table} SET {Base.metadata.tables[table].columns.keys()[0]} = NULL"
    )
    if db.engine.dialect.name == "sqlite":
        found = db.session.scalar(
            text("SELECT count(*) FROM sqlite_master WHERE type = 'trigger' AND name = :name"),
            {"name": f"{table}_no_{verb.lower()}"},
        )
        assert found == 1
        return
    with pytest.raises(DatabaseError, match="append-only"), transaction() as session:
        session.execute(text(statement))


@pytest.mark.parametrize(
    "statement",
    [
        "UPDATE audit_entry SET verb = 'x'",
        "DELETE FROM audit_entry",
        "REPLACE INTO audit_entry SELECT * FROM audit_entry",
    ],
)
def test_an_entry_can_not_be_changed_by_sql(app: Flask, statement: str) -> None:
    if statement.startswith("REPLACE") and db.engine.dialect.name != "sqlite":
        statement = "TRUNCATE audit_entry CASCADE"
    write(1)

    with pytest.raises(DatabaseError, match="append-only"), transaction() as session:
        session.execute(text(statement))

    assert db.session.scalars(select(AuditEntry.verb)).all() == ["test.act"]


def test_a_refusal_is_recorded_after_the_rollback(app: Flask) -> None:
    applicant = make_user(Role.APPLICANT)

    page = open_page(client_for(app, applicant), "/audit", status=403)

    entry = db.session.scalars(select(AuditEntry).where(AuditEntry.verb == "web.refused")).one()
    assert (entry.actor_id, entry.outcome, entry.detail) == (
        applicant.id,
        "refused",
        {"endpoint": "audit.trail", "code": "role_needed"},
    )
    assert entry.request_id in page, "the reference number on the page leads to the entry"


def test_the_auditor_reads_the_trail(app: Flask) -> None:
    write(3)
    services.seal(NOW)
    client = client_for(app, make_user(Role.AUDITOR))

    assert "test.act" in open_page(client, "/audit")
    assert "test.act" not in open_page(client, "/audit?verb=accounts")
    assert services.head() in open_page(client, "/audit/verification")
    open_page(client, "/audit/reads")


def test_the_pages_name_who_acted_and_the_trail_does_not(app: Flask) -> None:
    person = make_user(Role.SECRETARIAT, name="나기록")
    with transaction():
        services.record(verb="test.act", actor=actor_for(person), at=NOW, detail={"n": 1})
    services.log_access(
        action="applications.read", subject_type="application", subject_id=1, actor=actor_for(person), at=NOW
    )
    client = client_for(app, make_user(Role.AUDITOR))

    assert "나기록" in open_page(client, "/audit")
    assert "나기록" in open_page(client, "/audit/reads")
    kept = db.session.scalars(select(AuditEntry).where(AuditEntry.actor_id == person.id)).one()
    assert "나기록" not in str({column.name: getattr(kept, column.name) for column in AuditEntry.__table__.columns})


def test_reads_are_kept_two_years(app: Flask, clock: SettableClock) -> None:
    services.log_access(action="applications.read", subject_type="application", subject_id=1, actor=ACTOR, at=NOW)

    services.expire_access_log(clock.advance(days=729))
    assert len(db.session.scalars(select(AccessLog)).all()) == 1

    assert services.expire_access_log(clock.advance(days=2)) == 1


def test_the_auditors_first_page_says_how_the_trail_stands(app: Flask, clock: SettableClock) -> None:
    auditor = make_user(Role.AUDITOR)
    other = client_for(app, make_user(Role.APPLICANT))
    browser = client_for(app, auditor)
    assert other.get("/audit").status_code == 403
    services.seal(clock())
    write(2)

    page = open_page(browser, "/")

    found = queries.overview(clock())
    assert (found.sealed_at, found.unsealed, found.refused, found.read) == (clock(), 2, 1, 0)
    assert "최근 7일 거절된 요청" in page
    assert "감사 현황" not in open_page(other, "/")
    assert queries.overview(clock.advance(days=8)).refused == 0


def test_the_trail_is_read_in_words_and_by_act(app: Flask) -> None:
    with transaction():
        services.record(verb="accounts.sign_in", actor=ACTOR, at=NOW, detail={"version": 3})
        services.record(verb="scoring.submitted", actor=ACTOR, at=NOW)
        services.record(verb="gone.forgotten", actor=ACTOR, at=NOW)
    browser = client_for(app, make_user(Role.AUDITOR))

    def table_of(url: str) -> str:
        return open_page(browser, url).partition("<tbody>")[2].partition("</tbody>")[0]

    table = table_of("/audit")

    assert "로그인" in table
    assert "판: 3" in table
    assert "gone.forgotten" in table
    assert "로그인" not in table_of("/audit?verb=scoring.")
    assert "조건에 맞는 기록이 없습니다" in open_page(browser, "/audit?verb=rubrics.")
