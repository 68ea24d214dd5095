"""The order of a meeting's agenda that makes the fewest people leave the room and come back.

Whoever is recused from an item leaves before it and returns after it, unless he is recused from the next one too. Everybody is there
when the meeting opens and when it resolves, so an order costs one absence for each unbroken run of items from which somebody is
recused. Items with the same recusals stand together, items that share nobody with others are ordered by themselves, and the rest is the
shortest round trip through the sets of recused people, from the full room and back to it (`tour`): a step costs as many people as go
through the door.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from itertools import pairwise

import numpy as np

from evalcomm.engine.tour import shortest_tour

MOST = 1_000
"""Applications with recusals that one meeting may have."""

People = frozenset[str]


@dataclass(frozen=True)
class Item:
    """
    recused    : who is outside while the application is discussed
    leave      : who of them goes out before it
    come_back  : who comes in before it
    """

    application: str
    recused: tuple[str, ...]
    leave: tuple[str, ...]
    come_back: tuple[str, ...]


@dataclass(frozen=True)
class Absence:
    """An unbroken run of items that somebody spends outside; `until` is the item before which he returns, None: the closing."""

    person: str
    applications: tuple[str, ...]
    until: str | None


@dataclass(frozen=True)
class Agenda:
    """
    items        : in order
    absences     : in order of leaving
    bound        : no order has fewer absences
    by_id        : absences in the order of the ids, for comparison
    """

    items: tuple[Item, ...]
    absences: tuple[Absence, ...]
    bound: int
    by_id: int

    @property
    def proved(self) -> bool:
        return len(self.absences) == self.bound


def best_agenda(recused: Mapping[str, Collection[str]]) -> Agenda:
    """The best order of these applications, each with the people recused from it; raises ValueError for more than MOST with recusals."""
    absent = {application: frozenset(recused[application]) for application in sorted(recused)}
    if sum(map(bool, absent.values())) > MOST:
        raise ValueError(f"more than {MOST} applications of one meeting have recusals")
    groups: dict[People, list[str]] = {}
    for application, people in absent.items():
        groups.setdefault(people, []).append(application)
    order = list(groups.pop(frozenset(), []))
    bound = 0
    for sets in _parts(list(groups)):
        trip, least = _round_trip(sets)
        bound += least
        order += [application for people in trip for application in groups[people]]
    return Agenda(
        tuple(_items(order, absent)), tuple(_absences(order, absent)), bound, len(_absences(list(absent), absent))
    )


def _parts(sets: Sequence[People]) -> list[list[People]]:
    """Sets that are linked by shared people, part by part; the order within is that of `sets`."""
    parts: list[tuple[set[str], list[int]]] = []
    for place, people in enumerate(sets):
        met, places = set(people), [place]
        apart = []
        for part in parts:
            if part[0] & people:
                met |= part[0]
                places += part[1]
            else:
                apart.append(part)
        parts = [*apart, (met, places)]
    return [[sets[place] for place in sorted(places)] for _, places in sorted(parts, key=lambda part: min(part[1]))]


def _round_trip(sets: Sequence[People]) -> tuple[list[People], int]:
    """The sets in the best order, and a proved bound on the absences of any order."""
    people = sorted(frozenset().union(*sets))
    outside = np.array([[False] * len(people)] + [[one in these for one in people] for these in sets], np.int64)
    alone = outside.sum(axis=1)
    tour = shortest_tour(alone[:, None] + alone[None, :] - 2 * outside @ outside.T)
    trip = list(tour.nodes[1:])
    if trip[0] > trip[-1]:
        trip.reverse()
    return [sets[place - 1] for place in trip], tour.bound // 2


def _items(order: Sequence[str], absent: Mapping[str, People]) -> list[Item]:
    items = []
    before: People = frozenset()
    for application in order:
        now = absent[application]
        items.append(Item(application, tuple(sorted(now)), tuple(sorted(now - before)), tuple(sorted(before - now))))
        before = now
    return items


def _absences(order: Sequence[str], absent: Mapping[str, People]) -> list[Absence]:
    found = []
    for place, (before, application) in enumerate(pairwise([None, *order])):
        assert application is not None
        for person in sorted(absent[application] - (absent[before] if before is not None else frozenset())):
            end = place
            while end < len(order) and person in absent[order[end]]:
                end += 1
            found.append(Absence(person, tuple(order[place:end]), order[end] if end < len(order) else None))
    return found
