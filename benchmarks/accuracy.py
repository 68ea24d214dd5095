"""How much a model helps: simulated rounds of review, ranked by each method and compared with the true order.

Applications have quality of SD 0.7, residuals SD 0.9, severity SD 0.5 unless a case says otherwise. Printed: Kendall's tau with the true
order, the share of the true top quarter that is found, and how often the 90 % interval of the effect holds the truth. One argument: rounds.
"""

# ruff: noqa: E402 (the number of threads has to be set before NumPy is loaded)

from __future__ import annotations

import os

for name in ("OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS", "MKL_NUM_THREADS"):
    os.environ[name] = "1"

import sys
from dataclasses import dataclass

import numpy as np
from scipy.stats import kendalltau

from evalcomm.engine.bayes import rank_with_uncertainty
from evalcomm.engine.ratings import Ratings

Array = np.ndarray
ROUNDS = 150
PLAIN = ("mean", "trimmed", "median", "z")


@dataclass(frozen=True)
class Case:
    title: str
    applications: int = 60
    evaluators: int = 15
    each: int = 5
    severity: float = 0.5
    rogues: int = 0
    rounded: bool = False
    scales: float = 0.0
    wild: float = 0.0
    even: bool = False


CASES = {
    "A": Case("15 x 5, everybody scores everything", 15, 5, 5),
    "B": Case("no severity", severity=0.0),
    "C": Case("severity SD 0.5"),
    "D": Case("severity SD 1.0", severity=1.0),
    "E": Case("three reviews each", each=3),
    "F": Case("two rogue evaluators (3 SD)", rogues=2),
    "G": Case("rounded to 1..6", rounded=True),
    "H": Case("scales vary (log SD 0.3)", scales=0.3),
    "I": Case("10 % wild scores (4 x noise)", wild=0.1),
    "J": Case("60 evaluators with 5 each", evaluators=60, even=True),
}


def assigned(case: Case, rng: np.random.Generator) -> Array:
    if not case.even:
        return np.array([rng.choice(case.evaluators, case.each, replace=False) for _ in range(case.applications)])
    load, rows = np.zeros(case.evaluators), []
    for _ in range(case.applications):
        chosen = np.argsort(load + rng.random(case.evaluators))[: case.each]
        load[chosen] += 1
        rows.append(chosen)
    return np.array(rows)


def simulated(case: Case, rng: np.random.Generator) -> tuple[Array, Array, Array]:
    """True quality (P,), who scores (P, k), scores (P, k)."""
    quality, severity = rng.normal(0, 0.7, case.applications), rng.normal(0, case.severity, case.evaluators)
    severity[: case.rogues] = 3 * case.severity * rng.choice([-1, 1], case.rogues)
    who = assigned(case, rng)
    noise = rng.normal(0, 0.9, who.shape)
    noise = np.where(rng.random(who.shape) < case.wild, 4 * noise, noise)
    scale = np.exp(rng.normal(0, case.scales, case.evaluators)) if case.scales else np.ones(case.evaluators)
    scores = severity[who] + scale[who] * (quality[:, None] + noise)
    return quality, who, np.clip(np.round(3.5 + scores), 1, 6) if case.rounded else scores


def plain(who: Array, scores: Array) -> dict[str, Array]:
    count = np.bincount(who.ravel())
    mean = np.bincount(who.ravel(), scores.ravel()) / np.maximum(count, 1)
    square = np.bincount(who.ravel(), (scores - mean[who]).ravel() ** 2)
    sd = np.sqrt(square / np.maximum(count - 1, 1))[who]
    z = np.divide(scores - mean[who], sd, out=np.zeros_like(scores), where=sd > 0)
    trimmed = (scores.sum(axis=1) - scores.max(axis=1) - scores.min(axis=1)) / (scores.shape[1] - 2)
    return {"mean": scores.mean(axis=1), "trimmed": trimmed, "median": np.median(scores, axis=1), "z": z.mean(axis=1)}


def hits(quality: Array, figure: Array) -> float:
    """The share of the true top quarter among the top quarter by the figure; ties at the line count in part."""
    places = len(quality) // 4
    top = np.argsort(-quality)[:places]
    line = np.sort(figure)[-places]
    above, tied = figure > line + 1e-12, np.abs(figure - line) <= 1e-12
    share = (places - above.sum()) / tied.sum()
    return float((above[top].sum() + share * tied[top].sum()) / places)


def main() -> None:
    rounds = int(sys.argv[1]) if len(sys.argv) > 1 else ROUNDS
    methods = (*PLAIN, "gaussian", "robust")
    print(
        f"{rounds} rounds; tau with the true order, then top-quarter hits; coverage of 90 % intervals (gaussian, robust)"
    )
    print("case".ljust(42) + "".join(name.rjust(9) for name in methods) + "   coverage")
    gains, short, covered = [], [], []
    for key, case in CASES.items():
        rng = np.random.default_rng(2026)
        tau: dict[str, list[float]] = {name: [] for name in methods}
        hit: dict[str, list[float]] = {name: [] for name in methods}
        coverage: dict[str, list[float]] = {"gaussian": [], "robust": []}
        for _ in range(rounds):
            quality, who, scores = simulated(case, rng)
            figures = plain(who, scores)
            ratings = Ratings.of(
                (f"A{i:02}", f"E{j:02}", float(s))
                for i, row in enumerate(who)
                for j, s in zip(row, scores[i], strict=True)
            )
            for name, covers in coverage.items():
                found = sorted(
                    rank_with_uncertainty(ratings, robust=name == "robust").applications, key=lambda x: x.application
                )
                figures[name] = -np.array([item.expected_rank for item in found])
                low, high = np.array([item.effect_90 for item in found]).T
                covers.append(float(((low < quality) & (quality < high)).mean()))
            for name in methods:
                tau[name].append(float(kendalltau(quality, figures[name]).statistic))
                hit[name].append(hits(quality, figures[name]))
        means, hit_means = ({name: float(np.mean(values[name])) for name in methods} for values in (tau, hit))
        shares = {name: float(np.mean(values)) for name, values in coverage.items()}
        print(
            f"{key} {case.title}".ljust(42)
            + "".join(f"{means[name]:9.3f}" for name in methods)
            + f"   {shares['gaussian']:.3f} {shares['robust']:.3f}"
        )
        print(" " * 42 + "".join(f"{hit_means[name]:9.3f}" for name in methods), flush=True)
        judged = hit_means if key == "G" else means
        short.append((judged["robust"] - max(judged[name] for name in PLAIN), key))
        gains.append(judged["robust"] - judged["trimmed"])
        covered.append((shares["robust"], key))
    worst, where = min(short)
    print(f"robust against the best of {', '.join(PLAIN)}: at worst {worst:+.3f} in {where} (floor -0.005; G by hits)")
    print(f"robust against trimmed: {np.mean(gains):+.3f} on average (floor +0.030)")
    print(
        f"coverage of the effect: {min(covered)[0]:.3f} ({min(covered)[1]}) to {max(covered)[0]:.3f} ({max(covered)[1]}); wanted 0.880 to 0.920"
    )


if __name__ == "__main__":
    main()
