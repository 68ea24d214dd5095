"""Tables that the database itself refuses to update or delete, whoever asks.

A model says `__table_args__ = (…, APPEND_ONLY)`; `protect` gives every such table its triggers and is run after each migration, so that a
table rebuilt by a migration can't lose them. With recursive triggers on, REPLACE INTO is refused too.
"""

from sqlalchemy import Connection, MetaData, Table, inspect

APPEND_ONLY: dict[str, object] = {"info": {"append_only": True}}


def append_only_tables(metadata: MetaData) -> list[Table]:
    return [table for table in metadata.sorted_tables if table.info.get("append_only")]


def protect(connection: Connection, metadata: MetaData) -> None:
    present = set(inspect(connection).get_table_names())
    for table in (table for table in append_only_tables(metadata) if table.name in present):
        for statement in _statements(table.name, connection.dialect.name):
            connection.exec_driver_sql(statement)


def _statements(table: str, dialect: str) -> list[str]:
    if dialect == "sqlite":
        return [
            statement
            for verb in ("UPDATE", "DELETE")
            for statement in (
                f"DROP TRIGGER IF EXISTS {table}_no_{verb.lower()}",
                (
                    f"CREATE TRIGGER {table}_no_{verb.lower()} BEFORE {verb} ON {table} "
                    f"BEGIN SELECT RAISE(ABORT, 'append-only: {table}'); END"
                ),
            )
        ]
    refuse = "$$ BEGIN RAISE EXCEPTION USING MESSAGE = 'append-only: ' || TG_TABLE_NAME; END $$"
    trigger = f"BEFORE UPDATE OR DELETE OR TRUNCATE ON {table} FOR EACH STATEMENT EXECUTE FUNCTION refuse_change()"
    return [
        f"CREATE OR REPLACE FUNCTION refuse_change() RETURNS trigger LANGUAGE plpgsql AS {refuse}",
        f"DROP TRIGGER IF EXISTS {table}_no_change ON {table}",
        f"CREATE TRIGGER {table}_no_change {trigger}",
    ]
