"""Run migrations: on SQLite with foreign keys off and a check after; on both databases the append-only triggers again after each run."""

from importlib import import_module
from typing import Literal

from alembic import context
from alembic.autogenerate.api import AutogenContext
from flask import current_app
from sqlalchemy import Connection

from evalcomm.foundation import append_only
from evalcomm.foundation.database import WRITES, Base, Points, UtcDateTime, db

for room in (
    "foundation.outbox",
    "notices.models",
    "documents.models",
    "reports",
    "selection.models",
    "scoring.models",
):
    import_module(f"evalcomm.{room}")


def render_item(kind: str, item: object, autogenerate: AutogenContext) -> str | Literal[False]:
    """Our own column types by their names, with the import that they need."""
    if kind == "type" and isinstance(item, UtcDateTime | Points):
        name = type(item).__name__
        autogenerate.imports.add(f"from evalcomm.foundation.database import {name}")
        return f"{name}()"
    return False


def run(connection: Connection) -> None:
    context.configure(
        connection=connection,
        target_metadata=Base.metadata,
        render_as_batch=True,
        compare_type=True,
        render_item=render_item,
    )
    with context.begin_transaction():
        context.run_migrations()
        append_only.protect(connection, Base.metadata)


def run_online() -> None:
    engine = db.engine
    with engine.connect() as connection:
        connection.execution_options(**{WRITES: True})
        sqlite = connection.dialect.name == "sqlite"
        if sqlite:
            connection.connection.driver_connection.execute("PRAGMA foreign_keys=OFF")  # type: ignore[union-attr]
        try:
            with connection.begin():
                run(connection)
                if sqlite and (broken := connection.exec_driver_sql("PRAGMA foreign_key_check").all()):
                    raise RuntimeError(f"the migration would leave rows without what they point to: {broken[:5]}")
        finally:
            if sqlite:
                connection.connection.driver_connection.execute("PRAGMA foreign_keys=ON")  # type: ignore[union-attr]


if context.is_offline_mode():
    raise SystemExit("migrations run on a database, not to a script: the checks after them need one")
current_app.logger.info("migrating %s", db.engine.url.render_as_string(hide_password=True))
run_online()
