"""The box that an opening opens: which sheets, fixed points and recusals make the figures, by hash and without a score.

The box is a value. Two people look at the same one, its hash says so, and from then on the figures of a track are those of its box.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import asdict, dataclass
from typing import Any

from evalcomm.foundation.database import Json, canonical_json, canonical_sha256

SCORED, MISSING, NOT_APPLICABLE = "scored", "missing", "not_applicable"
OUT = ("recused", "excluded", "challenged")
"""Marks of a cell as papers and `components/score.html` know them; whoever is out by act carries one of OUT."""


@dataclass(frozen=True, slots=True)
class Entrant:
    """An application in the box, with what the ranking and the table say of it."""

    id: int
    number: str
    title: str
    lead: str
    requested_won: int
    submission_sha256: str


@dataclass(frozen=True, slots=True)
class Member:
    id: int
    number: int
    is_chair: bool

    @property
    def key(self) -> str:
        """Sorts as the numbers do; the engine names the smaller among equal extremes."""
        return f"{self.number:04d}"


@dataclass(frozen=True, slots=True)
class Cell:
    """One member at one application. Only a scored cell has a sheet."""

    application: int
    member: int
    mark: str
    sheet: int | None = None
    version: int | None = None
    sha256: str | None = None


@dataclass(frozen=True, slots=True)
class Fixed:
    """Points that the secretariat entered; they were never sealed, so they stand in the box as they are."""

    application: int
    item: str
    version: int
    points: str


@dataclass(frozen=True, slots=True)
class Box:
    track: int
    round: int
    plan_sha256: str
    entrants: tuple[Entrant, ...]
    members: tuple[Member, ...]
    cells: tuple[Cell, ...]
    fixed: tuple[Fixed, ...]

    def to_json(self) -> Json:
        plain: Json = json.loads(canonical_json(asdict(self)))
        return plain

    @classmethod
    def of_json(cls, kept: Mapping[str, Any]) -> Box:
        return cls(
            track=kept["track"],
            round=kept["round"],
            plan_sha256=kept["plan_sha256"],
            entrants=tuple(Entrant(**one) for one in kept["entrants"]),
            members=tuple(Member(**one) for one in kept["members"]),
            cells=tuple(Cell(**one) for one in kept["cells"]),
            fixed=tuple(Fixed(**one) for one in kept["fixed"]),
        )

    @property
    def sha256(self) -> str:
        return canonical_sha256(self.to_json())

    def count(self, mark: str) -> int:
        return sum(cell.mark == mark for cell in self.cells)

    @property
    def out(self) -> int:
        return sum(cell.mark in OUT for cell in self.cells)
