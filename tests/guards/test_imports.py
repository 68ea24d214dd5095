"""What a process loads: pages come without the heavy libraries, the commands on files without the server."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from evalcomm.cli import FILE_COMMANDS, _module_of
from tests.guards.access_table import COLUMNS
from tests.guards.conftest import Filled
from tests.guards.test_access import ROWS, url_of

HEAVY = ("weasyprint", "matplotlib", "scipy", "openpyxl", "numpy")
SERVER = (
    "flask",
    "flask_sqlalchemy",
    "flask_babel",
    "jinja2",
    "sqlalchemy",
    "weasyprint",
    "wtforms",
    "werkzeug",
    "alembic",
)
NOT_PAGES = {"documents.figure": "an image of its own, drawn when it is asked for"}

OPEN_EVERYTHING = """
import json, sys
from pathlib import Path
from sqlalchemy.orm import Session
from evalcomm.app import create_app
from evalcomm.config import Settings

given = json.loads(sys.stdin.read())
heavy = given["heavy"]
app = create_app(
    Settings(
        instance=Path(given["instance"]), secret_key="x" * 40, database_url=given["url"], secure_cookies=False, testing=True,
        demonstration=True, extra={"WTF_CSRF_ENABLED": False},
    )
)
from datetime import datetime
app.extensions["clock"] = lambda: datetime.fromisoformat(given["now"])
Session.commit = Session.rollback
loaded_by = {"create_app": [name for name in heavy if name in sys.modules]}
statuses = {}
for name, method, url, user in given["pages"]:
    client = app.test_client()
    if user is not None:
        with client.session_transaction() as session:
            session["_user_id"] = f"{user}:0:token"
    before = set(sys.modules)
    with client.open(url, method=method) as answer:
        statuses[name] = answer.status_code
    new = [name for name in heavy if name in sys.modules and name not in before]
    if new:
        loaded_by[name] = new
print(json.dumps({"loaded_by": loaded_by, "statuses": statuses}))
"""


@pytest.mark.xdist_group("filled")
def test_no_page_loads_a_heavy_library(filled: Filled) -> None:
    """Every endpoint, by somebody who may, in one fresh process."""
    app = filled.apps["demonstration"]
    pages = []
    for row in ROWS:
        if "yes" in row.answers and row.endpoint not in NOT_PAGES:
            person = COLUMNS[row.answers.index("yes")]
            url = url_of(app, row, filled.world.places[row.place])
            pages.append((str(row), row.method, url, filled.world.users.get(person)))
    given: dict[str, Any] = {
        "instance": app.instance_path,
        "url": app.config["SQLALCHEMY_DATABASE_URI"],
        "now": app.extensions["clock"]().isoformat(),
        "heavy": HEAVY,
        "pages": pages,
    }

    ran = subprocess.run(
        [sys.executable, "-c", OPEN_EVERYTHING], input=json.dumps(given), capture_output=True, text=True, check=False
    )

    assert ran.returncode == 0, ran.stderr[-3000:]
    found = json.loads(ran.stdout)
    assert set(found["statuses"].values()) <= {200, 302, 409, 422}
    assert found["loaded_by"] == {"create_app": []}


def modules_after(arguments: list[str], folder: Path, *, watched: tuple[str, ...]) -> list[str]:
    """Which of the watched modules a command on files has loaded when it ends."""
    program = f"""
import sys
from evalcomm.cli import main
try:
    main({arguments!r})
except SystemExit as end:
    assert end.code == 0, end.code
finally:
    print([name for name in {watched!r} if name in sys.modules], file=sys.stderr)
"""
    ran = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=False, cwd=folder)
    assert ran.returncode == 0, ran.stdout[-2000:] + ran.stderr[-2000:]
    loaded: list[str] = eval(ran.stderr.strip().splitlines()[-1])
    return loaded


@pytest.mark.parametrize("command", [name for name in FILE_COMMANDS if _module_of(name)])
def test_the_help_of_a_file_command_loads_no_server(command: str, tmp_path: Path) -> None:
    assert modules_after([command, "--help"], tmp_path, watched=SERVER) == []


def test_the_list_of_commands_loads_no_server(tmp_path: Path) -> None:
    assert modules_after(["--help"], tmp_path, watched=SERVER) == []


def test_a_ranking_from_files_loads_no_server(tmp_path: Path) -> None:
    (tmp_path / "scores.csv").write_text(
        "application,evaluator,score\nA,1,80\nA,2,90\nB,1,70\nB,2,75\n", encoding="utf-8"
    )

    assert modules_after(["rank", "scores.csv"], tmp_path, watched=SERVER) == []
    assert list(tmp_path.iterdir()) == [tmp_path / "scores.csv"]
