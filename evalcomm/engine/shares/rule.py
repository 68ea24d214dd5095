"""The method of equal shares (Peters, Pierczyński and Skowron, 2021) for ballots that approve, with completion by greater shares.

Each round buys the project that asks the least of its supporters for what it is worth to them, ρ = price / worth, until nobody's
supporters can pay. ρ never falls, as purses only empty: an old figure is a lower bound, and a project is looked at again only when its
bound comes first.
"""

from __future__ import annotations

import heapq
from collections.abc import Mapping
from dataclasses import dataclass
from fractions import Fraction
from math import inf

from evalcomm.engine.shares.election import Election, Satisfaction, SharesError
from evalcomm.engine.shares.purse import UNIT, Estimate, Price, Purse


@dataclass(frozen=True)
class Purchase:
    """price : won, for each supporter who can pay it. poor : how many gave all they had left instead."""

    project: int
    price: Fraction
    supporters: int
    poor: int


@dataclass(frozen=True)
class Shares:
    """share : won that every voter could spend in the end. raised : how often it was raised. spent : never over the budget."""

    purchases: tuple[Purchase, ...]
    share: Fraction
    raised: int
    spent: int

    @property
    def winners(self) -> tuple[int, ...]:
        return tuple(purchase.project for purchase in self.purchases)


def equal_shares(
    election: Election, budget: int, *, satisfaction: Satisfaction = Satisfaction.COST, raise_by: int | None = None
) -> Shares:
    """Divides `budget` won.

    raise_by : None = the bare rule, which often leaves much unspent. Otherwise every share grows by so many won again and again, until
    nothing more fits into the budget or the next outcome would exceed it (completion "add1" at 1).
    Raises SharesError. Exact ties go to the earlier project.
    """
    if budget < 0:
        raise SharesError(f"the budget is {budget}; it must not be negative")
    if raise_by is not None and raise_by < 1:
        raise SharesError(f"the shares are raised by {raise_by}; it must be a won or more")
    count = _Count(election, satisfaction)
    found = count.bought(budget)
    raised = 0
    if raise_by is not None:
        while not count.is_exhausted(found, budget):
            more = count.bought(budget + (raised + 1) * raise_by * election.voters)
            if count.cost_of(more) > budget:
                break
            found, raised = more, raised + 1
    share = Fraction(budget, election.voters) + raised * (raise_by or 0)
    return Shares(tuple(found.purchases()), share, raised, count.cost_of(found))


@dataclass(frozen=True, slots=True)
class _Bought:
    """Projects with their prices, which are over the denominator of the purse at that time."""

    projects: list[int]
    prices: list[tuple[Price, int]]

    def purchases(self) -> list[Purchase]:
        return [
            Purchase(
                project,
                Fraction(price.top, price.bottom * denominator),
                len(price.poor) + len(price.rich),
                len(price.poor),
            )
            for project, (price, denominator) in zip(self.projects, self.prices, strict=True)
        ]


class _Count:
    """Outcomes of one election under any number of shares. `guesses`: the last known prices, from which the next are found."""

    def __init__(self, election: Election, satisfaction: Satisfaction) -> None:
        self.costs, self.supporters, self.voters = election.costs, election.supporters, election.voters
        self.worth = (1,) * len(self.costs) if satisfaction is Satisfaction.COUNT else self.costs
        self.wanted = [project for project, who in enumerate(self.supporters) if len(who)]
        self.guesses = [cost / max(len(who), 1) for cost, who in zip(self.costs, self.supporters, strict=True)]
        first = [(self.guesses[project] / self.worth[project] * (1 - 4 * UNIT), project) for project in self.wanted]
        self.first_bounds = sorted(first)  # a sorted list is a heap

    def cost_of(self, bought: _Bought) -> int:
        return sum(self.costs[project] for project in bought.projects)

    def is_exhausted(self, bought: _Bought, budget: int) -> bool:
        """Whether nothing that anybody wants fits into the rest."""
        rest, won = budget - self.cost_of(bought), set(bought.projects)
        return not any(project not in won and self.costs[project] <= rest for project in self.wanted)

    def bought(self, together: int) -> _Bought:
        """The bare rule, with `together` won in all purses."""
        purse = Purse(self.voters, together, self.voters, len(self.wanted))
        bounds, found = list(self.first_bounds), _Bought([], [])
        while (chosen := self._next(purse, bounds)) is not None:
            project, price = chosen
            found.projects.append(project)
            found.prices.append((price, purse.denominator))
            purse.pay(price)
        return found

    def _next(self, purse: Purse, bounds: list[tuple[float, int]]) -> tuple[int, Price] | None:
        """The project with the least ρ, taken out of the heap; those that nobody can pay any more are dropped from it."""
        near: dict[int, tuple[float, Estimate]] = {}
        while True:
            least_high = min(
                ((e.price + e.error) / self.worth[one] * (1 + 4 * UNIT) for one, (_, e) in near.items()), default=inf
            )
            while bounds and bounds[0][0] <= least_high:
                _, one = heapq.heappop(bounds)
                estimate = purse.estimate(self.costs[one], self.supporters[one], self.guesses[one])
                if estimate is not None:
                    self.guesses[one] = estimate.price
                    low = (estimate.price - estimate.error) / self.worth[one] * (1 - 4 * UNIT)
                    high = (estimate.price + estimate.error) / self.worth[one] * (1 + 4 * UNIT)
                    near[one] = low, estimate
                    least_high = min(least_high, high)
            if not near:
                return None
            exact = {
                one: purse.exact(self.costs[one], self.supporters[one], estimate)
                for one, (low, estimate) in near.items()
                if low <= least_high
            }
            payable = {one: price for one, price in exact.items() if price is not None}
            near = {one: found for one, found in near.items() if exact.get(one, True) is not None}
            if len(payable) == len(exact):
                break
        best = min(payable, key=lambda one: self._order(one, payable)) if len(payable) > 1 else next(iter(payable))
        for one, (low, _) in near.items():
            if one != best:
                heapq.heappush(bounds, (low, one))
        return best, payable[best]

    def _order(self, one: int, prices: Mapping[int, Price]) -> tuple[Fraction, int]:
        return Fraction(prices[one].top, prices[one].bottom * self.worth[one]), one
