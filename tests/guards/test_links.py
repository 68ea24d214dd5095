"""Nobody is offered a page that then refuses: every link on every page that a person may open leads somewhere."""

from __future__ import annotations

import html5lib
import pytest
from flask.testing import FlaskClient

from tests.guards.access_table import COLUMNS
from tests.guards.conftest import Filled
from tests.guards.test_access import ROWS, client_of, url_of

pytestmark = pytest.mark.xdist_group("filled")


def links_of(client: FlaskClient, url: str) -> tuple[int, set[str]]:
    """How a page answers, and where its links lead, within the site and without fragments."""
    with client.get(url) as answer:
        if answer.mimetype != "text/html" or answer.status_code != 200:
            return answer.status_code, set()
        tree = html5lib.parse(answer.get_data(as_text=True), namespaceHTMLElements=False)
    found = (element.get("href", "") for element in tree.iter("a"))
    return 200, {href.partition("#")[0] for href in found if href.startswith("/")}


@pytest.mark.parametrize("person", COLUMNS)
def test_no_link_leads_to_a_refusal(filled: Filled, person: str) -> None:
    app = filled.apps["real"]
    client = client_of(filled, app, person)
    place = COLUMNS.index(person)
    starts = {
        url_of(app, row, filled.world.places[row.place])
        for row in ROWS
        if row.method == "GET" and row.answers[place] == "yes" and row.endpoint != "static"
    }
    waiting, asked, refused = dict.fromkeys(sorted(starts), "the table"), set[str](), dict[str, tuple[int, str]]()

    while waiting:
        url, where = waiting.popitem()
        asked.add(url)
        status, links = links_of(client, url)
        if status not in {200, 302} and where != "the table":
            refused[url] = (status, where)
        waiting |= {link: url for link in links if link not in asked and link not in waiting}

    assert len(asked) > len(starts)
    assert refused == {}
