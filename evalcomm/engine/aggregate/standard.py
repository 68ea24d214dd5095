"""Standard scores inside each evaluator: z = (y - mean) / sd with ddof 1, and T = 50 + 10 z.

They need roots, so the plan fixes their digits: each value is the half-up rounding of the true real number, found by integer square
roots. A computation with 50 decimal digits gives the same values.
"""

from __future__ import annotations

from collections.abc import Sequence
from math import isqrt


def standard_scores(values: Sequence[int], digits: int, *, t_score: bool) -> list[int] | None:
    """z (or T) of one evaluator's values, times 10**digits; None where they do not vary or there is only one."""
    count = len(values)
    total = sum(values)
    away = [count * value - total for value in values]  # n (y - mean)
    squares = sum(part * part for part in away)
    if squares == 0:
        return None
    scale = 10**digits * (10 if t_score else 1)
    centre = 50 * 10**digits if t_score else 0
    return [_rounded(centre, part, 4 * (count - 1) * scale * scale, squares) for part in away]


def _rounded(centre: int, away: int, factor: int, squares: int) -> int:
    """centre + sign(away) sqrt(away² factor / squares) / 2, rounded half away from zero."""
    top = away * away * factor
    # floor of twice the figure and of twice its negative; the root is exact to its integer part.
    below = isqrt(top // squares)
    above = below if below * below * squares == top else below + 1
    twice = 2 * centre + (below if away >= 0 else -above)
    if twice >= 0:
        return (twice + 1) // 2
    twice_negative = -2 * centre + (below if away < 0 else -above)
    return -((twice_negative + 1) // 2)
