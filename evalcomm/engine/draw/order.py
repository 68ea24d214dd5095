"""The order in which a key draws a pool: one digest a pick.

`rfc3797`: RFC 3797 (Eastlake, 2004), §4: MD5 of the key between two bytes of the index, remainder by the number left. The remainder
favours the first places by less than one part in 2^112.

`sha256`: HMAC-SHA-256 of pool hash and index under the key. A digest above the last multiple of the number left is passed over and the
next index is taken, so that every place is equally likely.
"""

from __future__ import annotations

import hashlib
import hmac
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from enum import Enum

RFC3797_MAX = 2**16 - 1  # the index has two bytes


class Method(Enum):
    RFC3797 = "rfc3797"
    SHA256 = "sha256"


@dataclass(frozen=True, slots=True)
class Pick:
    """i : the index that went into the digest. remaining : how many were left before the pick. member : whom it met."""

    i: int
    digest: bytes
    remaining: int
    member: int


def key_of(sources: Sequence[Sequence[int]]) -> str:
    """RFC 3797, §4.1: the numbers of a source ascending, "." after each; "/" after each source, in their announced order."""
    return "".join("".join(f"{number}." for number in sorted(source)) + "/" for source in sources)


def order(method: Method, key: str, pool_sha256: bytes, members: Sequence[int]) -> Iterator[Pick]:
    """Draws all members one by one. `pool_sha256` is what `sha256` draws from besides the key; `rfc3797` takes the key alone."""
    seed = key.encode()
    if method is Method.RFC3797:
        return taken(
            members,
            lambda i: hashlib.md5(b"%b%b%b" % (two := i.to_bytes(2), seed, two), usedforsecurity=False).digest(),
            remainder,
        )
    return taken(members, lambda i: hmac.digest(seed, pool_sha256 + i.to_bytes(8), "sha256"), fair_remainder)


def taken(
    members: Sequence[int], digest_of: Callable[[int], bytes], place_of: Callable[[bytes, int], int | None]
) -> Iterator[Pick]:
    left = list(members)
    i = 0
    while left:
        digest = digest_of(i)
        place = place_of(digest, len(left))
        if place is not None:
            yield Pick(i, digest, len(left), left.pop(place))
        i += 1


def remainder(digest: bytes, number: int) -> int:
    return int.from_bytes(digest) % number


def fair_remainder(digest: bytes, number: int) -> int | None:
    """A place in 0 … number − 1, each from equally many digests; None for those digests that would favour the first places."""
    value, all_digests = int.from_bytes(digest), 1 << 8 * len(digest)
    return value % number if value < all_digests - all_digests % number else None
