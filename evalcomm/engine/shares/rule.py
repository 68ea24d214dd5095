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


@dataclass(frozen=True, slots=True)
class _Near:
    """A project whose ρ lies between these two."""

    low: float
    high: float
    estimate: Estimate


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
        near: dict[int, _Near] = {}
        exact: dict[int, Price] = {}
        while not exact:
            least_high = min((one.high for one in near.values()), default=inf)
            while bounds and bounds[0][0] <= least_high:
                _, project = heapq.heappop(bounds)
                if (found := self._look(purse, project)) is not None:
                    near[project] = found
                    least_high = min(least_high, found.high)
            if not near:
                return None
            exact = self._exact(purse, near, least_high)
        best = min(exact, key=lambda one: self._order(one, exact)) if len(exact) > 1 else next(iter(exact))
        for project, found in near.items():
            if project != best:
                heapq.heappush(bounds, (found.low, project))
        return best, exact[best]

    def _look(self, purse: Purse, project: int) -> _Near | None:
        estimate = purse.estimate(self.costs[project], self.supporters[project], self.guesses[project])
        if estimate is None:
            return None
        self.guesses[project] = estimate.price
        low, high = (
            (estimate.price - estimate.error) * (1 - 4 * UNIT),
            (estimate.price + estimate.error) * (1 + 4 * UNIT),
        )
        return _Near(low / self.worth[project], high / self.worth[project], estimate)

    def _exact(self, purse: Purse, near: dict[int, _Near], least_high: float) -> dict[int, Price]:
        """The exact prices of those that may come first. {} where one of them turns out too dear for its supporters: it leaves `near`,
        and others may come first instead.
        """
        prices = {
            project: purse.exact(self.costs[project], self.supporters[project], found.estimate)
            for project, found in near.items()
            if found.low <= least_high
        }
        too_dear = [project for project, price in prices.items() if price is None]
        for project in too_dear:
            del near[project]
        return {} if too_dear else {project: price for project, price in prices.items() if price is not None}

    def _order(self, project: int, prices: Mapping[int, Price]) -> tuple[Fraction, int]:
        return Fraction(prices[project].top, prices[project].bottom * self.worth[project]), project
