"""The kinds of paper. A room registers what it issues, with the policy that decides who reads it; the press knows no other rule."""

from collections.abc import Callable, Collection, Sequence
from dataclasses import dataclass
from datetime import datetime

from flask_babel import LazyString

from evalcomm.documents.models import Paper
from evalcomm.foundation.actor import Actor
from evalcomm.foundation.verdict import Verdict

ReadingPolicy = Callable[[Actor, Paper, datetime], Verdict]
ReadingMany = Callable[[Actor, Sequence[Paper], datetime], Collection[int]]
"""The ids of those papers that the reading policy would allow, found without asking for each."""


@dataclass(frozen=True, slots=True)
class PaperKind:
    """`code` is the name of its shape in `papers` and of its template; `series` starts its numbers, such as 심의결과."""

    code: str
    label: LazyString
    series: str
    may_read: ReadingPolicy
    readable: ReadingMany | None = None


_kinds: dict[str, PaperKind] = {}


def register(kind: PaperKind) -> None:
    _kinds[kind.code] = kind


def get(code: str) -> PaperKind:
    return _kinds[code]


def all_kinds() -> list[PaperKind]:
    return sorted(_kinds.values(), key=lambda kind: kind.code)
