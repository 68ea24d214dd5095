"""A read can't write, an error leaves nothing behind, two at once don't lose each other's work."""

import sqlite3
import threading
from datetime import datetime
from decimal import Decimal
from pathlib import Path

import pytest
from flask import Flask
from sqlalchemy import bindparam, create_engine, func, select
from sqlalchemy.exc import DBAPIError, StatementError

from evalcomm.accounts.models import Organisation, OrganisationKind, UserAccount
from evalcomm.foundation import database
from evalcomm.foundation.database import Points, db, execute, transaction
from evalcomm.foundation.errors import Conflict
from tests.factories import NOW, make_organisation


def add_organisation(code: str) -> None:
    db.session.add(Organisation(code=code, name=code, kind=OrganisationKind.OTHER, created_at=NOW))
    db.session.flush()


def count() -> int:
    db.session.rollback()
    return db.session.scalar(select(func.count()).select_from(Organisation)) or 0


def test_outside_a_transaction_the_database_itself_refuses_to_write(app: Flask) -> None:
    with pytest.raises(DBAPIError, match=r"read.?only"):
        add_organisation("a")

    assert count() == 0


def test_an_error_leaves_nothing_behind(app: Flask) -> None:
    with pytest.raises(RuntimeError, match="halfway"), transaction():
        add_organisation("a")
        raise RuntimeError("halfway")

    assert count() == 0


def test_a_broken_constraint_leaves_as_a_domain_error(app: Flask) -> None:
    make_organisation()
    taken = db.session.scalars(select(Organisation.code)).one()

    with pytest.raises(Conflict) as refused, transaction():
        add_organisation("b")
        add_organisation(taken)

    assert refused.value.code == "code_taken"
    assert count() == 1


def test_a_check_without_a_verb_before_it_has_a_sentence_too(app: Flask) -> None:
    with pytest.raises(Conflict) as refused, transaction() as session:
        session.add(Organisation(code="x", name="x", kind="church", created_at=NOW))

    assert refused.value.code == "value_not_listed"


def test_writers_wait_for_each_other(app: Flask) -> None:
    """Read, then write: in a deferred SQLite transaction the second would fail at once with "database is locked"."""
    organisation = make_organisation("0")
    failures: list[BaseException] = []

    def add_one() -> None:
        try:
            with app.app_context(), transaction() as session:
                row = session.scalars(
                    select(Organisation).where(Organisation.id == organisation.id).with_for_update()
                ).one()
                row.name = str(int(row.name) + 1)
        except BaseException as error:
            failures.append(error)

    threads = [threading.Thread(target=add_one) for _ in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()

    assert failures == []
    db.session.rollback()
    assert db.session.scalar(select(Organisation.name).where(Organisation.id == organisation.id)) == "8"


def test_a_writer_that_fails_gives_its_place_up(app: Flask) -> None:
    with pytest.raises(RuntimeError, match="halfway"), transaction():
        raise RuntimeError("halfway")
    written: list[int] = []

    def add_one() -> None:
        with app.app_context(), transaction():
            add_organisation("a")
            written.append(1)

    thread = threading.Thread(target=add_one, daemon=True)
    thread.start()
    thread.join(20)

    assert written == [1]


def test_a_writer_of_sqlite_waits_for_another_process_and_says_so_when_it_takes_too_long(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """On a database of its own, whichever the suite runs on."""
    engine = create_engine(f"sqlite:///{tmp_path / 'line.sqlite'}")
    database.configure_engine(engine)
    writer = engine.connect().execution_options(**{database.WRITES: True})
    other = sqlite3.connect(tmp_path / "line.sqlite", isolation_level=None, check_same_thread=False)
    try:
        with writer.begin():
            writer.exec_driver_sql("CREATE TABLE one (id INTEGER)")

        monkeypatch.setattr(database, "PATIENCE", 0.2)
        other.execute("BEGIN IMMEDIATE")
        with pytest.raises(sqlite3.OperationalError, match="locked"), writer.begin():
            writer.exec_driver_sql("INSERT INTO one VALUES (1)")

        monkeypatch.setattr(database, "PATIENCE", 20.0)
        threading.Timer(0.1, other.rollback).start()
        with writer.begin():
            writer.exec_driver_sql("INSERT INTO one VALUES (2)")
        assert other.execute("SELECT id FROM one").fetchall() == [(2,)]
    finally:
        other.close()
        writer.close()
        engine.dispose()


def test_a_plain_statement_sees_what_the_verb_has_just_made(app: Flask) -> None:
    query = select(func.count()).select_from(Organisation).where(Organisation.code == bindparam("code"))

    with transaction() as session:
        session.add(Organisation(code="x", name="x", kind=OrganisationKind.OTHER, created_at=NOW))

        assert execute(query, {"code": "x"}).scalar() == 1


def test_a_time_without_a_zone_is_refused(app: Flask) -> None:
    with pytest.raises(StatementError, match="without a zone"), transaction() as session:
        session.add(UserAccount(email="a@example.kr", name="a", created_at=datetime(2026, 1, 1)))  # noqa: DTZ001 - the wrong time under test


def test_points_are_exact_to_six_decimals_and_refuse_a_seventh() -> None:
    stored = Points().process_bind_param(Decimal("12.345678"), None)  # type: ignore[arg-type]

    assert Points().process_result_value(stored, None) == Decimal("12.345678")  # type: ignore[arg-type]
    with pytest.raises(ValueError, match="six decimals"):
        Points().process_bind_param(Decimal("0.1234567"), None)  # type: ignore[arg-type]
