"""`evalcomm` whose clock a test can set: the site, its worker and every command read one file with the seconds they are ahead of the machine.

    EVALCOMM_JOURNEY_CLOCK=FILE python tests/journeys/server.py serve PORT      gunicorn and worker, as `evalcomm serve` runs them
    EVALCOMM_JOURNEY_CLOCK=FILE python tests/journeys/server.py serve PORT web  gunicorn alone, where nothing is to be printed
    EVALCOMM_JOURNEY_CLOCK=FILE python tests/journeys/server.py user invite …   any other command of evalcomm

A phase lasts days and a browser can wait seconds. Nothing in the product reads the variable.
"""

import os
import sys
from datetime import UTC, datetime, timedelta
from pathlib import Path

from flask import Flask
from flask.cli import ScriptInfo

from evalcomm import app as product
from evalcomm.cli import main
from evalcomm.foundation.supervisor import Supervisor

HERE = Path(__file__).resolve()


def clock() -> datetime:
    ahead = Path(os.environ["EVALCOMM_JOURNEY_CLOCK"]).read_text(encoding="ascii")
    return datetime.now(UTC) + timedelta(seconds=float(ahead))


def create_app() -> Flask:
    return product.create_app(clock=clock)


def serve(port: str, *wanted: str) -> None:
    python = sys.executable
    web = [python, "-m", "gunicorn", "--chdir", str(HERE.parent), "--bind", f"127.0.0.1:{port}", "--threads", "4"]
    commands = {"web": [*web, "server:create_app()"], "worker": [python, str(HERE), "worker"]}
    Supervisor({name: command for name, command in commands.items() if name in wanted or not wanted}).run()


if __name__ == "__main__":
    if sys.argv[1] == "serve":
        serve(*sys.argv[2:])
    else:
        main(obj=ScriptInfo(create_app=create_app))
