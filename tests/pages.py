"""Opening pages in tests: every page that is opened is also checked, and the statements it cost can be counted."""

from collections.abc import Iterator
from contextlib import contextmanager

import html5lib
import sqlalchemy
from flask import Flask
from flask.testing import FlaskClient
from werkzeug.test import TestResponse

from evalcomm.accounts.models import UserAccount
from evalcomm.foundation.database import db


def client_for(app: Flask, user: UserAccount | None) -> FlaskClient:
    """A browser in which this person is signed in."""
    client = app.test_client()
    if user is not None:
        with client.session_transaction() as session:
            session["_user_id"] = f"{user.id}:{user.session_epoch}:{user.id}"
            session["_fresh"] = True
            session.permanent = True
    return client


def open_page(client: FlaskClient, url: str, *, status: int = 200) -> str:
    """GET a page and check what every page owes: one h1, a title, valid HTML, unique ids, labels, no inline script or style."""
    answer = client.get(url, follow_redirects=False)
    assert answer.status_code == status, f"{url}: {answer.status_code} {answer.get_data(as_text=True)[:2000]}"
    text = answer.get_data(as_text=True)
    check_page(text, url)
    return text


def check_page(text: str, url: str) -> None:
    parser = html5lib.HTMLParser(namespaceHTMLElements=False)
    tree = parser.parse(text)
    assert not parser.errors, f"{url}: {[(place, error, details) for place, error, details in parser.errors[:5]]}"
    assert len(tree.findall(".//h1")) == 1, f"{url}: {len(tree.findall('.//h1'))} h1"
    title = tree.find(".//title")
    assert title is not None, url
    assert (title.text or "").strip(" |"), url
    ids = [element.get("id") for element in tree.iter() if isinstance(element.tag, str) and element.get("id")]
    repeated = {name for name in ids if ids.count(name) > 1}
    assert not repeated, f"{url}: repeated ids {repeated}"
    for element in tree.iter():
        if not isinstance(element.tag, str):
            continue
        assert element.get("style") is None, f"{url}: inline style on {element.tag}"
        assert not any(name.startswith("on") for name in element.attrib), f"{url}: inline handler on {element.tag}"
        if element.tag == "script":
            assert element.get("src"), f"{url}: inline script"
        if element.tag == "form" and (element.get("method") or "get").lower() == "post":
            assert element.get("action") is not None, f"{url}: a form without an action"
        if element.tag in {"input", "select", "textarea"} and element.get("type") not in {"hidden", "submit"}:
            name = element.get("id")
            labelled = (
                element.get("aria-label")
                or element.get("aria-labelledby")
                or (name and tree.find(f".//label[@for='{name}']") is not None)
            )
            assert labelled or _inside_label(tree, element), f"{url}: {element.tag} {element.get('name')} has no label"


def _inside_label(tree: object, element: object) -> bool:
    return any(element in list(label.iter()) for label in tree.iter("label"))  # type: ignore[attr-defined]


def post(client: FlaskClient, url: str, data: dict[str, object] | None = None, *, status: int = 302) -> TestResponse:
    answer = client.post(url, data=data or {}, follow_redirects=False)
    assert answer.status_code == status, f"{url}: {answer.status_code} {answer.get_data(as_text=True)[:3000]}"
    return answer


@contextmanager
def count_queries() -> Iterator[list[str]]:
    """Collect the SELECTs and writes of the block."""
    statements: list[str] = []

    def remember(_connection: object, _cursor: object, statement: str, *_rest: object) -> None:
        if not statement.startswith(("PRAGMA", "BEGIN", "SET TRANSACTION")):
            statements.append(statement)

    sqlalchemy.event.listen(db.engine, "before_cursor_execute", remember)
    try:
        yield statements
    finally:
        sqlalchemy.event.remove(db.engine, "before_cursor_execute", remember)
