"""What an evaluator has written: the draft as it is kept, as a page's fields, and as points under a rubric.

A draft keeps what was typed, right or wrong, complete or not; whether it may be handed in is the engine's `sheet_problems`. An item
without an entry is not scored; nothing here turns that into a zero.
"""

from __future__ import annotations

import secrets
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from fractions import Fraction
from typing import Any

from evalcomm.engine.exact import format_figure
from evalcomm.engine.rubric import Comment, OffScale, Rubric, SheetProblem, sheet_problems
from evalcomm.foundation.database import Json

ENTRY, COMMENT, OPINION = "entry-", "comment-", "opinion"
TEXT_LIMIT = 4000
ENTRY_LIMIT = 60


class TooLong(ValueError):
    """A text over its limit; `name` is the page's field."""

    def __init__(self, name: str) -> None:
        super().__init__(name)
        self.name = name


@dataclass(frozen=True, slots=True)
class Draft:
    """Entries and comments by item id, and the overall opinion. Nothing typed = no key, "" = no opinion."""

    entries: Mapping[str, str] = field(default_factory=dict)
    comments: Mapping[str, str] = field(default_factory=dict)
    opinion: str = ""

    @classmethod
    def of_json(cls, kept: Mapping[str, Any]) -> Draft:
        items = kept.get("items", {})
        return cls(
            entries={item: said["entry"] for item, said in items.items() if said.get("entry")},
            comments={item: said["comment"] for item, said in items.items() if said.get("comment")},
            opinion=kept.get("opinion", ""),
        )

    @classmethod
    def of_fields(cls, rubric: Rubric, fields: Mapping[str, Any]) -> Draft:
        """From a page's fields; what the rubric doesn't ask is left out. Raises TooLong."""
        scored = rubric.scored_items
        entries = {item.id: _text(fields, ENTRY + item.id, ENTRY_LIMIT).strip() for item in scored}
        comments = {item.id: _text(fields, COMMENT + item.id) for item in scored if item.comment is not Comment.NONE}
        return cls(
            entries={item: entry for item, entry in entries.items() if entry},
            comments={item: comment for item, comment in comments.items() if comment.strip()},
            opinion=_text(fields, OPINION),
        )

    def to_json(self) -> Json:
        items: dict[str, dict[str, str]] = {}
        for key, values in (("entry", self.entries), ("comment", self.comments)):
            for item, value in values.items():
                items.setdefault(item, {})[key] = value
        return {"items": items, "opinion": self.opinion}

    def to_fields(self) -> dict[str, str]:
        fields = {ENTRY + item: entry for item, entry in self.entries.items()}
        fields |= {COMMENT + item: comment for item, comment in self.comments.items()}
        return fields | {OPINION: self.opinion}

    def problems(self, rubric: Rubric) -> tuple[SheetProblem, ...]:
        """Everything that keeps the sheet from being submitted: the one rule of form, verb and import."""
        return sheet_problems(rubric, self.entries, {**self.comments, "": self.opinion})

    def points(self, rubric: Rubric) -> dict[str, Fraction]:
        """Points of the items that hold a valid entry."""
        found: dict[str, Fraction] = {}
        for item in rubric.scored_items:
            entry = self.entries.get(item.id)
            if entry is None:
                continue
            try:
                found[item.id] = item.points_of(entry)
            except OffScale:
                continue
        return found

    def tally(self, rubric: Rubric) -> Tally:
        points = self.points(rubric)
        return Tally(
            scored=len(points),
            items=len(rubric.scored_items),
            total=sum(points.values(), Fraction(0)) if points else None,
            of=rubric.scored_points,
        )


def clean(text: str) -> str:
    """The text as it is kept: one kind of line end, whether a form or a script sent it, and nothing that a database can't hold."""
    return text.replace("\r\n", "\n").replace("\0", "").encode("utf-8", "ignore").decode()


def cut_short(name: str, text: str) -> str:
    """A field's text within its limit, for a page that says it was too long."""
    return clean(text)[: ENTRY_LIMIT if name.startswith(ENTRY) else TEXT_LIMIT]


def _text(fields: Mapping[str, Any], name: str, limit: int = TEXT_LIMIT) -> str:
    value = fields.get(name)
    text = clean(value) if isinstance(value, str) else ""
    if len(text) > limit:
        raise TooLong(name)
    return text


@dataclass(frozen=True, slots=True)
class Tally:
    """How far a sheet is: `total` sums what is scored so far, None while nothing is."""

    scored: int
    items: int
    total: Fraction | None
    of: Fraction

    @property
    def is_complete(self) -> bool:
        return self.scored == self.items

    @property
    def shown(self) -> str | None:
        return None if self.total is None else format_figure(self.total)


def version_content(draft: Draft, rubric: Rubric, *, head: Mapping[str, Any], at: datetime) -> Json:
    """What a version keeps: the draft, its exact points, and a nonce that hides them behind the hash."""
    points, tally = draft.points(rubric), draft.tally(rubric)
    return {
        **head,
        "rubric": {"id": rubric.id, "version": rubric.version},
        "draft": draft.to_json(),
        "points": {item: format_figure(value) for item, value in points.items()},
        "total": tally.shown if tally.is_complete else None,
        "made_at": at.isoformat(timespec="microseconds"),
        "nonce": secrets.token_hex(16),
    }
