"""Conflicts of interest that the organisations give away: who belongs to, above, below or beside an applicant.

A tie is a proposal for an exclusion (제척); people decide. Organisations are compared by id, never by name.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from enum import StrEnum


class TieKind(StrEnum):
    SAME = "same"
    ABOVE = "above"
    """The evaluator's organisation stands above the applicant's."""
    BELOW = "below"
    AFFILIATED = "affiliated"


class Part(StrEnum):
    LEAD = "lead"
    PARTNER = "partner"


@dataclass(frozen=True, slots=True)
class Tie:
    """Why a person of `organisation_id` should not judge an application."""

    kind: TieKind
    part: Part
    organisation_id: int
    """The applicant's organisation that the tie leads to."""


@dataclass(frozen=True, slots=True)
class Kinship:
    """How organisations hang together: child → parent, and pairs of affiliates."""

    parents: Mapping[int, int]
    affiliates: frozenset[tuple[int, int]]

    def kind(self, own: int, other: int) -> TieKind | None:
        """How `own` stands to `other`; None for strangers. Two children of one parent are strangers."""
        if own == other:
            return TieKind.SAME
        if own in self._line_up(other):
            return TieKind.ABOVE
        if other in self._line_up(own):
            return TieKind.BELOW
        return TieKind.AFFILIATED if (min(own, other), max(own, other)) in self.affiliates else None

    def _line_up(self, organisation_id: int) -> list[int]:
        line: list[int] = []
        above = self.parents.get(organisation_id)
        while above is not None and above not in line:
            line.append(above)
            above = self.parents.get(above)
        return line

    def ties(self, own: int, lead: int, partners: Iterable[int]) -> list[Tie]:
        """Every tie between an organisation and an application's consortium, the lead first."""
        applicants = [(Part.LEAD, lead), *((Part.PARTNER, partner) for partner in partners if partner != lead)]
        found = ((part, other, self.kind(own, other)) for part, other in applicants)
        return [Tie(kind, part, other) for part, other, kind in found if kind is not None]
