"""Branch and price for the few instances that alternation does not settle; every bound is recomputed in integers.

The relaxation chooses shares of whole teams that reach the threshold, not of single pairs, which makes it strong; teams are
generated as prices ask for them. The linear solver (HiGHS through SciPy, in floats) only proposes: teams, which are checked, and
prices, which are rounded to integers and then give a bound that holds whatever they are. So no proof rests on the solver. The search
stops by proof or by the number of nodes, never by seconds.
"""

from __future__ import annotations

import heapq
from dataclasses import dataclass
from itertools import count
from typing import Any

import numpy as np
from numpy.typing import NDArray

from evalcomm.engine.assign.columns import Members, best_team, candidates_of
from evalcomm.engine.assign.instance import Instance, Ints
from evalcomm.engine.assign.proof import dual_bound, evaluator_bound
from evalcomm.engine.assign.teams import best_teams, team_sums, whole

_NODES = 400
_WORK = 40_000
"""Teams priced one by one, and columns of the linear programs by eights, after which a search gives up: a minute or so."""
_WHOLE = 1e-6
_COVER = 1 << 30


class _GaveUp(Exception):
    pass


Pair = tuple[int, int]


@dataclass(frozen=True)
class _Node:
    """A part of the solutions: pairs (application, evaluator) that must be, and that may not be."""

    must: frozenset[Pair] = frozenset()
    never: frozenset[Pair] = frozenset()

    def allows(self, i: int, members: Members) -> bool:
        return all((i, j) not in self.never for j in members) and all(j in members for k, j in self.must if k == i)


@dataclass(frozen=True, eq=False)
class _Relaxed:
    """Shares of teams, in the order of `columns`; a proved bound of what the node can hold, or `empty` with proof that it holds nothing."""

    columns: list[tuple[int, Members]]
    shares: NDArray[np.float64]
    bound: int
    empty: bool = False


class Search:
    def __init__(self, instance: Instance) -> None:
        self.instance = instance
        n, m = instance.shape
        self.teams: list[dict[Members, int]] = [{} for _ in range(n)]
        self.work = 0
        self.ceiling = dual_bound(instance, np.zeros(m, np.int64))
        permitted = instance.permitted
        largest = max(1, int(np.abs(instance.value[permitted]).max(initial=1)))
        self.scale = float(largest)
        # Prices need a few binary digits below one unit of affinity, so that rounding them costs less than a unit in all.
        self.unit = 1 << (4 + (n * instance.most_seats).bit_length())
        self.fine = instance.with_values(np.where(permitted, instance.value, 0).astype(object) * self.unit, permitted)
        self.flat = instance.with_values(np.zeros((n, m), np.int64), permitted)

    def highest_worst(self, team: NDArray[np.int32], limit: int) -> tuple[NDArray[np.int32], int]:
        """Better teams by their worst sum, and the least proved limit of any worst sum."""
        self._learn(team)
        worst = int(team_sums(self.instance, team).min())
        try:
            low, high = worst, limit
            while low < high:
                middle = (low + high + 1) // 2
                low, high = (low, middle - 1) if self._cover(_Node(), middle).empty else (middle, high)
            limit = threshold = high
            while worst < threshold:
                found = self._propose(_Node(), threshold, any_will_do=True)
                if found is not None:
                    team, worst = found, int(team_sums(self.instance, found).min())
                    break
                threshold = (worst + threshold) // 2
            while worst < limit:
                found, bound = self._branch(worst + 1, None)
                if found is None:
                    limit = worst if bound is None else limit
                    break
                team, worst = found, int(team_sums(self.instance, found).min())
        except _GaveUp:
            pass
        return team, limit

    def best_total(self, team: NDArray[np.int32], least: int, bound: int) -> tuple[NDArray[np.int32], int]:
        """Better teams by their total among those that reach `least`, and the least proved bound on that total."""
        self._learn(team)
        self.work = 0
        found, left = self._branch(least, team)
        team = team if found is None else found
        total = whole(team_sums(self.instance, team))
        return team, min(bound, total if left is None else max(total, left))

    def _work(self, amount: int) -> None:
        self.work += amount
        if self.work > _WORK:
            raise _GaveUp

    def _learn(self, team: NDArray[np.int32]) -> None:
        for i, members in enumerate(team.tolist()):
            self._know(i, tuple(sorted(j for j in members if j >= 0)))

    def _know(self, i: int, members: Members) -> bool:
        """Keeps a team; tells whether it is new."""
        if members in self.teams[i]:
            return False
        self.teams[i][members] = int(self.instance.settled[i]) + sum(int(self.instance.value[i, j]) for j in members)
        return True

    def _branch(self, least: int, team: NDArray[np.int32] | None) -> tuple[NDArray[np.int32] | None, int | None]:
        """The best teams that reach `least` and beat `team` (None: the first found that reach it), and a bound on what was left open.

        The bound is None where nothing was left: then the teams found, or else those given, are the best there are.
        """
        first = team is None
        found: NDArray[np.int32] | None = None
        total = None if team is None else whole(team_sums(self.instance, team))
        order = count()
        heap: list[tuple[int, int, _Node]] = [(-self.ceiling, next(order), _Node())]
        left: list[int] = []
        for step in range(_NODES):
            if not heap:
                break
            above, _, node = heapq.heappop(heap)
            try:
                relaxed = None if self._cover(node, least).empty else self._price(node, least)
                if relaxed is None or (total is not None and relaxed.bound <= total):
                    continue
                proposed = self._whole(relaxed)
                if proposed is None and step % 8 == 0:
                    proposed = self._propose(node, least)
            except _GaveUp:
                left.append(-above)
                break
            if proposed is not None and (total is None or whole(team_sums(self.instance, proposed)) > total):
                found, total = proposed, whole(team_sums(self.instance, proposed))
                if first:
                    return found, relaxed.bound
            if total is not None and relaxed.bound <= total:
                continue
            pair = self._most_open(node, relaxed)
            if pair is None:
                left.append(relaxed.bound)
                continue
            for child in (_Node(node.must | {pair}, node.never), _Node(node.must, node.never | {pair})):
                heapq.heappush(heap, (-relaxed.bound, next(order), child))
        left += [-bound for bound, _, _ in heap if total is None or -bound > total]
        return found, max(left) if left else None

    def _most_open(self, node: _Node, relaxed: _Relaxed) -> Pair | None:
        """The undecided pair nearest to one half."""
        shares: dict[Pair, float] = {}
        for (i, members), share in zip(relaxed.columns, relaxed.shares, strict=True):
            if share > _WHOLE:
                for j in members:
                    shares[i, j] = shares.get((i, j), 0.0) + share
        undecided = sorted(pair for pair in shares if pair not in node.must)
        fractional = [pair for pair in undecided if _WHOLE < shares[pair] < 1 - _WHOLE]
        if fractional:
            return min(fractional, key=lambda pair: (abs(shares[pair] - 0.5), pair))
        return undecided[0] if undecided else None

    def _whole(self, relaxed: _Relaxed) -> NDArray[np.int32] | None:
        """The teams, where the relaxation gave each application a whole one."""
        chosen = {
            column[0]: column[1]
            for column, share in zip(relaxed.columns, relaxed.shares, strict=True)
            if share > 1 - _WHOLE
        }
        return self._checked(chosen)

    def _checked(self, chosen: dict[int, Members]) -> NDArray[np.int32] | None:
        """The teams as an array if every application has one and every load is within its limits."""
        instance = self.instance
        n, m = instance.shape
        if len(chosen) < n:
            return None
        team = np.full((n, instance.most_seats), -1, np.int32)
        for i, members in chosen.items():
            team[i, : len(members)] = members
        load = np.bincount(team[team >= 0], minlength=m)
        return team if (load >= instance.low).all() and (load <= instance.high).all() else None

    def _columns(self, node: _Node, least: int) -> list[tuple[int, Members]]:
        columns = [
            (i, members)
            for i, known in enumerate(self.teams)
            for members, reached in known.items()
            if reached >= least and node.allows(i, members)
        ]
        self._work(len(columns) // 8)
        return columns

    def _rows(self, columns: list[tuple[int, Members]]) -> tuple[Any, Any]:
        """Which application (row) and which evaluators (rows) each column uses."""
        from scipy import sparse

        n, m = self.instance.shape
        size = len(columns)
        owner = np.array([i for i, _ in columns], np.intp)
        users = np.array([j for _, members in columns for j in members], np.intp)
        place = np.repeat(np.arange(size), [len(members) for _, members in columns])
        one = sparse.csr_matrix((np.ones(size), (owner, np.arange(size))), shape=(n, size))
        use = sparse.csr_matrix((np.ones(len(users)), (users, place)), shape=(m, size))
        return one, use

    def _cover(self, node: _Node, least: int) -> _Relaxed:
        """Can shares of teams that reach `least` cover every application? Else `empty`, proved."""
        n = self.instance.shape[0]
        while True:
            columns = self._columns(node, least)
            nothing = np.zeros(len(columns))
            solved = _master(np.ones(len(columns)), *self._rows(columns), self.instance, cover=True)
            if solved is None:
                return _Relaxed(columns, nothing, 0)
            if -solved.fun > n - _WHOLE:
                return _Relaxed(columns, solved.x[: len(columns)], 0)
            prices = self._whole_prices(solved, float(_COVER))
            covered = evaluator_bound(self.instance, prices)
            priced = self._dearest(self.flat, node, least, prices)
            if priced is None:
                return _Relaxed(columns, nothing, 0, empty=True)
            worths, news = priced
            covered += sum(max(0, _COVER + worth) for worth in worths)
            if covered < n * _COVER:
                return _Relaxed(columns, nothing, 0, empty=True)
            if not news:
                return _Relaxed(columns, solved.x[: len(columns)], 0)

    def _price(self, node: _Node, least: int) -> _Relaxed:
        """The greatest total that shares of teams reach, and the bound that the prices prove; `_cover` was not empty."""
        bound: int | None = None
        while True:
            columns = self._columns(node, least)
            worth = np.array([self.teams[i][members] for i, members in columns]) / self.scale
            solved = _master(worth, *self._rows(columns), self.instance, cover=False)
            prices = self._whole_prices(solved, self.scale * self.unit)
            try:
                priced = self._dearest(self.fine, node, least, prices)
            except _GaveUp:
                if bound is None:
                    raise
                return _Relaxed(columns, np.zeros(len(columns)), bound)
            assert priced is not None
            worths, news = priced
            value = (sum(worths) + evaluator_bound(self.instance, prices)) // self.unit + whole(self.instance.settled)
            bound = value if bound is None else min(bound, value)
            if solved is None or not news:
                shares = np.zeros(len(columns)) if solved is None else np.asarray(solved.x)
                return _Relaxed(columns, shares, bound)

    def _whole_prices(self, solved: Any, scale: float) -> Ints:
        m = self.instance.shape[1]
        if solved is None:
            return np.zeros(m, np.int64)
        dual = -np.asarray(solved.ineqlin.marginals)
        figures = [round(float(p) * scale) for p in dual[:m] - dual[m : 2 * m]]
        return np.array(figures, object if self.fine.exact_object else np.int64)

    def _dearest(self, priced: Instance, node: _Node, least: int, prices: Ints) -> tuple[list[int], int] | None:
        """For each application the worth of its best team at these prices, and how many of these teams were not known before.

        None where an application has no team in this node that reaches `least`.
        """
        plain = best_teams(priced, prices)
        sums = team_sums(self.instance, plain)
        decided = {i for i, _ in node.must | node.never}
        worths, news = [], 0
        for i in range(len(sums)):
            if sums[i] >= least and i not in decided:
                members = tuple(sorted(j for j in plain[i].tolist() if j >= 0))
                worths.append(sum(int(priced.value[i, j]) - int(prices[j]) for j in members))
            else:
                self._work(1)
                team = best_team(
                    candidates_of(self.instance, i, priced.value[i], prices),
                    seats=int(self.instance.seats[i]),
                    least=least - int(self.instance.settled[i]),
                    with_={j for k, j in node.must if k == i},
                    without={j for k, j in node.never if k == i},
                )
                if team is None:
                    return None
                members = team.members
                worths.append(team.worth)
            news += self._know(i, members)
        return worths, news

    def _propose(self, node: _Node, least: int, *, any_will_do: bool = False) -> NDArray[np.int32] | None:
        """Whole teams from the mixed-integer solver, out of those known: the best, or the first that it finds."""
        from scipy.optimize import Bounds, LinearConstraint, milp

        if self._cover(node, least).empty:
            return None
        columns = self._columns(node, least)
        one, use = self._rows(columns)
        worth = np.array([0 if any_will_do else self.teams[i][members] for i, members in columns]) / self.scale
        constraints = [LinearConstraint(one, 1, 1), LinearConstraint(use, self.instance.low, self.instance.high)]
        options = {"mip_rel_gap": 0, "node_limit": 1 + _NODES * 500 // len(columns)}
        solved = milp(
            -worth, constraints=constraints, bounds=Bounds(0, 1), integrality=np.ones(len(columns)), options=options
        )
        if solved.x is None:
            return None
        return self._checked(
            {column[0]: column[1] for column, share in zip(columns, solved.x, strict=True) if share > 0.5}
        )


def _master(worth: NDArray[np.float64], one: Any, use: Any, instance: Instance, *, cover: bool) -> Any:
    """The relaxation over known teams; with `cover`, applications may stay without a team and evaluators below their minimum."""
    from scipy import sparse
    from scipy.optimize import linprog

    n, m = one.shape[0], use.shape[0]
    high, low = instance.high.astype(float), -instance.low.astype(float)
    if not cover:
        solved = linprog(
            -worth,
            A_ub=sparse.vstack([use, -use]).tocsr(),
            b_ub=np.concatenate([high, low]),
            A_eq=one,
            b_eq=np.ones(n),
            bounds=(0, None),
            method="highs",
        )
    else:
        short = sparse.vstack([sparse.csr_matrix((m, m)), -sparse.eye(m), sparse.csr_matrix((n, m))])
        solved = linprog(
            np.concatenate([-worth, np.ones(m)]),
            A_ub=sparse.hstack([sparse.vstack([use, -use, one]), short]).tocsr(),
            b_ub=np.concatenate([high, low, np.ones(n)]),
            bounds=(0, None),
            method="highs",
        )
    return solved if solved.status == 0 else None
