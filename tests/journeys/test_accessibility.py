"""Every main page of every role: axe finds nothing, nothing scrolls sideways at 360 px, and the keyboard alone signs in and scores.

One site for all of it, holding the demonstration's story without its printed papers. Pages are found as people find them, by
following links from the first page; of each kind of page the first one met is looked at.
"""

from collections.abc import Iterator
from pathlib import Path
from urllib.parse import urlsplit

import axe_core_python
import pytest
from flask import Flask
from flask_migrate import upgrade
from playwright.sync_api import Browser, Page, expect
from werkzeug.exceptions import HTTPException
from werkzeug.routing import MapAdapter

from evalcomm.app import create_app
from evalcomm.demo import people
from evalcomm.demo.build import build
from evalcomm.foundation import clock
from evalcomm.foundation.actor import Role
from evalcomm.foundation.database import db, transaction
from tests.conftest import new_database, settings_for
from tests.journeys import pages
from tests.journeys.site import Site

pytestmark = [pytest.mark.journey, pytest.mark.xdist_group("journey")]

AXE = (Path(axe_core_python.__file__).parent / "axe.min.js").read_text()
RULES = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]
PEOPLE: dict[str, people.Person | None] = {
    "anonymous": None,
    Role.APPLICANT: people.applicant(1),
    Role.EVALUATOR: people.EVALUATORS[1],
    Role.SECRETARIAT: people.SECRETARY,
    Role.AUDITOR: people.AUDITOR,
    Role.ADMINISTRATOR: people.ADMINISTRATOR,
}
"""The evaluator is the chair."""
NO_PAGES = {
    "static",
    "documents.download",
    "documents.figure",
    "documents.style",
    "applications.download",
    "scoring.file",
}
FEWEST = {
    "anonymous": 8,
    Role.APPLICANT: 12,
    Role.EVALUATOR: 12,
    Role.SECRETARIAT: 25,
    Role.AUDITOR: 12,
    Role.ADMINISTRATOR: 10,
}
"""A crawl that finds fewer kinds of pages has lost its way."""


@pytest.fixture(scope="module")
def site(template_database: str, tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[Site, MapAdapter]]:
    folder = tmp_path_factory.mktemp("accessibility")
    with new_database(template_database, folder) as url:
        app = create_app(settings_for(folder / "instance", url, demonstration=True))
        tell(app)
        with Site(folder, url, demonstration=True).running("web") as running:
            yield running, app.url_map.bind("127.0.0.1")


def tell(app: Flask) -> None:
    with app.app_context():
        upgrade()
        db.session.remove()
        with transaction():
            build(lambda step: step, now=clock.now())
        db.session.remove()
        db.engine.dispose()


def kind_of(path: str, addresses: MapAdapter) -> str:
    try:
        endpoint, _values = addresses.match(urlsplit(path).path, method="GET")
    except HTTPException:
        return ""
    return str(endpoint)


def come_in(page: Page, site: Site, person: people.Person | None) -> None:
    if person is None:
        return
    page.goto(f"{site.url}/sign-in")
    page.get_by_role("button", name=person.name).first.click()
    expect(page.get_by_role("button", name="로그아웃")).to_be_visible(timeout=pages.SLOW)


def complaints(page: Page, path: str) -> list[tuple[str, int, str, list[str]]]:
    found = []
    for width in (1280, 360):
        page.set_viewport_size({"width": width, "height": 900})
        result = page.evaluate("(rules) => axe.run(document, {runOnly: rules, resultTypes: ['violations']})", RULES)
        found += [
            (path, width, rule["id"], [node["html"][:160] for node in rule["nodes"][:3]])
            for rule in result["violations"]
        ]
    wide = page.evaluate("document.documentElement.scrollWidth")
    return found if wide <= 360 else [*found, (path, 360, "scrolls sideways", [str(wide)])]


@pytest.mark.parametrize("role", PEOPLE)
def test_axe_reports_nothing_and_no_page_scrolls_sideways(
    browser: Browser, site: tuple[Site, MapAdapter], role: str
) -> None:
    running, addresses = site
    window = pages.window_of(browser)
    page = window.new_page()
    come_in(page, running, PEOPLE[role])
    waiting, met, found = ["/"], set[str](), list[tuple[str, int, str, list[str]]]()

    while waiting:
        path = waiting.pop(0)
        kind = kind_of(path, addresses)
        if not kind or kind in met or kind in NO_PAGES:
            continue
        met.add(kind)
        answer = page.goto(f"{running.url}{path}")
        assert answer is not None
        assert answer.status == 200, (path, answer.status)
        links = page.locator("a[href^='/']").evaluate_all("(links) => links.map((link) => link.getAttribute('href'))")
        waiting += [link.split("#")[0] for link in links]
        page.evaluate(AXE)
        found += complaints(page, path)
    window.close()

    assert found == []
    assert len(met) >= FEWEST[role], sorted(met)


def test_the_keyboard_alone_signs_in_and_scores_a_sheet(browser: Browser, site: tuple[Site, MapAdapter]) -> None:
    running, _addresses = site
    window = pages.window_of(browser)
    page = window.new_page()
    page.goto(f"{running.url}/sign-in")

    tab_to(page, "한가온")
    page.keyboard.press("Enter")
    expect(page.get_by_role("button", name="로그아웃")).to_be_visible(timeout=pages.SLOW)
    tab_to(page, "내 평가")
    page.keyboard.press("Enter")
    expect(page.get_by_role("heading", level=1, name="내 평가")).to_be_visible(timeout=pages.SLOW)
    tab_to(page, "평가 시작")
    page.keyboard.press("Enter")
    expect(page.locator("form[data-score-keys]")).to_be_visible(timeout=pages.SLOW)
    page.locator("body").press("Tab")
    for _step in range(200):
        if page.evaluate("document.activeElement.matches('[data-key]')"):
            break
        page.keyboard.press("Tab")
    items = page.locator("fieldset.grades").count()
    for _item in range(items):
        page.keyboard.press("2")
        page.keyboard.press("n")

    assert items > 0
    expect(page.locator("fieldset.grades input:checked")).to_have_count(items)
    expect(page.locator("[data-save-text]")).to_contain_text("저장됨", timeout=pages.SLOW)
    window.close()


def tab_to(page: Page, words: str) -> None:
    """Press Tab until a link or button that says so has the focus."""
    for _step in range(200):
        page.keyboard.press("Tab")
        focused = page.locator("a:focus, button:focus")
        if focused.count() and words in focused.inner_text():
            return
    raise AssertionError(f"Tab never reached {words}")
