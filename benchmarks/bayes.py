"""Ranking with uncertainty, one thread: CPU against its target, and against sampling the same model in the same run.

The peer is a Gibbs sampler of the normal model in NumPy, blocks drawn at once, run as long as the published package does by default
(4 chains of 1,000 + 4,000 + 10,000 sweeps); its time is taken from 400 sweeps. Pairs are interleaved and the median is printed.
"""

# ruff: noqa: E402 (the number of threads has to be set before NumPy is loaded)

from __future__ import annotations

import os

for name in ("OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS", "MKL_NUM_THREADS"):
    os.environ[name] = "1"

import time
from collections.abc import Callable
from functools import partial
from statistics import median

import numpy as np

from evalcomm.engine.bayes import rank_with_uncertainty
from evalcomm.engine.ratings import Ratings

CASES = ((15, 5, 0.015), (100, 20, 0.040), (1000, 100, 0.800))
"""Applications, evaluators, target in CPU seconds; five ratings each."""

SWEEPS, SWEEPS_BY_DEFAULT = 400, 60_000
PAIRS = 5


def table(applications: int, evaluators: int) -> Ratings:
    rng = np.random.default_rng(1)
    quality, severity = rng.normal(0, 0.7, applications), rng.normal(0, 0.5, evaluators)
    return Ratings.of(
        (f"A{i:04}", f"E{j:03}", float(quality[i] + severity[j] + rng.normal(0, 0.9)))
        for i in range(applications)
        for j in rng.choice(evaluators, 5, replace=False)
    )


def gibbs(ratings: Ratings, sweeps: int) -> None:
    rng = np.random.default_rng(2)
    p, r, y = ratings.application, ratings.evaluator, ratings.score - ratings.application_means.mean()
    count, panel = len(ratings.applications), len(ratings.evaluators)
    per_a, per_e = ratings.per_application, ratings.per_evaluator
    theta, nu, tau2, om2, s2 = np.zeros(count), np.zeros(panel), 0.5, 0.25, 0.8
    ranks = np.empty((sweeps, count), np.int32)
    for sweep in range(sweeps):
        precision = per_a / s2 + 1 / tau2
        theta = np.bincount(p, y - nu[r], count) / s2 / precision + rng.normal(size=count) / np.sqrt(precision)
        precision = per_e / s2 + 1 / om2
        nu = np.bincount(r, y - theta[p], panel) / s2 / precision + rng.normal(size=panel) / np.sqrt(precision)
        left = y - theta[p] - nu[r]
        s2 = (left @ left) / rng.chisquare(len(y) - 1)
        tau2 = (theta @ theta) / rng.chisquare(count - 1)
        om2 = (nu @ nu) / rng.chisquare(panel - 1)
        ranks[sweep] = (-theta).argsort().argsort()
    ranks.mean(axis=0)


def cpu(work: Callable[[], object]) -> float:
    start = time.process_time()
    work()
    return time.process_time() - start


def main() -> None:
    print(
        "applications x 5, evaluators | target/robust | target/published | sampling/robust | CPU ms robust, published"
    )
    for applications, evaluators, target in CASES:
        ratings = table(applications, evaluators)
        top = applications // 3
        by_default = partial(rank_with_uncertainty, ratings, top=top)
        as_published = partial(by_default, severity_sd=0.5, prior_upper=2.0, robust=False)
        by_default()
        robust, published, sampled = [], [], []
        for _ in range(PAIRS):
            robust.append(cpu(by_default))
            published.append(cpu(as_published))
            sampled.append(cpu(partial(gibbs, ratings, SWEEPS)) * SWEEPS_BY_DEFAULT / SWEEPS)
        print(
            f"{applications:5} x 5, {evaluators:3} | {target / median(robust):5.2f} | {target / median(published):5.2f} | "
            f"{median(s / r for s, r in zip(sampled, robust, strict=True)):6.0f} | {median(robust) * 1e3:.1f}, {median(published) * 1e3:.1f}"
        )
    print(
        "a target is met from 1.00 up; robust = default (Student t, severity estimated), published = method of the SNSF"
    )


if __name__ == "__main__":
    main()
