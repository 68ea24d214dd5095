"""Nobody is offered what is then refused: every link of every page that a person may open leads somewhere, every button may be pressed."""

from __future__ import annotations

import inspect
from dataclasses import dataclass
from urllib.parse import urlsplit

import html5lib
import pytest
from flask import Flask
from flask.testing import FlaskClient

from evalcomm.accounts.models import UserAccount
from evalcomm.foundation.actor import ANONYMOUS
from evalcomm.foundation.database import db, transaction
from tests.factories import actor_for
from tests.guards.access_table import COLUMNS
from tests.guards.conftest import Filled
from tests.guards.test_access import ROWS, client_of, url_of

pytestmark = pytest.mark.xdist_group("filled")


@dataclass(frozen=True)
class Offers:
    """How a page answers, where its links lead within the site, and where its forms send what is typed."""

    status: int
    links: frozenset[str] = frozenset()
    actions: frozenset[str] = frozenset()


def offers_of(client: FlaskClient, url: str) -> Offers:
    with client.get(url) as answer:
        if answer.mimetype != "text/html" or answer.status_code != 200:
            return Offers(answer.status_code)
        tree = html5lib.parse(answer.get_data(as_text=True), namespaceHTMLElements=False)
    links = (element.get("href", "").partition("#")[0] for element in tree.iter("a"))
    posted = [form.get("action", "") for form in tree.iter("form") if form.get("method", "").lower() == "post"]
    posted += [button.get("formaction", "") for button in tree.iter("button")]
    return Offers(
        200,
        frozenset(link for link in links if link.startswith("/")),
        frozenset(action for action in posted if action.startswith("/")),
    )


def refusal(app: Flask, filled: Filled, person: str, action: str) -> str | None:
    """Why the person may not send this, None where it is allowed."""
    endpoint, args = app.url_map.bind("localhost").match(urlsplit(action).path, method="POST")
    view = app.view_functions[endpoint]
    policy, load = view._policy, view._load  # type: ignore[attr-defined]  # the marks of `requires`
    with app.test_request_context(), transaction():  # as the endpoint loads it: some subjects are locked
        user = filled.world.users.get(person)
        actor = ANONYMOUS if user is None else actor_for(db.session.get_one(UserAccount, user))
        at = app.extensions["clock"]()
        subject = () if load is None else (load(**{name: args[name] for name in inspect.signature(load).parameters}),)
        verdict = policy(actor, *subject, at)
    return None if verdict.allowed else str(verdict.code)


def test_the_question_is_the_one_that_the_endpoint_asks(filled: Filled) -> None:
    """Else no refusal below would mean nothing. A few doors are open to those whom the verb behind them refuses."""
    asked: dict[str, list[str | None]] = {"yes": [], "no": []}
    for row in ROWS:
        for person, said in zip(COLUMNS, row.answers, strict=True):
            if row.method == "POST" and said in asked and not row.endpoint.startswith("demo."):
                action = url_of(filled.apps["real"], row, filled.world.places[row.place])
                asked[said].append(refusal(filled.apps["real"], filled, person, action))

    assert not any(asked["yes"])
    assert sum(code is not None for code in asked["no"]) > 0.95 * len(asked["no"]) > 200


@pytest.mark.parametrize("person", COLUMNS)
def test_nothing_that_is_offered_is_refused(filled: Filled, person: str) -> None:
    app = filled.apps["real"]
    client = client_of(filled, app, person)
    place = COLUMNS.index(person)
    starts = {
        url_of(app, row, filled.world.places[row.place])
        for row in ROWS
        if row.method == "GET" and row.answers[place] == "yes" and row.endpoint != "static"
    }
    waiting, asked, actions = dict.fromkeys(sorted(starts), ""), set[str](), dict[str, str]()
    refused: dict[str, tuple[object, str]] = {}

    while waiting:
        url, where = waiting.popitem()
        asked.add(url)
        found = offers_of(client, url)
        if found.status not in {200, 302} and where:
            refused[url] = (found.status, where)
        waiting |= {link: url for link in found.links if link not in asked and link not in waiting}
        actions |= dict.fromkeys(found.actions, url)
    for action, where in actions.items():
        if (code := refusal(app, filled, person, action)) is not None:
            refused[action] = (code, where)

    assert len(asked) > len(starts)
    assert actions
    assert refused == {}
