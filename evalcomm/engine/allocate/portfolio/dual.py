"""Integer multipliers for the rows, and the exact bound and losses that follow from them.

With multipliers m >= 0 over a common denominator D, every selection that keeps all rows has

    D * value = bound - sum of the losses of its choices - sum of m_r * (what it leaves of row r),

where an application's best choice (or none) at reduced profit D * v - sum m_r * a_r loses nothing. All losses are integers >= 0, so
the bound holds whoever found the multipliers; a linear program only suggests good ones.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from fractions import Fraction

import numpy as np
from numpy.typing import NDArray

from evalcomm.engine.allocate.portfolio.model import Ints, Model, Row

LARGEST = 1 << 61
"""Sums of losses stay below this."""
INFEASIBLE = 2
GRAIN = 1 << 16
"""The smallest price is this many steps of the denominator."""
NOISE = Fraction(1, 10**11)
"""Prices this much smaller than the largest are rounding errors of the linear program."""


@dataclass(frozen=True, slots=True)
class Dual:
    """Multipliers and what follows from them, all times `denominator`.

    multipliers : shape (rows,). bound : no selection is worth more. best : shape (applications,), the choice that loses nothing,
    or -1 for none. loss : shape (choices,); loss_none : shape (applications,), of taking no choice.
    """

    denominator: int
    multipliers: tuple[int, ...]
    bound: int
    best: Ints
    loss: Ints
    loss_none: Ints


def priced(model: Model, multipliers: tuple[int, ...], denominator: int) -> Dual:
    """Bound and losses of any multipliers >= 0."""
    prices = np.array(multipliers, dtype=np.int64)
    profit = model.value * denominator - model.columns.price(prices)
    count = len(model.applications)
    top = np.zeros(count, dtype=np.int64)
    np.maximum.at(top, model.owner, profit)
    best = np.full(count, -1, dtype=np.int64)
    winners = np.flatnonzero((profit == top[model.owner]) & (profit > 0))[::-1]
    best[model.owner[winners]] = winners
    bound = sum(price * row.limit for row, price in zip(model.rows, multipliers, strict=True)) + int(top.sum())
    return Dual(denominator, multipliers, bound, best, top[model.owner] - profit, top)


def suggested(model: Model) -> Dual | None:
    """Good multipliers: by sorting where only the budget binds, else by a linear program. None = the rows cannot be kept."""
    if not model.rows:
        return priced(model, (), 1)
    if any(row.limit < -int(np.maximum(-row.coefficients, 0).sum()) for row in model.rows):
        return None
    alone = len(model.rows) == 1 and model.rows[0].money and (model.rows[0].coefficients > 0).all()
    if alone and _single(model):
        prices = [_budget_price(model)]
    else:
        found = _relaxed(model)
        if found is None:
            return None
        prices = [Fraction(price) for price in found.tolist()]
    denominator = _denominator(model, prices)
    multipliers = [max(round(price * denominator), 0) for price in prices]
    if _single(model):
        _centre(model, multipliers, denominator)
    return priced(model, tuple(multipliers), denominator)


def _single(model: Model) -> bool:
    """One choice per application."""
    return len(model.cost) == len(model.applications)


def _denominator(model: Model, prices: Sequence[Fraction]) -> int:
    """Fine enough for the smallest price, and coarse enough that every sum stays within 64 bits."""
    noise = NOISE * max(prices)
    positive = [price for price in prices if price > noise]
    wanted = GRAIN / min(positive) if positive else Fraction(1)
    size = float(np.abs(model.value).sum()) + sum(
        float(price) * (abs(row.limit) + float(np.abs(row.coefficients).sum()))
        for row, price in zip(model.rows, prices, strict=True)
    )
    return 1 << max(int(min(wanted, Fraction(LARGEST / max(size, 1.0)))).bit_length() - 1, 0)


def _budget_price(model: Model) -> Fraction:
    """The efficiency of the first choice that no longer fits, best efficiency first (Dantzig 1957)."""
    row = model.rows[0]
    value = model.value[row.choices]
    order = np.argsort(-value / row.coefficients, kind="stable")
    filled = np.cumsum(row.coefficients[order])
    place = int(np.searchsorted(filled, row.limit, side="right"))
    if place == len(order):
        return Fraction(0)
    return max(Fraction(int(value[order[place]]), int(row.coefficients[order[place]])), Fraction(0))


def _relaxed(model: Model) -> NDArray[np.float64] | None:
    """Row prices of the linear relaxation (HiGHS dual simplex); None where it has no solution."""
    from scipy.optimize import linprog
    from scipy.sparse import csr_matrix

    rows = list(model.rows)
    columns = [row.choices for row in rows]
    entries = [row.coefficients for row in rows]
    limits = [row.limit for row in rows]
    if not _single(model):
        starts, ends = model.first[:-1], model.first[1:]
        for start, end in zip(starts.tolist(), ends.tolist(), strict=True):
            if end - start > 1:
                columns.append(np.arange(start, end))
                entries.append(np.ones(end - start, dtype=np.int64))
                limits.append(1)
    scale = max(int(np.abs(model.value).max(initial=1)), 1)
    matrix = csr_matrix(
        (
            np.concatenate(entries).astype(float),
            np.concatenate(columns),
            np.concatenate([[0], np.cumsum([len(part) for part in columns])]),
        ),
        shape=(len(columns), len(model.cost)),
    )
    weight = np.abs(matrix).max(axis=1).toarray().ravel()
    weight[weight == 0] = 1
    from scipy.sparse import diags

    answer = linprog(
        -model.value / scale,
        A_ub=diags(1 / weight) @ matrix,
        b_ub=np.array(limits, dtype=float) / weight,
        bounds=(0, 1),
        method="highs-ds",
    )
    if answer.status == INFEASIBLE:
        return None
    if answer.status != 0:
        return np.zeros(len(rows))
    return np.asarray(-answer.ineqlin.marginals[: len(rows)] * scale / weight[: len(rows)], dtype=np.float64)


def _centre(model: Model, multipliers: list[int], denominator: int) -> None:
    """Moves the price of each counting row to the middle of the range that leaves the bound as good.

    A linear program answers with an end of that range, where some reduced profit is exactly zero; in the middle, far fewer choices
    stay undecided.
    """
    profit = model.value * denominator - model.columns.price(np.array(multipliers, dtype=np.int64))
    counting = [(place, row) for place, row in enumerate(model.rows) if not row.money]
    for _ in range(2):
        for place, row in counting:
            own = profit[row.choices] + multipliers[place] * row.coefficients
            price = _middle(own.tolist(), row)
            if price != multipliers[place]:
                multipliers[place] = price
                profit[row.choices] = own - price * row.coefficients


def _middle(profits: list[int], row: Row) -> int:
    """The middle of the prices p >= 0 that minimise limit * p + sum(max(0, profit - p * coefficient)); coefficients are +1 or -1."""
    slope, turns = row.limit, list[int]()
    signs: list[int] = row.coefficients.tolist()
    for profit, coefficient in zip(profits, signs, strict=True):
        at = profit * coefficient
        if coefficient > 0 and at > 0:
            slope -= 1
            turns.append(at)
        elif coefficient < 0 and profit >= 0:
            slope += 1
        elif coefficient < 0:
            turns.append(at)
    turns.sort()
    low = 0
    for turn in turns:
        if slope > 0:
            break
        if slope == 0:
            return (low + turn) // 2
        slope += 1
        low = turn
    return low
