"""What every voter has left, exactly and as a float.

All start with the same share. Whoever pays the price of a purchase in full has that much less; whoever can't gives all and is broke. So
an exact balance is the share less the prices that were paid, over one common denominator, and a sum of balances needs only how many paid
each price.
"""

from __future__ import annotations

from dataclasses import dataclass
from math import gcd

import numpy as np
import numpy.typing as npt

from evalcomm.engine.shares.election import Ints

UNIT = 2.0**-53  # the relative error of one rounded operation


@dataclass(frozen=True, slots=True)
class Price:
    """What each supporter pays, `top / (bottom · denominator of the purse)`, or all it has: the poor."""

    top: int
    bottom: int
    poor: Ints
    rich: Ints


@dataclass(frozen=True, slots=True)
class Estimate:
    """The price as a float, and how far off it may be."""

    price: float
    error: float


class Purse:
    """share : top / bottom won for each of `voters`. rounds : the most purchases that there can be."""

    def __init__(self, voters: int, top: int, bottom: int, rounds: int) -> None:
        self.denominator = bottom
        self.share = top
        self.prices: list[int] = []
        self.left = np.full(voters, top / bottom)
        self.broke = np.zeros(voters, bool)
        self.paid = np.zeros((voters, rounds), bool)
        self.error = 2 * UNIT * float(self.left[0])

    def estimate(self, cost: int, who: Ints, start: float) -> Estimate | None:
        """The price by Newton's method from any start: Σ min(balance, price) is concave, so that it climbs from its second step on.

        None where the supporters can't pay for sure; where it hangs on the last digits, `exact` finds out.
        """
        left = self.left[who]
        price, poor, steps = start, -1, 0
        while True:
            below = left < price
            count = int(np.count_nonzero(below))
            if count == len(left):
                if steps:
                    return self._last_won(cost, left)
                price = cost / len(left)
            elif count == poor or (steps > 1 and count < poor):
                break
            else:
                poor = count
                price = (cost - float(left.dot(below))) / (len(left) - count)
            steps += 1
        off = 0.0 if count == poor else abs(float(np.minimum(left, price).sum()) - cost)
        # What the sum is off moves the price by no more, since somebody at least pays it in full.
        return Estimate(price, off + 2 * len(left) * (self.error + 4 * UNIT * cost))

    def _last_won(self, cost: int, left: npt.NDArray[np.float64]) -> Estimate | None:
        """Where even all they have is not enough, or just so."""
        together = float(left.sum())
        slack = 2 * len(left) * (self.error + UNIT * together)
        return Estimate(float(left.max()), 2 * slack) if together >= cost - slack else None

    def exact(self, cost: int, who: Ints, near: Estimate) -> Price | None:
        """The price at which Σ min(balance, price) = cost; None where the supporters can't pay."""
        off = self.left[who] - near.price
        margin = 2 * (self.error + near.error)
        below, above = off < -margin, off > margin
        poor, rich = who[below], who[above]
        top, payers = cost * self.denominator - self._sum(poor), len(who) - len(poor)
        if payers > len(rich):
            unsure, balances = self._ascending(who[~(below | above)])
            moved = 0
            while moved < len(unsure) and balances[moved] * payers < top:
                top -= balances[moved]
                payers -= 1
                moved += 1
            poor, rich = np.concatenate((poor, unsure[:moved])), np.concatenate((unsure[moved:], rich))
        return Price(top, payers, poor, rich) if payers else None

    def pay(self, price: Price) -> None:
        common = gcd(price.top, price.bottom)
        top, more = price.top // common, price.bottom // common
        if more > 1:
            self.denominator *= more
            self.share *= more
            self.prices = [paid * more for paid in self.prices]
        self.paid[price.rich, len(self.prices)] = True
        self.prices.append(top)
        self.broke[price.poor] = True
        self.left[price.poor] = 0.0
        self.left[price.rich] = np.maximum(self.left[price.rich] - top / self.denominator, 0.0)
        self.error += 2 * UNIT * self.share / self.denominator

    def _sum(self, who: Ints) -> int:
        """Σ balance · denominator."""
        solvent = who[~self.broke[who]]
        times = self.paid[solvent, : len(self.prices)].sum(axis=0).tolist()
        return len(solvent) * self.share - sum(map(int.__mul__, self.prices, times))

    def _ascending(self, who: Ints) -> tuple[Ints, list[int]]:
        """The voters by balance, and their balances · denominator."""
        balances = [0 if self.broke[voter] else self.share - self._spent(self.paid[voter]) for voter in who.tolist()]
        order = sorted(range(len(balances)), key=balances.__getitem__)
        return who[order], [balances[place] for place in order]

    def _spent(self, paid: npt.NDArray[np.bool_]) -> int:
        return sum(self.prices[purchase] for purchase in np.flatnonzero(paid).tolist())
