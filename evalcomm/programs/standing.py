"""Where a call stands, as everybody may know it. That a result is announced is known to a room above, which registers itself."""

from collections.abc import Callable, Collection, Mapping
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from evalcomm.foundation.clock import in_seoul
from evalcomm.programs import queries
from evalcomm.programs.models import Call, CallState, PhaseKind


class Stage(StrEnum):
    DRAFT = "draft"
    UPCOMING = "upcoming"
    OPEN = "open"
    EVALUATION = "evaluation"
    ANNOUNCED = "announced"
    CANCELLED = "cancelled"


@dataclass(frozen=True, slots=True)
class Standing:
    """`days_left`: whole days of Seoul's calendar to the deadline while applications are open; 0 = today."""

    stage: Stage
    days_left: int | None = None
    announced_at: datetime | None = None


Announcements = Callable[[Collection[int]], Mapping[int, datetime]]
"""Ids of calls → when the result of those that have one was announced."""

_sources: list[Announcements] = []


def knows_announcements(source: Announcements) -> Announcements:
    """The room that announces says so here."""
    if source not in _sources:
        _sources.append(source)
    return source


def announcements(calls: Collection[Call]) -> dict[int, datetime]:
    ids = [call.id for call in calls]
    return {call_id: at for source in _sources for call_id, at in source(ids).items()} if ids else {}


def standings(calls: Collection[Call], at: datetime) -> dict[int, Standing]:
    """By call id."""
    announced = announcements(calls)
    return {call.id: _standing(call, announced.get(call.id), at) for call in calls}


def _standing(call: Call, announced_at: datetime | None, at: datetime) -> Standing:
    if call.state == CallState.DRAFT:
        return Standing(Stage.DRAFT)
    if call.state == CallState.CANCELLED:
        return Standing(Stage.CANCELLED)
    if announced_at is not None and announced_at <= at:
        return Standing(Stage.ANNOUNCED, announced_at=announced_at)
    application = queries.phase_of(call, PhaseKind.APPLICATION)
    if application is None or at < application.opens_at:
        return Standing(Stage.UPCOMING)
    if queries.is_open(application, at):
        return Standing(Stage.OPEN, days_left=(in_seoul(application.closes_at).date() - in_seoul(at).date()).days)
    return Standing(Stage.EVALUATION)
