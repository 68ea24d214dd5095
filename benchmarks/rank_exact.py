"""The exact ranking of 5,000 applications, 400 evaluators, 5 sheets each, 10 items, against what an analyst would write.

- pandas: the tidy table of 250,000 scores summed by sheet, one highest and one lowest dropped, averaged and ranked, in floats; without
  criteria, cuts, rounding stages, tie keys or trace.
- fractions: the same steps in a plain loop over `Fraction`, the slowest way to be exact.
- lsqr (for least squares): scipy's iterative solver on the same sparse design, in floats.

`rank` starts from sheets in memory and ends with a `Standing` of every application. Pairs are interleaved, their order alternates, and the
figure is the median of the pairs' ratios (peer / ours: above 1, ours is faster). Run from the root of the checkout:
`python -m benchmarks.rank_exact`. Exit code 1 where the ranking takes more than a second of processor time.
"""

import random
import statistics
import sys
import time
from collections.abc import Callable
from dataclasses import replace
from fractions import Fraction
from typing import Any

import numpy as np
import pandas as pd
from scipy.sparse import coo_array
from scipy.sparse.linalg import lsqr

from evalcomm.engine.plan import AggregateRule, CutRule, Method, Plan, RoundingRule
from evalcomm.engine.ranking import Ranking, Sheet, rank
from evalcomm.engine.rubric import Criterion, Grade, InputKind, Item, Rubric

APPLICATIONS, EVALUATORS, SHEETS, CRITERIA, ITEMS = 5_000, 400, 5, 5, 2
PAIRS = 7
GOAL_SECONDS = 1.0

GRADES = tuple(Grade(str(n), Fraction(share, 100)) for n, share in enumerate((100, 85, 70, 50, 30)))


def rubric() -> Rubric:
    criteria = []
    for c in range(CRITERIA):
        items = tuple(Item(f"i{c}{n}", "", Fraction(10), InputKind.GRADE, grades=GRADES) for n in range(ITEMS))
        criteria.append(Criterion(f"c{c}", "", Fraction(10 * ITEMS), items))
    return Rubric("bench", 1, "bench", Fraction(10 * ITEMS * CRITERIA), tuple(criteria))


PLAN = Plan(
    "bench",
    1,
    rubric=rubric(),
    aggregate=AggregateRule(Method.TRIMMED_MEAN, min_sheets_to_trim=5),
    rounding=RoundingRule(sheet_total=2, criterion=2, mean=2, final=2),
    cut=CutRule(total_ratio=Fraction(1, 2), criterion_ratio=Fraction(2, 5)),
    tie_keys=("criteria-by-weight", "lot"),
)


def table() -> list[Sheet]:
    """Scores around each application's own level, in any order."""
    source = random.Random(20200925)
    assert PLAN.rubric is not None
    values = [list(item.entries.values()) for item in PLAN.rubric.items]
    ids = [item.id for item in PLAN.rubric.items]
    sheets = []
    for n in range(APPLICATIONS):
        level = source.random() * 3
        for evaluator in source.sample(range(EVALUATORS), SHEETS):
            picks = [min(4, max(0, round(source.gauss(level, 0.8)))) for _ in ids]
            points = {item: entries[pick] for item, entries, pick in zip(ids, values, picks, strict=True)}
            sheets.append(Sheet(f"A{n:04}", f"E{evaluator:03}", points))
    source.shuffle(sheets)
    return sheets


def with_pandas(tidy: pd.DataFrame) -> pd.Series:
    totals = tidy.groupby(["application", "evaluator"], sort=False)["score"].sum().reset_index()
    by = totals.groupby("application")["score"]
    kept = (by.sum() - by.max() - by.min()) / (by.count() - 2)
    return kept.rank(ascending=False, method="min")


def with_fractions(sheets: list[Sheet]) -> list[tuple[Fraction, str]]:
    totals: dict[str, list[Fraction]] = {}
    for sheet in sheets:
        points: Any = sheet.points
        totals.setdefault(sheet.application, []).append(sum(points.values(), Fraction(0)))
    means = {name: sum(sorted(values)[1:-1], Fraction(0)) / (len(values) - 2) for name, values in totals.items()}
    return sorted((-mean, name) for name, mean in means.items())


def with_lsqr(rows: np.ndarray, columns: np.ndarray, totals: np.ndarray) -> np.ndarray:
    sheets = np.arange(len(totals))
    design = coo_array(
        (np.ones(2 * len(totals)), (np.tile(sheets, 2), np.concatenate((rows, APPLICATIONS + columns)))),
        shape=(len(totals), APPLICATIONS + EVALUATORS),
    ).tocsr()
    fit: np.ndarray = lsqr(design, totals, atol=1e-12, btol=1e-12)[0]
    return fit


def spent(work: Callable[[], object]) -> float:
    start = time.process_time()
    work()
    return time.process_time() - start


def compare(name: str, ours: Callable[[], object], peer: Callable[[], object], pairs: int = PAIRS) -> float:
    """Prints the median ratio; answers our median time."""
    ours()
    peer()
    times = []
    for n in range(pairs):
        works = (ours, peer) if n % 2 == 0 else (peer, ours)
        first, second = spent(works[0]), spent(works[1])
        times.append((first, second) if n % 2 == 0 else (second, first))
    ratio = statistics.median(theirs / own for own, theirs in times)
    own = statistics.median(own for own, _ in times)
    print(f"{name:<44} peer / ours {ratio:6.3f}   ours {own:.3f} s of CPU", flush=True)
    return own


def main() -> int:
    sheets = table()
    points: list[Any] = [sheet.points for sheet in sheets]
    tidy = pd.DataFrame(
        [
            (sheet.application, sheet.evaluator, item, float(value))
            for sheet, row in zip(sheets, points, strict=True)
            for item, value in row.items()
        ],
        columns=["application", "evaluator", "item", "score"],
    )
    number = {name: n for n, name in enumerate(sorted({sheet.application for sheet in sheets}))}
    rows = np.array([number[sheet.application] for sheet in sheets])
    columns = np.array([int(sheet.evaluator[1:]) for sheet in sheets])
    totals = np.array([float(sum(row.values(), Fraction(0))) for row in points])

    def ours() -> Ranking:
        return rank(plan=PLAN, scores=sheets)

    fitted = replace(PLAN, aggregate=AggregateRule(Method.LEAST_SQUARES))

    found = {standing.application: float(standing.mean or 0) for standing in ours().standings}
    order = with_pandas(tidy)
    assert abs(found[order.idxmin()] - max(found.values())) < 0.01, "the peer ranks something else"
    exact = {standing.application: float(standing.mean or 0) for standing in rank(plan=fitted, scores=sheets).standings}
    fit = with_lsqr(rows, columns, totals)
    shift = fit[APPLICATIONS:].mean()
    worst = max(abs(exact[name] - fit[n] - shift) for name, n in number.items())
    assert worst < 0.011, f"the fits differ by {worst}"

    print(f"{APPLICATIONS} applications, {EVALUATORS} evaluators, {SHEETS} sheets each, {CRITERIA * ITEMS} items")
    seconds = compare("trimmed mean with everything, pandas", ours, lambda: with_pandas(tidy))
    compare("trimmed mean with everything, fractions", ours, lambda: with_fractions(sheets))
    compare(
        "least squares, exact, lsqr in floats",
        lambda: rank(plan=fitted, scores=sheets),
        lambda: with_lsqr(rows, columns, totals),
        3,
    )
    print(f"goal: {GOAL_SECONDS} s of CPU; {'reached' if seconds <= GOAL_SECONDS else 'missed'}")
    return 0 if seconds <= GOAL_SECONDS else 1


if __name__ == "__main__":
    sys.exit(main())
