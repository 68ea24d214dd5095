"""The shortest round trip through sets, where a step costs as many elements as it adds and takes away.

Bound after Held and Karp, Operations Research 18 (1970) 1138-1162: a round trip is a tree that spans all nodes but the first, with two
edges to that one, in which every node has two edges. Weights on the nodes change no round trip's order of merit, so the least such
tree at any weights is a lower bound. Trips come from exchanges; where trip and bound differ, the search branches on the edges of a node
that has too many of them. All bounds are integers; the search stops by proof or by the number of trees, never by seconds.
"""

from __future__ import annotations

import heapq
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

Matrix = NDArray[np.int64]
Edge = tuple[int, int]

_SCALE = 1 << 12
"""Weights of nodes are multiples of 1 / SCALE."""
_ASCENT = 400
"""Steps of the first ascent; the later ones take an eighth of them."""
_NODES = 10_000
"""Trees × nodes after which the search gives up: some seconds."""
_STARTS = 2_000
_FORBIDDEN = 1 << 40
_KEPT = 1 << 20
"""Taken off an edge that must be; more than any round trip."""


@dataclass(frozen=True)
class Tour:
    """Nodes in order, from 0; no round trip is shorter than `bound`."""

    nodes: tuple[int, ...]
    length: int
    bound: int


@dataclass(frozen=True, eq=False)
class _Tree:
    bound: int
    edges: list[Edge]
    degree: NDArray[np.int64]


def shortest_tour(distance: Matrix) -> Tour:
    """The shortest round trip through all nodes of a symmetric matrix of distances between sets (whose round trips are all even)."""
    n = len(distance)
    starts = range(0, n, max(1, n * n // _STARTS))
    nodes = min(
        (_improved(distance, _nearest(distance, start)) for start in starts), key=lambda some: _length(distance, some)
    )
    length = _length(distance, nodes)
    if n <= 3:
        return Tour(tuple(nodes), length, length)
    tree, weight = _ascend(distance, np.zeros(n, np.int64), length, _ASCENT)
    # Trees that no better trip can escape: least bound first, with the edges that its trips lack and those that they have.
    heap: list[tuple[int, int, frozenset[Edge], frozenset[Edge], _Tree, Matrix]] = []
    heapq.heappush(heap, (tree.bound, 0, frozenset(), frozenset(), tree, weight))
    for step in range(1, max(1, _NODES // n)):
        if not heap or _even(heap[0][0]) >= length:
            return Tour(tuple(nodes), length, length)
        above, _, lacking, having, tree, weight = heapq.heappop(heap)
        crowded = int(tree.degree.argmax())
        if tree.degree[crowded] == 2:
            nodes = _around(tree.edges)
            length = _length(distance, nodes)
            continue
        kept = having
        for place, edge in enumerate([edge for edge in tree.edges if crowded in edge and edge not in having][:3]):
            # A trip that has two edges at a node lacks all others.
            saturated = sum(crowded in one for one in kept) == 2
            narrowed, gift = _narrowed(distance, lacking | {edge}, kept)
            child, its_weight = _ascend(narrowed, weight, length - gift, _ASCENT // 8)
            bound = max(child.bound + gift, above)
            if _even(bound) < length:
                heapq.heappush(heap, (bound, 3 * step + place, lacking | {edge}, kept, child, its_weight))
            if saturated:
                break
            kept |= {edge}
    return Tour(tuple(nodes), length, min([_even(item[0]) for item in heap] + [length]))


def _even(bound: int) -> int:
    """The next even number: a round trip takes away whatever it adds."""
    return bound + bound % 2


def _narrowed(distance: Matrix, lacking: frozenset[Edge], having: frozenset[Edge]) -> tuple[Matrix, int]:
    """Distances at which trees avoid some edges and keep others, and what that has taken off every trip that has them all."""
    narrowed = distance.copy()
    busy: dict[int, int] = {}
    for i, j in having:
        busy[i], busy[j] = busy.get(i, 0) + 1, busy.get(j, 0) + 1
    for node, edges in busy.items():
        if edges == 2:
            narrowed[node, :] = narrowed[:, node] = _FORBIDDEN
    for i, j in lacking:
        narrowed[i, j] = narrowed[j, i] = _FORBIDDEN
    for i, j in having:
        narrowed[i, j] = narrowed[j, i] = distance[i, j] - _KEPT
    return narrowed, _KEPT * len(having)


def _length(distance: Matrix, nodes: list[int]) -> int:
    return int(distance[nodes, np.roll(nodes, -1)].sum())


def _nearest(distance: Matrix, start: int) -> list[int]:
    nodes = [start]
    waiting = distance[start].astype(float)
    waiting[start] = np.inf
    while len(nodes) < len(distance):
        nodes.append(int(waiting.argmin()))
        waiting = np.where(np.isinf(waiting), np.inf, distance[nodes[-1]])
        waiting[nodes[-1]] = np.inf
    return nodes


def _improved(distance: Matrix, nodes: list[int]) -> list[int]:
    """Exchanges of two edges, and moves of up to three neighbours elsewhere, until none helps."""
    order = np.array(nodes)
    while True:
        better = _two_edges(distance, order)
        if better is None:
            better = _moved(distance, order)
        if better is None:
            start = int(np.flatnonzero(order == 0)[0])
            return [*order[start:].tolist(), *order[:start].tolist()]
        order = better


def _two_edges(distance: Matrix, order: NDArray[np.int64]) -> NDArray[np.int64] | None:
    after = np.roll(order, -1)
    kept = distance[order, after]
    gain = kept[:, None] + kept[None, :] - distance[np.ix_(order, order)] - distance[np.ix_(after, after)]
    gain = np.triu(gain, 1)
    i, j = divmod(int(gain.argmax()), len(order))
    if gain[i, j] <= 0:
        return None
    return np.concatenate([order[: i + 1], order[i + 1 : j + 1][::-1], order[j + 1 :]])


def _moved(distance: Matrix, order: NDArray[np.int64]) -> NDArray[np.int64] | None:
    n = len(order)
    for size in range(1, min(3, n - 2) + 1):
        for start in range(n):
            turned = np.roll(order, -start)
            part, rest = turned[:size], turned[size:]
            saved = distance[rest[-1], part[0]] + distance[part[-1], rest[0]] - distance[rest[-1], rest[0]]
            ends = np.append(rest[1:], rest[0])
            cost = distance[rest, part[0]] + distance[part[-1], ends] - distance[rest, ends]
            turned_cost = distance[rest, part[-1]] + distance[part[0], ends] - distance[rest, ends]
            place = int(np.minimum(cost, turned_cost).argmin())
            if min(cost[place], turned_cost[place]) < saved:
                piece = part if cost[place] <= turned_cost[place] else part[::-1]
                return np.concatenate([rest[: place + 1], piece, rest[place + 1 :]])
    return None


def _ascend(distance: Matrix, weight: Matrix, length: int, steps: int) -> tuple[_Tree, Matrix]:
    """The best tree found while the weights rise at crowded nodes and fall at lonely ones."""
    best, best_weight = _tree(distance, weight), weight
    tree, rate, since = best, 2.0, 0
    for _ in range(steps):
        off = tree.degree - 2
        squares = int((off * off).sum())
        if not squares or _even(best.bound) >= length:
            break
        stride = rate * max(length - tree.bound, 1) * _SCALE / squares
        weight = weight + np.rint(stride * off).astype(np.int64)
        tree = _tree(distance, weight)
        since += 1
        if tree.bound > best.bound or not (tree.degree - 2).any():
            best, best_weight, since = tree, weight, 0
        elif since >= max(5, steps // 20):
            rate, since = rate / 2, 0
    return best, best_weight


def _tree(distance: Matrix, weight: Matrix) -> _Tree:
    """The least tree with two edges to node 0 at these weights (Prim), and its bound rounded up to a whole length."""
    n = len(distance)
    cost = distance * _SCALE + weight[:, None] + weight[None, :]
    degree = np.zeros(n, np.int64)
    edges: list[Edge] = []
    total = 0
    near = cost[1].copy()
    parent = np.full(n, 1)
    outside = np.ones(n, bool)
    outside[:2] = False
    for _ in range(n - 2):
        j = int(np.where(outside, near, np.iinfo(np.int64).max).argmin())
        i = int(parent[j])
        total += int(near[j])
        edges.append((min(i, j), max(i, j)))
        degree[[i, j]] += 1
        outside[j] = False
        closer = cost[j] < near
        near = np.where(closer, cost[j], near)
        parent[closer] = j
    for j in np.argsort(cost[0, 1:], kind="stable")[:2].tolist():
        total += int(cost[0, j + 1])
        edges.append((0, j + 1))
        degree[[0, j + 1]] += 1
    return _Tree(-((2 * int(weight.sum()) - total) // _SCALE), edges, degree)


def _around(edges: list[Edge]) -> list[int]:
    """The nodes of a tree that is a round trip, in order."""
    beside: dict[int, list[int]] = {}
    for i, j in edges:
        beside.setdefault(i, []).append(j)
        beside.setdefault(j, []).append(i)
    nodes, before = [0], -1
    while len(nodes) < len(beside):
        onward = [node for node in beside[nodes[-1]] if node != before]
        before = nodes[-1]
        nodes.append(onward[0])
    return nodes
