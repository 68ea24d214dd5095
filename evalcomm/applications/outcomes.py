"""What became of an application, for its owner. The room that announces results knows it, and registers itself."""

from collections.abc import Callable, Collection, Mapping
from dataclasses import dataclass

from evalcomm.applications.models import Application


@dataclass(frozen=True, slots=True)
class Outcome:
    """Announced. `label`: in the language of the screen; `tone`: of a status tag or callout."""

    label: str
    tone: str
    awarded_won: int


Source = Callable[[Collection[int]], Mapping[int, Outcome]]
"""Ids of applications → the outcome of those that have one. One query, however many they are."""

_sources: list[Source] = []


def knows_outcomes(source: Source) -> Source:
    if source not in _sources:
        _sources.append(source)
    return source


def outcomes_of(applications: Collection[Application]) -> dict[int, Outcome]:
    """By application id."""
    ids = [application.id for application in applications]
    return {one: outcome for source in _sources for one, outcome in source(ids).items()} if ids else {}
