"""Agreement on 5,000 x 5 scores against pingouin (ICC) and krippendorff (alpha at four levels) on the same data, one thread, same run.

Ours does more in that time: Kendall's W and the variance components as well. The median of interleaved pairs is printed.
"""

# ruff: noqa: E402 (the number of threads has to be set before NumPy is loaded)

from __future__ import annotations

import os

for name in ("OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS", "MKL_NUM_THREADS"):
    os.environ[name] = "1"

import time
import warnings
from collections.abc import Callable
from statistics import median

import krippendorff
import numpy as np
import pandas as pd
import pingouin

from evalcomm.engine.agreement import LEVELS
from evalcomm.engine.ratings import Ratings
from evalcomm.tables.commands.agreement import measured

TARGET = 20.0
PAIRS = 3


def cpu(work: Callable[[], object]) -> float:
    start = time.process_time()
    work()
    return time.process_time() - start


def main() -> None:
    rng = np.random.default_rng(1)
    scores = 70 + 8 * rng.normal(size=(5000, 1)) + 3 * rng.normal(size=5) + 5 * rng.normal(size=(5000, 5))
    scores = np.clip(np.round(scores * 2) / 2, 0, 100)
    a, e = np.indices(scores.shape)
    rows = [(f"A{i:04}", f"E{j}", float(s)) for i, j, s in zip(a.ravel(), e.ravel(), scores.ravel(), strict=True)]
    ratings = Ratings.of(rows)
    frame = pd.DataFrame(rows, columns=["application", "evaluator", "score"])

    def peers() -> tuple[pd.DataFrame, dict[str, float]]:
        icc = pingouin.intraclass_corr(frame, targets="application", raters="evaluator", ratings="score")
        alpha = {level: krippendorff.alpha(reliability_data=scores.T, level_of_measurement=level) for level in LEVELS}
        return icc, alpha

    warnings.simplefilter("ignore")
    found, (icc, alpha) = measured(ratings), peers()
    worst = max(abs((found.alpha[level].value or 0) - alpha[level]) for level in LEVELS)
    ours_icc = [figure.value or 0 for figure in found.icc.values()]
    worst = max(worst, float(np.abs(np.array(ours_icc) - icc["ICC"].to_numpy(float)).max()))
    pairs = [(cpu(lambda: measured(ratings)), cpu(peers)) for _ in range(PAIRS)]
    ratio = median(theirs / ours for ours, theirs in pairs)
    ours_ms, theirs_ms = (median(pair[k] for pair in pairs) * 1e3 for k in (0, 1))
    print(f"pingouin + krippendorff / evalcomm: {ratio:.0f} (target {TARGET:.0f})")
    print(f"CPU ms {theirs_ms:.0f} / {ours_ms:.1f}; largest difference of a figure {worst:.1e}")


if __name__ == "__main__":
    main()
