"""All selections that lose at most a given amount, assembled part by part.

A part is a list of partial selections (states): the loss so far, what each still open row is used, and a key that orders equal
optima. Two parts merge into one by pairing their states; a pair is dropped when its loss, with the least that the rest must lose,
exceeds the limit, or when a row can no longer be kept, or would be left with so much unused that its price exceeds the limit. A
row is closed, and charged for what it leaves, when its last part has merged. So two conditions, not size, keep the lists short:
near the optimum every priced row must come out almost exactly.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field

import numpy as np
from numpy.typing import NDArray

from evalcomm.engine.allocate.portfolio.model import Ints

CHUNK = 1_000_000


class TooMany(Exception):
    """More states than allowed; the number is fixed, so every machine stops at the same place."""


@dataclass(frozen=True, slots=True)
class Origin:
    """Where the states of a part come from: states of two parts merged, or one part filtered (`right` None)."""

    left: "Part"
    right: "Part | None"
    left_states: Ints
    right_states: Ints


@dataclass(frozen=True, slots=True)
class Leaf:
    """One application's choices (-1 = none), a state each."""

    application: int
    choices: Ints


@dataclass(slots=True, eq=False)
class Part:
    """loss: shape (states,). use: shape (rows, states), of the open rows `rows`. key: shape (words, states), larger is better.

    least, most: of the losses. low, high: of each row's use.
    """

    loss: Ints
    use: Ints
    rows: tuple[int, ...]
    key: Ints
    origin: Origin | Leaf
    least: int = field(init=False, default=0)
    most: int = field(init=False, default=0)
    low: Ints = field(init=False)
    high: Ints = field(init=False)
    places: list[int] = field(init=False)

    def __post_init__(self) -> None:
        self.places = list(self.rows)
        if len(self.loss):
            self.least, self.most = int(self.loss.min()), int(self.loss.max())
            if self.rows:
                self.low, self.high = self.use.min(axis=1), self.use.max(axis=1)

    def filtered(self, kept: NDArray[np.bool_]) -> "Part":
        states = np.flatnonzero(kept)
        origin = Origin(self, None, states, states)
        return Part(self.loss[states], self.use[:, states], self.rows, self.key[:, states], origin)

    def choices(self, states: Ints) -> dict[int, Ints]:
        """For each application inside, its choice in each of these states."""
        if isinstance(self.origin, Leaf):
            return {self.origin.application: self.origin.choices[states]}
        found = self.origin.left.choices(self.origin.left_states[states])
        if self.origin.right is not None:
            found |= self.origin.right.choices(self.origin.right_states[states])
        return found


class Assembly:
    """Parts under way to one.

    slack : what each row has left under the lossless selection (may be negative); price : its multiplier.
    limit : the loss allowed in all. most : states allowed in a part.
    """

    def __init__(self, parts: Iterable[Part], slack: Ints, price: Ints, limit: int, most: int) -> None:
        self.slack, self.price, self.limit, self.most = slack, price, limit, most
        self.low = np.zeros(len(slack), dtype=np.int64)
        self.high = np.zeros(len(slack), dtype=np.int64)
        self.open = np.zeros(len(slack), dtype=np.int64)
        self.least = 0
        self.parts: dict[int, Part] = {}
        self.made = 0
        for part in parts:
            self._add(part)

    def _add(self, part: Part) -> int:
        self._count(part, 1)
        self.parts[self.made] = part
        self.made += 1
        return self.made - 1

    def _take(self, place: int) -> Part:
        part = self.parts.pop(place)
        self._count(part, -1)
        return part

    def _count(self, part: Part, sign: int) -> None:
        if part.rows:
            self.low[part.places] += sign * part.low
            self.high[part.places] += sign * part.high
            self.open[part.places] += sign
        self.least += sign * part.least

    def assembled(self, blocks: Sequence[Sequence[int]]) -> Part | None:
        """Merges each block in its order, then the blocks, smallest first. None = nothing loses so little."""
        for block in blocks:
            merged = block[0]
            for place in block[1:]:
                made = self._merge(merged, place)
                if made is None:
                    return None
                merged = made
        while len(self.parts) > 1:
            self._filter()
            order = sorted(self.parts, key=lambda place: (len(self.parts[place].loss), place))
            if self._merge(order[0], order[1]) is None:
                return None
        return next(iter(self.parts.values()))

    def _filter(self) -> None:
        room = self.limit - self.least
        for place, part in list(self.parts.items()):
            if part.most - part.least > room:
                self._count(part, -1)
                self.parts[place] = part.filtered(part.loss <= room + part.least)
                self._count(self.parts[place], 1)

    def _merge(self, one: int, other: int) -> int | None:
        left, right = self._take(one), self._take(other)
        part = self._paired(left, right, self.limit - self.least)
        return None if len(part.loss) == 0 else self._add(part)

    def _paired(self, left: Part, right: Part, limit: int) -> Part:
        rows = sorted({*left.rows, *right.rows})
        in_left = {row: place for place, row in enumerate(left.rows)}
        in_right = {row: place for place, row in enumerate(right.rows)}
        order, start, count = self._candidates(
            left, right, limit, [row for row in rows if row in in_left and row in in_right]
        )
        if int(count.sum()) > 30 * self.most:
            raise TooMany
        closing = [row for row in rows if self.open[row] == 0]
        staying = [row for row in rows if self.open[row] > 0]
        found: list[tuple[Ints, Ints, Ints, Ints]] = []
        total = 0
        for a, b in _chunks(count):
            ones, others = _pairs(start[a:b], count[a:b])
            ones, others = ones + a, order[others]
            loss = left.loss[ones] + right.loss[others]
            least = loss.copy()
            uses: dict[int, Ints] = {}
            for row in closing + staying:
                use = _use(left, in_left.get(row), ones) + _use(right, in_right.get(row), others)
                kept = use <= self.slack[row] - self.low[row]
                if self.price[row] > 0:
                    unused = np.maximum(self.slack[row] - self.high[row] - use, 0) * self.price[row]
                    least = least + unused
                    if row in closing:
                        loss = loss + unused
                    kept &= least <= limit
                uses[row] = use
                if not kept.all():
                    ones, others, loss, least = ones[kept], others[kept], loss[kept], least[kept]
                    uses = {other: used[kept] for other, used in uses.items()}
            kept = least <= limit
            use = np.array([uses[row][kept] for row in staying], dtype=np.int64).reshape(len(staying), int(kept.sum()))
            found.append((loss[kept], use, ones[kept], others[kept]))
            total += len(found[-1][0])
            if total > self.most:
                raise TooMany
        loss = np.concatenate([part[0] for part in found])
        use = np.concatenate([part[1] for part in found], axis=1)
        ones = np.concatenate([part[2] for part in found])
        others = np.concatenate([part[3] for part in found])
        key = left.key[:, ones] + right.key[:, others]
        made = Part(loss, use, tuple(staying), key, Origin(left, right, ones, others))
        return self._without_dominated(made)

    def _candidates(self, left: Part, right: Part, limit: int, shared: Sequence[int]) -> tuple[Ints, Ints, Ints]:
        """An order of the right states, and for each left state the range in it worth pairing: by loss, or by the row that leaves least."""
        order = np.argsort(right.loss, kind="stable")
        count = np.searchsorted(right.loss[order], limit - left.loss, side="right")
        best = (order, np.zeros_like(count), count)
        fewest = int(count.sum())
        if fewest <= 2000:
            return best
        for row in shared:
            mine, theirs = left.use[left.rows.index(row)], right.use[right.rows.index(row)]
            order = np.argsort(theirs, kind="stable")
            room = self.slack[row] - mine
            high = np.searchsorted(theirs[order], room - self.low[row], side="right")
            low = np.zeros_like(high)
            if self.price[row] > 0:
                affordable = np.maximum(limit - left.loss - right.least, 0) // self.price[row]
                low = np.searchsorted(theirs[order], room - self.high[row] - affordable, side="left")
            count = np.maximum(high - low, 0)
            if int(count.sum()) < fewest:
                fewest, best = int(count.sum()), (order, low, count)
        return best

    def _without_dominated(self, part: Part) -> Part:
        """Of states that use every open row alike, the best; with one open row, none that uses more for less."""
        if len(part.loss) < 2 or (len(part.rows) > 1 and len(part.loss) < 500):
            return part
        price = self.price[list(part.rows)]
        worth = (price @ part.use if len(part.rows) else np.zeros_like(part.loss)) - part.loss
        order = (
            np.lexsort((*part.key[::-1], worth, *part.use[::-1]))[::-1]
            if len(part.rows) != 1
            else np.lexsort((*part.key[::-1], worth, -part.use[0]))[::-1]
        )
        use, worth = part.use[:, order], worth[order]
        fresh = np.ones(len(order), dtype=bool)
        fresh[1:] = (use[:, 1:] != use[:, :-1]).any(axis=0) if len(part.rows) else False
        if len(part.rows) == 1:
            fresh[1:] &= worth[1:] >= np.maximum.accumulate(worth)[:-1]
        if fresh.all():
            return part
        kept = np.zeros(len(order), dtype=bool)
        kept[order[fresh]] = True
        return part.filtered(kept)


def _use(part: Part, place: int | None, states: Ints) -> Ints:
    return part.use[place][states] if place is not None else np.zeros(len(states), dtype=np.int64)


def _chunks(count: Ints) -> Iterable[tuple[int, int]]:
    """Ranges of left states whose pairs number about CHUNK."""
    ends = np.cumsum(count)
    a = 0
    while a < len(count):
        before = int(ends[a - 1]) if a else 0
        b = max(a + 1, int(np.searchsorted(ends, before + CHUNK, side="right")))
        yield a, b
        a = b


def _pairs(start: Ints, count: Ints) -> tuple[Ints, Ints]:
    """All (i, j) with start[i] <= j < start[i] + count[i]."""
    ones = np.repeat(np.arange(len(count)), count)
    offset = np.cumsum(count) - count
    return ones, np.arange(len(ones)) - np.repeat(offset - start, count)
