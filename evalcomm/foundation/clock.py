"""The one clock. Instants are aware and in UTC; Asia/Seoul is for screen and paper."""

from collections.abc import Callable
from datetime import UTC, datetime
from zoneinfo import ZoneInfo

from flask import current_app

SEOUL = ZoneInfo("Asia/Seoul")

Clock = Callable[[], datetime]


def system_clock() -> datetime:
    return datetime.now(UTC)


def now() -> datetime:
    """The application's time. Tests and the demonstration set another clock in `app.extensions["clock"]`."""
    clock: Clock = current_app.extensions["clock"]
    return clock()


def in_seoul(instant: datetime) -> datetime:
    return instant.astimezone(SEOUL)
