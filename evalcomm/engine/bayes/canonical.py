"""One order for the same table, whoever typed it in: by content, so that neither rows nor names have a say in the draws."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import numpy as np

from evalcomm.engine.ratings import FloatArray, IntArray, Ratings


class Canonical:
    """ratings : the same ratings with applications and evaluators renumbered; panel (P,) : the panel of each renumbered application, or None.

    applications (P), evaluators (R) : from the new number to the place in the given table.
    """

    def __init__(self, given: Ratings, panel: Mapping[str, str] | None) -> None:
        self.applications, self.evaluators = _order_by_content(given)
        new_application, new_evaluator = np.argsort(self.applications), np.argsort(self.evaluators)
        application, evaluator = new_application[given.application], new_evaluator[given.evaluator]
        row = np.lexsort((given.score, evaluator, application))
        self.rows = row
        self.ratings = Ratings(
            tuple(given.applications[i] for i in self.applications),
            tuple(given.evaluators[i] for i in self.evaluators),
            application[row],
            evaluator[row],
            given.score[row],
        )
        self.panel: IntArray | None = None
        if panel is not None:
            names = [panel[name] for name in self.ratings.applications]
            number = {name: place for place, name in enumerate(dict.fromkeys(names))}
            self.panel = np.array([number[name] for name in names], np.int64)

    def classes(self, *, by_total: bool) -> list[IntArray]:
        """Applications that the model cannot tell apart: same evaluators (and panel), same scores; with normal residuals the same
        total is enough."""
        ratings = self.ratings
        starts = np.searchsorted(ratings.application, np.arange(len(ratings.applications) + 1))
        tolerance = 1e-9 * float(np.ptp(ratings.score) or 1.0)
        members: dict[Any, list[int]] = {}
        for place in range(len(ratings.applications)):
            rows = slice(starts[place], starts[place + 1])
            scores = ratings.score[rows]
            content = round(float(scores.sum()) / tolerance) if by_total else tuple(scores.tolist())
            key = (
                None if self.panel is None else int(self.panel[place]),
                tuple(ratings.evaluator[rows].tolist()),
                content,
            )
            members.setdefault(key, []).append(place)
        return [np.array(group, np.int64) for group in members.values()]


def _order_by_content(ratings: Ratings) -> tuple[IntArray, IntArray]:
    """Applications and evaluators by the scores they have, then by whom they share them with, and only then by name."""
    applications = np.zeros(len(ratings.applications), np.int64)
    evaluators = np.zeros(len(ratings.evaluators), np.int64)
    for _ in range(3):
        applications = _ranked(applications, ratings.application, evaluators[ratings.evaluator], ratings.score)
        evaluators = _ranked(evaluators, ratings.evaluator, applications[ratings.application], ratings.score)
    return np.argsort(applications, kind="stable"), np.argsort(evaluators, kind="stable")


def _ranked(current: IntArray, index: IntArray, partner: IntArray, score: FloatArray) -> IntArray:
    """Dense ranks of levels by their current rank, then by their sorted (score, rank of partner)."""
    row = np.lexsort((partner, score, index))
    starts = np.searchsorted(index[row], np.arange(len(current) + 1))
    scores, partners = score[row].tolist(), partner[row].tolist()
    keys = [
        (int(current[level]), scores[a:b], partners[a:b])
        for level, (a, b) in enumerate(zip(starts[:-1].tolist(), starts[1:].tolist(), strict=True))
    ]
    order = sorted(range(len(keys)), key=keys.__getitem__)
    ranks = np.zeros(len(keys), np.int64)
    rank = 0
    for before, place in zip([None, *order], order, strict=False):
        if before is not None and keys[place] != keys[before]:
            rank += 1
        ranks[place] = rank
    return ranks
