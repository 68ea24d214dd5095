"""Published examples, properties, and slow definitions as oracles."""

from __future__ import annotations

import itertools
import math

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy.stats import friedmanchisquare, rankdata

from evalcomm.engine.agreement import (
    LEVELS,
    NotEstimable,
    VarianceComponents,
    intraclass_correlations,
    kendall_w,
    krippendorff_alpha,
    panel_designs,
    reml_deviance,
    variance_components,
)
from evalcomm.engine.agreement import alpha as alpha_module
from evalcomm.engine.agreement import components as components_module
from evalcomm.engine.ratings import Ratings


def ratings_of(matrix: list[list[float | None]]) -> Ratings:
    return Ratings.of(
        (f"A{i:03}", f"E{j:02}", float(score))
        for i, row in enumerate(matrix)
        for j, score in enumerate(row)
        if score is not None
    )


SHROUT_FLEISS: list[list[float | None]] = [
    [9, 2, 5, 8], [6, 1, 3, 2], [8, 4, 6, 8], [7, 1, 2, 6], [10, 5, 6, 9], [6, 2, 4, 7],
]  # fmt: skip
"""Shrout & Fleiss (1979), table 2."""

KENDALL_TIES: list[list[float | None]] = [
    [1, 2.5, 2], [4.5, 1, 1], [2, 2.5, 4.5], [4.5, 4.5, 4.5], [3, 4.5, 4.5],
    [7.5, 8, 4.5], [6, 9, 8], [9, 6.5, 8], [7.5, 10, 8], [10, 6.5, 10],
]  # fmt: skip
"""Kendall (1948), three rankings of ten objects with ties; also in Siegel (1956), chapter 9."""

KRIPPENDORFF = """
1 2 3 3 2 1 4 1 2 . . .
1 2 3 3 2 2 4 1 2 5 . 3
. 3 3 3 2 3 4 2 2 5 1 .
1 2 3 3 2 4 4 1 2 5 1 .
"""
"""Krippendorff (2011), example C: four observers, twelve units, missing data."""

PENICILLIN = """
27 23 26 23 23 21  27 23 26 23 23 21  25 21 25 24 24 20  26 23 25 23 23 20  25 22 26 22 23 20  24 22 25 23 22 19
24 20 23 21 22 19  26 22 26 24 24 21  24 21 24 22 22 20  24 21 24 23 22 19  26 23 26 24 24 21  25 22 26 24 24 20
26 24 26 24 25 22  26 23 26 23 23 20  26 23 25 24 24 22  25 22 25 23 23 20  25 21 24 23 23 20  25 22 24 23 23 19
24 21 23 21 21 19  26 23 26 24 24 21  25 21 24 22 22 18  25 22 25 22 22 20  24 21 24 22 24 19  24 21 24 22 21 18
"""
"""Davies & Goldsmith (1972), as in lme4: 24 plates of 6 samples."""


def test_shrout_and_fleiss() -> None:
    found = intraclass_correlations(ratings_of(SHROUT_FLEISS))

    published = {"ICC1": 0.17, "ICC2": 0.29, "ICC3": 0.71, "ICC1k": 0.44, "ICC2k": 0.62, "ICC3k": 0.91}
    for name, value in published.items():
        assert round(found[name].value or 0, 2) == value


def test_f_intervals_of_shrout_and_fleiss_as_r_psych_prints_them() -> None:
    """psych::ICC of the same table: lower and upper bounds at 95 %."""
    found = intraclass_correlations(ratings_of(SHROUT_FLEISS))

    bounds = {
        "ICC1": (-0.133, 0.72),
        "ICC2": (0.019, 0.76),
        "ICC3": (0.342, 0.95),
        "ICC1k": (-0.884, 0.91),
        "ICC3k": (0.676, 0.99),
    }
    for name, (low, high) in bounds.items():
        assert found[name].low == pytest.approx(low, abs=0.0006)
        assert found[name].high == pytest.approx(high, abs=0.006)


def test_icc_is_negative_where_evaluators_contradict_each_other() -> None:
    found = intraclass_correlations(ratings_of([[1, 3], [2, 2], [3, 1]]))
    assert found["ICC3"].value == pytest.approx(-1.0)
    assert (found["ICC1"].value or 0) < 0


@pytest.mark.parametrize(
    ("matrix", "reason"),
    [
        ([[1, 2], [3, None]], "gaps: 1 of 4 cells"),
        ([[1], [3]], "two evaluators"),
        ([[1, 2]], "two applications"),
        ([[2, 2], [2, 2]], "all scores are equal"),
    ],
)
def test_icc_says_why_there_is_none(matrix: list[list[float | None]], reason: str) -> None:
    for figure in intraclass_correlations(ratings_of(matrix)).values():
        assert figure.value is None
        assert reason in figure.reason


def test_repeats_have_no_icc() -> None:
    rows = [("A", "E", 1.0), ("A", "E", 2.0), ("A", "F", 3.0), ("B", "E", 4.0), ("B", "F", 4.0)]
    assert "more than once" in intraclass_correlations(Ratings.of(rows))["ICC1"].reason
    assert "more than once" in kendall_w(Ratings.of(rows)).w.reason


def test_full_agreement_is_one_without_an_interval() -> None:
    found = intraclass_correlations(ratings_of([[1, 1], [2, 2], [5, 5]]))
    for figure in found.values():
        assert (figure.value, figure.low) == (1.0, None)


def test_kendall_w_with_ties() -> None:
    """Kendall's own example: S = 591, W = 591/714 = 0.828."""
    found = kendall_w(ratings_of(KENDALL_TIES))
    assert found.w.value == pytest.approx(591 / 714)
    assert found.chi_square == pytest.approx(3 * 9 * 591 / 714)


@settings(max_examples=60)
@given(st.integers(2, 8), st.integers(3, 6), st.randoms(use_true_random=False))
def test_kendall_w_is_the_friedman_test(applications: int, evaluators: int, chance: object) -> None:
    rng = np.random.default_rng(chance.randrange(2**32))  # type: ignore[attr-defined]
    matrix = rng.integers(0, 4, (applications, evaluators)).astype(float)
    found = kendall_w(ratings_of(matrix.tolist()))
    if found.w.value is None:
        assert (matrix == matrix[0]).all()
        return
    if applications >= 3:
        expected = friedmanchisquare(*matrix)
        assert found.chi_square == pytest.approx(expected.statistic)
        assert found.p == pytest.approx(expected.pvalue)
    assert 0 <= found.w.value <= 1 + 1e-12


def test_krippendorff_2011() -> None:
    unit, value = [], []
    for line in KRIPPENDORFF.split("\n"):
        for place, cell in enumerate(line.split()):
            if cell != ".":
                unit.append(place)
                value.append(float(cell))

    published = {"nominal": 0.743, "ordinal": 0.815, "interval": 0.849, "ratio": 0.797}
    for level, expected in published.items():
        assert krippendorff_alpha(np.array(unit), np.array(value), level).value == pytest.approx(expected, abs=0.0006)


def slow_alpha(units: list[list[float]], level: str) -> float:
    """By the definition: all pairs, one after the other."""
    kept = [values for values in units if len(values) > 1]
    everything = [value for values in kept for value in values]

    def distance(c: float, k: float) -> float:
        if level == "nominal":
            return float(c != k)
        if level == "interval":
            return (c - k) ** 2
        if level == "ratio":
            return 0.0 if c == k else ((c - k) / (c + k)) ** 2
        low, high = min(c, k), max(c, k)
        between = sum(low <= value <= high for value in everything)
        return (between - (everything.count(c) + everything.count(k)) / 2) ** 2 if c != k else 0.0

    n = len(everything)
    observed = sum(sum(distance(c, k) for c, k in itertools.permutations(v, 2)) / (len(v) - 1) for v in kept) / n
    expected = sum(distance(c, k) for c, k in itertools.permutations(everything, 2)) / (n * (n - 1))
    return 1 - observed / expected


@settings(max_examples=60)
@given(
    st.lists(st.lists(st.integers(0, 5), min_size=0, max_size=4), min_size=1, max_size=7),
    st.sampled_from(LEVELS),
    st.booleans(),
)
def test_alpha_is_the_sum_over_pairs(units: list[list[int]], level: str, many_distinct: bool) -> None:
    unit = np.array([place for place, values in enumerate(units) for _ in values], int)
    value = np.array([value for values in units for value in values], float)
    pairable = [v for values in units if len(values) > 1 for v in values]
    limit = alpha_module._DISTINCT
    alpha_module._DISTINCT = 0 if many_distinct else limit
    try:
        found = krippendorff_alpha(unit, value, level)
    finally:
        alpha_module._DISTINCT = limit

    if len(set(pairable)) < 2:
        assert found.value is None
        assert found.reason in {"no application has two ratings", "all ratings are equal"}
    else:
        assert found.value == pytest.approx(
            slow_alpha([[float(v) for v in values] for values in units], level), abs=1e-9
        )


def test_ratio_data_cannot_be_negative() -> None:
    found = krippendorff_alpha(np.array([0, 0, 1, 1]), np.array([-1.0, 2.0, 3.0, 4.0]), "ratio")
    assert found.value is None
    assert "negative" in found.reason


def test_penicillin() -> None:
    """lme4 prints 0.7169, 3.7309, 0.3024, 22.9722; SPSS and MixedModels.jl print the criterion as 330.860589."""
    matrix = np.array([float(cell) for cell in PENICILLIN.split()]).reshape(24, 6)

    found = variance_components(ratings_of(matrix.tolist()))

    assert found.reml_deviance == pytest.approx(330.860589, abs=2e-6)
    assert found.application == pytest.approx(0.716908, rel=1e-4)
    assert found.evaluator == pytest.approx(3.730903, rel=1e-4)
    assert found.residual == pytest.approx(0.302415, rel=1e-4)
    assert found.mean == pytest.approx(22.9722, abs=1e-4)


def dense_deviance(ratings: Ratings, application: float, evaluator: float, residual: float) -> float:
    """−2 × the restricted log-likelihood by its definition, all n × n."""
    z = np.eye(len(ratings.applications))[ratings.application]
    w = np.eye(len(ratings.evaluators))[ratings.evaluator]
    cov = application * z @ z.T + evaluator * w @ w.T + residual * np.eye(ratings.n)
    ones = np.ones((ratings.n, 1))
    inverse = np.linalg.inv(cov)
    information = (ones.T @ inverse @ ones).item()
    mean = (ones.T @ inverse @ ratings.score).item() / information
    rest = ratings.score - mean
    logs = np.linalg.slogdet(cov)[1] + math.log(information)
    return float((ratings.n - 1) * math.log(2 * math.pi) + logs + rest @ inverse @ rest)


@st.composite
def sparse_tables(draw: st.DrawFn) -> Ratings:
    rng = np.random.default_rng(draw(st.integers(0, 2**32)))
    applications, evaluators = draw(st.integers(3, 14)), draw(st.integers(3, 14))
    density = draw(st.sampled_from([0.3, 0.6, 1.0]))
    quality, severity = (
        rng.normal(0, draw(st.sampled_from([0.0, 1.0])), applications),
        rng.normal(0, draw(st.sampled_from([0.0, 1.0])), evaluators),
    )
    return Ratings.of(
        (f"A{i:02}", f"E{j:02}", float(quality[i] + severity[j] + rng.normal()))
        for i in range(applications)
        for j in range(evaluators)
        if rng.random() < density or (i, j) in {(0, 0), (0, 1), (1, 0)}
    )


@settings(max_examples=40)
@given(sparse_tables(), st.booleans())
def test_variance_components_are_the_best_by_definition(ratings: Ratings, sparse_factors: bool) -> None:
    small, filled = components_module._SMALL, components_module._FILLED
    if sparse_factors:
        components_module._SMALL, components_module._FILLED = 0, 1.1
    try:
        found = variance_components(ratings)
    except NotEstimable:
        # a table so thin that applications and evaluators fit every score
        assert ratings.n <= len(ratings.applications) + len(ratings.evaluators)
        return
    finally:
        components_module._SMALL, components_module._FILLED = small, filled

    best = dense_deviance(ratings, found.application, found.evaluator, found.residual)
    assert found.reml_deviance == pytest.approx(best, abs=1e-6)
    for a, e, r in itertools.product((0.95, 1, 1.05), repeat=3):
        near = dense_deviance(ratings, found.application * a, found.evaluator * e, found.residual * r)
        assert near >= best - 1e-6
    for a, e in ((0.003, 0.0), (0.0, 0.003)):
        inside = dense_deviance(
            ratings, found.application + a * found.residual, found.evaluator + e * found.residual, found.residual
        )
        assert inside >= best - 1e-6


def test_deviance_at_a_given_point() -> None:
    rng = np.random.default_rng(2)
    ratings = ratings_of([[rng.normal() if rng.random() < 0.7 else None for _ in range(6)] for _ in range(9)])
    for application, evaluator in ((0.5, 0.7), (0.0, 0.3), (2.0, 0.0), (0.0, 0.0)):
        profiled = reml_deviance(ratings, application=application, evaluator=evaluator)
        by_residual = [
            dense_deviance(ratings, v * application**2, v * evaluator**2, v) for v in np.geomspace(0.2, 5, 2001)
        ]
        assert profiled == pytest.approx(min(by_residual), abs=1e-4)


def test_no_evidence_of_severity_is_exactly_zero() -> None:
    rng = np.random.default_rng(1)
    matrix = rng.normal(0, 1, (12, 1)) + rng.normal(0, 1, (12, 4))
    matrix -= matrix.mean(axis=0)

    assert variance_components(ratings_of(matrix.tolist())).evaluator == 0.0


@pytest.mark.parametrize(
    ("rows", "reason"),
    [
        ([("A", "E", 1.0), ("B", "E", 2.0)], "two evaluators"),
        ([("A", "E", 1.0), ("A", "F", 2.0)], "two applications"),
        ([("A", "E", 1.0), ("B", "F", 2.0)], "no application has two scores"),
        ([("A", "E", 1.0), ("A", "F", 2.0), ("B", "G", 3.0), ("B", "H", 3.5)], "no evaluator has two scores"),
        ([("A", "E", 7.0), ("A", "F", 7.0), ("B", "E", 7.0)], "all scores are equal"),
        ([("A", "E", 1.0), ("A", "F", 2.0), ("B", "E", 3.0), ("B", "F", 4.0)], "explain the scores completely"),
    ],
)
def test_not_estimable(rows: list[tuple[str, str, float]], reason: str) -> None:
    with pytest.raises(NotEstimable, match=reason):
        variance_components(Ratings.of(rows))


def test_panel_design_of_a_complete_table_is_its_icc() -> None:
    """With as many evaluators as there were, consistency is ICC3k and agreement ICC2k."""
    ratings = ratings_of(SHROUT_FLEISS)
    found, icc = variance_components(ratings), intraclass_correlations(ratings)

    assert found.consistency(1) == pytest.approx(icc["ICC3"].value, abs=1e-4)
    assert found.consistency(4) == pytest.approx(icc["ICC3k"].value, abs=1e-4)
    assert found.agreement(1) == pytest.approx(icc["ICC2"].value, abs=1e-4)
    assert found.agreement(4) == pytest.approx(icc["ICC2k"].value, abs=1e-4)


def test_larger_panels_are_more_reliable() -> None:
    designs = panel_designs(VarianceComponents(0.49, 0.25, 0.81, mean=0.0, reml_deviance=0.0))

    assert [design.evaluators for design in designs] == [3, 5, 7, 9]
    assert designs[1].agreement == pytest.approx(0.49 / (0.49 + 1.06 / 5))
    assert designs[1].consistency == pytest.approx(0.49 / (0.49 + 0.81 / 5))
    assert [d.agreement for d in designs] == sorted(d.agreement for d in designs)


@settings(max_examples=30)
@given(st.integers(0, 2**32), st.sampled_from([-40.0, 3.0]))
def test_a_constant_and_new_names_change_nothing(seed: int, constant: float) -> None:
    rng = np.random.default_rng(seed)
    matrix = rng.integers(0, 10, (6, 4)).astype(float)
    moved = matrix[rng.permutation(6)][:, rng.permutation(4)] + constant
    before, after = ratings_of(matrix.tolist()), ratings_of(moved.tolist())

    for name, figure in intraclass_correlations(before).items():
        assert intraclass_correlations(after)[name].value == pytest.approx(figure.value, abs=1e-9)
    assert kendall_w(after).w.value == pytest.approx(kendall_w(before).w.value)
    for level in ("nominal", "ordinal", "interval"):
        one, other = (krippendorff_alpha(r.application, r.score, level).value for r in (before, after))
        assert one == pytest.approx(other, abs=1e-9)


def test_midranks_are_those_of_scipy() -> None:
    from evalcomm.engine.agreement.concordance import midranks

    table = np.random.default_rng(0).integers(0, 5, (20, 7)).astype(float)
    assert (midranks(table)[0] == rankdata(table, axis=0)).all()
