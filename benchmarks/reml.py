"""Variance components of large crossed tables, one thread: CPU and memory against their targets, each case in a process of its own.

The tables have the sizes of lme4's InstEval (73,421 ratings, 1,128 x 2,972; lme4 took 6.5 s where the targets were set) and of a set of
grant reviews (5,802 ratings, 2,076 x 4,555; 0.24 s). The floor is the factorisation of the smaller side's matrix, once, in the same process.
"""

# ruff: noqa: E402 (the number of threads has to be set before NumPy is loaded)

from __future__ import annotations

import os

for name in ("OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS", "MKL_NUM_THREADS"):
    os.environ[name] = "1"

import resource
import subprocess
import sys
import time

import numpy as np

from evalcomm.engine.agreement import reml_deviance, variance_components
from evalcomm.engine.ratings import Ratings

CASES = {"InstEval size": (73_421, 1_128, 2_972, 7.0), "grant reviews": (5_802, 2_076, 4_555, 0.3)}
MEMORY_MB = 1_000


def table(count: int, applications: int, evaluators: int) -> Ratings:
    """Every application and evaluator occurs; no cell twice."""
    rng = np.random.default_rng(1)
    longest = max(applications, evaluators)
    first = rng.permutation(longest) % applications * evaluators + rng.permutation(longest) % evaluators
    cells = np.unique(first)
    while len(cells) < count:
        more = rng.integers(0, applications * evaluators, count - len(cells))
        cells = np.unique(np.concatenate([cells, more]))
    a, e = cells // evaluators, cells % evaluators
    score = 5 + rng.normal(0, 0.5, applications)[a] + rng.normal(0, 0.4, evaluators)[e] + rng.normal(0, 1.1, len(cells))
    names = tuple(f"A{i:05}" for i in range(applications)), tuple(f"E{j:05}" for j in range(evaluators))
    return Ratings(*names, a, e, score)


def measure(case: str) -> None:
    count, applications, evaluators, target = CASES[case]
    ratings = table(count, applications, evaluators)
    start = time.process_time()
    reml_deviance(ratings, application=0.5, evaluator=0.4)
    floor = time.process_time() - start
    start = time.process_time()
    found = variance_components(ratings)
    used = time.process_time() - start
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    print(
        f"{case}: {ratings.n} ratings, {len(set(ratings.application.tolist()))} x {len(set(ratings.evaluator.tolist()))} | "
        f"target/CPU {target / used:.1f} | target/memory {MEMORY_MB / peak:.1f} | fit/one deviance {used / floor:.0f} | "
        f"{used:.2f} s, {peak:.0f} MB | variances {found.application:.3f} {found.evaluator:.3f} {found.residual:.3f}"
    )


def main() -> None:
    if len(sys.argv) > 1:
        measure(sys.argv[1])
        return
    for case in CASES:
        subprocess.run([sys.executable, __file__, case], check=True)


if __name__ == "__main__":
    main()
