"""Reading a TOML document into typed values, collecting every problem instead of stopping at the first.

    section = Section(tomllib.loads(text))
    points = section.decimal("points", above=0)
    for item in section.tables("item"):
        ...
        item.finish()
    section.finish()                    # unknown keys become problems, with the nearest known key
    if section.problems: ...

A getter whose key is missing or wrong adds a `Problem` and returns a neutral value of the right type, so that reading goes on; whoever
reads must look at `problems` before using what was read. Without `default` a key is required. Decimals are strings ("0.5"),
because a TOML float has already lost the digits that were written.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from difflib import get_close_matches
from enum import Enum
from fractions import Fraction
from typing import Final, TypeVar, overload

from evalcomm.engine.exact import NotExact, format_figure, parse_decimal

T = TypeVar("T")
Key = tuple[str | int, ...]


class _Required(Enum):
    REQUIRED = 0


REQUIRED: Final = _Required.REQUIRED


def dotted(path: Key) -> str:
    """The key as people read it: `criterion[2].item[1].points`, list places counted from 1."""
    text = ""
    for part in path:
        if isinstance(part, int):
            text += f"[{part + 1}]"
        else:
            text += f".{part}" if text else part
    return text


@dataclass(frozen=True)
class Problem:
    """One thing that is wrong (or, as a warning, doubtful) in a document, at `path`, and what would be right."""

    path: Key
    message: str
    suggestion: str = ""

    @property
    def key(self) -> str:
        return dotted(self.path)

    def __str__(self) -> str:
        text = f"{self.key}: {self.message}" if self.path else self.message
        return f"{text} ({self.suggestion})" if self.suggestion else text


def did_you_mean(word: str, known: Collection[str]) -> str:
    """A suggestion for a word that is not among the known ones."""
    near = get_close_matches(word, sorted(known), n=1, cutoff=0.6)
    if near:
        return f"did you mean '{near[0]}'?"
    return "known here: " + ", ".join(sorted(known)) if known else ""


class Section:
    """One table of a document: typed getters, and `finish()` to find what was not asked for."""

    def __init__(self, data: Mapping[str, object], path: Key = (), problems: list[Problem] | None = None) -> None:
        self._data = data
        self.path = path
        self.problems: list[Problem] = [] if problems is None else problems
        self._asked: dict[str, None] = {}

    def __contains__(self, key: str) -> bool:
        return key in self._data

    @property
    def keys(self) -> tuple[str, ...]:
        """The keys as written, in their order; for tables whose keys are the author's own words (grades, descriptors)."""
        return tuple(self._data)

    @property
    def raw(self) -> Mapping[str, object]:
        return self._data

    def problem(self, key: str | Key, message: str, suggestion: str = "") -> None:
        """Adds a problem at `key` of this section (a tuple for a place further inside; () for the section itself)."""
        inner: Key = (key,) if isinstance(key, str) else key
        self.problems.append(Problem(self.path + inner, message, suggestion))

    @overload
    def text(self, key: str) -> str: ...
    @overload
    def text(self, key: str, *, default: T) -> str | T: ...
    def text(self, key: str, *, default: object = REQUIRED) -> object:
        """A string that is not blank."""
        value = self._get(key, default)
        if value is _MISSING:
            return "" if default is REQUIRED else default
        if isinstance(value, str) and value.strip():
            return value.strip()
        if isinstance(value, str):
            self.problem(
                key, "is blank", "write a text, or leave the key out" if default is not REQUIRED else "write a text"
            )
        else:
            self._wrong_type(key, value, "a text in quotes")
        return "" if default is REQUIRED else default

    @overload
    def integer(self, key: str, *, at_least: int | None = None, at_most: int | None = None) -> int: ...
    @overload
    def integer(self, key: str, *, default: T, at_least: int | None = None, at_most: int | None = None) -> int | T: ...
    def integer(
        self, key: str, *, default: object = REQUIRED, at_least: int | None = None, at_most: int | None = None
    ) -> object:
        """A TOML integer (no quotes, no decimals), within the bounds."""
        fallback = (at_least or 0) if default is REQUIRED else default
        value = self._get(key, default)
        if value is _MISSING:
            return fallback
        if isinstance(value, bool) or not isinstance(value, int):
            self._wrong_type(key, value, "a whole number without quotes")
            return fallback
        if at_least is not None and value < at_least:
            self.problem(key, f"is {value}, must be at least {at_least}", f"write {at_least} or more")
            return fallback
        if at_most is not None and value > at_most:
            self.problem(key, f"is {value}, must be at most {at_most}", f"write {at_most} or less")
            return fallback
        return value

    @overload
    def boolean(self, key: str) -> bool: ...
    @overload
    def boolean(self, key: str, *, default: T) -> bool | T: ...
    def boolean(self, key: str, *, default: object = REQUIRED) -> object:
        """true or false."""
        value = self._get(key, default)
        if value is _MISSING:
            return False if default is REQUIRED else default
        if isinstance(value, bool):
            return value
        self._wrong_type(key, value, "true or false, without quotes")
        return False if default is REQUIRED else default

    @overload
    def decimal(
        self,
        key: str,
        *,
        at_least: Fraction | int | None = None,
        at_most: Fraction | int | None = None,
        above: Fraction | int | None = None,
    ) -> Fraction: ...
    @overload
    def decimal(
        self,
        key: str,
        *,
        default: T,
        at_least: Fraction | int | None = None,
        at_most: Fraction | int | None = None,
        above: Fraction | int | None = None,
    ) -> Fraction | T: ...
    def decimal(
        self,
        key: str,
        *,
        default: object = REQUIRED,
        at_least: Fraction | int | None = None,
        at_most: Fraction | int | None = None,
        above: Fraction | int | None = None,
    ) -> object:
        """An exact decimal in quotes, within the bounds."""
        fallback = Fraction(at_least or 0) if default is REQUIRED else default
        value = self._get(key, default)
        if value is _MISSING:
            return fallback
        if not isinstance(value, str):
            if isinstance(value, int | float) and not isinstance(value, bool):
                self.problem(key, "is a bare number; decimals are strings", f'write {key} = "{value}"')
            else:
                self._wrong_type(key, value, 'a decimal in quotes, such as "0.5"')
            return fallback
        try:
            figure = parse_decimal(value.strip())
        except NotExact as error:
            self.problem(key, str(error), f'write a decimal in quotes, such as {key} = "0.5"')
            return fallback
        wrong = None
        if at_least is not None and figure < at_least:
            wrong = f"at least {format_figure(at_least)}"
        elif above is not None and figure <= above:
            wrong = f"more than {format_figure(above)}"
        elif at_most is not None and figure > at_most:
            wrong = f"at most {format_figure(at_most)}"
        if wrong:
            self.problem(key, f"is {format_figure(figure)}, must be {wrong}", f"write a value of {wrong}")
            return fallback
        return figure

    @overload
    def choice(self, key: str, choices: Sequence[str]) -> str: ...
    @overload
    def choice(self, key: str, choices: Sequence[str], *, default: T) -> str | T: ...
    def choice(self, key: str, choices: Sequence[str], *, default: object = REQUIRED) -> object:
        """One of the given words."""
        fallback = choices[0] if default is REQUIRED else default
        value = self._get(key, default)
        if value is _MISSING:
            return fallback
        if not isinstance(value, str):
            self._wrong_type(key, value, "one of " + ", ".join(f'"{choice}"' for choice in choices))
            return fallback
        if value not in choices:
            near = get_close_matches(value, choices, n=1, cutoff=0.6)
            listed = ", ".join(f'"{choice}"' for choice in choices)
            hint = f'did you mean "{near[0]}"? Possible: {listed}' if near else f"possible: {listed}"
            self.problem(key, f"is '{value}', which is not possible here", hint)
            return fallback
        return value

    @overload
    def day(self, key: str) -> date: ...
    @overload
    def day(self, key: str, *, default: T) -> date | T: ...
    def day(self, key: str, *, default: object = REQUIRED) -> object:
        """A TOML date (2026-11-22, without quotes)."""
        fallback = date.min if default is REQUIRED else default
        value = self._get(key, default)
        if value is _MISSING:
            return fallback
        if isinstance(value, date) and not isinstance(value, datetime):
            return value
        self._wrong_type(key, value, "a date without quotes, such as 2026-11-22")
        return fallback

    @overload
    def texts(self, key: str) -> tuple[str, ...]: ...
    @overload
    def texts(self, key: str, *, default: T) -> tuple[str, ...] | T: ...
    def texts(self, key: str, *, default: object = REQUIRED) -> object:
        """A list of strings, none blank."""
        fallback = () if default is REQUIRED else default
        value = self._get(key, default)
        if value is _MISSING:
            return fallback
        if not isinstance(value, list):
            self._wrong_type(key, value, 'a list of texts, such as ["A1", "A2"]')
            return fallback
        result = []
        for place, part in enumerate(value):
            if isinstance(part, str) and part.strip():
                result.append(part.strip())
            else:
                self.problem((key, place), f"is {_kind(part)}, must be a text in quotes", "write a text in quotes")
        return tuple(result)

    def table(self, key: str) -> Section | None:
        """The table `[key]`, or None where it is absent."""
        value = self._get(key, None)
        if value is _MISSING:
            return None
        if isinstance(value, dict):
            return Section(value, (*self.path, key), self.problems)
        name = dotted((*self.path, key))
        self._wrong_type(key, value, f"a table [{name}]")
        return None

    def tables(self, key: str) -> tuple[Section, ...]:
        """The tables `[[key]]`, in their order; empty where there is none."""
        value = self._get(key, None)
        if value is _MISSING:
            return ()
        name = dotted((*self.path, key))
        if not isinstance(value, list):
            self._wrong_type(key, value, f"a list of tables [[{name}]]")
            return ()
        result = []
        for place, part in enumerate(value):
            if isinstance(part, dict):
                result.append(Section(part, (*self.path, key, place), self.problems))
            else:
                self.problem((key, place), f"is {_kind(part)}, must be a table", f"write it as [[{name}]]")
        return tuple(result)

    def finish(self) -> None:
        """Reports every key that nothing asked for."""
        for key in self._data:
            if key not in self._asked:
                free = [known for known in self._asked if known not in self._data]
                self.problem(key, "is not a known key", did_you_mean(key, free))

    def _get(self, key: str, default: object) -> object:
        self._asked[key] = None
        if key in self._data:
            return self._data[key]
        if default is REQUIRED:
            self.problem(key, "is required and missing", f"add {key} = …")
        return _MISSING

    def _wrong_type(self, key: str, value: object, wanted: str) -> None:
        self.problem(key, f"is {_kind(value)}, must be {wanted}", f"write {wanted}")


_MISSING: Final = object()


def _kind(value: object) -> str:
    kinds: tuple[tuple[type, str], ...] = (
        (bool, "true or false"),
        (int, "a whole number"),
        (float, "a number with decimals"),
        (str, "a text"),
        (dict, "a table"),
        (list, "a list"),
        (date, "a date"),
    )
    return next((name for kind, name in kinds if isinstance(value, kind)), "a time")
