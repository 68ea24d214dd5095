"""The database that the migrations make: the one that the models describe, guarded, and as full after an upgrade as before."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest
import sqlalchemy
from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext
from alembic.script import ScriptDirectory
from flask import Flask
from flask_migrate import downgrade, upgrade
from sqlalchemy import Connection, inspect
from sqlalchemy.exc import DBAPIError

import evalcomm
from evalcomm.app import create_app
from evalcomm.foundation.append_only import append_only_tables
from evalcomm.foundation.database import WRITES, db
from tests.conftest import TEST_DATABASE, SettableClock, new_database, settings_for
from tests.guards import world

pytestmark = pytest.mark.xdist_group("migrations")

MIGRATIONS = Path(evalcomm.__file__).parent / "migrations"
FIRST = "0001"


@contextmanager
def database(folder: Path) -> Iterator[Flask]:
    """The application over an empty database, in an open context."""
    folder.mkdir(parents=True, exist_ok=True)
    blank = folder / "blank"
    blank.touch()
    with new_database(str(blank) if TEST_DATABASE == "sqlite" else "template1", folder) as url:
        app = create_app(settings_for(folder / "instance", url), clock=SettableClock())
        with app.app_context():
            yield app
            db.session.remove()
            db.engine.dispose()


@pytest.fixture
def app(tmp_path: Path) -> Iterator[Flask]:
    with database(tmp_path) as found:
        yield found


@contextmanager
def writing() -> Iterator[Connection]:
    with db.engine.connect().execution_options(**{WRITES: True}) as connection:
        yield connection


# ---- the same as the models


def test_nothing_is_left_to_generate(app: Flask) -> None:
    upgrade()

    with db.engine.connect() as connection:
        context = MigrationContext.configure(connection, opts={"compare_type": True, "render_as_batch": True})
        assert compare_metadata(context, db.metadata) == []


def described() -> dict[str, Any]:
    """Columns, keys, constraints with their texts, and indexes of every table: Alembic compares no CHECK."""
    found = inspect(db.engine)
    return {
        table: {
            "columns": [(one["name"], str(one["type"]), one["nullable"]) for one in found.get_columns(table)],
            "primary": found.get_pk_constraint(table),
            "checks": sorted((one["name"] or "", one["sqltext"]) for one in found.get_check_constraints(table)),
            "unique": sorted((one["name"] or "", one["column_names"]) for one in found.get_unique_constraints(table)),
            "foreign": sorted(
                (one["name"] or "", one["constrained_columns"], one["referred_table"], one["options"])
                for one in found.get_foreign_keys(table)
            ),
            "indexes": sorted(
                (one["name"] or "", one["column_names"], bool(one["unique"])) for one in found.get_indexes(table)
            ),
        }
        for table in found.get_table_names()
        if table != "alembic_version"
    }


def test_the_constraints_are_those_of_the_models_too(tmp_path: Path) -> None:
    with database(tmp_path / "migrated"):
        upgrade()
        migrated = described()
    with database(tmp_path / "created"):
        with writing() as connection, connection.begin():
            db.metadata.create_all(connection)
        created = described()

    assert set(migrated) == set(created)
    for table, description in created.items():
        assert migrated[table] == description, table


def test_no_row_goes_with_another() -> None:
    """No ON DELETE CASCADE anywhere: what is to be removed is removed by a verb."""
    assert {key.ondelete for table in db.metadata.sorted_tables for key in table.foreign_keys} == {None}


# ---- append-only


def triggers() -> set[str]:
    text = {
        "sqlite": "SELECT tbl_name FROM sqlite_master WHERE type = 'trigger'",
        "postgresql": "SELECT relname FROM pg_trigger JOIN pg_class ON pg_class.oid = tgrelid WHERE NOT tgisinternal",
    }[db.engine.dialect.name]
    with db.engine.connect() as connection:
        return set(connection.exec_driver_sql(text).scalars())


def guarded() -> set[str]:
    return {table.name for table in append_only_tables(db.metadata)}


def test_append_only_tables_are_guarded_after_every_way_up_and_down(app: Flask) -> None:
    assert len(guarded()) > 10
    upgrade()
    assert triggers() == guarded()

    downgrade(revision="base")
    assert triggers() == set()
    assert set(inspect(db.engine).get_table_names()) <= {"alembic_version"}

    upgrade()
    assert triggers() == guarded()


# ---- a filled database


@pytest.fixture(scope="module")
def filled_folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("filled")


@pytest.fixture(scope="module")
def filled(filled_folder: Path) -> Iterator[Flask]:
    """A database at the first revision with a call that came all the way, filled by the verbs of that revision."""
    head = ScriptDirectory(str(MIGRATIONS)).get_current_head()
    assert head == FIRST, (
        "the models are past the first revision: fill from a dump that was made at the last commit before"
    )
    with database(filled_folder) as app:
        upgrade(revision=FIRST)
        world.build(stages=["draft", "scoring", "announced"], more=1)
        yield app


def contents() -> dict[str, list[tuple[Any, ...]]]:
    """Every row of every table, as the driver gives it, by the columns of the first revision."""
    found: dict[str, list[tuple[Any, ...]]] = {}
    with db.engine.connect() as connection:
        for name in inspect(connection).get_table_names():
            if name != "alembic_version":
                columns = ", ".join(f'"{column["name"]}"' for column in inspect(connection).get_columns(name))
                rows = connection.exec_driver_sql(f'SELECT {columns} FROM "{name}"').all()
                found[name] = sorted((tuple(row) for row in rows), key=repr)
    return found


def test_the_filled_database_is_full(filled: Flask) -> None:
    """Else the tests below would say little."""
    empty = {name for name, rows in contents().items() if not rows}

    assert empty == {
        "audit_batch",
        "audit_seal",
        "ended_session",
        "organisation_affiliation",
        "sign_in_attempt",
    }


def test_an_upgrade_keeps_every_row(filled: Flask) -> None:
    before = contents()

    upgrade()

    assert contents() == before
    assert broken_keys() == []


def broken_keys() -> list[Any]:
    if db.engine.dialect.name != "sqlite":
        return []  # PostgreSQL never lets go of a foreign key
    with db.engine.connect() as connection:
        return list(connection.exec_driver_sql("PRAGMA foreign_key_check").all())


@pytest.mark.parametrize("statement", ["UPDATE {table} SET {column} = {column}", "DELETE FROM {table}"])
def test_every_append_only_table_refuses(filled: Flask, statement: str) -> None:
    for name in sorted(guarded()):
        if not contents_of(name):
            continue
        column = inspect(db.engine).get_columns(name)[0]["name"]
        with writing() as connection, pytest.raises(DBAPIError, match=f"append-only: {name}"):
            connection.exec_driver_sql(statement.format(table=name, column=column))


def contents_of(name: str) -> int:
    with db.engine.connect() as connection:
        return connection.exec_driver_sql(f'SELECT count(*) FROM "{name}"').scalar_one()


NEXT = '''
"""A migration of the future: tables with guards and with children are rebuilt."""

import sqlalchemy as sa
from alembic import op

revision = "0002"
down_revision = "0001"


def upgrade():
    for table in ("submission", "application", "audit_entry"):
        with op.batch_alter_table(table, recreate="auto") as batch:
            batch.add_column(sa.Column("remark", sa.String(40), nullable=False, server_default="none"))
            batch.create_check_constraint("remarked", "length(remark) > 0")
    {more}


def downgrade():
    for table in ("submission", "application", "audit_entry"):
        with op.batch_alter_table(table) as batch:
            batch.drop_constraint("remarked", type_="check")
            batch.drop_column("remark")
'''


def next_migrations(folder: Path, more: str = "pass") -> str:
    """The product's migrations and one more."""
    copied = folder / "migrations"
    shutil.copytree(MIGRATIONS, copied, ignore=shutil.ignore_patterns("__pycache__"))
    (copied / "versions" / "0002_next.py").write_text(NEXT.format(more=more), encoding="utf-8")
    return str(copied)


def test_tables_that_a_later_migration_rebuilds_keep_rows_keys_and_guards(filled: Flask, tmp_path: Path) -> None:
    directory, before = next_migrations(tmp_path), contents()

    upgrade(directory=directory)

    added = contents()
    assert {name for name in before if added[name] != before[name]} == {"submission", "application", "audit_entry"}
    assert {name: len(rows) for name, rows in added.items()} == {name: len(rows) for name, rows in before.items()}
    assert triggers() == guarded()
    assert broken_keys() == []

    downgrade(directory=directory, revision=FIRST)

    assert contents() == before
    assert triggers() == guarded()


def test_a_migration_that_would_orphan_rows_changes_nothing(
    filled: Flask, tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    """Foreign keys are off while tables are rebuilt, so they are checked before the commit."""
    directory, before = next_migrations(tmp_path, more="op.execute('DELETE FROM task')"), contents()

    with pytest.raises((SystemExit, DBAPIError)) as stopped:
        upgrade(directory=directory)

    reason = caplog.text if isinstance(stopped.value, SystemExit) else str(stopped.value)
    assert "without what they point to" in reason or "violates foreign key constraint" in reason
    assert contents() == before
    assert triggers() == guarded()


def test_the_server_says_what_to_do_with_an_old_database(app: Flask) -> None:
    ran = app.test_cli_runner().invoke(args=["serve"])

    assert ran.exit_code == 1
    assert "evalcomm db upgrade" in ran.output


def test_sqlite_keeps_its_promises(app: Flask) -> None:
    if db.engine.dialect.name == "sqlite":
        with writing() as connection:
            found = {
                name: connection.exec_driver_sql(f"PRAGMA {name}").scalar_one()
                for name in ("journal_mode", "synchronous", "foreign_keys", "recursive_triggers")
            }

        assert found == {"journal_mode": "wal", "synchronous": 2, "foreign_keys": 1, "recursive_triggers": 1}
    else:
        with db.engine.connect() as connection, pytest.raises(sqlalchemy.exc.DBAPIError, match="read-only"):
            connection.exec_driver_sql("CREATE TABLE nothing (id integer)")
