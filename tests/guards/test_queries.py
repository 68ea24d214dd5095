"""What a page costs does not grow with what it lists: every page is opened in a small world and in a larger one."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager

import pytest
import sqlalchemy
from flask import Flask

from evalcomm.accounts.models import UserAccount
from evalcomm.documents.models import Paper
from evalcomm.documents.policies import may_read_paper, readable
from evalcomm.foundation.actor import ANONYMOUS
from evalcomm.foundation.database import db
from tests.factories import actor_for
from tests.guards.access_table import COLUMNS
from tests.guards.conftest import Filled
from tests.guards.test_access import ROWS, Row, client_of, url_of

pytestmark = pytest.mark.xdist_group("filled")

PAGES = [row for row in ROWS if row.method == "GET" and "yes" in row.answers and not row.endpoint.startswith("static")]


UNEQUAL = {
    ("audit.verification", "-"): "reads everything that there is, batch by batch and run by run",
    ("scoring.compare", "scoring, recused"): "shows two proposals at most; in the small world the recused has one",
}


@contextmanager
def statements(app: Flask) -> Iterator[Counter[str]]:
    """Every statement that the application sends, by its text."""
    counted: Counter[str] = Counter()

    def count(_connection: object, _cursor: object, statement: str, *_rest: object) -> None:
        counted[statement] += not statement.startswith(("PRAGMA", "BEGIN", "SET TRANSACTION"))

    with app.app_context():
        engine = db.engine
    sqlalchemy.event.listen(engine, "before_cursor_execute", count)
    try:
        yield counted
    finally:
        sqlalchemy.event.remove(engine, "before_cursor_execute", count)


@pytest.fixture(scope="module", autouse=True)
def _warm(filled: Filled) -> None:
    """What a process reads once and keeps is kept before anything is counted."""
    row = next(row for row in PAGES if row.endpoint == "scoring.index")
    cost(filled, row, "evaluator")


def cost(filled: Filled, row: Row, person: str) -> tuple[Counter[str], int]:
    """The statements of a page and the length of its answer."""
    app = filled.apps["real"]
    client, url = client_of(filled, app, person), url_of(app, row, filled.world.places[row.place])
    with statements(app) as counted, client.get(url) as response:
        return counted, len(response.get_data())


@pytest.mark.parametrize("row", PAGES, ids=str)
def test_a_page_costs_the_same_however_much_it_lists(filled: Filled, larger: Filled, row: Row) -> None:
    if row.place not in larger.world.places:
        assert any(other.endpoint == row.endpoint and other.place in larger.world.places for other in PAGES)
        return
    for person, said in zip(COLUMNS, row.answers, strict=True):
        if said == "yes" and (row.endpoint, row.place) not in UNEQUAL:
            few, _ = cost(filled, row, person)
            many, _ = cost(larger, row, person)

            grown = {text[:400]: (few[text], times) for text, times in many.items() if times > few[text]}
            assert many.total() == few.total(), f"{person}: {few.total()} → {many.total()}: {grown}"


GROWS = {
    "accounts.accounts": "administrator",
    "applications.attachments": "owner",
    "applications.list_applications": "secretariat",
    "applications.mine": "owner",
    "applications.submitted": "auditor",
    "audit.trail": "auditor",
    "committee.choose": "secretariat",
    "committee.show": "secretariat",
    "committee.show_declaration": "evaluator",
    "notices.jobs": "administrator",
    "notices.mine": "owner",
    "programs.tracks": "secretariat",
    "reports.papers": "auditor",
    "rubrics.plans": "auditor",
    "scoring.index": "evaluator",
    "scoring.opening": "secretariat",
    "scoring.progress": "auditor",
    "scoring.score_table": "evaluator",
    "scoring.versions": "evaluator",
    "selection.overview": "secretariat",
    "selection.run": "secretariat",
}
"""Lists, and somebody who reads them."""


def test_a_list_names_exactly_the_papers_that_may_be_read(filled: Filled) -> None:
    """The answer for many at once is the answer for each."""
    app = filled.apps["real"]
    with app.test_request_context():
        at = app.extensions["clock"]()
        calls = [filled.world.places[stage]["call_id"] for stage in ("approved", "announced")]
        papers = db.session.scalars(sqlalchemy.select(Paper).where(Paper.call_id.in_(calls))).all()
        shown = {}
        for person in COLUMNS:
            user = filled.world.users.get(person)
            actor = ANONYMOUS if user is None else actor_for(db.session.get_one(UserAccount, user))
            each = [paper.id for paper in papers if may_read_paper(actor, paper, at).allowed]
            assert [paper.id for paper in readable(actor, papers, at)] == each, person
            shown[person] = len(each)
        db.session.remove()

    assert 0 < shown["anonymous"] < shown["recused"] < shown["secretariat"] <= len(papers)


@pytest.mark.parametrize("endpoint", GROWS)
def test_the_larger_world_has_more_to_list(filled: Filled, larger: Filled, endpoint: str) -> None:
    """Else the comparison above would say nothing."""
    row = [row for row in PAGES if row.endpoint == endpoint and row.place in larger.world.places][-1]

    _, short = cost(filled, row, GROWS[endpoint])
    _, long = cost(larger, row, GROWS[endpoint])

    assert long > short
