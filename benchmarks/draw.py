"""The draw: published vectors, the length of the stand-alone checker, and speed against a plain loop over the same digests.

The loop does the bare minimum, a digest and a pop for each pick; ours adds checks, the pool's hash, the record of each step and everyone's
chance. Ratios are medians of interleaved pairs (ours / plain: 1 is the floor).
"""

from __future__ import annotations

import hashlib
import hmac
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path
from statistics import median

from evalcomm.engine.draw import Candidate, Method, Outcome, check_draw, draw

ROUNDS = 7
SIZES = ((267, 10), (50_000, 1_000), (65_535, 65_535))
KEY = b"9319./2.5.8.10.12./9.18.26.34.41.45./"
SOURCES = [[9319], [2, 5, 8, 10, 12], [9, 18, 26, 34, 41, 45]]
MOST_LINES = 60


def plain(names: list[str], size: int, method: Method) -> list[str]:
    pool = hashlib.sha256("".join(f"{name}\n" for name in names).encode()).digest()
    left, picks = list(names), []
    for i in range(size):
        if method is Method.RFC3797:
            two = i.to_bytes(2)
            digest = hashlib.md5(two + KEY + two, usedforsecurity=False).digest()
        else:
            digest = hmac.digest(KEY, pool + i.to_bytes(8), "sha256")
        picks.append(left.pop(int.from_bytes(digest) % len(left)))
    return picks


def seconds(run: Callable[[], object]) -> float:
    start = time.process_time()
    run()
    return time.process_time() - start


def main() -> int:
    root = Path(__file__).parent.parent
    vectors = [sys.executable, "-m", "pytest", "-q", "-k", "published_draws", str(root / "tests/engine/test_draw.py")]
    held = subprocess.run(vectors, capture_output=True, check=False, cwd=root).returncode == 0
    lines = len(Path(str(check_draw.__file__)).read_text("utf-8").splitlines())
    print(
        f"RFC 3797 (16 digests) and the IETF's draw of 2022 (10 of 267): {'all as published' if held else 'DIFFERENT'}"
    )
    print(f"stand-alone checker: {lines} lines (at most {MOST_LINES})")
    print(f"{'method':8} {'pool':>7} {'drawn':>7} {'ours s':>9} {'plain s':>9} {'ratio':>6}")
    for method in Method:
        for number, size in SIZES:
            names = [f"C{place:05}" for place in range(number)]
            pool = [Candidate(name) for name in names]
            ours: list[float] = []
            floor: list[float] = []
            drawn = draw(pool, sources=SOURCES, size=size, method=method)
            held &= drawn.picked(Outcome.SELECTED) == plain(names, size, method)
            for _ in range(ROUNDS):
                ours.append(seconds(lambda: draw(pool, sources=SOURCES, size=size, method=method)))  # noqa: B023 (runs at once)
                floor.append(seconds(lambda: plain(names, size, method)))  # noqa: B023 (runs at once)
            ratio = median(own / bare for own, bare in zip(ours, floor, strict=True) if bare)
            print(f"{method.value:8} {number:7} {size:7} {median(ours):9.5f} {median(floor):9.5f} {ratio:6.2f}")
    return int(not held or lines > MOST_LINES)


if __name__ == "__main__":
    sys.exit(main())
