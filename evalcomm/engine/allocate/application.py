"""What is divided among: applications, and the order in which a policy meets them."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from fractions import Fraction
from types import MappingProxyType

from evalcomm.engine.allocate.sentences import Statement

NOTHING: Mapping[str, str] = MappingProxyType({})
NO_YEARS: Mapping[str, int] = MappingProxyType({})
NO_KEYS: Mapping[str, Fraction] = MappingProxyType({})


@dataclass(frozen=True, slots=True)
class Application:
    """One request for money.

    requested, minimum, maximum, own_funds : won. `minimum` is the least that the applicant can work with.
    own_funds, lot : None = not stated (never zero).
    by_year : won of the request that fall due in a year; what no year names is under no year's ceiling.
    keys : figures for tie keys by name, larger first; `requested-asc`, `requested-desc` and `lot` need none.
    rank : decided outside, with cuts and ties applied; equal ranks are tied. None = ordered by score and tie keys.
    eligible : decided outside; None = the plan's pass mark decides. `why_not` is printed for one that is not.
    """

    id: str
    score: Fraction
    requested: int
    minimum: int = 0
    maximum: int | None = None
    own_funds: int | None = None
    lot: int | None = None
    by_year: Mapping[str, int] = field(default_factory=lambda: NO_YEARS)
    tags: Mapping[str, str] = field(default_factory=lambda: NOTHING)
    keys: Mapping[str, Fraction] = field(default_factory=lambda: NO_KEYS)
    rank: int | None = None
    eligible: bool | None = None
    why_not: Statement | None = None

    @property
    def wanted(self) -> int:
        """The request, or the maximum where that is less."""
        return self.requested if self.maximum is None else min(self.requested, self.maximum)

    def due(self, year: str, award: int) -> int:
        """Won of an award that fall due in the year: its share of the request, rounded up, so that no way to pay it out exceeds a ceiling."""
        part = self.by_year.get(year, 0)
        return -(-part * award // self.requested) if part else 0

    def asking(self, won: int) -> "Application":
        """The same application with another request, spread over the years alike."""
        spread = {year: self.due(year, won) for year in self.by_year}
        return replace(self, requested=won, by_year=spread)


class AllocationError(ValueError):
    """The data or the plan cannot be answered; the message says which application or rule, and what would be right."""


def checked(applications: Sequence[Application]) -> None:
    seen: set[str] = set()
    for one in applications:
        if one.id in seen:
            raise AllocationError(f"application {one.id} is there twice")
        seen.add(one.id)
        if one.requested < 0:
            raise AllocationError(f"application {one.id}: requested must not be negative")
        if one.minimum < 0 or one.minimum > one.requested:
            raise AllocationError(f"application {one.id}: minimum {one.minimum} must lie between 0 and its request")
        if any(won < 0 for won in one.by_year.values()) or sum(one.by_year.values()) > one.requested:
            raise AllocationError(
                f"application {one.id}: the parts of its years must lie between 0 and its request in all"
            )
        if one.maximum is not None and one.maximum < one.minimum:
            raise AllocationError(f"application {one.id}: maximum {one.maximum} is below its minimum")
    ranked = sum(1 for one in applications if one.rank is not None)
    if ranked and any(one.rank is None and one.eligible is not False for one in applications):
        raise AllocationError("either every eligible application has a rank decided outside, or none has")


def tie_figures(application: Application, keys: Sequence[str]) -> tuple[Fraction, ...]:
    """The figures that split equal scores, larger first, up to `lot`: a lot splits whatever reaches it (see `ordered`)."""
    figures: list[Fraction] = []
    for key in keys:
        if key == "lot":
            break
        if key == "requested-asc":
            figures.append(Fraction(-application.requested))
        elif key == "requested-desc":
            figures.append(Fraction(application.requested))
        else:
            if key not in application.keys:
                raise AllocationError(f"application {application.id}: no figure for the tie key {key}")
            figures.append(application.keys[key])
    return tuple(figures)


def ordered(applications: Iterable[Application], keys: Sequence[str]) -> list[list[Application]]:
    """Groups from first to last; a group of more than one is tied under the declared keys (sorted by id for printing).

    A lot splits a group only when all of it is drawn with different numbers: with one number missing, nobody's place is known.
    """
    classes: dict[tuple[Fraction, ...], list[Application]] = {}
    for one in applications:
        place = (Fraction(-one.rank),) if one.rank is not None else (one.score, *tie_figures(one, keys))
        classes.setdefault(place, []).append(one)
    groups: list[list[Application]] = []
    for place in sorted(classes, reverse=True):
        tied = sorted(classes[place], key=lambda one: one.id)
        lots = [one.lot for one in tied]
        if "lot" in keys and None not in lots and len(set(lots)) == len(lots):
            groups.extend([one] for one in sorted(tied, key=lambda one: one.lot or 0))
        else:
            groups.append(tied)
    return groups
