"""Whatever the trail may hold has a name that its readers understand."""

from __future__ import annotations

import ast
from collections.abc import Iterator

from flask import Flask

from evalcomm.audit import words
from evalcomm.foundation.database import db
from evalcomm.scoring.models import Cause
from tests.guards.sources import Module, called, calls, modules

RECORDS = {"record", "audit.record", "services.record", "_change"}
MADE_UP = {"scoring.{}": [cause.value for cause in Cause], "programs.{}": []}
"""Verbs that are put together, with everything that may stand in the gap; `_change` of the programmes is found where it is called."""


def _records(module: Module) -> Iterator[tuple[ast.Call, dict[str, ast.expr]]]:
    for call in calls(module):
        keywords = {keyword.arg: keyword.value for keyword in call.keywords if keyword.arg is not None}
        if called(call) in RECORDS and "verb" in keywords:
            yield call, keywords


def _verbs(node: ast.expr, prefix: str = "") -> Iterator[str]:
    if isinstance(node, ast.Constant):
        yield prefix + str(node.value)
    elif isinstance(node, ast.IfExp):
        yield from _verbs(node.body, prefix)
        yield from _verbs(node.orelse, prefix)
    elif isinstance(node, ast.JoinedStr):
        shape = "".join(str(part.value) if isinstance(part, ast.Constant) else "{}" for part in node.values)
        yield from (shape.format(gap) for gap in MADE_UP[shape])
    else:
        raise TypeError(ast.unparse(node))


def _actions(call: ast.Call) -> Iterator[str]:
    """Of the log of reads."""
    if called(call) in {"log_access", "audit.log_access", "log_reading", "views.log_reading"}:
        for node in [*call.args, *(keyword.value for keyword in call.keywords if keyword.arg == "action")]:
            if isinstance(node, ast.Constant):
                yield str(node.value)


def verbs() -> dict[str, str]:
    """Verb → where it is written down."""
    found = {}
    for module in modules():
        for call, keywords in _records(module):
            prefix = f"{module.room}." if called(call) == "_change" else ""
            found |= dict.fromkeys(_verbs(keywords["verb"], prefix), module.at(call))
        for call in calls(module):
            found |= {verb: module.at(call) for verb in _actions(call)}
    return found


def test_every_verb_has_a_name_and_every_name_its_verb(app: Flask) -> None:
    named = {verb for room in words.rooms.values() for verb in room.acts}

    assert len(named) > 60
    assert {verb: where for verb, where in verbs().items() if verb not in named} == {}
    assert named - set(verbs()) == set()


def test_every_detail_has_a_name(app: Flask) -> None:
    written = {
        str(key.value)
        for module in modules()
        for _call, keywords in _records(module)
        for found in ast.walk(keywords.get("detail", ast.Constant(None)))
        if isinstance(found, ast.Dict)
        for key in found.keys
        if isinstance(key, ast.Constant)
    }

    assert len(written) > 25
    assert written - set(words.DETAILS) == set()


def test_every_thing_that_is_named_is_a_table(app: Flask) -> None:
    assert set(words._subjects) - set(db.metadata.tables) == set()
