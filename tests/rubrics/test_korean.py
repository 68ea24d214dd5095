"""Every sentence that the engine can say about a file has its Korean."""

import ast
import re
from collections.abc import Iterator
from pathlib import Path

import pytest
from flask import Flask
from flask_babel import force_locale

import evalcomm.engine
from evalcomm.rubrics import korean
from evalcomm.rubrics.checking import Finding, report
from tests.rubrics.texts import PLAN, RUBRIC

ENGINE = Path(evalcomm.engine.__file__).parent
SOURCES = ("schema", "rubric_reading", "plan_reading", "allocate/plan", "lint", "places")
SAYING = {"problem", "Problem", "NotToml"}


def templates(node: ast.AST | None, known: dict[str, list[str]]) -> list[str]:
    """The texts that an expression can be, with 7 for what is filled in."""
    if isinstance(node, ast.Constant):
        return [node.value] if isinstance(node.value, str) else []
    if isinstance(node, ast.JoinedStr):
        found = [""]
        for part in node.values:
            inner = templates(part, known) if isinstance(part, ast.Constant) else _filled(part, known)
            found = [start + end for start in found for end in inner]
        return found
    if isinstance(node, ast.IfExp):
        return templates(node.body, known) + templates(node.orelse, known)
    if isinstance(node, ast.BinOp):
        ends = templates(node.right, known) or ["7"]
        return [start + end for start in templates(node.left, known) for end in ends]
    return known.get(node.id, []) if isinstance(node, ast.Name) else []


def _filled(part: ast.AST, known: dict[str, list[str]]) -> list[str]:
    """A message that is a part of another one is put in its place; any other value is a 7."""
    value = part.value if isinstance(part, ast.FormattedValue) else None
    return known[value.id] if isinstance(value, ast.Name) and value.id == "message" and known.get("message") else ["7"]


def said(source: str) -> Iterator[str]:
    tree = ast.parse((ENGINE / f"{source}.py").read_text(encoding="utf-8"))
    for function in (node for node in ast.walk(tree) if isinstance(node, ast.FunctionDef)):
        known: dict[str, list[str]] = {}
        for node in ast.walk(function):
            if isinstance(node, ast.Assign) and isinstance(node.targets[0], ast.Name):
                known.setdefault(node.targets[0].id, []).extend(templates(node.value, known))
        for node in ast.walk(function):
            if isinstance(node, ast.Call):
                name = node.func.attr if isinstance(node.func, ast.Attribute) else getattr(node.func, "id", "")
                if name in SAYING:
                    for argument in node.args[0 if name == "NotToml" else 1 :]:
                        yield from templates(argument, known)


@pytest.mark.parametrize("source", SOURCES)
def test_every_sentence_of_the_engine_has_its_korean(source: str) -> None:
    sentences = {text for text in said(source) if re.search(r"[a-z]{2} ?", text)}

    assert sentences
    assert {text for text in sentences if not has_korean(text)} == set()


def has_korean(text: str) -> bool:
    """The engine joins some sentences from a stem and an end; reading its source, any stem meets any end."""
    ends = ("", ": it can never bite", ": nobody can pass")
    stem = text
    for end in ends[1:]:
        stem = stem.removesuffix(end)
    stem = stem.removesuffix(ends[1])
    return any(korean.sentence(whole) != whole for whole in (text, *(stem + end for end in ends)))


def test_a_special_sentence_wins_over_a_general_one() -> None:
    assert korean.sentence("is 5, but the committee has 3 members") == "5인데 위원은 3명입니다."
    assert korean.sentence("is 0.5, must be at least 1") == "0.5인데 1 이상이어야 합니다."
    assert korean.sentence("is true or false, must be a whole number without quotes").startswith("지금은 참·거짓인데")


def test_what_is_not_in_the_table_stays_as_it_is() -> None:
    assert korean.sentence("something quite new") == "something quite new"


def test_the_page_of_an_english_reader_keeps_the_engines_words(app: Flask) -> None:
    finding = Finding("plan.toml", 3, "method", "is blank", "write a text")
    with app.test_request_context(), force_locale("en"):
        assert korean.spoken(finding) == finding
    with app.test_request_context(), force_locale("ko"):
        assert korean.spoken(finding).message == "비어 있습니다."


def test_a_report_names_every_error_of_both_files() -> None:
    found = report(
        RUBRIC.replace('points = "45"', 'points = "46"'),
        PLAN.replace("quorum = 5", 'quorum = "5"').replace('"lot"]', '"lot", "base"]'),
        rubric_name="r.toml",
        plan_name="p.toml",
    )

    assert [(error.file, error.key) for error in found.errors] == [
        ("r.toml", "criterion[2].points"),
        ("p.toml", "committee.quorum"),
        ("p.toml", "ties.keys[6]"),
    ]
    assert found.seal is None


def test_a_report_warns_of_a_cut_that_cannot_bite() -> None:
    found = report(RUBRIC.replace('"미흡" = "0.2"', '"미흡" = "0.5"'), PLAN, rubric_name="r.toml", plan_name="p.toml")

    assert found.errors == ()
    assert any(warning.key == "cut.criterion_ratio" for warning in found.warnings)
    assert found.seal is not None
