"""Robust residuals: the mode solves the Student model's own equations, wild sheets count less, intervals keep their coverage."""

from __future__ import annotations

import numpy as np
import pytest
from scipy.stats import t as student

from evalcomm.engine.bayes import rank_with_uncertainty
from evalcomm.engine.bayes.model import CrossedModel
from evalcomm.engine.bayes.robust import _Mode, pseudo_scores
from evalcomm.engine.ratings import Ratings


def simulated(
    rng: np.random.Generator, *, applications: int, evaluators: int, each: int, wild: float
) -> tuple[Ratings, np.ndarray]:
    quality, severity = rng.normal(0, 0.7, applications), rng.normal(0, 0.5, evaluators)
    rows = []
    for i in range(applications):
        for j in rng.choice(evaluators, each, replace=False):
            noise = rng.normal(0, 0.9) * (4 if rng.random() < wild else 1)
            rows.append((f"A{i:02}", f"E{j:02}", float(quality[i] + severity[j] + noise)))
    return Ratings.of(rows), quality


@pytest.mark.parametrize("df", [3.0, 10.0])
def test_the_mode_solves_the_equations_of_the_student_model(df: float) -> None:
    ratings, _ = simulated(np.random.default_rng(1), applications=20, evaluators=6, each=4, wild=0.1)
    scores = ratings.score - ratings.score.mean()
    model = CrossedModel(ratings.application, ratings.evaluator, free_mean=True)
    mode = _Mode(model, scores, np.array([df]), np.array([(df + 1) / (df + 3)]), None)
    for _ in range(400):
        mode.step()
    solved = model.solve(mode._ratios(), mode.pseudo())
    theta, nu = (means[0] for means in model.group_means(solved))
    s, tau2, om2 = np.sqrt(mode.residual[0]), mode.application[0], mode.evaluator[0]

    def log_posterior(move_theta: np.ndarray, move_nu: np.ndarray) -> float:
        fitted = mode.fitted[0] + move_theta[ratings.application] + move_nu[ratings.evaluator]
        prior = ((theta + move_theta) ** 2).sum() / tau2 + ((nu + move_nu) ** 2).sum() / om2
        return float(student.logpdf((scores - fitted) / s, df).sum() - prior / 2)

    still_theta, still_nu = np.zeros_like(theta), np.zeros_like(nu)
    for moves, still, place in ((theta, still_nu, 0), (nu, still_theta, 1)):
        for k in range(len(moves)):
            step = np.zeros_like(moves)
            step[k] = 1e-4
            ahead = log_posterior(step, still) if place == 0 else log_posterior(still, step)
            behind = log_posterior(-step, still) if place == 0 else log_posterior(still, -step)
            assert (ahead - behind) / 2e-4 == pytest.approx(0.0, abs=5e-3)


def test_normal_residuals_leave_the_scores_alone() -> None:
    ratings, _ = simulated(np.random.default_rng(2), applications=15, evaluators=5, each=5, wild=0)
    model = CrossedModel(ratings.application, ratings.evaluator, free_mean=True)
    mode = _Mode(model, ratings.score, np.array([np.inf]), np.array([1.0]), None)
    mode.step()
    assert mode.pseudo()[0] == pytest.approx(ratings.score)
    assert (mode.weights() == 1).all()


def test_degrees_of_freedom_follow_the_scores() -> None:
    """Many wild scores call for few degrees of freedom, none for many; far from certain for a single table, clear over a few."""
    few, many = 0.0, 0.0
    for seed in range(6):
        for wild in (0.1, 0.0):
            ratings, _ = simulated(np.random.default_rng(seed), applications=60, evaluators=15, each=5, wild=wild)
            model = CrossedModel(ratings.application, ratings.evaluator, free_mean=True)
            found = pseudo_scores(model, ratings.score - ratings.score.mean(), severity_sd=None).degrees_of_freedom
            assert sum(found.values()) == pytest.approx(1.0)
            if wild:
                few += (found[3.0] + found[4.0] + found[6.0]) / 6
            else:
                many += (found[10.0] + found[30.0] + found[np.inf]) / 6
    assert few > 0.9
    assert many > 0.8


@pytest.mark.parametrize("wild", [0.0, 0.1])
def test_intervals_of_the_effect_hold_the_truth_as_often_as_they_say(wild: float) -> None:
    """90 % intervals over 40 panels of 15 x 5: 600 effects, so that 0.90 ± 0.04 allows three standard errors."""
    held = []
    for seed in range(40):
        rng = np.random.default_rng(1000 + seed)
        ratings, quality = simulated(rng, applications=15, evaluators=5, each=5, wild=wild)
        for item in rank_with_uncertainty(ratings).applications:
            truth = quality[int(item.application[1:])]
            held.append(item.effect_90[0] < truth < item.effect_90[1])
    assert np.mean(held) == pytest.approx(0.90, abs=0.04)
