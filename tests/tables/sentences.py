"""The sentences that a module can say, read from its source, with 7 for what is filled in."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator
from functools import cache
from itertools import product
from pathlib import Path

BOTH = {
    *("_remarks", "remarks", "against_remarks", "_reasons", "_proof"),
    *("_method_in_words", "_tie_in_words", "_failure_in_words"),
}
"""Functions whose sentences stand beside Korean ones, or in the cells of an answer."""
UNSAID = {"TypeError", "AssertionError", "Sheet", "compile", "TypeVar", "counted"}
"""Calls whose texts are no message: defects of the program, titles of sheets, patterns, units."""


@cache
def sentences(path: Path) -> frozenset[str]:
    tree = ast.parse(path.read_text(encoding="utf-8"))
    choices = {
        node.targets[0].id: [value.value for value in node.value.values if isinstance(value, ast.Constant)]
        for node in tree.body
        if isinstance(node, ast.Assign) and isinstance(node.value, ast.Dict) and isinstance(node.targets[0], ast.Name)
    }
    found = {text for statement in tree.body for text in _said(statement, _Names({}, set(), choices))}
    return frozenset(text for text in found if re.search(r"[a-z]{2,}[,:;]? ", text) and not re.search("[가-힣]", text))


class _Names:
    """What the names of a function hold, which of them are filled into another text, and the module's tables of texts."""

    def __init__(self, held: dict[str, list[ast.expr]], parts: set[str], choices: dict[str, list[str]]) -> None:
        self.held = held
        self.parts = parts
        self.choices = choices

    def of(self, function: ast.AST) -> _Names:
        held: dict[str, list[ast.expr]] = {}
        parts = set()
        for node in ast.walk(function):
            if isinstance(node, ast.Assign) and isinstance(node.targets[0], ast.Name):
                held.setdefault(node.targets[0].id, []).append(node.value)
            elif isinstance(node, ast.FormattedValue) and isinstance(node.value, ast.Name):
                parts.add(node.value.id)
        return _Names(held, parts, self.choices)


def _said(node: ast.AST, names: _Names) -> Iterator[str]:  # noqa: PLR0912 - a case for each kind of node
    match node:
        case ast.FunctionDef(name=name) if name in BOTH:
            return
        case ast.FunctionDef(body=body):
            names = names.of(node)
            for statement in body:
                yield from _said(statement, names)
        case ast.Expr(value=ast.Constant()):  # a docstring
            return
        case ast.Assign(targets=[ast.Name(id=name)]) if name in names.parts or name in names.choices:
            return  # said where it is filled in
        case ast.AnnAssign(value=value):
            yield from () if value is None else _said(value, names)
        case ast.Call(func=function) if _is_unsaid(ast.unparse(function)):
            return
        case ast.Constant() | ast.JoinedStr() | ast.BinOp(op=ast.Add()):
            yield from _texts(node, names)
            if not isinstance(node, ast.Constant):
                for inner in ast.walk(node):
                    if isinstance(inner, ast.Call):
                        yield from _said(inner, names)
        case _:
            for child in ast.iter_child_nodes(node):
                yield from _said(child, names)


def _is_unsaid(function: str) -> bool:
    return function.rsplit(".", 1)[-1] in UNSAID or (function.startswith("click.") and function != "click.UsageError")


def _texts(node: ast.expr, names: _Names) -> list[str]:  # noqa: PLR0911 - a case for each kind of node
    """The texts that an expression can be; none where only the run of the program knows."""
    match node:
        case ast.Constant(value=str(text)):
            return [text]
        case ast.JoinedStr(values=values):
            return ["".join(parts) for parts in product(*(_texts(value, names) for value in values))]
        case ast.FormattedValue(value=ast.Name(id=name)) if name in names.held:
            return [text for value in names.held[name] for text in _texts(value, names)] or ["7"]
        case ast.FormattedValue(value=value):
            return _texts(value, names) or ["7"]
        case ast.IfExp(body=body, orelse=orelse):
            return _texts(body, names) + _texts(orelse, names)
        case ast.BinOp(left=left, op=ast.Add(), right=right):
            return [a + b for a, b in product(_texts(left, names) or ["7"], _texts(right, names) or ["7"])]
        case ast.BinOp(left=ast.Constant(value=str(text)), op=ast.Mult()):  # the s of a plural
            return ["", text]
        case ast.Subscript(value=ast.Name(id=name)) if name in names.choices:
            return names.choices[name]
    return []
