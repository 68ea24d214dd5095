"""Assignments of three evaluators to each application, proved best, against public solvers on the same figures in the same run.

Affinities are cosines of random profiles in eight dimensions, in ten-thousandths; 3 % of the pairs are conflicts; nobody takes more than
the even load, so every place counts. Ours goes from arrays of integers to teams and prices and ends with the proof recomputed from the
prices over every pair.

- B1, 5,000 × 400, and B2, 20,000 × 1,500: greatest total, all 2 and 30 million pairs in the proof. B3, 500 × 60: the worst application
  first, then the total, then even loads.
- HiGHS (through SciPy) solves the relaxation, which is whole here: on all pairs at 500 × 60; on the 60 best pairs of each application at
  5,000 × 400, where it proves nothing of the pairs left out. For B3 it solves mixed-integer programs, by bisection on the least sum.
- rounds: SciPy's linear_sum_assignment three times, one evaluator each. Quick and not optimal; what it loses is printed.
- networkx: its network simplex on all pairs.
- floor: one pass that sorts out the three best evaluators of each application, whatever the loads.

Processor time of one thread. Run from the root of the checkout: `python -m benchmarks.assignment`.
"""

# ruff: noqa: E402 (the number of threads has to be set before NumPy is loaded)

from __future__ import annotations

import os

for name in ("OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS", "MKL_NUM_THREADS"):
    os.environ[name] = "1"

import time
from collections.abc import Callable
from dataclasses import dataclass
from statistics import median

import networkx as nx
import numpy as np
from numpy.typing import NDArray
from scipy import sparse
from scipy.optimize import Bounds, LinearConstraint, linear_sum_assignment, linprog, milp

from evalcomm.engine.assign.even import evened
from evalcomm.engine.assign.flow import optimal_total
from evalcomm.engine.assign.instance import Instance
from evalcomm.engine.assign.proof import dual_bound
from evalcomm.engine.assign.teams import team_sums, whole
from evalcomm.engine.assign.worst import worst_first

SEATS = 3
BEST = 60
LIMIT = 60


@dataclass(frozen=True)
class Committee:
    value: NDArray[np.int64]
    able: NDArray[np.bool_]
    load: int

    @property
    def shape(self) -> tuple[int, int]:
        n, m = self.value.shape
        return n, m


def committee(n: int, m: int, seed: int) -> Committee:
    rng = np.random.default_rng(seed)
    applications, evaluators = rng.normal(size=(n, 8)), rng.normal(size=(m, 8))
    applications /= np.linalg.norm(applications, axis=1, keepdims=True)
    evaluators /= np.linalg.norm(evaluators, axis=1, keepdims=True)
    value = ((applications @ evaluators.T + 1) * 5000).round().astype(np.int64)
    return Committee(value, rng.random((n, m)) > 0.03, -(-n * SEATS // m))


def instance(one: Committee) -> Instance:
    n, m = one.shape
    low, high = np.zeros(m, np.int64), np.full(m, one.load)
    return Instance.of(one.value, one.able, seats=np.full(n, SEATS), low=low, high=high, institution=np.arange(m))


def ours(one: Committee) -> int:
    """The greatest total; the proof is part of the work."""
    problem = instance(one)
    standing = optimal_total(problem)
    total = whole(team_sums(problem, standing.team))
    assert total == dual_bound(problem, standing.price[:-1])
    return total


def ours_worst_first(one: Committee) -> int:
    """The greatest least sum."""
    problem = instance(one)
    best = worst_first(problem, optimal_total(problem))
    assert best.proved
    assert best.total == dual_bound(problem, best.price, least=best.worst)
    evened(problem, best.team, best.price, np.zeros(one.shape[1], np.int64), least=best.worst)
    return best.worst


def rows_and_columns(
    i: NDArray[np.int64], j: NDArray[np.int64], n: int, m: int
) -> tuple[sparse.csr_array, sparse.csr_array]:
    ones, pairs = np.ones(len(i)), np.arange(len(i))
    return (
        sparse.csr_array((ones, (i, pairs)), shape=(n, len(i))),
        sparse.csr_array((ones, (j, pairs)), shape=(m, len(j))),
    )


def with_highs(one: Committee, best: int | None = None) -> int:
    n, m = one.shape
    able = one.able
    if best is not None:
        figures = np.where(able, one.value, -1)
        able = figures >= np.partition(figures, m - best, axis=1)[:, m - best, None]
    i, j = np.nonzero(able & one.able)
    rows, columns = rows_and_columns(i, j, n, m)
    worth = one.value[i, j].astype(float)
    solved = linprog(
        -worth,
        A_ub=columns,
        b_ub=np.full(m, one.load),
        A_eq=rows,
        b_eq=np.full(n, SEATS),
        bounds=(0, 1),
        method="highs",
    )
    return round(-solved.fun)


def with_milp(one: Committee) -> int:
    """The greatest least sum, by bisection below the least sum of three best; at each step the greatest total that reaches it."""
    n, m = one.shape
    i, j = np.nonzero(one.able)
    rows, columns = rows_and_columns(i, j, n, m)
    worth = one.value[i, j].astype(float)
    sums = rows.multiply(worth[None, :]).tocsr()

    def reached(least: int) -> bool:
        solved = milp(
            -worth,
            constraints=[
                LinearConstraint(rows, SEATS, SEATS),
                LinearConstraint(columns, 0, one.load),
                LinearConstraint(sums, least, np.inf),
            ],
            integrality=np.ones(len(i)),
            bounds=Bounds(0, 1),
            options={"mip_rel_gap": 0, "time_limit": LIMIT},
        )
        return solved.x is not None

    figures = np.where(one.able, one.value, 0)
    high = int(np.partition(figures, -SEATS, axis=1)[:, -SEATS:].sum(axis=1).min())
    if reached(high):
        return high
    low, high = 0, high - 1
    while low < high:
        middle = (low + high + 1) // 2
        low, high = (middle, high) if reached(middle) else (low, middle - 1)
    return low


def with_rounds(one: Committee) -> int:
    n, m = one.shape
    left = np.full(m, one.load)
    figures = np.where(one.able, one.value, -(10**9)).astype(float)
    total = 0
    for _ in range(SEATS):
        places = np.repeat(np.arange(m), np.minimum(left, -(-n // m) + 1))
        i, place = linear_sum_assignment(figures[:, places], maximize=True)
        total += int(figures[i, places[place]].sum())
        left -= np.bincount(places[place], minlength=m)
        figures[i, places[place]] = -(10**9)
    return total


def with_networkx(one: Committee) -> int:
    n, m = one.shape
    graph = nx.DiGraph()
    graph.add_node("end", demand=n * SEATS)
    for i in range(n):
        graph.add_node(("a", i), demand=-SEATS)
    for j in range(m):
        graph.add_edge(("e", j), "end", capacity=one.load, weight=0)
    for i, j in zip(*(places.tolist() for places in np.nonzero(one.able)), strict=True):
        graph.add_edge(("a", i), ("e", j), capacity=1, weight=-int(one.value[i, j]))
    return -int(nx.network_simplex(graph)[0])


def floor(one: Committee) -> int:
    figures = np.where(one.able, one.value, 0).astype(np.int32)
    return int(np.partition(figures, -SEATS, axis=1)[:, -SEATS:].sum())


def spent(work: Callable[[], int]) -> tuple[float, int]:
    start = time.process_time()
    found = work()
    return time.process_time() - start, found


@dataclass(frozen=True)
class Peer:
    name: str
    work: Callable[[Committee], int]
    runs: int = 3
    compared: bool = True


def compare(
    title: str, some: list[Committee], mine: Callable[[Committee], int], target: float, peers: list[Peer]
) -> None:
    """Prints our time against the target and against the peers."""
    spans, found = zip(*(spent(lambda one=one: mine(one)) for one in some), strict=True)
    seconds = median(spans)
    met = "yes" if seconds < target else f"no, {seconds / target:.2f} times as long"
    print(f"{title}: {seconds:.3f} s, proved on every pair; target < {target} s: {met}", flush=True)
    print(f"  each: {', '.join(f'{span:.3f}' for span in spans)} s")
    for peer in peers:
        times, theirs = zip(
            *(spent(lambda one=one, peer=peer: peer.work(one)) for one in some[: peer.runs]), strict=True
        )
        ratio = median(their / our for their, our in zip(times, spans, strict=False))
        worst = max((our - their) / our for our, their in zip(found, theirs, strict=False))
        against = (
            "" if not peer.compared else f"; up to {worst:.2%} below the optimum" if worst else "; the same figures"
        )
        print(
            f"  {peer.name} / evalcomm: {ratio:.{1 if ratio >= 1 else 3}f} ({median(times):.2f} s{against})", flush=True
        )


FLOOR = Peer("floor", floor, compared=False)


def main() -> None:
    small = [committee(500, 60, seed) for seed in range(5)]
    large = [committee(5000, 400, seed) for seed in range(5)]
    huge = [committee(20_000, 1500, seed) for seed in range(3)]
    bisection = Peer("HiGHS, mixed-integer", with_milp, runs=3)
    compare("B3 500 x 60, least sum, then total", small, ours_worst_first, 0.5, [bisection])
    compare(
        "500 x 60, total",
        small,
        ours,
        0.5,
        [Peer("HiGHS", with_highs), Peer("networkx", with_networkx, runs=1), Peer("rounds", with_rounds), FLOOR],
    )
    best = Peer(f"HiGHS on the {BEST} best", lambda one: with_highs(one, BEST), runs=1)
    compare("B1 5,000 x 400, total", large, ours, 1.0, [best, Peer("rounds", with_rounds, runs=1), FLOOR])
    compare("B2 20,000 x 1,500, total", huge, ours, 6.0, [FLOOR])


if __name__ == "__main__":
    main()
