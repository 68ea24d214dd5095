"""Opening prices: close to the proving ones, so that only a few loads are left to repair.

Every evaluator answers the prices of all others with the price at which just as many applications want him as he may take; all do so
at once, some twenty times. Big instances are priced on a sample of the applications first, then on the candidates that look best at
those prices. Nothing here has to be right: `flow.settle` repairs what is wrong, and the proof is made from the final prices alone.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

import numpy as np
from numpy.typing import NDArray

from evalcomm.engine.assign.instance import Instance, Ints

_SAMPLE = 300_000
_CANDIDATES = 32
_STEPS = 16
_ROWS = 1024


@dataclass(frozen=True, eq=False)
class _Market:
    """Candidate pairs: `value[r, k]` is the affinity of row r and evaluator `who[r, k]`, if `able[r, k]`."""

    value: Ints
    able: NDArray[np.bool_]
    who: NDArray[np.intp]
    seats: Ints
    low: Ints
    high: Ints


def opening_prices(instance: Instance) -> Ints:
    """(m,) prices at which nearly every load is within its limits."""
    n, m = instance.shape
    price = np.zeros(m, np.int64)
    if not n or not m:
        return price
    if instance.exact_object:
        return _coarse_prices(instance)
    everyone = np.arange(m)
    step = n * m // _SAMPLE
    if step > 1:
        rows = np.arange(0, n, step)
        share = len(rows)
        sample = _Market(
            _wide(instance, instance.value[rows]),
            instance.value[rows] != instance.barred,
            np.broadcast_to(everyone, (share, m)),
            instance.seats[rows],
            instance.low * share // n,
            -(-instance.high * share // n),
        )
        price = _respond(sample, price, _STEPS // 2)
    width = min(m, _CANDIDATES + instance.most_seats)
    who = _candidates(instance, price, width) if width < m else np.broadcast_to(everyone, (n, m))
    value = np.take_along_axis(instance.value, who, axis=1)
    market = _Market(_wide(instance, value), value != instance.barred, who, instance.seats, instance.low, instance.high)
    return _respond(market, price, _STEPS)


def _coarse_prices(instance: Instance) -> Ints:
    """Prices for figures beyond 64 bits, from their leading digits."""
    permitted = instance.permitted
    largest = int(np.abs(instance.value[permitted]).max(initial=1))
    divisor = 1 << max(0, largest.bit_length() - 28)
    leading = np.where(permitted, instance.value // divisor, 0).astype(np.int64)
    coarse = Instance.of(
        leading,
        permitted,
        seats=instance.seats,
        low=instance.low,
        high=instance.high,
        institution=instance.institution,
    )
    return opening_prices(coarse).astype(object) * divisor


def _wide(instance: Instance, value: Ints) -> Ints:
    """The affinities; pairs that may not be lie below all others, but near enough for prices to stay within reason."""
    wide = value.astype(np.int64)
    permitted = wide != instance.barred
    wide[~permitted] = -8 * (int(np.abs(wide[permitted]).max(initial=0)) + 1)
    return wide


def _candidates(instance: Instance, price: Ints, width: int) -> NDArray[np.intp]:
    """(n, width) the evaluators of greatest affinity − price; equal ones are spread over the applications by a rotation."""
    n, m = instance.shape
    who = np.empty((n, width), np.intp)
    everyone = np.arange(m)
    for start in range(0, n, _ROWS):
        rows = np.arange(start, min(start + _ROWS, n))
        value = _wide(instance, instance.value[rows])
        # Unique keys, because which of equal elements a partition picks differs from processor to processor.
        turn = (everyone - rows[:, None] * instance.most_seats) % m
        key = (value - price) * m + (m - turn)
        who[rows] = np.argpartition(key, m - width, axis=1)[:, m - width :]
    return who


def _respond(market: _Market, price: Ints, steps: int) -> Ints:
    """The best prices met in up to `steps` rounds of answers; stops when they no longer help."""
    flat = market.who.ravel()
    best, fewest, since = price, None, 0
    for step in range(steps + 1):
        offer = _offer(market, price)
        load = np.bincount(flat[offer.wanted.ravel()], minlength=len(price))
        wrong = load - _due(price, load, market)
        total = int(np.abs(wrong).sum())
        since = 0 if fewest is None or 8 * total < 7 * fewest else since + 1
        if fewest is None or total < fewest:
            best, fewest = price, total
        if not total or since == 3 or step == steps:
            break
        # Answering one by one is slow where all are too cheap, or too dear, together.
        level = 3 * abs(int(wrong.sum())) > total and _level(market, offer, price, int(wrong.sum()))
        price = _answer(market, offer, price) if level is False else level
    return best


@dataclass(frozen=True, eq=False)
class _Offer:
    """What each row wants at given prices, its least wanted pair inside and the most wanted outside."""

    reduced: Ints
    wanted: NDArray[np.bool_]
    inside: Ints
    outside: Ints


def _offer(market: _Market, price: Ints) -> _Offer:
    reduced = market.value - price[market.who]
    width = reduced.shape[1]
    depth = int(market.seats.max()) + 1
    ranked = np.sort(reduced, axis=1) if width <= 64 or depth >= width else _top(reduced, depth)
    n = np.arange(len(reduced))
    inside = ranked[n, -market.seats]
    outside = ranked[n, -np.minimum(market.seats + 1, ranked.shape[1])]
    return _Offer(reduced, reduced >= inside[:, None], inside, outside)


def _top(reduced: Ints, depth: int) -> Ints:
    width = reduced.shape[1]
    return np.sort(np.partition(reduced, width - depth, axis=1)[:, width - depth :], axis=1)


def _level(market: _Market, offer: _Offer, price: Ints, over: int) -> Ints | Literal[False]:
    """All prices above zero shifted together until they sell as many places as they have; False where no shift does."""
    dear = price > 0
    of_dear = dear[market.who]
    giving, taking = (of_dear, ~of_dear) if over > 0 else (~of_dear, of_dear)
    huge = 1 << 61
    leaving = np.where(offer.wanted & giving, offer.reduced, huge).min(axis=1)
    coming = np.where(~offer.wanted & taking & market.able, offer.reduced, -huge).max(axis=1)
    gaps = np.sort((leaving - coming)[(leaving < huge) & (coming > -huge)])
    shift = int(gaps[min(abs(over), len(gaps)) - 1]) if len(gaps) else 0
    if shift <= 0:
        return False
    return np.where(dear, np.maximum(price + (shift if over > 0 else -shift), 0), price)


def _due(price: Ints, load: Ints, market: _Market) -> Ints:
    free = np.clip(load, market.low, market.high)
    return np.where(price > 0, market.high, np.where(price < 0, market.low, free))


def _answer(market: _Market, offer: _Offer, price: Ints) -> Ints:
    """For each evaluator the price between the last application that may come and the first that may not."""
    m = len(price)
    indifferent = market.value - np.where(offer.wanted, offer.outside[:, None], offer.inside[:, None])
    figures, who = indifferent[market.able], market.who[market.able]
    if not len(figures):
        return price
    floor = int(figures.min())
    span = int(figures.max()) - floor + 1
    if span < (1 << 62) // m:
        keys = np.sort(who * span + (figures - floor))
        ends = np.searchsorted(keys, np.arange(1, m + 1) * span)
        ranked = keys % span + floor
    else:
        order = np.lexsort((figures, who))
        ends = np.searchsorted(who[order], np.arange(m), side="right")
        ranked = figures[order]
    count = np.diff(ends, prepend=0)

    def between(places: Ints) -> tuple[Ints, NDArray[np.bool_]]:
        """The middle of the figures ranked `places` and `places` + 1 from the top, and where there are that many."""
        known = (places >= 1) & (places <= count)
        upper = ranked[np.where(known, ends - places, 0)]
        more = known & (places < count)
        lower = np.where(more, ranked[np.where(more, ends - places - 1, 0)], upper - 1)
        return (upper + lower) // 2, known

    scarce, has_high = between(market.high)
    idle, has_low = between(market.low)
    return np.where(has_high & (scarce > 0), scarce, np.where(has_low & (idle < 0), idle, 0))
