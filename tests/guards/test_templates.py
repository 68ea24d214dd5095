"""Templates as they stand in the folder: each compiles, is used, stands in the frame, and holds no style, script or foreign word of its own."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator
from functools import cache
from pathlib import Path

import pytest
from flask import Flask
from jinja2 import Environment, nodes

from evalcomm import resources
from evalcomm.app import create_app
from evalcomm.documents import rendering
from tests.conftest import settings_for
from tests.guards.sources import called, calls, modules

FOLDER = resources.templates()
PAPERS = "documents/"
"""Printed by the press, in Korean always, with an environment and a frame of their own."""
FRAME = "base.html"

NO_PAGES = {
    "applications/desk.html": "a section of the first page",
    "audit/desk.html": "a section of the first page",
    "notices/desk.html": "a section of the first page",
    "demo/panel.html": "the buttons of the sign-in page",
    "scoring/desk.html": "a section of the first page",
    "selection/desk.html": "a section of the first page",
}
"""Templates that are rendered by themselves and put into a page."""

NOT_USED_YET = {
    "components/figure.html": "of the set that pages are built from; shown and tested in the gallery",
    "components/progress.html": "of the set that pages are built from; shown and tested in the gallery",
    "components/tabs.html": "of the set that pages are built from; shown and tested in the gallery",
}

OWN_MARKUP = {"components/icon.html": "drawings that stand in the same file"}
"""Templates that may say |safe."""

LEFT_AND_RIGHT = {"documents/page.html"}
"""Sheets for the press, which has no content security policy: the style of a paper lies in it."""


def names() -> list[str]:
    return sorted(path.relative_to(FOLDER).as_posix() for path in FOLDER.rglob("*.html"))


NAMES = names()
ON_SCREEN = [name for name in NAMES if not name.startswith(PAPERS)]


@pytest.fixture(scope="module")
def app(tmp_path_factory: pytest.TempPathFactory) -> Flask:
    """With the demonstration, whose templates are here too. No request, no database."""
    return create_app(settings_for(tmp_path_factory.mktemp("templates"), "sqlite://", demonstration=True))


def environment_of(name: str, app: Flask) -> Environment:
    return rendering._environment() if name.startswith(PAPERS) else app.jinja_env


def text_of(name: str) -> str:
    return (FOLDER / name).read_text(encoding="utf-8")


def tree_of(name: str, app: Flask) -> nodes.Template:
    return environment_of(name, app).parse(text_of(name), name)


def markup_of(name: str) -> str:
    """The HTML of a template, with x for what is filled in."""
    without_comments = re.sub(r"\{#.*?#\}", "", text_of(name), flags=re.S)
    return re.sub(r"\{\{.*?\}\}|\{%.*?%\}", "x", without_comments, flags=re.S)


@cache
def rendered() -> frozenset[str]:
    """Every name that Python renders; a gap in a name is open to what fits."""
    found: set[str] = set()
    for module in modules():
        for call in calls(module):
            if called(call) in {"render_template", "flask.render_template"} and call.args:
                found.update(_named(call.args[0]))
    return frozenset(found)


@cache
def _parts() -> frozenset[str]:
    """What other templates extend, include or import."""
    return frozenset(
        found
        for name in NAMES
        for found in re.findall(r"{%-?\s*(?:extends|include|from|import)\s+\"([^\"]+)\"", text_of(name))
    )


def _named(node: ast.expr) -> Iterator[str]:
    if isinstance(node, ast.Constant):
        yield str(node.value)
    elif isinstance(node, ast.JoinedStr):
        shape = "".join(
            re.escape(str(part.value)) if isinstance(part, ast.Constant) else r"[\w-]+" for part in node.values
        )
        yield from (name for name in NAMES if re.fullmatch(shape, name) and name not in _parts())
    elif isinstance(node, ast.IfExp):
        yield from _named(node.body)
        yield from _named(node.orelse)


def parent_of(name: str, app: Flask) -> str | None:
    found = tree_of(name, app).find(nodes.Extends)
    return found.template.value if found is not None and isinstance(found.template, nodes.Const) else None


def ancestors(name: str, app: Flask) -> list[str]:
    """The template and those that it extends."""
    chain = [name]
    while (parent := parent_of(chain[-1], app)) is not None:
        chain.append(parent)
    return chain


@pytest.mark.parametrize("name", NAMES)
def test_it_compiles(name: str, app: Flask) -> None:
    """Unknown filters and tests are found here too, on branches that no test has taken."""
    environment_of(name, app).compile(text_of(name), name)


@pytest.mark.parametrize("name", sorted(rendered() - set(NO_PAGES)))
def test_a_page_stands_in_the_frame_and_has_a_title(name: str, app: Flask) -> None:
    chain = ancestors(name, app)

    assert chain[-1] == FRAME
    assert "title" in {block.name for part in chain[:-1] for block in tree_of(part, app).find_all(nodes.Block)}


def test_every_template_that_is_named_exists_and_every_one_is_used(app: Flask) -> None:
    named = set(rendered())
    for name in NAMES:
        for node in tree_of(name, app).find_all((nodes.Extends, nodes.Include, nodes.Import, nodes.FromImport)):
            if isinstance(node.template, nodes.Const):
                named.add(PAPERS + node.template.value if name.startswith(PAPERS) else node.template.value)
    papers = {name for name in NAMES if name.startswith(PAPERS)}

    assert named - set(NAMES) == set()
    assert set(NAMES) - named - papers == set(NOT_USED_YET)


@pytest.mark.parametrize("name", NAMES)
def test_no_style_and_no_script_in_it(name: str) -> None:
    """The content security policy would silence them."""
    markup = markup_of(name)

    assert re.findall(r"<[^>]*\s(?:style|on[a-z]+)\s*=", markup) == []
    assert re.findall(r"<script(?![^>]*\ssrc=)[^>]*>", markup) == []
    assert name in LEFT_AND_RIGHT or "<style" not in markup
    assert re.findall(r"(?:src|href|action)=[\"'](?:https?:)?//", markup) == [], "nothing comes from another host"


@pytest.mark.parametrize("name", NAMES)
def test_everything_is_escaped(name: str, app: Flask) -> None:
    tree = tree_of(name, app)

    assert name in OWN_MARKUP or "safe" not in {found.name for found in tree.find_all(nodes.Filter)}
    assert "autoescape" not in text_of(name)


@pytest.mark.parametrize("name", NAMES)
def test_it_imports_nothing_in_vain(name: str, app: Flask) -> None:
    tree = tree_of(name, app)
    imported = {
        found[1] if isinstance(found, tuple) else found
        for node in tree.find_all(nodes.FromImport)
        for found in node.names
    }
    imported |= {node.target for node in tree.find_all(nodes.Import)}
    used = {node.name for node in tree.find_all(nodes.Name) if node.ctx == "load"}

    assert imported - used == set()


@pytest.mark.parametrize("name", ON_SCREEN)
def test_its_addresses_exist_and_get_their_arguments(name: str, app: Flask) -> None:
    rules = {rule.endpoint: rule for rule in app.url_map.iter_rules()}
    for call in tree_of(name, app).find_all(nodes.Call):
        if isinstance(call.node, nodes.Name) and call.node.name == "url_for" and isinstance(call.args[0], nodes.Const):
            endpoint = call.args[0].value
            assert endpoint in rules, f"line {call.lineno}: {endpoint}"
            if call.dyn_kwargs is None:
                given = {keyword.key for keyword in call.kwargs}
                assert rules[endpoint].arguments <= given, (
                    f"line {call.lineno}: {endpoint} takes {rules[endpoint].arguments}"
                )


def test_the_addresses_in_python_exist(app: Flask) -> None:
    endpoints = {rule.endpoint for rule in app.url_map.iter_rules()}
    named = {
        (str(call.args[0].value), module.at(call))
        for module in modules()
        for call in calls(module)
        if called(call) == "url_for" and call.args and isinstance(call.args[0], ast.Constant)
    }

    assert len(named) > 50
    assert {found for found in named if found[0] not in endpoints} == set()


HANGUL = re.compile(r"[가-힣]")
SAYS = {"_": slice(1), "gettext": slice(1), "ngettext": slice(2), "pgettext": slice(1, 2)}
"""Where the sentences stand among the arguments."""


@pytest.mark.parametrize("name", ON_SCREEN)
def test_every_word_goes_through_the_catalogue_and_starts_as_korean(name: str, app: Flask) -> None:
    tree = tree_of(name, app)
    for call in tree.find_all(nodes.Call):
        if isinstance(call.node, nodes.Name) and call.node.name in SAYS:
            for argument in call.args[SAYS[call.node.name]]:
                assert isinstance(argument, nodes.Const), f"line {call.lineno}: a sentence that cannot be collected"
                assert HANGUL.search(str(argument.value)), f"line {call.lineno}: {argument.value}"
    for data in tree.find_all(nodes.TemplateData):
        assert not HANGUL.search(data.data), (
            f"line {data.lineno}: words that no catalogue knows: {data.data.strip()[:60]}"
        )


@pytest.mark.parametrize("name", ON_SCREEN)
def test_its_static_files_exist(name: str) -> None:
    static = Path(rendering.__file__).parents[1] / "web" / "static"

    for found in re.findall(r"static_url\('([^']+)'\)|static_url\(\"([^\"]+)\"\)", text_of(name)):
        assert (static / "".join(found)).is_file(), found
