"""A TOML text as a `Section`, and the line on which a key of it stands."""

from __future__ import annotations

import re
import tomllib

from evalcomm.engine.schema import Key, Section

_AT_LINE = re.compile(r"\s*\(at line (\d+), column \d+\)$|\s*\(at end of document\)$")
_BARE = re.compile(r"[A-Za-z0-9_-]+")


class NotToml(ValueError):
    """The text is no TOML document; `line` is where it breaks (1 where unknown)."""

    def __init__(self, message: str, line: int) -> None:
        self.line = line
        super().__init__(message)


def parse_toml(text: str) -> Section:
    """The document as a section to read; raises NotToml."""
    try:
        return Section(tomllib.loads(text))
    except RecursionError:
        raise NotToml("is nested too deeply", 1) from None
    except ValueError as error:  # TOMLDecodeError, and int() of thousands of digits
        message = str(error)
        place = _AT_LINE.search(message)
        if place is None:
            raise NotToml(message.splitlines()[0], 1) from None
        line = int(place[1]) if place[1] else text.count("\n") + 1
        raise NotToml(f"is not valid TOML: {message[: place.start()]}", line) from None


def line_of(text: str, path: Key) -> int:
    """The line (from 1) of the key at `path` in a valid TOML text, or of the nearest table around it."""
    lines = _Scanner(text).lines
    for length in range(len(path), 0, -1):
        if path[:length] in lines:
            return lines[path[:length]]
    return 1


class _Scanner:
    """Walks the statements of a valid TOML text and notes where each table and key begins; values are skipped unread."""

    def __init__(self, text: str) -> None:
        self._text = text
        self._at = 0
        self._lists: dict[Key, int] = {}
        self.lines: dict[Key, int] = {}
        self._scan()

    def _scan(self) -> None:
        table: Key = ()
        text = self._text
        while self._at < len(text):
            char = text[self._at]
            if char in " \t\r\n":
                self._at += 1
            elif char == "#":
                self._skip_to_line_end()
            elif char == "[":
                table = self._header()
            else:
                start = self._at
                key = self._dotted_key("=")
                for length in range(1, len(key) + 1):
                    self._note((*table, *key[:length]), start)
                self._skip_value()

    def _note(self, path: Key, at: int) -> None:
        self.lines.setdefault(path, self._text.count("\n", 0, at) + 1)

    def _header(self) -> Key:
        start = self._at
        is_list = self._text.startswith("[[", self._at)
        self._at += 2 if is_list else 1
        parts = self._dotted_key("]")
        self._at += is_list
        path: Key = ()
        for place, part in enumerate(parts):
            path = (*path, part)
            if is_list and place == len(parts) - 1:
                self._note(path, start)
                self._lists[path] = self._lists.get(path, -1) + 1
            if path in self._lists:
                path = (*path, self._lists[path])
        self._note(path, start)
        return path

    def _dotted_key(self, end: str) -> tuple[str, ...]:
        """Reads `a."b c".d` and the sign that ends it."""
        parts: list[str] = []
        text = self._text
        while text[self._at] != end:
            char = text[self._at]
            if char in "\"'":
                start = self._at
                self._skip_string()
                parts.append(next(iter(tomllib.loads(f"{text[start : self._at]} = 0"))))
            elif bare := _BARE.match(text, self._at):
                parts.append(bare[0])
                self._at = bare.end()
            else:
                self._at += 1
        self._at += 1
        return tuple(parts)

    def _skip_value(self) -> None:
        depth = 0
        text = self._text
        while self._at < len(text):
            char = text[self._at]
            if char in "\"'":
                self._skip_string()
                continue
            if char == "#":
                self._skip_to_line_end()
                continue
            if char == "\n" and depth == 0:
                return
            depth += (char in "[{") - (char in "]}")
            self._at += 1

    def _skip_string(self) -> None:
        text = self._text
        quote = text[self._at]
        if text.startswith(quote * 3, self._at):
            self._at += 3
            while not text.startswith(quote * 3, self._at):
                self._at += 2 if text[self._at] == "\\" and quote == '"' else 1
            self._at += 3
            while (
                self._at < len(text) and text[self._at] == quote
            ):  # up to two quotes may stand before the closing three
                self._at += 1
            return
        self._at += 1
        while text[self._at] != quote:
            self._at += 2 if text[self._at] == "\\" and quote == '"' else 1
        self._at += 1

    def _skip_to_line_end(self) -> None:
        end = self._text.find("\n", self._at)
        self._at = len(self._text) if end < 0 else end
