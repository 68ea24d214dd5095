"""Groups around the funding line by the published rule (Heyard, Ott, Salanti, Egger 2022): fund, discuss, decline."""

from __future__ import annotations

from enum import Enum

import numpy as np

from evalcomm.engine.ratings import FloatArray, IntArray

_EQUAL = 1e-9
"""Expected ranks closer than this are the same rank: they differ in the order of addition only."""


class Group(Enum):
    FUND = "fund"
    DISCUSS = "discuss"
    DECLINE = "decline"


def line_of(expected_rank: FloatArray, top: int) -> float:
    """The expected rank of the `top`-th application."""
    return float(np.sort(expected_rank)[min(top, len(expected_rank)) - 1])


def groups(expected_rank: FloatArray, low: IntArray, high: IntArray, *, top: int) -> list[Group]:
    """low, high : the 25 % and 75 % quantiles of the rank, shape (P,).

    Whose 50 % interval holds the line, or whose expected rank is the line, is discussed; above it fund, below it decline. Where those to
    fund and to discuss are exactly as many as can be funded, all of them are funded.
    """
    top = min(top, len(expected_rank))
    line = line_of(expected_rank, top)
    on_line = np.abs(expected_rank - line) < _EQUAL
    fund = (high < line - _EQUAL) & ~on_line
    decline = (low > line + _EQUAL) & ~on_line
    if (~decline).sum() == top:
        fund = ~decline
    return [Group.FUND if f else Group.DECLINE if d else Group.DISCUSS for f, d in zip(fund, decline, strict=True)]
