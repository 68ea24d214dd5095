"""Every code has a sentence, every sentence gets what it asks for, every constraint of the database can be explained."""

from __future__ import annotations

import ast
import re
from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from itertools import chain

import pytest
import sqlalchemy
from flask import Flask

from evalcomm.applications.content import NARRATIVE
from evalcomm.foundation import errors
from evalcomm.foundation.database import db
from evalcomm.foundation.errors import DomainError
from evalcomm.programs.models import Right
from evalcomm.web import words
from tests.guards.sources import Module, called, calls, modules

PLACEHOLDER = re.compile(r"%\((\w+)\)s")

MADE_UP: dict[str, Iterable[str]] = {
    "phase_{}_not_yet": [right.value.removeprefix("may_") for right in Right],
    "phase_{}_over": [right.value.removeprefix("may_") for right in Right],
    "narrative_missing_{}": [name for name, required in NARRATIVE if required],
    "table_{}": [
        *("no_sheets", "too_few_sheets", "refused_fallback", "unconnected"),
        *("undeclared_digits", "missing_fixed", "tie_value_missing"),
    ],
}
"""Codes that are put together where they are raised, with everything that may stand in the gap."""


def _error_classes() -> set[str]:
    found, waiting = {"DomainError"}, [DomainError]
    while waiting:
        for child in waiting.pop().__subclasses__():
            found.add(child.__name__)
            waiting.append(child)
    return found


@dataclass(frozen=True)
class Use:
    """A code where it is used; `given` None = parameters that only the run of the program knows."""

    code: str
    given: frozenset[str] | None
    where: str


def uses(module: Module) -> Iterator[Use]:
    errors_here = dict.fromkeys(_error_classes(), 0)
    for node in ast.walk(module.tree):
        if isinstance(node, ast.ImportFrom) and node.module == "evalcomm.foundation.errors":
            errors_here |= {alias.asname: 0 for alias in node.names if alias.asname}
    position = {
        "refused": 0,
        **errors_here,
        "Fault": 1,
        "terms.Fault": 1,
        "Problem": 1,
        "Invalid": 0,
        "register_constraint": 1,
    }
    for call in calls(module):
        name = called(call)
        if name in {"words.sentence", "sentences.sentence"}:
            yield from _codes(call.args[0], _literal_keys(call.args[1] if len(call.args) > 1 else None), module)
        elif name in {"Fault", "terms.Fault", "Problem"}:
            if len(call.args) > 1:
                yield from _codes(call.args[1], _literal_keys(call.args[2] if len(call.args) > 2 else None), module)
        elif name == "register_constraint":
            yield from _codes(call.args[1], frozenset(), module)
        elif name in position and call.args:
            yield from _codes(call.args[position[name]], _keywords(call), module)
            for keyword in call.keywords:
                if keyword.arg == "fields":
                    yield from _of_fields(keyword.value, module)


def _keywords(call: ast.Call) -> frozenset[str] | None:
    if any(keyword.arg is None for keyword in call.keywords):
        return None
    return frozenset(keyword.arg for keyword in call.keywords if keyword.arg not in {None, "fields"})


def _literal_keys(node: ast.expr | None) -> frozenset[str] | None:
    if node is None:
        return frozenset()
    if isinstance(node, ast.Dict) and all(isinstance(key, ast.Constant) for key in node.keys):
        return frozenset(str(key.value) for key in node.keys if isinstance(key, ast.Constant))
    return None


def _of_fields(node: ast.expr, module: Module) -> Iterator[Use]:
    """field → (code, params), as a literal or a comprehension."""
    for found in ast.walk(node):
        match found:
            case ast.Tuple(
                elts=[(ast.Constant() | ast.JoinedStr()) as code, (ast.Dict() | ast.Name() | ast.Call()) as params]
            ):
                yield from _codes(code, _literal_keys(params), module)


def _codes(node: ast.expr, given: frozenset[str] | None, module: Module) -> Iterator[Use]:
    where = module.at(node)
    if isinstance(node, ast.Constant):
        yield Use(str(node.value), given, where)
    elif isinstance(node, ast.IfExp):
        yield from chain(_codes(node.body, given, module), _codes(node.orelse, given, module))
    elif isinstance(node, ast.JoinedStr):
        shape = "".join(str(part.value) if isinstance(part, ast.Constant) else "{}" for part in node.values)
        assert shape in MADE_UP, f"{where}: say in MADE_UP what may stand in {shape}"
        yield from (Use(shape.format(gap), given, where) for gap in MADE_UP[shape])


def all_uses() -> list[Use]:
    """Of the rooms; the engine and the commands on files have problems of their own, with sentences of their own."""
    return [use for module in modules() if module.room not in {"engine", "tables"} for use in uses(module)]


@pytest.fixture(scope="module")
def sentences() -> dict[str, str]:
    """Every registered sentence in Korean, with every room loaded."""
    import evalcomm.app
    import evalcomm.demo.sign_in

    del evalcomm
    return {code: words._sentences[code]._args[0] for code in words.known_codes()}


def test_the_scan_finds_what_is_there() -> None:
    found = {use.code for use in all_uses()}

    assert len(found) > 200
    assert {
        "sign_in_first",
        "figures_sealed",
        "phase_submit_over",
        "email_taken",
        "over_ceiling",
        "reason_missing",
    } <= found


def test_every_code_has_a_sentence(sentences: dict[str, str]) -> None:
    without = {use.code: use.where for use in all_uses() if use.code not in sentences}

    assert without == {}


def test_every_sentence_gets_what_it_asks_for(sentences: dict[str, str]) -> None:
    missing = [
        f"{use.where}: {use.code} asks for {sorted(wanted - use.given)}"
        for use in all_uses()
        if use.given is not None
        and (wanted := set(PLACEHOLDER.findall(sentences.get(use.code, "")))) - use.given
        # the page adds the name of the section where the problem is
        and wanted - use.given != {"section"}
    ]

    assert missing == []


def test_every_sentence_can_be_filled(sentences: dict[str, str]) -> None:
    for code, sentence in sentences.items():
        wanted = PLACEHOLDER.findall(sentence)
        assert sentence.count("%") == len(wanted) + 2 * sentence.count("%%") if wanted else "%" not in sentence, code
        assert sentence % defaultdict(str) if wanted else sentence, code


def test_every_sentence_is_a_korean_sentence(sentences: dict[str, str]) -> None:
    assert {code: text for code, text in sentences.items() if not re.search(r"[가-힣]", text)} == {}


def test_no_sentence_is_left_over(sentences: dict[str, str]) -> None:
    """A code stands at least twice: where its sentence is registered and where it is said."""
    written = Counter(
        node.value
        for module in modules()
        for node in ast.walk(module.tree)
        if isinstance(node, ast.Constant) and isinstance(node.value, str)
    )

    assert {code for code in sentences if written[code] < 2 and code not in {use.code for use in all_uses()}} == set()


# ---- constraints


def constraints(app: Flask) -> dict[str, sqlalchemy.Constraint | sqlalchemy.Index]:
    """Name → every CHECK, UNIQUE and unique index of the metadata, under the names that the database knows."""
    with app.app_context():
        preparer = db.engine.dialect.identifier_preparer
        found: dict[str, sqlalchemy.Constraint | sqlalchemy.Index] = {}
        for table in db.metadata.sorted_tables:
            for constraint in table.constraints:
                if isinstance(constraint, sqlalchemy.CheckConstraint | sqlalchemy.UniqueConstraint):
                    found[preparer.format_constraint(constraint) or ""] = constraint
            found |= {str(index.name): index for index in table.indexes if index.unique}
        return found


def test_every_constraint_has_a_sentence_and_every_sentence_its_constraint(app: Flask) -> None:
    assert set(constraints(app)) == errors.registered_constraints()


def test_unique_constraints_are_found_by_their_columns(app: Flask) -> None:
    """SQLite says which columns are broken and not which constraint."""
    unique = {
        name: ", ".join(f"{column.table.name}.{column.name}" for column in constraint.columns)
        for name, constraint in constraints(app).items()
        if not isinstance(constraint, sqlalchemy.CheckConstraint)
    }

    assert {name: errors._by_columns.get(columns) for name, columns in unique.items()} == {
        name: errors._by_name[name] for name in unique
    }
