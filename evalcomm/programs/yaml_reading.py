"""Strict reading of a YAML document: typed getters that collect every problem with its line instead of stopping at the first.

YAML 1.1 turns the words no, yes, on and off into truth values and 010 into 8. Where that happens the place is refused, since the author
meant something else. Texts are taken as they stand, to the last dot.
"""

import re
from collections.abc import Iterator
from typing import Any

import yaml
from flask_babel import gettext as _
from yaml.nodes import MappingNode, Node, ScalarNode, SequenceNode

from evalcomm.engine.schema import Key, did_you_mean, dotted
from evalcomm.rubrics.checking import Finding, NotUsable

MAX_CHARACTERS = 1_000_000
_TAG = "tag:yaml.org,2002:"
_WHOLE = re.compile(r"[1-9][0-9_]*|0")


def parse_yaml(text: str, *, name: str) -> "YamlTable":
    """The document's mapping; raises NotUsable where there is none."""
    if len(text) > MAX_CHARACTERS:
        hint = _("%(most)s자 안으로 줄이십시오.", most=f"{MAX_CHARACTERS:,}")
        raise NotUsable([Finding(name, 1, "", _("파일이 너무 큽니다."), hint)])
    try:
        root = yaml.compose(text, Loader=yaml.SafeLoader)
    except yaml.YAMLError as error:
        raise NotUsable([_broken(error, name)]) from None
    if not isinstance(root, MappingNode):
        raise NotUsable([Finding(name, 1, "", _("키와 값으로 된 YAML 문서가 아닙니다."), _("키: 값 꼴로 적으십시오."))])
    return YamlTable(root, (), name, [])


def _broken(error: yaml.YAMLError, name: str) -> Finding:
    mark = getattr(error, "problem_mark", None)
    what = getattr(error, "problem", None) or str(error)
    hint = _("이 줄의 들여쓰기·따옴표·괄호를 확인하십시오.")
    return Finding(
        name, 1 if mark is None else mark.line + 1, "", _("YAML로 읽을 수 없습니다(%(what)s).", what=what), hint
    )


class YamlTable:
    """A mapping of the document: typed getters that collect problems, and `finish` for the keys that nobody asked for."""

    def __init__(self, node: MappingNode, path: Key, file: str, problems: list[Finding]) -> None:
        self.path, self._node, self._file, self.problems = path, node, file, problems
        self._values: dict[str, Node] = {}
        self._asked: dict[str, None] = {}
        for key, value in node.value:
            self._take(key, value)

    def _take(self, key: Node, value: Node) -> None:
        if not isinstance(key, ScalarNode):
            self.problem(key, "", _("키가 글자가 아닙니다."), _("키를 한 낱말로 적으십시오."))
        elif key.tag == f"{_TAG}bool":
            self.problem(
                key,
                key.value,
                _("‘%(key)s’은(는) YAML에서 참·거짓으로 읽혀 키가 될 수 없습니다.", key=key.value),
                _("number처럼 다른 이름을 쓰십시오."),
            )
        elif key.value in self._values:
            self.problem(key, key.value, _("같은 키가 두 번 나옵니다."), _("하나만 남기십시오."))
        else:
            self._values[key.value] = value

    def __contains__(self, key: str) -> bool:
        return key in self._values

    def plain(self) -> dict[str, Any]:
        """The whole as plain data; call it only when there are no problems."""
        data: dict[str, Any] = yaml.SafeLoader("").construct_document(self._node)
        return data

    @property
    def keys(self) -> tuple[str, ...]:
        """As written, in their order."""
        return tuple(self._values)

    def problem(self, node: Node | None, key: str | Key, message: str, suggestion: str) -> None:
        inner: Key = (key,) if isinstance(key, str) and key else () if isinstance(key, str) else key
        line = (node or self._node).start_mark.line + 1
        self.problems.append(Finding(self._file, line, dotted(self.path + inner), message, suggestion))

    def at(self, key: str, message: str, suggestion: str) -> None:
        """A problem at the value of a key."""
        self.problem(self._values.get(key), key, message, suggestion)

    def text(self, key: str, *, required: bool = True) -> str:
        """As it stands. "" where it is missing."""
        return self._text(self._get(key, required=required), key)

    def _text(self, node: Node | None, key: str | Key) -> str:
        if node is None:
            return ""
        if not isinstance(node, ScalarNode):
            self.problem(node, key, _("글자여야 하는데 다른 것이 있습니다."), _("한 줄의 글자로 적으십시오."))
        elif node.tag == f"{_TAG}str" and node.value.strip():
            return str(node.value)
        elif node.tag in {f"{_TAG}null", f"{_TAG}str"}:
            self.problem(node, key, _("비어 있습니다."), _("글자를 적거나, 없는 값이면 키를 빼십시오."))
        elif node.tag == f"{_TAG}bool":
            self.problem(
                node,
                key,
                _("‘%(value)s’은(는) YAML에서 참·거짓으로 읽힙니다.", value=node.value),
                _('따옴표로 묶어 "%(value)s"라고 적으십시오.', value=node.value),
            )
        else:
            self.problem(
                node,
                key,
                _("‘%(value)s’은(는) YAML에서 글자로 읽히지 않습니다.", value=node.value),
                _('따옴표로 묶어 "%(value)s"라고 적으십시오.', value=node.value),
            )
        return ""

    def whole(self, key: str, *, required: bool = True, least: int = 0) -> int | None:
        """Decimal digits, underscores allowed; None where it is missing."""
        node = self._get(key, required=required)
        if node is None:
            return None
        if isinstance(node, ScalarNode) and node.style is None and _WHOLE.fullmatch(node.value):
            value = int(node.value.replace("_", ""))
            if value >= least:
                return value
            self.problem(
                node,
                key,
                _("%(value)s은(는) 너무 작습니다.", value=value),
                _("%(least)s 이상으로 적으십시오.", least=least),
            )
            return None
        shown = node.value if isinstance(node, ScalarNode) else ""
        self.problem(
            node,
            key,
            _("정수여야 하는데 ‘%(value)s’이(가) 있습니다.", value=shown),
            _("따옴표·쉼표·앞의 0 없이 숫자만 적으십시오. 예: 45000000000"),
        )
        return None

    def flag(self, key: str, *, default: bool) -> bool:
        node = self._get(key, required=False)
        if node is None:
            return default
        if isinstance(node, ScalarNode) and node.style is None and node.value in {"true", "false"}:
            return bool(node.value == "true")
        self.problem(node, key, _("true 또는 false여야 합니다."), _("따옴표 없이 true 또는 false로 적으십시오."))
        return default

    def texts(self, key: str, *, required: bool = True) -> tuple[str, ...]:
        return tuple(self._text(node, (key, place)) for place, node in self._sequence(key, required=required))

    def wholes(self, key: str) -> tuple[int, ...]:
        found = []
        for place, node in self._sequence(key, required=True):
            if isinstance(node, ScalarNode) and node.style is None and _WHOLE.fullmatch(node.value):
                found.append(int(node.value))
            else:
                self.problem(node, (key, place), _("정수여야 합니다."), _("따옴표 없이 숫자만 적으십시오."))
        return tuple(found)

    def table(self, key: str, *, required: bool = True) -> "YamlTable | None":
        node = self._get(key, required=required)
        if node is None:
            return None
        if isinstance(node, MappingNode):
            return YamlTable(node, (*self.path, key), self._file, self.problems)
        self.problem(node, key, _("키와 값의 묶음이어야 합니다."), _("다음 줄에 들여 써서 키: 값으로 적으십시오."))
        return None

    def tables(self, key: str, *, required: bool = True) -> "Iterator[YamlTable]":
        for place, node in self._sequence(key, required=required):
            if isinstance(node, MappingNode):
                yield YamlTable(node, (*self.path, key, place), self._file, self.problems)
            else:
                self.problem(node, (key, place), _("키와 값의 묶음이어야 합니다."), _("{키: 값, …} 꼴로 적으십시오."))

    def named_texts(self, key: str) -> dict[str, str]:
        """A mapping whose keys are the author's own words."""
        table = self.table(key, required=False)
        return {} if table is None else {name: table.text(name) for name in table.keys}

    def finish(self) -> None:
        for key, node in self._values.items():
            if key not in self._asked:
                free = [known for known in self._asked if known not in self._values]
                near = did_you_mean(key, free) if free else ""
                word = near.split("'")[1] if near.startswith("did you mean") else ""
                hint = (
                    _("‘%(word)s’을(를) 잘못 적은 것은 아닌지 확인하십시오.", word=word)
                    if word
                    else _("이 키를 빼십시오.")
                )
                self.problem(node, key, _("모르는 키입니다."), hint)

    def _get(self, key: str, *, required: bool) -> Node | None:
        self._asked[key] = None
        node = self._values.get(key)
        if node is None and required:
            self.problem(None, key, _("꼭 있어야 하는 키가 없습니다."), _("%(key)s: … 를 더하십시오.", key=key))
        return node

    def _sequence(self, key: str, *, required: bool) -> Iterator[tuple[int, Node]]:
        node = self._get(key, required=required)
        if node is None:
            return
        if not isinstance(node, SequenceNode):
            self.problem(
                node, key, _("목록이어야 합니다."), _("[하나, 둘] 꼴이나 줄마다 - 로 시작하는 꼴로 적으십시오.")
            )
            return
        if required and not node.value:
            self.problem(node, key, _("목록이 비어 있습니다."), _("하나 이상 적으십시오."))
        yield from enumerate(node.value)
