"""The database base: naming convention, types, and the one place where a transaction begins.

SQLite runs in WAL with synchronous=FULL, foreign keys and recursive triggers on. Its driver's own transaction handling is off: it begins a
deferred transaction, in which a write after a read fails at once with "database is locked" whatever the timeout. We begin ourselves: a
verb gets BEGIN IMMEDIATE before it reads anything, a read gets a snapshot that can't write.

SQLite has one writer at a time and lets the others sleep, longer after every look: who has waited longest wakes last, and meanwhile nobody
works. So the threads of a process stand in line here, and the first in the line looks often.
"""

import hashlib
import json
import sqlite3
import threading
import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from datetime import UTC, datetime
from decimal import Decimal
from enum import StrEnum
from typing import Annotated, Any

from flask import Flask
from flask_sqlalchemy import SQLAlchemy
from sqlalchemy import (
    BigInteger,
    Connection,
    CursorResult,
    DateTime,
    Dialect,
    Engine,
    Executable,
    Integer,
    MetaData,
    String,
    TypeDecorator,
    event,
)
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import DeclarativeBase, Session, mapped_column

from evalcomm.foundation.errors import from_integrity_error

NAMING = {
    "ix": "ix_%(table_name)s_%(column_0_N_name)s",
    "uq": "uq_%(table_name)s_%(column_0_N_name)s",
    "ck": "ck_%(table_name)s_%(constraint_name)s",
    "fk": "fk_%(table_name)s_%(column_0_N_name)s_%(referred_table_name)s",
    "pk": "pk_%(table_name)s",
}


class UtcDateTime(TypeDecorator[datetime]):
    """An aware instant, stored in UTC to the microsecond. A naive one is refused: nobody can say which clock it was."""

    impl = DateTime(timezone=True)
    cache_ok = True

    def process_bind_param(self, value: datetime | None, dialect: Dialect) -> datetime | None:
        if value is None:
            return None
        if value.tzinfo is None:
            raise ValueError("a time without a zone can't be stored")
        value = value.astimezone(UTC)
        return value.replace(tzinfo=None) if dialect.name == "sqlite" else value

    def process_result_value(self, value: datetime | None, dialect: Dialect) -> datetime | None:
        if value is None:
            return None
        return value.replace(tzinfo=UTC) if value.tzinfo is None else value.astimezone(UTC)


class Points(TypeDecorator[Decimal]):
    """Score points as exact decimals, stored as whole millionths."""

    impl = BigInteger
    cache_ok = True
    SCALE = 1_000_000

    def process_bind_param(self, value: Decimal | None, dialect: Dialect) -> int | None:
        if value is None:
            return None
        scaled = value * self.SCALE
        if scaled != scaled.to_integral_value():
            raise ValueError(f"{value} has more than six decimals")
        return int(scaled)

    def process_result_value(self, value: int | None, dialect: Dialect) -> Decimal | None:
        return None if value is None else Decimal(value) / self.SCALE


_BIG = BigInteger().with_variant(Integer, "sqlite")

Id = Annotated[int, mapped_column(_BIG, primary_key=True)]
Won = Annotated[int, mapped_column(BigInteger)]
"""Whole won."""
Instant = Annotated[datetime, mapped_column(UtcDateTime)]
Sha256 = Annotated[str, mapped_column(String(64))]
Code = Annotated[str, mapped_column(String(80))]
Json = dict[str, Any]


class Base(DeclarativeBase):
    metadata = MetaData(naming_convention=NAMING)


def one_of(column: str, values: type[StrEnum]) -> str:
    """SQL text of a CHECK that a column holds one of an enumeration's values."""
    return f"{column} IN ({', '.join(repr(value.value) for value in values)})"


def canonical_json(value: object) -> str:
    """Sorted keys, no spaces, UTF-8 as it is: the text whose SHA-256 is a seal."""
    return json.dumps(value, ensure_ascii=False, sort_keys=True, separators=(",", ":"), allow_nan=False)


def canonical_sha256(value: object) -> str:
    """That SHA-256, in hexadecimal digits."""
    return hashlib.sha256(canonical_json(value).encode()).hexdigest()


db: SQLAlchemy = SQLAlchemy(model_class=Base, session_options={"autoflush": True, "expire_on_commit": False})

WRITES = "evalcomm_writes"
PATIENCE = 30.0
"""Seconds that a verb waits in the line, and then for a writer of another process."""
_BUSY = int(PATIENCE * 1000)
_LOOK_EVERY = 0.0003
_line = threading.RLock()


def configure_engine(engine: Engine) -> None:
    """Attach our transaction rules to an engine. Called once per engine, by `init_app` and by tests that make their own."""
    if engine.dialect.name == "sqlite":
        event.listen(engine, "connect", _prepare_sqlite)
    event.listen(engine, "begin", _begin)


def _prepare_sqlite(connection: Any, _record: object) -> None:
    connection.isolation_level = None
    for pragma in (
        "journal_mode=WAL",
        "synchronous=FULL",
        "foreign_keys=ON",
        "recursive_triggers=ON",
        f"busy_timeout={_BUSY}",
    ):
        connection.execute(f"PRAGMA {pragma}")


def _begin(connection: Connection) -> None:
    writes = bool(connection.get_execution_options().get(WRITES))
    driver: Any = connection.connection.dbapi_connection
    if connection.dialect.name == "sqlite":
        # on the driver itself: through SQLAlchemy these words cost more than the work that they begin
        driver.execute(f"PRAGMA query_only={'OFF' if writes else 'ON'}")
        if writes:
            _begin_writing(driver)
        else:
            driver.execute("BEGIN")
    elif not writes:
        connection.exec_driver_sql("SET TRANSACTION READ ONLY")


def _begin_writing(driver: sqlite3.Connection) -> None:
    """Raises sqlite3.OperationalError after `PATIENCE`."""
    until = time.monotonic() + PATIENCE
    driver.execute("PRAGMA busy_timeout=0")
    try:
        while True:
            try:
                driver.execute("BEGIN IMMEDIATE")
            except sqlite3.OperationalError as error:
                if error.sqlite_errorcode != sqlite3.SQLITE_BUSY or time.monotonic() > until:
                    raise
                time.sleep(_LOOK_EVERY)
            else:
                return
    finally:
        driver.execute(f"PRAGMA busy_timeout={_BUSY}")


@contextmanager
def _turn(session: Session) -> Iterator[None]:
    """This thread's turn to write, where the database has one writer at a time."""
    if session.get_bind().dialect.name != "sqlite":
        yield
        return
    in_line = _line.acquire(timeout=PATIENCE)  # where it is not reached in time, the database says so itself
    try:
        yield
    finally:
        if in_line:
            _line.release()


def init_app(app: Flask) -> None:
    db.init_app(app)
    with app.app_context():
        configure_engine(db.engine)


def execute(statement: Executable, values: Mapping[str, Any]) -> CursorResult[Any]:
    """Run a statement over plain columns, after what is pending, but past the unit of work: half the cost, for what runs at every request."""
    session = db.session()
    session.flush()
    return session.connection().execute(statement, values)


@contextmanager
def transaction() -> Iterator[Session]:
    """The transaction in which verbs run: begun before anything is loaded, committed at the end, rolled back on any error.

    A broken constraint that has a sentence leaves as its domain error.
    """
    session = db.session()
    session.rollback()  # leave the read snapshot, and with it everything that was loaded in it
    session.expire_all()
    with _turn(session):
        try:
            session.connection(execution_options={WRITES: True})
            yield session
            session.commit()
        except IntegrityError as error:
            session.rollback()
            domain_error = from_integrity_error(error)
            if domain_error is None:
                raise
            raise domain_error from error
        except BaseException:
            session.rollback()
            raise
