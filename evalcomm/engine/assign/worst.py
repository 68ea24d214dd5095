"""The worst application first: of all assignments, those whose smallest sum of affinities is greatest; of these the greatest total.

Requiring a sum is no flow any more (it is a small knapsack for each application), but it binds few applications. So at a given
threshold the flow is solved, every application that falls short gets its best team that reaches the threshold (`columns`), the flow is
solved around these teams, and the prices tell whether another such team would be better. When none is, the prices prove that
this is the best total at the threshold: the bound counts, for every application, only teams that reach it. Where this ends
without proof, `search` branches and bounds.

The threshold itself is bounded by what each application could have alone, then by a flow over the pairs that some sufficient team
contains.
"""

from __future__ import annotations

from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

from evalcomm.engine.assign.columns import Members, Team, sufficient_team
from evalcomm.engine.assign.flow import Standing, Unbalanced, optimal_total, settle, stand
from evalcomm.engine.assign.instance import Instance, Ints
from evalcomm.engine.assign.proof import application_bounds, evaluator_bound, greatest_sums
from evalcomm.engine.assign.search import Search
from evalcomm.engine.assign.teams import team_sums, whole

_ALTERNATIONS = 40
_PROBES = 12
_BINDING = 100
"""Applications at the threshold above which alternation is hopeless."""
_SEARCHABLE = 60_000
"""Permitted pairs up to which branch and bound is tried."""


@dataclass(frozen=True, eq=False)
class Solution:
    """Teams and what is proved of them: no worst sum is above `worst_bound`, and at this worst sum no total above `total_bound`.

    `price` are the last prices tried; they prove the total where no branching was needed.
    """

    team: NDArray[np.int32]
    price: Ints
    worst: int
    total: int
    worst_bound: int
    total_bound: int

    @property
    def proved(self) -> bool:
        return self.worst == self.worst_bound and self.total == self.total_bound


def worst_first(instance: Instance, standing: Standing, *, ceiling: int | None = None) -> Solution:
    """From the greatest total to the lexicographic optimum: the greatest worst sum, then the greatest total at that worst sum.

    `ceiling` is the worst sum of applications that are settled altogether: above it nothing is gained.
    """
    sums = team_sums(instance, standing.team)
    total, worst = whole(sums), int(sums.min())
    limit = int(greatest_sums(instance).min())
    limit = limit if ceiling is None else min(limit, ceiling)
    plain = Solution(standing.team, standing.price[:-1].copy(), min(worst, limit), total, limit, total)
    if plain.worst == limit:
        return plain
    best = _raised(instance, plain)
    if not best.proved and instance.permitted.sum() <= _SEARCHABLE:
        best = _searched(instance, plain, best)
    return best


def _raised(instance: Instance, plain: Solution) -> Solution:
    """The highest threshold that alternation reaches, and a proved limit of all."""
    best, low, high = plain, plain.worst, plain.worst_bound
    tried = _at(instance, plain, high)
    if isinstance(tried, Solution):
        return tried
    while low < high:  # the highest threshold at which every application may still find sufficient pairs
        middle = (low + high + 1) // 2
        low, high = (middle, high) if _coverable(instance, middle) else (low, middle - 1)
    # Where a threshold was not reached nothing is proved: another order of exchanges might have reached it.
    threshold = low if low < plain.worst_bound else (plain.worst + low) // 2
    best = plain = replace(plain, worst_bound=low)
    high = threshold + 1
    for _ in range(_PROBES):
        if threshold <= best.worst:
            break
        tried = _at(instance, plain, threshold)
        if isinstance(tried, Solution):
            best = tried
        else:
            high = threshold
        threshold = (best.worst + high) // 2
    return best


def _searched(instance: Instance, plain: Solution, best: Solution) -> Solution:
    """What branch and price adds."""
    search = Search(instance)
    if best.worst < best.worst_bound:
        team, limit = search.highest_worst(best.team, best.worst_bound)
        sums = team_sums(instance, team)
        worst, total = min(int(sums.min()), limit), whole(sums)
        plain, best = replace(plain, worst_bound=limit), replace(best, worst_bound=limit)
        if worst > best.worst:
            tried = _at(instance, plain, worst)
            bound = tried.total_bound if isinstance(tried, Solution) else tried
            best = Solution(team, plain.price, worst, total, limit, bound)
            if isinstance(tried, Solution) and tried.worst == worst and tried.total >= total:
                best = tried
    if best.total < best.total_bound:
        team, bound = search.best_total(best.team, best.worst, best.total_bound)
        best = replace(best, team=team, total=whole(team_sums(instance, team)), total_bound=bound)
    return best


def _coverable(instance: Instance, least: int) -> bool:
    """Every application can be covered by pairs that some team with a sum of `least` contains."""
    n, m = instance.shape
    permitted = np.empty((n, m), bool)
    order, starts = instance.groups
    for i in range(n):
        value = instance.value[i].astype(object if instance.exact_object else np.int64)
        value[instance.value[i] == instance.barred] = -instance.unreached
        best = np.maximum.reduceat(value[order], starts)
        top = np.sort(best)[::-1][: int(instance.seats[i])]
        own = best[_group_of(instance)]
        # Beside j sit the best of the other institutions: without j's own where that is among them, else without the last.
        beside = top.sum() - np.where(own >= top[-1], own, top[-1])
        permitted[i] = (value + beside + instance.settled[i] >= least) & instance.permitted[i]
    narrowed = instance.with_values(np.where(permitted, instance.value, 0), permitted)
    try:
        optimal_total(narrowed)
    except Unbalanced:
        return False
    return True


def _group_of(instance: Instance) -> NDArray[np.intp]:
    order, starts = instance.groups
    group = np.empty(len(order), np.intp)
    group[order] = np.repeat(np.arange(len(starts)), np.diff(np.append(starts, len(order))))
    return group


def _at(instance: Instance, plain: Solution, least: int) -> Solution | int:
    """Alternates between teams that reach `least` and the flow around them, until the prices prove the total or nothing changes.

    Where no teams were found, only a bound on the total of any that reach `least`.
    """
    n = instance.shape[0]
    team, price = plain.team.copy(), plain.price.copy()
    best: Solution | None = None
    bound = plain.total
    chosen: dict[int, Team] = {}
    seen: set[tuple[tuple[int, Members], ...]] = set()
    for _ in range(_ALTERNATIONS):
        sums = team_sums(instance, team)
        total = whole(sums)
        short = np.flatnonzero(sums < least).tolist()
        answers = (
            _answers(instance, price, sorted({*short, *chosen}), least)
            if len(short) + len(chosen) <= _BINDING
            else None
        )
        if answers is None:
            break
        alone = application_bounds(instance, price)
        surplus = sum(int(alone[i]) - answer.worth for i, answer in answers.items())
        bound = min(bound, whole(alone) + whole(instance.settled) + evaluator_bound(instance, price) - surplus)
        if not short and (best is None or total > best.total):
            worst = min(int(sums.min()), plain.worst_bound)
            best = Solution(team.copy(), price, worst, total, plain.worst_bound, bound)
        if best is not None and best.total == bound:
            # The prices of this round prove the total, be the teams of an earlier one.
            return replace(best, price=price, total_bound=bound)
        chosen = {i: _kept(instance, price, i, chosen.get(i), answer) for i, answer in answers.items()}
        state = tuple((i, chosen[i].members) for i in sorted(chosen))
        if state in seen:
            break
        seen.add(state)
        held = np.zeros(n, bool)
        for i, answer in chosen.items():
            held[i] = True
            team[i] = -1
            team[i, : len(answer.members)] = answer.members
        again = stand(instance, price, team, frozen=held)
        try:
            settle(again)
        except Unbalanced:
            break
        team, price = again.team.copy(), again.price[:-1].copy()
    return bound if best is None else replace(best, total_bound=bound)


def _answers(instance: Instance, price: Ints, applications: list[int], least: int) -> dict[int, Team] | None:
    """The best team at these prices that reaches `least`, for each of these applications; None where one has none."""
    answers: dict[int, Team] = {}
    for i in applications:
        answer = sufficient_team(instance, i, price, least)
        if answer is None:
            return None
        answers[i] = answer
    return answers


def _kept(instance: Instance, price: Ints, i: int, now: Team | None, answer: Team) -> Team:
    """The team an application has, unless another one is better."""
    if now is not None and sum(int(instance.value[i, j]) - int(price[j]) for j in now.members) == answer.worth:
        return now
    return answer
