"""Every endpoint asked by everybody, over real requests, with and without demonstration mode."""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Iterator
from dataclasses import dataclass, replace
from typing import Any

import pytest
from flask import Flask, url_for
from flask.testing import FlaskClient
from sqlalchemy.orm import Session
from werkzeug.routing import Rule

from evalcomm.accounts.models import UserAccount
from evalcomm.app import create_app
from evalcomm.config import Settings
from evalcomm.documents import kinds
from evalcomm.foundation.database import db, transaction
from tests.conftest import SettableClock, settings_for
from tests.factories import NOW
from tests.guards.access_table import COLUMNS, TABLE
from tests.guards.conftest import Filled

pytestmark = pytest.mark.xdist_group("filled")

MODES = ("real", "demonstration")
ALLOWED = {200, 302, 409, 422}

WITHOUT_COMMITS = {
    "accounts.change_password": "hashes a password between a read and a transaction of its own",
    "accounts.forgotten": "answers alike whether or not there is an account; writes in a transaction of its own",
    "accounts.join": "hashes a password before its transaction",
    "accounts.register": "writes in a transaction of its own, and only for an address without an account",
    "accounts.sign_in": "hashes a password between a read and a transaction of its own",
    "applications.attach": "takes files in before a short transaction for each",
    "demo.sign_in": "starts a session after a transaction of its own",
    "pages.choose_language": "sets a cookie, writes nothing",
    "rubrics.check": "says what is wrong and stores nothing",
    "sessions.extend": "renews a cookie, writes nothing",
}
"""POST endpoints without @commits, each with the reason."""


@dataclass(frozen=True)
class Row:
    method: str
    endpoint: str
    place: str
    answers: tuple[str, ...]

    def __str__(self) -> str:
        return f"{self.method} {self.endpoint} at {self.place}"


def rows() -> list[Row]:
    found = []
    for line in TABLE.strip().splitlines()[1:]:
        if line.strip() and not line.startswith("#"):
            left, right = line.split("|")
            method, endpoint, place = left.split(None, 2)
            found.append(Row(method, endpoint, place.strip(), tuple(right.split())))
    return found


ROWS = rows()


def endpoints(app: Flask) -> set[tuple[str, str]]:
    return {
        (method, rule.endpoint)
        for rule in app.url_map.iter_rules()
        for method in (rule.methods or set()) - {"HEAD", "OPTIONS"}
    }


def rules(app: Flask) -> dict[tuple[str, str], Rule]:
    return {(method, rule.endpoint): rule for rule in app.url_map.iter_rules() for method in rule.methods or set()}


@pytest.fixture
def nothing_stays(monkeypatch: pytest.MonkeyPatch) -> None:
    """What a request would commit is rolled back, so that every row of the table meets the same world."""
    monkeypatch.setattr(Session, "commit", Session.rollback)


def client_of(filled: Filled, app: Flask, person: str) -> FlaskClient:
    client = app.test_client()
    if person != "anonymous":
        with client.session_transaction() as session:
            session["_user_id"] = f"{filled.world.users[person]}:0:{person}"
            session["_fresh"] = True
    return client


def answer(client: FlaskClient, method: str, url: str) -> str:
    with client.open(url, method=method) as response:
        if response.status_code == 302 and response.headers["Location"].startswith("/sign-in"):
            return "sign"
        if response.status_code in ALLOWED:
            return "yes"
        return {403: "no", 404: "404"}.get(response.status_code, f"{response.status_code}!")


def url_of(app: Flask, row: Row, args: dict[str, Any]) -> str:
    with app.test_request_context():
        return url_for(row.endpoint, **{name: args[name] for name in rules(app)[row.method, row.endpoint].arguments})


@pytest.mark.parametrize("mode", MODES)
@pytest.mark.parametrize("row", ROWS, ids=str)
def test_everybody_gets_the_answer_of_the_table(filled: Filled, nothing_stays: None, row: Row, mode: str) -> None:
    app = filled.apps[mode]
    url = url_of(filled.apps["demonstration"], row, filled.world.places[row.place])
    expected = row.answers
    if row.endpoint.startswith("demo.") and mode == "real":
        expected = ("404",) * len(COLUMNS)

    got = tuple(answer(client_of(filled, app, person), row.method, url) for person in COLUMNS)

    assert dict(zip(COLUMNS, got, strict=True)) == dict(zip(COLUMNS, expected, strict=True)), f"{row.method} {url}"


def test_the_table_has_a_row_for_every_endpoint_and_none_too_many(filled: Filled) -> None:
    in_table = {(row.method, row.endpoint) for row in ROWS}
    of_demonstration = {(method, endpoint) for method, endpoint in in_table if endpoint.startswith("demo.")}

    assert endpoints(filled.apps["demonstration"]) == in_table
    assert endpoints(filled.apps["real"]) == in_table - of_demonstration


def test_the_table_says_something_once_and_of_everybody() -> None:
    asked = [(row.method, row.endpoint, row.place) for row in ROWS]

    assert len(asked) == len(set(asked))
    assert all(len(row.answers) == len(COLUMNS) and set(row.answers) <= {"yes", "no", "sign", "404"} for row in ROWS)


def test_every_kind_of_paper_is_asked_for(filled: Filled) -> None:
    asked = {row.place.split(": ")[1].split(",")[0] for row in ROWS if row.endpoint == "documents.paper"}

    assert {kind.code for kind in kinds.all_kinds()} == asked


def test_nobody_but_an_administrator_manages_accounts_and_nobody_without_a_seat_scores() -> None:
    """The table itself is held against two sentences of the design."""
    allowed = {
        (row.endpoint, person)
        for row in ROWS
        for person, said in zip(COLUMNS, row.answers, strict=True)
        if said == "yes"
    }
    scoring = {
        "scoring.sheet",
        "scoring.save_sheet",
        "scoring.autosave",
        "scoring.confirm",
        "scoring.submit_sheet",
        "scoring.proposal",
    }

    assert {person for endpoint, person in allowed if endpoint.startswith("accounts.account")} == {"administrator"}
    assert {person for endpoint, person in allowed if endpoint in scoring} <= {"evaluator", "recused"}
    own = {"accounts", "sessions", "notices", "audit", "programs", "pages", "documents", "selection", "static", "demo"}
    assert {
        endpoint for endpoint, person in allowed if person == "administrator" and endpoint.split(".")[0] not in own
    } == set()


@pytest.mark.parametrize("mode", MODES)
def test_every_view_declares_a_policy(filled: Filled, mode: str) -> None:
    undeclared = {
        endpoint
        for endpoint, view in filled.apps[mode].view_functions.items()
        if endpoint != "static" and not hasattr(view, "_policy")
    }

    assert undeclared == set()


def test_a_view_without_a_policy_is_refused(filled: Filled, tmp_path: Any) -> None:
    app = create_app(
        settings_for(tmp_path, filled.apps["real"].config["SQLALCHEMY_DATABASE_URI"]), clock=SettableClock()
    )
    app.add_url_rule("/forgotten", view_func=lambda: "shown to everybody", endpoint="forgotten")

    response = client_of(filled, app, "secretariat").get("/forgotten")
    with app.app_context():
        db.engine.dispose()

    assert response.status_code == 403
    assert "shown to everybody" not in response.get_data(as_text=True)


@pytest.mark.parametrize("mode", MODES)
def test_a_get_never_commits(filled: Filled, mode: str) -> None:
    app = filled.apps[mode]
    committing = {
        endpoint
        for method, endpoint in endpoints(app)
        if method == "GET" and hasattr(app.view_functions[endpoint], "_commits")
    }

    assert committing == set()


def test_a_post_commits_or_says_why_not(filled: Filled) -> None:
    app = filled.apps["demonstration"]
    without = {
        endpoint
        for method, endpoint in endpoints(app)
        if method == "POST" and not hasattr(app.view_functions[endpoint], "_commits")
    }

    assert without == set(WITHOUT_COMMITS)


def test_nothing_but_get_and_post(filled: Filled) -> None:
    assert {method for method, _ in endpoints(filled.apps["demonstration"])} == {"GET", "POST"}


@pytest.fixture
def strict(filled: Filled, tmp_path: Any) -> Iterator[Flask]:
    """As served to people: the CSRF protection is on."""
    url = filled.apps["real"].config["SQLALCHEMY_DATABASE_URI"]
    app = create_app(settings_for(tmp_path, url, demonstration=True, extra={}), clock=SettableClock())
    yield app
    with app.app_context():
        db.engine.dispose()


def test_a_post_without_the_token_is_refused_before_anything_else(
    filled: Filled, nothing_stays: None, strict: Flask
) -> None:
    answers = {}
    for row in ROWS:
        if row.method == "POST" and "yes" in row.answers:
            person = COLUMNS[row.answers.index("yes")]
            url = url_of(strict, row, filled.world.places[row.place])
            for sent in ({"data": {"a": "b"}}, {"json": {"tag": 1, "fields": {}}}):
                response = client_of(filled, strict, person).post(url, headers={"Accept": "application/json"}, **sent)
                answers[str(row), tuple(sent)] = (
                    response.status_code,
                    (response.get_json(silent=True) or {}).get("code"),
                )

    assert len(answers) > 100
    assert {key: got for key, got in answers.items() if got != (400, "csrf")} == {}


# ---- the demonstration is reachable nowhere else


def test_nothing_of_the_demonstration_without_its_mode(tmp_path: Any) -> None:
    """In a fresh interpreter: no route, no command, no button, not even the import."""
    program = """
import sys
from pathlib import Path
from evalcomm.app import create_app
from evalcomm.config import Settings
folder = Path(sys.argv[1])
app = create_app(Settings(instance=folder, secret_key="x" * 40, database_url=f"sqlite:///{folder / 'none.sqlite'}"))
print([name for name in sys.modules if name.startswith("evalcomm.demo")])
print([rule.rule for rule in app.url_map.iter_rules() if "demo" in rule.rule or rule.endpoint.startswith("demo")])
print("demo" in app.cli.commands, app.jinja_env.globals.get("sign_in_extras"))
"""
    ran = subprocess.run([sys.executable, "-c", program, str(tmp_path)], capture_output=True, text=True, check=True)

    assert ran.stdout.splitlines() == ["[]", "[]", "False None"]


def test_the_command_of_the_demonstration_is_unknown_without_its_mode(
    tmp_path: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("EVALCOMM_INSTANCE", str(tmp_path))
    monkeypatch.delenv("EVALCOMM_DEMO", raising=False)

    ran = subprocess.run(
        [sys.executable, "-m", "evalcomm", "demo", "build"], capture_output=True, text=True, check=False
    )

    assert ran.returncode != 0
    assert "Traceback" not in ran.stderr
    assert list(tmp_path.glob("*.sqlite")) == []


def test_one_click_sign_in_is_shut_where_a_real_person_has_an_account(settings: Settings) -> None:
    app = create_app(replace(settings, demonstration=True), clock=SettableClock())
    with app.app_context():
        with transaction() as session:
            made_up = UserAccount(email="auditor@demo.example", name="시연", created_at=NOW)
            session.add(made_up)
        url = f"/demo/sign-in/{made_up.id}"
        assert answer(app.test_client(), "POST", url) == "yes"

        with transaction() as session:
            session.add(UserAccount(email="real@example.kr", name="실제 사람", created_at=NOW))

        assert answer(app.test_client(), "POST", url) == "no"
        db.session.remove()
        db.engine.dispose()
