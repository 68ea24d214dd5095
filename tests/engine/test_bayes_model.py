"""The closed form against the definition: the literal model of the SNSF ranking, integrated by brute force over all its SDs."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import pytest
from scipy.stats import norm

from evalcomm.engine.bayes import rank_with_uncertainty
from evalcomm.engine.bayes.quadrature import gauss_rule
from evalcomm.engine.bayes.ranks import stratified_normals
from evalcomm.engine.ratings import Ratings

Rows = list[tuple[str, str, float]]


@dataclass
class Oracle:
    """Dense and slow: one n × n covariance per setting, no elimination, no cleverness. Every figure by id."""

    expected_rank: dict[str, float]
    effect: dict[str, float]
    effect_sd: dict[str, float]
    severity: dict[str, float]
    draws: np.ndarray

    @classmethod
    def of(cls, rows: Rows, settings: np.ndarray, log_prior: np.ndarray, *, free_mean: bool) -> Oracle:
        """settings (m, 3): SD of applications, SD of evaluators, residual SD; log_prior (m,): density × quadrature weight."""
        applications = sorted({row[0] for row in rows})
        evaluators = sorted({row[1] for row in rows})
        y = np.array([row[2] for row in rows])
        z = np.array([[row[0] == name for name in applications] for row in rows], float)
        w = np.array([[row[1] == name for name in evaluators] for row in rows], float)
        m = np.mean([y[z[:, i] == 1].mean() for i in range(len(applications))])
        y = y - m
        tau, om, s = (settings[:, k, None, None] ** 2 for k in range(3))
        # a free mean is a normal one whose SD is far beyond the scores
        cov = tau * (z @ z.T) + om * (w @ w.T) + s * np.eye(len(y)) + (1e6 if free_mean else 0.0)
        inverse = np.linalg.inv(cov)
        log = log_prior - np.linalg.slogdet(cov)[1] / 2 - np.einsum("i,gij,j->g", y, inverse, y) / 2
        weight = np.exp(log - log.max())
        weight /= weight.sum()
        keep = weight > 1e-9
        weight, inverse, tau, om = weight[keep] / weight[keep].sum(), inverse[keep], tau[keep, :, 0], om[keep, :, 0]
        theta = tau * (inverse @ y @ z)
        nu = om * (inverse @ y @ w)
        spread = tau[:, :, None] * np.eye(len(applications)) - tau[:, :, None] ** 2 * (z.T @ inverse @ z)
        variance = np.einsum("gii->gi", spread)
        difference = theta[:, None, :] - theta[:, :, None]
        pair = np.sqrt(np.maximum(variance[:, None, :] + variance[:, :, None] - 2 * spread, 1e-30))
        ahead = np.einsum("g,gik->ik", weight, norm.cdf(difference / pair))
        np.fill_diagonal(ahead, 0.0)
        mean = weight @ theta
        rng = np.random.default_rng(1)
        chosen = rng.choice(len(weight), 40_000, p=weight)
        values, vectors = np.linalg.eigh(spread)
        root = vectors * np.sqrt(np.maximum(values, 0))[:, None, :]
        noise = rng.normal(size=(len(chosen), len(applications)))
        draws = theta[chosen] + np.einsum("dij,dj->di", root[chosen], noise)
        return cls(
            dict(zip(applications, 1 + ahead.sum(axis=1), strict=True)),
            dict(zip(applications, mean, strict=True)),
            dict(zip(applications, np.sqrt(weight @ (variance + (theta - mean) ** 2)), strict=True)),
            dict(zip(evaluators, -(weight @ nu), strict=True)),
            (-draws).argsort(axis=1).argsort(axis=1) + 1,
        )


def rows_of(matrix: list[list[float | None]]) -> Rows:
    return [
        (f"A{i}", f"E{j}", float(score))
        for i, row in enumerate(matrix)
        for j, score in enumerate(row)
        if score is not None
    ]


SPREAD = rows_of([[5, 6, 4], [4, 4, None], [2, 3, 1], [3, 4, 3], [5, None, 4]])
"""Applications clearly apart."""

ALIKE = rows_of([[3, 4, 3], [4, 3, None], [3, 3, 4], [4, 4, 3], [3, None, 4]])
"""The SD of applications piles up at 0, where rules that assume an interior mode fail."""

STRICT_AND_LENIENT = rows_of([[9, 2, 5, 8], [6, 1, 3, 2], [8, 4, 6, 8], [7, 1, 2, 6], [10, 5, 6, 9], [6, 2, 4, 7]])
"""Shrout & Fleiss (1979), under a prior that such differences of severity contradict: everything piles up at the upper ends."""

THIN = rows_of([[3, None, None], [5, None, None], [None, 4, None], [None, 9, None], [None, None, 6], [None, None, 7]])
"""One score per application: nothing but the prior tells quality from residual, and the ratio of the two has no end."""


def legendre(low: float, high: float, size: int) -> tuple[np.ndarray, np.ndarray]:
    x, w = np.polynomial.legendre.leggauss(size)
    return low + (high - low) * (x + 1) / 2, w * (high - low) / 2


@pytest.mark.parametrize(
    ("rows", "tolerance"),
    [(SPREAD, 0.002), (ALIKE, 0.002), (STRICT_AND_LENIENT, 0.003), (THIN, 0.02)],
    ids=["spread", "alike", "strict and lenient", "thin"],
)
def test_given_severity_with_normal_residuals_is_the_published_model(rows: Rows, tolerance: float) -> None:
    """tau_p, tau_a, sigma ~ U(0, U) literally, three uniform SDs; no induced density of s is assumed here."""
    upper, severity_sd = 2.0, 0.5
    t, wt = legendre(0, upper, 36)
    grid = np.stack(np.meshgrid(t, t, t, indexing="ij"), axis=-1).reshape(-1, 3)
    weights = np.einsum("i,j,k->ijk", wt, wt, wt).ravel()
    settings = np.stack([grid[:, 0], np.full(len(grid), severity_sd), np.hypot(grid[:, 1], grid[:, 2])], axis=1)
    oracle = Oracle.of(rows, settings, np.log(weights), free_mean=False)

    found = rank_with_uncertainty(Ratings.of(rows), severity_sd=severity_sd, prior_upper=upper, robust=False)

    for item in found.applications:
        assert item.expected_rank == pytest.approx(oracle.expected_rank[item.application], abs=tolerance)
        assert item.effect == pytest.approx(oracle.effect[item.application], abs=tolerance)
        assert item.effect_sd == pytest.approx(oracle.effect_sd[item.application], abs=tolerance)
    for evaluator in found.evaluators:
        assert evaluator.severity == pytest.approx(oracle.severity[evaluator.evaluator], abs=tolerance)


@pytest.mark.parametrize(
    ("rows", "tolerance"), [(SPREAD, 0.004), (ALIKE, 0.004), (THIN, 0.02)], ids=["spread", "alike", "thin"]
)
def test_estimated_severity_and_a_free_mean(rows: Rows, tolerance: float) -> None:
    upper = 2.0
    t, wt = legendre(0, upper, 30)
    below, w_below = legendre(0.002, upper, 30)
    beyond, w_beyond = legendre(upper, upper * np.sqrt(2), 8)
    s = np.concatenate([below, beyond])
    a = np.pi / 2 - 2 * np.arccos(np.minimum(upper / s, 1))
    w_s = np.concatenate([w_below, w_beyond]) * s * a
    settings = np.stack(np.meshgrid(t, t, s, indexing="ij"), axis=-1).reshape(-1, 3)
    weights = np.einsum("i,j,k->ijk", wt, wt, w_s).ravel()
    oracle = Oracle.of(rows, settings, np.log(weights), free_mean=True)

    found = rank_with_uncertainty(Ratings.of(rows), prior_upper=upper, robust=False)

    for item in found.applications:
        assert item.expected_rank == pytest.approx(oracle.expected_rank[item.application], abs=tolerance)
        assert item.effect == pytest.approx(oracle.effect[item.application], abs=tolerance)
        assert item.effect_sd == pytest.approx(oracle.effect_sd[item.application], abs=tolerance)
    for evaluator in found.evaluators:
        assert evaluator.severity == pytest.approx(oracle.severity[evaluator.evaluator], abs=tolerance)


SNSF_PANEL = [
    "11125",
    "11226",
    "12135",
    "13215",
    "12235",
    "13145",
    "12345",
    "15225",
    "13435",
    "14255",
    "23445",
    "24355",
    "25446",
    "23466",
    "25546",
]
"""The first mock panel that comes with the published method's package (Heyard, Ott, Salanti, Egger 2022): 15 proposals, 5 votes, 1 is best."""


def test_the_published_panel() -> None:
    """Long runs of its sampler: proposals 2, 3, 4 have expected rank 4.09, and with five to fund 2 to 8 are discussed."""
    rows = [
        (f"#{i:02}", f"v{j}", float(vote))
        for i, votes in enumerate(SNSF_PANEL, start=1)
        for j, vote in enumerate(votes)
    ]

    found = rank_with_uncertainty(
        Ratings.of(rows), top=5, severity_sd=0.5, prior_upper=2.0, robust=False, lower_is_better=True
    )

    for place in (1, 2, 3):
        assert found.applications[place].expected_rank == pytest.approx(4.09, abs=0.015)
    assert [item.application for item in found.applications] == [f"#{i:02}" for i in range(1, 16)]
    groups = [item.group.value for item in found.applications if item.group is not None]
    assert groups == ["fund"] + ["discuss"] * 7 + ["decline"] * 7


def test_rank_quantiles_and_chances_are_those_of_independent_draws() -> None:
    upper, severity_sd = 2.0, 0.5
    t, wt = legendre(0, upper, 24)
    grid = np.stack(np.meshgrid(t, t, t, indexing="ij"), axis=-1).reshape(-1, 3)
    settings = np.stack([grid[:, 0], np.full(len(grid), severity_sd), np.hypot(grid[:, 1], grid[:, 2])], axis=1)
    oracle = Oracle.of(SPREAD, settings, np.log(np.einsum("i,j,k->ijk", wt, wt, wt).ravel()), free_mean=False)

    found = rank_with_uncertainty(Ratings.of(SPREAD), top=2, severity_sd=severity_sd, prior_upper=upper, robust=False)

    for item in found.applications:
        ranks = oracle.draws[:, int(item.application[1:])]
        for share, rank in zip(
            (0.05, 0.25, 0.75, 0.95), (item.rank_90[0], *item.rank_50, item.rank_90[1]), strict=True
        ):
            assert (ranks <= rank).mean() >= share - 0.015
            assert (ranks < rank).mean() <= share + 0.015
        assert item.p_top == pytest.approx((ranks <= 2).mean(), abs=0.015)


def test_more_evaluators_than_applications_gives_what_the_other_elimination_gives() -> None:
    """Twice the applications flip which side is eliminated; copies far away in score leave the first half's posterior nearly alone, so compare
    with the definition instead."""
    rng = np.random.default_rng(4)
    rows = [
        (f"A{i}", f"E{j}", float(3 + i / 2 + rng.normal())) for j in range(9) for i in rng.choice(4, 2, replace=False)
    ]
    upper, severity_sd = 2.0, 0.5
    t, wt = legendre(0, upper, 24)
    grid = np.stack(np.meshgrid(t, t, t, indexing="ij"), axis=-1).reshape(-1, 3)
    settings = np.stack([grid[:, 0], np.full(len(grid), severity_sd), np.hypot(grid[:, 1], grid[:, 2])], axis=1)
    oracle = Oracle.of(rows, settings, np.log(np.einsum("i,j,k->ijk", wt, wt, wt).ravel()), free_mean=False)

    found = rank_with_uncertainty(Ratings.of(rows), severity_sd=severity_sd, prior_upper=upper, robust=False)

    for item in found.applications:
        assert item.expected_rank == pytest.approx(oracle.expected_rank[item.application], abs=0.002)
        assert item.effect_sd == pytest.approx(oracle.effect_sd[item.application], abs=0.002)
    for evaluator in found.evaluators:
        assert evaluator.severity == pytest.approx(oracle.severity[evaluator.evaluator], abs=0.002)


def test_gauss_rule_keeps_the_moments_of_any_table() -> None:
    rng = np.random.default_rng(0)
    nodes, weights = rng.normal(size=(3, 40)), rng.random((3, 40)) ** 4
    points, shares = gauss_rule(nodes, weights, 4)
    for degree in range(8):
        expected = (weights * nodes**degree).sum(axis=1) / weights.sum(axis=1)
        assert (shares * points**degree).sum(axis=1) == pytest.approx(expected, abs=1e-9)


def test_gauss_rule_of_fewer_points_than_nodes() -> None:
    points, shares = gauss_rule(np.array([1.0, 2.0, 3.0]), np.array([0.0, 1.0, 0.0]), 3)
    assert (shares * points).sum() == pytest.approx(2.0)
    assert (shares * points**2).sum() == pytest.approx(4.0)


def test_draws_are_stratified_in_each_coordinate_and_unrelated_between_them() -> None:
    draws = stratified_normals(12, 60).astype(float)
    assert (np.sort(draws, axis=0) == np.sort(draws[:, :1], axis=0)).all()
    for moment in (draws, draws**2):
        correlation = np.corrcoef(moment.T)[np.triu_indices(60, 1)]
        assert np.abs(correlation).max() < 5 / np.sqrt(4096)
        assert correlation.std() * np.sqrt(4096) == pytest.approx(1.0, abs=0.1)
