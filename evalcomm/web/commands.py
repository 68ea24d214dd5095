"""`evalcomm serve` and `evalcomm worker`."""

import os
import signal
import sys
from types import FrameType

import click
from alembic.migration import MigrationContext
from alembic.script import ScriptDirectory
from flask import Flask, current_app
from flask.cli import with_appcontext
from flask_babel import gettext as _

from evalcomm.foundation import outbox
from evalcomm.foundation.database import db
from evalcomm.foundation.supervisor import Supervisor
from evalcomm.web import terminal


def _require_current_database() -> None:
    """A server over an old or empty database would fail on its first page; say it at the start instead."""
    wanted = ScriptDirectory(current_app.extensions["migrate"].directory).get_current_head()
    with db.engine.connect() as connection:
        found = MigrationContext.configure(connection).get_current_revision()
    if found != wanted:
        with terminal.spoken():
            raise terminal.Failed(
                _(
                    "데이터베이스가 이 프로그램의 판(%(wanted)s)과 맞지 않습니다. 먼저 evalcomm db upgrade를 실행해 주십시오.",
                    wanted=wanted,
                )
            )


@click.command("serve")
@click.option("--host", default="127.0.0.1", show_default=True)
@click.option("--port", default=8000, show_default=True, type=click.IntRange(1, 65535))
@click.option("--processes", default=2, show_default=True, type=click.IntRange(1, 64))
@click.option("--threads", default=64, show_default=True, type=click.IntRange(1, 256))
@with_appcontext
def serve(host: str, port: int, processes: int, threads: int) -> None:
    """Serve the site and run the worker beside it; either is started again if it dies.

    An upload over a slow line holds a thread until it is whole, so there are many: on the last day they come all at once.
    """
    _require_current_database()
    db.engine.dispose()
    click.echo(f"evalcomm on http://{host}:{port}")
    web = [
        sys.executable,
        "-m",
        "gunicorn",
        "--bind",
        f"{host}:{port}",
        "--workers",
        str(processes),
        "--threads",
        str(threads),
    ]
    web += [
        "--timeout",
        "120",
        "--graceful-timeout",
        "20",
        "--no-control-socket",  # it would lie in the home folder, and two instances of one person would share it
        "--access-logfile",
        os.environ.get("EVALCOMM_ACCESS_LOG", "/dev/null"),
    ]
    Supervisor(
        {"web": [*web, "evalcomm.app:create_app()"], "worker": [sys.executable, "-m", "evalcomm", "worker"]}
    ).run()


@click.command("worker")
@click.option("--until-empty", is_flag=True, help="Do what is due now and stop.")
@with_appcontext
def worker(*, until_empty: bool) -> None:
    """Do the work that waits in the outbox: print papers, send mail, seal the audit trail."""
    if until_empty:
        click.echo(f"{outbox.work_until_empty()} jobs")
        return
    stopping: list[bool] = []

    def stop(_signal: int, _frame: FrameType | None) -> None:
        stopping.append(True)

    signal.signal(signal.SIGTERM, stop)
    signal.signal(signal.SIGINT, stop)
    application: Flask = current_app._get_current_object()  # type: ignore[attr-defined]  # noqa: SLF001 - Flask's documented way
    outbox.run_worker(application, stopping=lambda: bool(stopping))


def init_app(app: Flask) -> None:
    app.cli.add_command(serve)
    app.cli.add_command(worker)
