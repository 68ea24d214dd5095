"""Shortest paths between evaluators on the contracted network of `flow`, dense and in integers.

A step from u to v costs loss[u, v] − price[u] + price[v], never below zero. Trees of different sources share no evaluator.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from evalcomm.engine.assign.instance import Ints


@dataclass(frozen=True, eq=False)
class Forest:
    """
    previous : the step before each node, −1 at a source
    root     : the source of each node's tree
    targets  : the targets reached, nearest first
    distance : what to take off the prices so that every path costs nothing
    """

    previous: NDArray[np.intp]
    root: NDArray[np.intp]
    targets: list[int]
    distance: Ints

    def to(self, target: int) -> list[int]:
        """The path to a target from the source of its tree."""
        path = [target]
        while path[-1] != self.root[target]:
            path.append(int(self.previous[path[-1]]))
        return path[::-1]


def shortest_paths(
    price: Ints, loss: Ints, sources: NDArray[np.intp], targets: NDArray[np.intp], *, unreached: int
) -> Forest:
    """Dijkstra, until every source has a target in its tree or every target is reached."""
    size = len(price)
    distance = np.full(size, unreached, loss.dtype)
    distance[sources] = 0
    previous = np.full(size, -1, np.intp)
    root = np.full(size, -1, np.intp)
    root[sources] = sources
    waiting = distance.copy()
    wanted = set(targets.tolist())
    unserved = set(sources.tolist())
    found: list[int] = []
    far = distance[sources[0]]
    for _ in range(size):
        u = int(waiting.argmin())
        if waiting[u] >= unreached:
            break
        far = waiting[u]
        waiting[u] = 2 * unreached
        if u in wanted:
            found.append(u)
            unserved.discard(int(root[u]))
            if not unserved or len(found) == len(wanted):
                break
        through = loss[u] + (far - price[u]) + price
        closer = through < distance
        if closer.any():
            distance[closer] = waiting[closer] = through[closer]
            previous[closer] = u
            root[closer] = root[u]
    return Forest(previous, root, found, np.minimum(distance, far))


def level_paths(
    price: Ints, loss: Ints, sources: NDArray[np.bool_], wanted: NDArray[np.bool_], *, enough: int
) -> Forest:
    """Breadth-first along steps that cost nothing, until `enough` targets are found."""
    size = len(price)
    front = np.flatnonzero(sources)
    previous = np.full(size, -1, np.intp)
    root = np.full(size, -1, np.intp)
    root[front] = front
    found: list[int] = []
    while len(front) and len(found) < enough:
        level = loss[front] + price == price[front][:, None]
        level[:, root >= 0] = False
        fresh = np.flatnonzero(level.any(axis=0))
        parent = front[level[:, fresh].argmax(axis=0)]
        previous[fresh] = parent
        root[fresh] = root[parent]
        found += fresh[wanted[fresh]].tolist()
        front = fresh
    return Forest(previous, root, found, np.zeros(size, np.int64))
