"""A statistic, or the reason why there is none."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True)
class Figure:
    """value : None where the table does not define it; `reason` then says why, in a sentence. low, high : 95 % interval if there is one."""

    value: float | None
    reason: str = ""
    low: float | None = None
    high: float | None = None


def undefined(reason: str) -> Figure:
    return Figure(None, reason)
