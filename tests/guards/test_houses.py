"""The house rules that no linter knows, read from the sources."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator

import pytest

from tests.guards.sources import PACKAGE, Module, called, calls, modules

LONG = 420
"""About four hundred."""
LONGER = {"evalcomm.demo.build": "one story, told from its beginning to its end"}
"""Files past the limit, each with the reason why it is no folder."""
NOWHERE = {"utils", "util", "helpers", "helper", "common", "misc", "shared", "stuff"}
ROOMS = sorted(path.parent.name for path in PACKAGE.glob("*/__init__.py"))
MODULES = modules()


def ids(found: list[Module]) -> list[str]:
    return [module.name for module in found]


def parts(kind: str) -> list[Module]:
    """The modules of this kind in every room: scoring.services and scoring.services.opening alike."""
    return [module for module in MODULES if kind in module.name.split(".")[2:]]


def imports(module: Module) -> Iterator[tuple[str, ast.AST]]:
    """Dotted names: "flask.request", "evalcomm.foundation.database.db"."""
    for node in ast.walk(module.tree):
        if isinstance(node, ast.Import):
            yield from ((alias.name, node) for alias in node.names)
        elif isinstance(node, ast.ImportFrom) and node.module:
            yield from ((f"{node.module}.{alias.name}", node) for alias in node.names)


# ---- size and names


def test_a_file_past_about_four_hundred_lines_is_a_folder() -> None:
    long = {module.name: len(module.path.read_text(encoding="utf-8").splitlines()) for module in MODULES}

    assert {name: lines for name, lines in long.items() if lines > LONG} == {name: long[name] for name in LONGER}


def test_everything_has_a_name_of_its_own() -> None:
    names = {part for module in MODULES for part in module.name.split(".")}

    assert names & NOWHERE == set()


@pytest.mark.parametrize("module", MODULES, ids=ids(list(MODULES)))
def test_docstrings_repeat_no_signature(module: Module) -> None:
    """Prose that gives what the signature does not: shapes, units, errors, sources. No sections of parameters."""
    for node in ast.walk(module.tree):
        if (
            isinstance(node, ast.Module | ast.ClassDef | ast.FunctionDef)
            and (text := ast.get_docstring(node)) is not None
        ):
            assert text.strip(), module.at(node)
            assert not re.search(
                r"^\s*(:param|:return|:rtype|Args:|Arguments:|Returns:|Parameters\n|@param)", text, re.M
            ), module.at(node)


# ---- rooms


@pytest.mark.parametrize("room", ROOMS)
def test_a_room_says_what_it_owns(room: str) -> None:
    text = ast.get_docstring(ast.parse((PACKAGE / room / "__init__.py").read_text(encoding="utf-8")))

    assert text is not None
    assert len(re.findall(r"[.;](?:\s|$)", text)) >= 2, "three sentences: what it owns, its invariants, who keeps each"


@pytest.mark.parametrize("room", ROOMS)
def test_what_a_room_names_in_its_invariants_exists(room: str) -> None:
    """`services.submit_application`: module and function of that name are there, in this room or one that the sentence names."""
    text = ast.get_docstring(ast.parse((PACKAGE / room / "__init__.py").read_text(encoding="utf-8"))) or ""
    for name in re.findall(r"`([a-z_]+(?:\.[A-Za-z_]+)+)(?:\(\))?`", text):
        assert _defined(room, name), f"{room}: `{name}`"


def _defined(room: str, dotted: str) -> bool:
    *path, last = dotted.split(".")
    for prefix in (["evalcomm", room], ["evalcomm"]):
        for depth in range(len(path), 0, -1):
            home = ".".join([*prefix, *path[:depth]])
            found = [module for module in MODULES if module.name == home or module.name.startswith(f"{home}.")]
            names = {
                getattr(node, "name", None) or getattr(getattr(node, "target", None), "id", None)
                for module in found
                for node in ast.walk(module.tree)
            }
            names |= {
                target.id
                for module in found
                for node in ast.walk(module.tree)
                if isinstance(node, ast.Assign)
                for target in node.targets
                if isinstance(target, ast.Name)
            }
            names |= {module.name.rsplit(".", 1)[1] for module in found}
            if found and {*path[depth:], last} <= names:
                return True
    return False


# ---- services, queries, policies, forms, routes

SERVICES = parts("services")
OWN_TRANSACTIONS = {
    "evalcomm.audit.services": "seals by the worker's clock, and writes down reads after the page is made"
}


@pytest.mark.parametrize("module", SERVICES, ids=ids(SERVICES))
def test_a_verb_never_commits_and_never_looks_at_a_request(module: Module) -> None:
    banned = {"flask.request", "flask.session", "flask.g", "flask_login.current_user"}
    of_the_web = {
        name
        for name, _ in imports(module)
        if name.startswith("evalcomm.web")
        and not name.startswith(("evalcomm.web.words", "evalcomm.web.filters", "evalcomm.web.faults"))
    }

    assert {name for name, _ in imports(module)} & banned == set()
    assert of_the_web == set()
    if module.name not in OWN_TRANSACTIONS:
        ends = {f"{session}.{verb}" for session in ("session", "db.session") for verb in ("commit", "rollback")}
        assert [module.at(call) for call in calls(module) if called(call) in ends | {"transaction"}] == []


@pytest.mark.parametrize("module", SERVICES, ids=ids(SERVICES))
def test_a_verb_takes_its_facts_by_name_and_says_who_and_when(module: Module) -> None:
    """Whatever records to the trail is a verb: keyword-only, with `actor` and `at`."""
    for function in module.tree.body:
        if isinstance(function, ast.FunctionDef) and not function.name.startswith("_"):
            records = any(called(call) == "audit.record" for call in ast.walk(function) if isinstance(call, ast.Call))
            hooked = any("hooks." in ast.unparse(decorator) for decorator in function.decorator_list)
            if records and not hooked:
                arguments = function.args
                assert not arguments.args, (
                    f"{module.at(function)}: {function.name} takes {[one.arg for one in arguments.args]} by place"
                )
                assert {"actor", "at"} <= {one.arg for one in arguments.kwonlyargs}, (
                    f"{module.at(function)}: {function.name}"
                )


ROUTES = parts("routes")


@pytest.mark.parametrize("module", ROUTES, ids=ids(ROUTES))
def test_a_route_writes_nothing_itself(module: Module) -> None:
    for call in calls(module):
        name = called(call)
        assert not re.match(r"db\.session\.(add|add_all|delete|execute|scalar|scalars|flush|commit|merge)$", name), (
            module.at(call)
        )
        assert not re.match(r"session\.(add|execute|flush|commit)$", name), module.at(call)
    assert {name for name, _ in imports(module) if name.startswith("sqlalchemy")} == set()


FORMS = parts("forms")


@pytest.mark.parametrize("module", FORMS, ids=ids(FORMS))
def test_a_form_knows_no_database(module: Module) -> None:
    """Choices are passed in. The type of a value that a query returns is no query."""
    reads = {
        name
        for name, _ in imports(module)
        if re.search(r"^sqlalchemy\b|database\.db$|\.services\b", name)
        or (".queries" in name and not name.rsplit(".", 1)[1][0].isupper())
    }

    assert reads == set()


READS = [*parts("queries"), *parts("policies")]


@pytest.mark.parametrize("module", READS, ids=ids(READS))
def test_a_read_writes_nothing(module: Module) -> None:
    for call in calls(module):
        assert not re.match(r"(db\.session|session)\.(add|add_all|delete|flush|commit|rollback)$", called(call)), (
            module.at(call)
        )
        assert called(call) not in {"insert", "update", "delete", "transaction", "audit.record"}, module.at(call)


POLICIES = parts("policies")


@pytest.mark.parametrize("module", POLICIES, ids=ids(POLICIES))
def test_a_policy_answers_with_a_verdict(module: Module) -> None:
    for function in module.tree.body:
        if isinstance(function, ast.FunctionDef) and function.name.startswith("may_"):
            assert function.returns is not None, module.at(function)
            assert ast.unparse(function.returns) == "Verdict", module.at(function)
            named = [one.arg for one in function.args.args]
            if "actor" in named:
                assert (named[0], named[-1]) == ("actor", "at"), f"{module.at(function)}: policy(actor, subject, at)"


def test_no_view_compares_dates_with_the_clock() -> None:
    """What a date allows is asked of the phases."""
    for module in ROUTES:
        for node in ast.walk(module.tree):
            if isinstance(node, ast.Compare):
                text = ast.unparse(node)
                asks = re.search(r"(opens_at|closes_at)", text) and re.search(r"\b(at|now|received_at\(\))\b", text)
                assert not asks or module.name in SHOWS_DATES, f"{module.at(node)}: {text}"


SHOWS_DATES = {
    "evalcomm.programs.routes.public": "the timetable on a call's page: past, current and coming phases look different, nothing is allowed by it"
}


def test_nothing_is_left_undone() -> None:
    marks = re.compile(r"\b(TODO|FIXME|XXX|HACK)\b")

    assert [module.name for module in MODULES if marks.search(module.path.read_text(encoding="utf-8"))] == []


def test_every_ignore_has_a_code_and_a_reason() -> None:
    for module in MODULES:
        for number, line in enumerate(module.path.read_text(encoding="utf-8").splitlines(), start=1):
            if found := re.search(r"#\s*(noqa|type:\s*ignore)(.*)$", line):
                text = found.group(2)
                assert re.match(r"(: ?[A-Z]+[0-9]+|\[[a-z-]+)", text), f"{module.name}:{number}: no code"
                assert len(re.sub(r"^(: ?[A-Z0-9, ]+|\[[a-z, -]+\])", "", text).strip(" #-–")) > 8, (
                    f"{module.name}:{number}: no reason"
                )
