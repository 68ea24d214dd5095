"""Mean, trimmed mean (최고·최저 제외 평균) and median of one application's values."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TypeAlias

from evalcomm.engine.plan import AggregateRule, Fallback, Method

Rational: TypeAlias = tuple[int, int]
"""Numerator and denominator (> 0), not reduced, in the scale of the values."""


def aggregate(values: Sequence[int], rule: AggregateRule) -> Rational:
    """The figure of at least one value. Standard scores and severity-corrected values come already computed: their mean is taken."""
    method = rule.method
    if method is Method.TRIMMED_MEAN:
        count = len(values)
        drops = rule.drops(count)
        if drops is not None:
            high, low = drops
            return sum(sorted(values)[low : count - high]), count - high - low
        if rule.fallback is Fallback.MEDIAN:
            method = Method.MEDIAN
    return _median(values) if method is Method.MEDIAN else (sum(values), len(values))


def _median(values: Sequence[int]) -> Rational:
    ordered = sorted(values)
    middle, odd = divmod(len(ordered), 2)
    return (ordered[middle], 1) if odd else (ordered[middle - 1] + ordered[middle], 2)


def dropped(values: Sequence[int], rule: AggregateRule) -> tuple[tuple[int, str], ...]:
    """The places that the trimmed mean leaves out, each with "highest" or "lowest".

    One copy each: among equal extremes the value that stands first is named; the figure is the same whichever it is.
    """
    drops = rule.drops(len(values))
    if rule.method is not Method.TRIMMED_MEAN or drops is None:
        return ()
    high, low = drops
    rising = sorted(range(len(values)), key=values.__getitem__)  # stable: the first of equals comes first
    falling = sorted(range(len(values)), key=values.__getitem__, reverse=True)  # stable as well
    highest = falling[:high]
    lowest = [place for place in rising if place not in highest][:low]
    return (*((place, "highest") for place in highest), *((place, "lowest") for place in lowest))
