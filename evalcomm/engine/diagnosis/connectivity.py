"""Whether the design connects all evaluators: severity can be compared only where there is a path of shared applications."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from scipy.sparse import coo_matrix
from scipy.sparse.csgraph import connected_components

from evalcomm.engine.ratings import Ratings


@dataclass(frozen=True)
class Part:
    """Applications and evaluators that are connected with each other and with nobody else."""

    applications: tuple[str, ...]
    evaluators: tuple[str, ...]


def connected_parts(ratings: Ratings) -> tuple[Part, ...]:
    """One part is what a design should have. By size, then by id."""
    applications, evaluators = len(ratings.applications), len(ratings.evaluators)
    size = applications + evaluators
    graph = coo_matrix(
        (np.ones(ratings.n), (ratings.application, ratings.evaluator + applications)), shape=(size, size)
    )
    count, label = connected_components(graph, directed=False)
    members: list[tuple[list[str], list[str]]] = [([], []) for _ in range(count)]
    for place, part in enumerate(label.tolist()):
        if place < applications:
            members[part][0].append(ratings.applications[place])
        else:
            members[part][1].append(ratings.evaluators[place - applications])
    parts = [Part(tuple(some), tuple(others)) for some, others in members]
    return tuple(sorted(parts, key=lambda part: (-len(part.applications), part.applications)))
