"""The product speaks English completely: what the sources say in Korean has its English sentence, and pages show nothing else."""

from __future__ import annotations

import re
import shlex
from collections.abc import Iterator, Mapping, Sequence
from contextlib import chdir
from functools import cache
from io import BytesIO
from pathlib import Path
from xml.etree.ElementTree import Element

import html5lib
import pytest
from babel.messages.catalog import Catalog, Message
from babel.messages.frontend import CommandLineInterface
from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po
from flask import Flask, url_for
from sqlalchemy import select
from werkzeug.routing import Rule

from evalcomm.foundation.actor import Role
from evalcomm.foundation.database import db
from tests.factories import make_user
from tests.guards.access_table import COLUMNS
from tests.guards.conftest import Filled
from tests.guards.test_access import ROWS, client_of, url_of
from tests.pages import check_page, client_for

ROOT = Path(__file__).parents[2]
ENGLISH = ROOT / "evalcomm/translations/en/LC_MESSAGES"
KOREAN = re.compile("[\u1100-\u11ff\u3131-\u318f\uac00-\ud7a3]")
PHRASE = re.compile("[\uac00-\ud7a3](?:[\uac00-\ud7a3 ]*[\uac00-\ud7a3])?")
QUOTED = re.compile("‘[^‘’]*’")
PLACEHOLDER = re.compile(r"%\(\w+\)[a-z]|\{\w+\}")
NUMBER = re.compile(r"\w+-\d{4}-\d+")
"""Of a paper: data."""

Key = tuple[str | None, str]


def keyed(catalogue: Catalog) -> dict[Key, Message]:
    return {(message.context, forms(message.id)[0]): message for message in catalogue if message.id}


def forms(text: str | tuple[str, ...] | list[str]) -> tuple[str, ...]:
    return (text,) if isinstance(text, str) else tuple(text)


@pytest.fixture(scope="session")
def english() -> Catalog:
    with (ENGLISH / "messages.po").open("rb") as file:
        return read_po(file, locale="en")


@pytest.fixture(scope="session")
def collected(tmp_path_factory: pytest.TempPathFactory) -> Catalog:
    """What `make translations` would collect from the sources now."""
    command = re.search(
        r"pybabel -q extract -F babel\.cfg (.*) -o \S+ \.$", (ROOT / "Makefile").read_text("utf-8"), re.M
    )
    assert command is not None
    template = tmp_path_factory.mktemp("collected") / "messages.pot"
    options = [*shlex.split(command[1]), "-o", str(template)]
    with chdir(ROOT):
        CommandLineInterface().run(["pybabel", "-q", "extract", "-F", "babel.cfg", *options, "."])
    with template.open("rb") as file:
        return read_po(file)


def test_every_sentence_of_the_sources_is_in_the_catalogue_and_no_other(collected: Catalog, english: Catalog) -> None:
    wanted, found = keyed(collected), keyed(english)
    assert len(wanted) > 1000
    assert not wanted.keys() - found.keys(), "run `make translations` and fill in the English"
    assert not found.keys() - wanted.keys(), "run `make translations`: these sentences are gone"
    assert not english.obsolete
    for key, message in wanted.items():
        assert len(forms(message.id)) == len(forms(found[key].id)), f"{key}: singular and plural"


def test_papers_are_not_collected(collected: Catalog) -> None:
    places = {file for message in collected for file, _line in message.locations}
    assert any(place.startswith("templates/") for place in places)
    assert not {place for place in places if place.startswith("templates/documents/")}


def test_every_sentence_is_translated(english: Catalog) -> None:
    empty = [key for key, message in keyed(english).items() if not all(part.strip() for part in forms(message.string))]
    assert not empty
    assert not [key for key, message in keyed(english).items() if message.fuzzy]


def test_no_korean_is_left_outside_quotation_marks(english: Catalog) -> None:
    left = {
        key: part
        for key, message in keyed(english).items()
        for part in forms(message.string)
        if KOREAN.search(QUOTED.sub("", part))
    }
    assert not left


def test_the_same_values_are_filled_in(english: Catalog) -> None:
    for key, message in keyed(english).items():
        asked = set(PLACEHOLDER.findall(forms(message.id)[-1]))
        *others, last = forms(message.string)
        assert set(PLACEHOLDER.findall(last)) == asked, key
        assert all(set(PLACEHOLDER.findall(other)) <= asked for other in others), key


def test_filling_in_works(english: Catalog) -> None:
    for key, message in keyed(english).items():
        names = re.findall(r"%\((\w+)\)", forms(message.id)[-1])
        for part in forms(message.string):
            if names:
                assert "%(" not in part % dict.fromkeys(names, 7), key
            else:
                assert part.count("%%") == key[1].count("%%"), key


def test_the_compiled_catalogue_is_that_of_the_sentences(english: Catalog) -> None:
    compiled = BytesIO()
    write_mo(compiled, english)
    assert (ENGLISH / "messages.mo").read_bytes() == compiled.getvalue(), "run `make translations`"


# ---- pages


def korean_of(page: str) -> list[str]:
    """Texts and attributes of the page that hold Korean, outside of what the page itself calls Korean (papers, the language switch)."""
    root = html5lib.parse(page, namespaceHTMLElements=False)
    return [text for part in root for text in _spoken(part) if KOREAN.search(text)]


def _spoken(element: Element) -> Iterator[str]:
    if not isinstance(element.tag, str) or element.get("lang") == "ko":
        return
    yield from element.attrib.values()
    yield element.text or ""
    for child in element:
        yield from _spoken(child)
        yield child.tail or ""


@cache
def shipped() -> str:
    """Everything in the rubrics and plans that are shipped: Korean, as data are."""
    return "\n".join(file.read_text("utf-8") for file in sorted((ROOT / "rubrics").rglob("*.toml")))


def untranslated(page: str, data: str) -> list[str]:
    """Korean of the page that stands nowhere in the data."""
    return [
        phrase
        for text in korean_of(page)
        for phrase in PHRASE.findall(NUMBER.sub("", text))
        if phrase not in data and phrase not in shipped()
    ]


def addresses(app: Flask) -> list[str]:
    """Every page whose address takes nothing."""
    with app.test_request_context():
        return sorted(url_for(rule.endpoint) for rule in app.url_map.iter_rules() if _opens(rule))


def _opens(rule: Rule) -> bool:
    return "GET" in (rule.methods or ()) and not rule.arguments and rule.endpoint != "static"


@pytest.mark.parametrize("role", [None, *Role], ids=str)
def test_an_english_page_shows_no_korean(app: Flask, role: Role | None) -> None:
    client = client_for(app, None if role is None else make_user(role, name="Hong Gil-dong"))
    client.set_cookie("locale", "en")
    shown = 0
    for address in ["/sign-in", "/applications", "/there-is-no-such-page", *addresses(app)]:
        answer = client.get(address)
        if answer.mimetype != "text/html" or answer.status_code == 302:
            continue
        page = answer.get_data(as_text=True)
        check_page(page, address)
        assert '<html lang="en"' in page, address
        assert not untranslated(page, ""), f"{address}: {untranslated(page, '')[:5]}"
        shown += 1
    assert shown > 3


@pytest.fixture
def data(filled: Filled) -> str:
    """Every text in the database of the world, those inside JSON too."""
    with filled.apps["demonstration"].app_context():
        rows = [row for table in db.metadata.sorted_tables for row in db.session.execute(select(table))]
        db.session.remove()
    return "\n".join(text for row in rows for text in _texts(tuple(row)))


def _texts(value: object) -> Iterator[str]:
    if isinstance(value, str):
        yield value
    elif isinstance(value, Mapping):
        for part in value.values():
            yield from _texts(part)
    elif isinstance(value, Sequence) and not isinstance(value, bytes):
        for part in value:
            yield from _texts(part)


@pytest.mark.xdist_group("filled")
def test_every_page_of_the_world_is_english_but_for_its_data_and_papers(filled: Filled, data: str) -> None:
    """As the first person whom the access table lets in."""
    app = filled.apps["demonstration"]
    left, shown = {}, 0
    for row in ROWS:
        if row.method != "GET" or "yes" not in row.answers or row.endpoint == "static":
            continue
        client = client_of(filled, app, COLUMNS[row.answers.index("yes")])
        client.set_cookie("locale", "en")
        with client.get(url_of(app, row, filled.world.places[row.place])) as answer:
            if answer.status_code != 200 or answer.mimetype != "text/html":
                continue
            found = untranslated(answer.get_data(as_text=True), data)
        shown += 1
        if found:
            left[str(row)] = found[:5]
    assert shown > 80
    assert left == {}


def test_a_korean_page_is_korean(app: Flask) -> None:
    assert len(korean_of(client_for(app, None).get("/").get_data(as_text=True))) > 5
