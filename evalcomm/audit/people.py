"""Who the numbers in the trail are. Entries carry ids only; the room that knows the names registers itself and is asked when a page is read."""

from collections.abc import Callable, Collection, Iterable, Mapping

Names = Callable[[Collection[int]], Mapping[int, str]]
"""Ids of accounts → names, in one query."""

_sources: list[Names] = []


def knows_names(source: Names) -> Names:
    if source not in _sources:
        _sources.append(source)
    return source


def names_of(actors: Iterable[int | None]) -> dict[int, str]:
    ids = {actor for actor in actors if actor is not None}
    return {actor: name for source in _sources for actor, name in source(ids).items()} if ids else {}
