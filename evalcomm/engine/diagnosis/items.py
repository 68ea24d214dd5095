"""Halo and straight-lining inside sheets: whether an evaluator's items say different things at all."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

import numpy as np

from evalcomm.engine.ratings import FloatArray

HALO = 0.8
"""Mean correlation between items from which an evaluator's items hardly differ …"""

ENOUGH_SHEETS = 4
"""… judged from this many sheets up."""


@dataclass(frozen=True)
class ItemRecord:
    """One evaluator's items.

    halo : mean correlation between items, over applications, of how far the evaluator is off the panel's mean of that item; near 1, one
        overall impression was written into every item. None with fewer than four shared sheets or without variation
    same_share : share of sheets on which every item got the same share of its points
    """

    evaluator: str
    sheets: int
    halo: float | None
    same_share: float

    @property
    def is_halo(self) -> bool:
        return self.halo is not None and self.halo >= HALO

    @property
    def is_straight_lining(self) -> bool:
        return self.sheets >= ENOUGH_SHEETS and self.same_share >= HALO


def item_records(
    sheets: Iterable[tuple[str, str, Mapping[str, float]]], points: Mapping[str, float]
) -> tuple[ItemRecord, ...]:
    """sheets : (application, evaluator, points by item), whole sheets only; points : full points of each item (> 0), in the rubric's order.
    By evaluator; nothing for fewer than two items."""
    items = list(points)
    if len(items) < 2:
        return ()
    full = np.array([points[item] for item in items])
    rows = sorted((evaluator, application, [given[item] for item in items]) for application, evaluator, given in sheets)
    by_application: dict[str, list[list[float]]] = {}
    for _, application, values in rows:
        by_application.setdefault(application, []).append(values)
    sums = {application: (np.sum(values, axis=0), len(values)) for application, values in by_application.items()}
    own: dict[str, list[tuple[str, FloatArray]]] = {}
    for evaluator, application, values in rows:
        own.setdefault(evaluator, []).append((application, np.array(values)))
    return tuple(_record(evaluator, own[evaluator], sums, full) for evaluator in sorted(own))


def _record(
    evaluator: str,
    sheets: Sequence[tuple[str, FloatArray]],
    sums: Mapping[str, tuple[FloatArray, int]],
    full: FloatArray,
) -> ItemRecord:
    shares = np.array([values for _, values in sheets]) / full
    same = float((np.ptp(shares, axis=1) < 1e-9).mean())
    off = [
        (values - (sums[application][0] - values) / (sums[application][1] - 1)) / full
        for application, values in sheets
        if sums[application][1] > 1
    ]
    return ItemRecord(evaluator, len(sheets), _mean_correlation(np.array(off)), same)


def _mean_correlation(off: FloatArray) -> float | None:
    """Of all pairs of columns that vary; off : shape (sheets, items)."""
    if len(off) < ENOUGH_SHEETS:
        return None
    varying = off[:, off.std(axis=0) > 1e-9]
    if varying.shape[1] < 2:
        return None
    correlations = np.atleast_2d(np.corrcoef(varying.T))
    return float(correlations[np.triu_indices(len(correlations), 1)].mean())
