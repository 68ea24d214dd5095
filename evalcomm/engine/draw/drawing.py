"""A whole draw: pool, strata with their numbers, picks, reserves, and everyone's chance."""

from __future__ import annotations

import hashlib
import re
from collections import Counter
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from enum import Enum
from fractions import Fraction

from evalcomm.engine.draw.order import RFC3797_MAX, Method, key_of, order

_BREAKING = re.compile(r"[\x00-\x1f\x7f-\x9f\u2028\u2029\ud800-\udfff]")
BETWEEN = " / "  # the values of several columns in a stratum's name


class DrawError(ValueError):
    """The draw cannot be held; the message says why, and what would be right."""


class Outcome(Enum):
    SELECTED = "selected"
    RESERVE = "reserve"
    SKIPPED = "skipped"


@dataclass(frozen=True, slots=True)
class Candidate:
    """values : of the columns that make the strata; () where the pool is drawn as one."""

    id: str
    values: tuple[str, ...] = ()

    @property
    def stratum(self) -> str:
        return BETWEEN.join(self.values)


@dataclass(frozen=True, slots=True)
class Stratum:
    """A part of the pool with a draw of its own: its name is one more source. "" is the name of an undivided pool."""

    name: str
    members: tuple[int, ...]
    quota: int
    reserve: int


@dataclass(frozen=True, slots=True)
class Step:
    """One pick. i, key : what went into the digest. remaining : in the stratum, before the pick. position : in the pool, from 1."""

    i: int
    key: str
    digest: str
    remaining: int
    position: int
    pick: str
    stratum: str
    outcome: Outcome


@dataclass(frozen=True)
class Draw:
    """pool : in the order in which positions count. chances : of each in the pool to be selected, those to be skipped being out."""

    method: Method
    key: str
    pool_sha256: str
    pool: tuple[Candidate, ...]
    strata: tuple[Stratum, ...]
    chances: tuple[Fraction, ...]
    steps: tuple[Step, ...]
    never_met: tuple[str, ...]  # were to be skipped, but the draw ended before it met them

    def picked(self, outcome: Outcome) -> list[str]:
        return [step.pick for step in self.steps if step.outcome is outcome]


def draw(
    candidates: Sequence[Candidate],
    *,
    sources: Sequence[Sequence[int]],
    size: int,
    method: Method = Method.RFC3797,
    quotas: Mapping[str, int] | None = None,
    reserve: int = 0,
    skip: Collection[str] = (),
) -> Draw:
    """Draws `size` candidates, then `reserve` more from every stratum with a quota, passing over those of `skip`.

    quotas : how many of each stratum, in the order in which the strata are drawn; None = in proportion to their sizes (largest
    remainder; equal ones: the larger stratum, then its name), in the order of their names.
    Raises DrawError.  Source: RFC 3797; the extra source of a stratum is appended to the key as `name./`.
    """
    skip = frozenset(skip)
    pool = _checked(candidates, sources, size, method, skip)
    written = "".join("\t".join((one.id, *one.values)) + "\n" for one in pool)
    pool_sha256 = hashlib.sha256(written.encode())
    key = key_of(sources)
    strata = _strata(pool, size, quotas, reserve)
    chances = [Fraction(0)] * len(pool)
    steps: list[Step] = []
    for stratum in strata:
        able = [member for member in stratum.members if pool[member].id not in skip]
        _check_able(stratum, len(able))
        chance = Fraction(stratum.quota, len(able) or 1)
        for member in able:
            chances[member] = chance
        own_key = f"{key}{stratum.name}./" if stratum.name else key
        places = [Outcome.SELECTED] * stratum.quota + [Outcome.RESERVE] * stratum.reserve
        filled = 0
        for pick in order(method, own_key, pool_sha256.digest(), stratum.members):
            if filled == len(places):
                break
            who = pool[pick.member].id
            outcome = Outcome.SKIPPED if who in skip else places[filled]
            filled += outcome is not Outcome.SKIPPED
            steps.append(
                Step(pick.i, own_key, pick.digest.hex(), pick.remaining, pick.member + 1, who, stratum.name, outcome)
            )
    met = {step.pick for step in steps}
    return Draw(
        method,
        key,
        pool_sha256.hexdigest(),
        pool,
        strata,
        tuple(chances),
        tuple(steps),
        tuple(sorted(who for who in skip if who not in met)),
    )


def unwritable(text: str) -> bool:
    """Whether the text can't stand in a published list with one candidate a line and tabs between the columns."""
    return _BREAKING.search(text) is not None


def _checked(
    candidates: Sequence[Candidate],
    sources: Sequence[Sequence[int]],
    size: int,
    method: Method,
    skip: Collection[str],
) -> tuple[Candidate, ...]:
    """The pool in the order in which it is drawn: as published for RFC 3797, by name for `sha256`, so that its order says nothing."""
    if not candidates:
        raise DrawError("the pool is empty; it needs candidates")
    if not sources or not all(sources):
        raise DrawError("every draw needs a source of numbers, and every source a number")
    if any(number < 0 for source in sources for number in source):
        raise DrawError("the numbers of a source are whole and not negative")
    if size < 1:
        raise DrawError(f"the draw is of {size}; it must be of 1 or more")
    if size > len(candidates):
        raise DrawError(f"the pool has {len(candidates)} candidates; {size} cannot be drawn from it")
    if method is Method.RFC3797 and len(candidates) > RFC3797_MAX:
        raise DrawError(
            f"the pool has {len(candidates)} candidates, but RFC 3797 draws from {RFC3797_MAX} at most; use sha256"
        )
    names = Counter(one.id for one in candidates)
    if twice := [name for name, count in names.items() if count > 1]:
        raise DrawError(f"{twice[0]} is in the pool twice; keep one of the two")
    for one in candidates:
        if not one.id or not all(one.values):
            raise DrawError("a candidate's name or stratum is blank")
        if any(map(unwritable, (one.id, *one.values))):
            raise DrawError(f"{one.id}: a name must stand in one line, without tabs")
    if strangers := sorted(set(skip) - names.keys()):
        raise DrawError(f"nobody in the pool is called {strangers[0]}; the skipped must be candidates")
    return tuple(sorted(candidates, key=lambda one: one.id) if method is Method.SHA256 else candidates)


def _strata(
    pool: Sequence[Candidate], size: int, quotas: Mapping[str, int] | None, reserve: int
) -> tuple[Stratum, ...]:
    members: dict[str, list[int]] = {}
    values: dict[str, tuple[str, ...]] = {}
    for place, one in enumerate(pool):
        members.setdefault(one.stratum, []).append(place)
        if values.setdefault(one.stratum, one.values) != one.values:
            raise DrawError(f"two strata would both be called '{one.stratum}'; write their values without '{BETWEEN}'")
    if quotas is None:
        names = sorted(members)
        quotas = dict(zip(names, _proportional(size, [len(members[name]) for name in names]), strict=True))
    shown = ", ".join(f"'{name}'" for name in sorted(members))
    if strange := [name for name in quotas if name not in members]:
        raise DrawError(f"there is no stratum '{strange[0]}'; the pool has {shown}")
    if missing := sorted(members.keys() - quotas.keys()):
        raise DrawError(f"the stratum '{missing[0]}' has no number; give one to each of {shown}, 0 for none")
    if sum(quotas.values()) != size:
        raise DrawError(f"the numbers of the strata add up to {sum(quotas.values())}, but {size} are to be drawn")
    return tuple(Stratum(name, tuple(members[name]), quota, reserve if quota else 0) for name, quota in quotas.items())


def _proportional(size: int, counts: Sequence[int]) -> list[int]:
    """`size` in proportion to the counts, by largest remainder; equal remainders go to the larger count, then to the earlier."""
    total = sum(counts)
    numbers = [size * count // total for count in counts]
    by_remainder = sorted(range(len(counts)), key=lambda s: (-(size * counts[s] % total), -counts[s], s))
    for s in by_remainder[: size - sum(numbers)]:
        numbers[s] += 1
    return numbers


def _check_able(stratum: Stratum, able: int) -> None:
    if stratum.quota + stratum.reserve <= able:
        return
    where = f"the stratum '{stratum.name}'" if stratum.name else "the pool"
    skipped = len(stratum.members) - able
    without = f", {able} without the skipped" if skipped else ""
    more = f" and {stratum.reserve} in reserve" if stratum.reserve else ""
    raise DrawError(
        f"{where} has {len(stratum.members)} candidates{without}; {stratum.quota}{more} cannot be drawn from it"
    )
