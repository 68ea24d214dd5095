"""What the engine and the file commands say about files, in Korean: they speak one language, and whoever reads it another.

The tables hold sentences with {} for what is filled in, and the same in Korean: {0} is filled in as it stands (an id, a figure), {0:ko}
in Korean where there is any. What is not in the tables is shown as it is; a test reads the sources and finds what is missing.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from functools import cache
from itertools import islice
from typing import TypeAlias

from evalcomm.tables.korean.documents import SENTENCES as OF_DOCUMENTS
from evalcomm.tables.korean.files import SENTENCES as OF_FILES
from evalcomm.tables.korean.particles import with_particles
from evalcomm.tables.korean.phrases import PHRASES
from evalcomm.tables.korean.results import SENTENCES as OF_RESULTS

_Entry: TypeAlias = tuple[str, list[str], str]
"""A sentence in English, what it says around its gaps, and the Korean."""


def _ordered(entries: Mapping[str, str]) -> list[_Entry]:
    """Those with the most words of their own first, so that a general one never takes the place of a special one."""
    found = [(english, english.split("{}"), korean) for english, korean in entries.items()]
    return sorted(found, key=lambda entry: -sum(map(len, entry[1])))


_SENTENCES = _ordered({**OF_DOCUMENTS, **OF_FILES, **OF_RESULTS})
_PHRASES = _ordered(PHRASES)
_FRAMES = {
    "{}: row {}, column {}: {}": "{0}: {1}행 {2} 열: {3}",
    "{}: row {}: {}": "{0}: {1}행: {2}",
    "{}: column {}: {}": "{0}: {1} 열: {2}",
    "{}: line {}, key {}: {}": "{0}: {1}번째 줄 {2}: {3}",
    "{}: line {}: {}": "{0}: {1}번째 줄: {2}",
    "{}: key {}: {}": "{0}: {1}: {2}",
}
"""Where something is wrong, and last what is wrong: a frame holds only around a sentence that is in the tables."""
_MOST_COLONS = 20
_QUOTED = re.compile(r"(?<!\w)'([^']*)'(?!\w)")


def sentence(text: str) -> str:
    """The sentence in Korean, or as it is."""
    return _translated(text) or text


def phrase(text: str) -> str:
    """A part of a sentence in Korean, or as it is: a phrase, a sentence, or a list of phrases."""
    found = _filled(text, _PHRASES) or _translated(text)
    if found is None and ", " in text:
        return ", ".join(_filled(part, _PHRASES) or part for part in text.split(", "))
    return found or text


def _translated(text: str) -> str | None:
    """A sentence that begins with a gap could take the frame around it for what fills it, so such sentences come last."""
    return _filled(text, _SENTENCES, opens=False) or _framed(text) or _unframed(text)


def _framed(text: str) -> str | None:
    for shape, korean in _FRAMES.items():
        if match := _pattern(shape).fullmatch(text):
            *place, said = match.groups()
            found = _with_suggestion(said) if "line" in shape else _unframed(said)
            if found is not None:
                return korean.format(*place, found)
    return None


def _said_of(text: str) -> str | None:
    """`name: sentence`; the name may have colons of its own."""
    for cut in islice(re.finditer(": ", text), _MOST_COLONS):
        said = text[cut.end() :]
        found = _filled(said, _SENTENCES, opens=False) or _filled(said, _SENTENCES, opens=True)
        if found is not None:
            return text[: cut.end()] + found
    return None


def _unframed(text: str) -> str | None:
    return _filled(text, _SENTENCES, opens=False) or _said_of(text) or _filled(text, _SENTENCES, opens=True)


def _with_suggestion(text: str) -> str | None:
    """`message (suggestion)`; either may have parentheses of its own."""
    if text.endswith(")"):
        for cut in re.finditer(r" \(", text):
            message, suggestion = _unframed(text[: cut.start()]), _unframed(text[cut.end() : -1])
            if message is not None and suggestion is not None:
                return f"{message} ({suggestion})"
    return _unframed(text)


class _Part(str):
    """What is filled in."""

    __slots__ = ()

    def __format__(self, spec: str) -> str:
        return _QUOTED.sub(r"‘\1’", phrase(self) if spec == "ko" else self)


def _filled(text: str, table: Sequence[_Entry], *, opens: bool | None = None) -> str | None:
    """opens : only the sentences that begin with a gap, or only the others."""
    for english, pieces, korean in table:
        if (
            (opens is None or opens is (not pieces[0]))
            and text.startswith(pieces[0])
            and text.endswith(pieces[-1])
            and all(piece in text for piece in pieces)  # a pattern is made only for what can be it
        ):
            match = _pattern(english).fullmatch(text)
            if match is not None:
                return with_particles(korean.format(*map(_Part, match.groups())))
    return None


@cache
def _pattern(english: str) -> re.Pattern[str]:
    return re.compile("(.+?)".join(map(re.escape, english.split("{}"))), re.DOTALL)
