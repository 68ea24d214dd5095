"""The ranking with its uncertainty: from ratings to expected ranks, intervals, chances and groups around the line."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass

import numpy as np

from evalcomm.engine.bayes.canonical import Canonical
from evalcomm.engine.bayes.groups import Group, groups, line_of
from evalcomm.engine.bayes.hyperparameters import Precision, Priors, posterior_nodes
from evalcomm.engine.bayes.model import CrossedModel
from evalcomm.engine.bayes.ranks import (
    RankDistributions,
    drawn_effects,
    drawn_ranks,
    expected_ranks,
    pooled_mean,
    posteriors,
)
from evalcomm.engine.bayes.robust import pseudo_scores
from evalcomm.engine.ratings import FloatArray, IntArray, Ratings

PRIOR_UPPER_SHARE = 0.4
"""U as a share of the width of the scale: 2 on a six-point scale, as published."""

_SHARES = (0.05, 0.25, 0.75, 0.95)

_NO_SEVERITY = 1e-5
"""An SD of severity below this share of U and of the range of the scores, or above its inverse, is computed as that: the limits, without
dividing by 0."""

_FARTHEST = 1e6
"""U is computed as if it lay within this factor of the range of the scores: beyond, floats end before the model changes."""

_NOTABLE = 0.1
"""Severity beyond this share of the scale is worth a word: half a point of six, as published."""

Interval = tuple[float, float]


@dataclass(frozen=True)
class RankedApplication:
    """mean : of its ratings; effect : points above m; rank_50, rank_90 : posterior quantiles of the rank; p_top, group : None without
    a number of places. pcer, sucra : the expected rank as a percentile (small is good) and as a share of others beaten."""

    application: str
    mean: float
    ratings: int
    expected_rank: float
    pcer: float
    sucra: float
    rank_50: tuple[int, int]
    rank_90: tuple[int, int]
    effect: float
    effect_sd: float
    effect_50: Interval
    effect_90: Interval
    p_top: float | None
    group: Group | None


@dataclass(frozen=True)
class EvaluatorSeverity:
    """severity : points that the evaluator gives less than the panel would; positive = strict. p_notable : probability that it is
    more than a tenth of the scale either way."""

    evaluator: str
    ratings: int
    severity: float
    sd: float
    interval_90: Interval
    p_notable: float


@dataclass(frozen=True)
class SheetFit:
    """One rating as the model sees it. expected : what all other ratings predict for this application from this evaluator; z : how many
    SDs the score is off that; weight : the share with which it counts, 1 = fully."""

    application: str
    evaluator: str
    score: float
    expected: float
    z: float
    weight: float


OUTLYING = 3.0
"""SDs from what is expected, beyond which a sheet is worth a second look."""


@dataclass(frozen=True)
class Uncertainty:
    """applications by expected rank, then id; evaluators by id; sheets by application and evaluator (with normal residuals all weigh 1).
    m : mean of the application means; sds : posterior means of the SDs."""

    applications: tuple[RankedApplication, ...]
    evaluators: tuple[EvaluatorSeverity, ...]
    sheets: tuple[SheetFit, ...]
    m: float
    top: int | None
    line: float | None
    prior_upper: float
    severity_sd: float | None
    robust: bool
    sds: dict[str, float]
    degrees_of_freedom: dict[float, float] | None

    @property
    def outlying(self) -> tuple[SheetFit, ...]:
        """Sheets far from what is expected, the farthest first."""
        far = [sheet for sheet in self.sheets if abs(sheet.z) > OUTLYING]
        return tuple(sorted(far, key=lambda sheet: (-abs(sheet.z), sheet.application, sheet.evaluator)))


class NothingToRank(ValueError):
    """There is no rating at all."""


def rank_with_uncertainty(
    ratings: Ratings,
    *,
    top: int | None = None,
    severity_sd: float | None = None,
    prior_upper: float | None = None,
    robust: bool = True,
    lower_is_better: bool = False,
    panel: Mapping[str, str] | None = None,
    scale_width: float | None = None,
) -> Uncertainty:
    """Bayesian hierarchical ranking (Heyard, Ott, Salanti, Egger 2022), the residuals Student t unless `robust` is False.

    top : how many can be funded
    severity_sd : SD of severity in score points; None estimates it. Given and with normal residuals, m is plugged in as published; otherwise m
        has a flat prior, without which intervals are too narrow in small panels
    prior_upper : U of the uniform SDs; None takes 0.4 of the scale's width
    panel : the panel of each application, which adds panel effects; without a shared evaluator they are confounded with quality
    scale_width : width of the scale of scores; None takes the range of the ratings
    Raises NothingToRank.
    """
    if not ratings.n:
        raise NothingToRank("there is no rating")
    if lower_is_better:
        ratings = ratings.negated()
    width = scale_width or float(np.ptp(ratings.score))
    upper = PRIOR_UPPER_SHARE * width if prior_upper is None else prior_upper
    if np.ptp(ratings.score) > 0:
        found = _analysed(ratings, upper, severity_sd, robust=robust, panel=panel, notable=width * _NOTABLE)
    else:
        found = _without_differences(ratings)
    return _report(ratings, found, top=top, upper=upper, severity_sd=severity_sd, robust=robust)


def score_draws(ratings: Ratings, *, bits: int, scale_width: float | None = None) -> FloatArray:
    """2**bits joint draws of the score of every application with the severity of its evaluators taken out, shape (draws, P), in the order
    of `ratings.applications`. The same table gives the same draws. Raises NothingToRank."""
    if not ratings.n:
        raise NothingToRank("there is no rating")
    if not np.ptp(ratings.score) > 0:
        return _without_differences(ratings).draws(bits)
    width = scale_width or float(np.ptp(ratings.score))
    return _analysed(ratings, PRIOR_UPPER_SHARE * width, None, robust=True, panel=None, notable=width * _NOTABLE).draws(
        bits
    )


@dataclass(frozen=True, eq=False)
class _Found:
    """The figures in the order of the given ratings; ranks keep the order of `place`: the canonical number of each application."""

    draws: Callable[[int], FloatArray]
    expected_rank: FloatArray
    ranks: RankDistributions
    place: IntArray
    effect: FloatArray
    effect_sd: FloatArray
    effect_quantiles: FloatArray
    severity: FloatArray
    severity_sd: FloatArray
    severity_quantiles: FloatArray
    p_notable: FloatArray
    expected: FloatArray
    expected_sd: FloatArray
    weight: FloatArray
    sds: dict[str, float]
    degrees_of_freedom: dict[float, float] | None


def _analysed(
    given: Ratings,
    upper: float,
    severity_sd: float | None,
    *,
    robust: bool,
    panel: Mapping[str, str] | None,
    notable: float,
) -> _Found:
    """Works in the canonical order, in which neither rows nor names have a say."""
    canonical = Canonical(given, panel)
    table = canonical.ratings
    plugged = severity_sd is not None and not robust
    width = float(np.ptp(given.score))
    upper = float(np.clip(upper, width / _FARTHEST, width * _FARTHEST))
    if severity_sd is not None:
        least, most = _NO_SEVERITY * min(upper, width), width / _NO_SEVERITY
        severity_sd = float(np.clip(severity_sd, least, most))
    model = CrossedModel(table.application, table.evaluator, panel=canonical.panel, free_mean=not plugged)
    m = float(table.application_means.mean())
    scores = table.score - m
    pseudo = pseudo_scores(model, scores, severity_sd=severity_sd) if robust else None
    if pseudo is not None:
        scores = pseudo.scores
    nodes = posterior_nodes(model, scores, Priors(upper, severity_sd), _precision(model))
    posterior = posteriors(model, nodes, scores)
    classes = canonical.classes(by_total=not robust)
    place, evaluator, row = (
        np.argsort(canonical.applications),
        np.argsort(canonical.evaluators),
        np.argsort(canonical.rows),
    )

    def of_applications(values: FloatArray) -> FloatArray:
        return pooled_mean(values, classes)[place]

    effects, leniency = posterior.applications, posterior.evaluators
    return _Found(
        draws=lambda bits: m + drawn_effects(effects, bits)[:, place],
        expected_rank=of_applications(expected_ranks(effects)),
        ranks=RankDistributions.of(drawn_ranks(effects, _bits(model)), classes),
        place=place,
        effect=of_applications(effects.mean),
        effect_sd=of_applications(effects.sd),
        effect_quantiles=np.stack([of_applications(row) for row in effects.quantiles(_SHARES)]),
        severity=-leniency.mean[evaluator],
        severity_sd=leniency.sd[evaluator],
        severity_quantiles=-leniency.quantiles([1 - share for share in _SHARES])[:, evaluator],
        p_notable=leniency.probability_beyond(notable)[evaluator],
        expected=posterior.expected[row] + m,
        expected_sd=posterior.expected_sd[row],
        weight=np.ones(given.n) if pseudo is None else pseudo.weight[row],
        sds=nodes.mean_sds,
        degrees_of_freedom=None if pseudo is None else pseudo.degrees_of_freedom,
    )


def _without_differences(given: Ratings) -> _Found:
    """All scores are equal: nobody is ahead, every order of the applications is as likely as any other."""
    applications, evaluators = len(given.applications), len(given.evaluators)
    everyone = np.arange(applications)
    order = np.tile(everyone + 1, (applications, 1))
    still, calm = np.zeros(applications), np.zeros(evaluators)
    return _Found(
        draws=lambda bits: np.full((2**bits, applications), given.score[0]),
        expected_rank=np.full(applications, (applications + 1) / 2),
        ranks=RankDistributions.of(order, [everyone]),
        place=everyone,
        effect=still,
        effect_sd=still,
        effect_quantiles=np.zeros((len(_SHARES), applications)),
        severity=calm,
        severity_sd=calm,
        severity_quantiles=np.zeros((len(_SHARES), evaluators)),
        p_notable=calm,
        expected=given.score,
        expected_sd=np.ones(given.n),
        weight=np.ones(given.n),
        sds={"residual": 0.0, "application": 0.0, "evaluator": 0.0},
        degrees_of_freedom=None,
    )


def _report(
    ratings: Ratings, found: _Found, *, top: int | None, upper: float, severity_sd: float | None, robust: bool
) -> Uncertainty:
    count = len(ratings.applications)
    means, times = ratings.application_means.tolist(), ratings.per_application.tolist()
    rank_quantiles = [found.ranks.quantile(share)[found.place] for share in _SHARES]
    within = None if top is None else found.ranks.within(top)[found.place]
    chosen = None if top is None else groups(found.expected_rank, rank_quantiles[1], rank_quantiles[2], top=top)
    applications = [
        RankedApplication(
            application=name,
            mean=means[i],
            ratings=times[i],
            expected_rank=float(found.expected_rank[i]),
            pcer=float(100 * (found.expected_rank[i] - 0.5) / count),
            sucra=float((count - found.expected_rank[i]) / (count - 1)) if count > 1 else 1.0,
            rank_50=(int(rank_quantiles[1][i]), int(rank_quantiles[2][i])),
            rank_90=(int(rank_quantiles[0][i]), int(rank_quantiles[3][i])),
            effect=float(found.effect[i]),
            effect_sd=float(found.effect_sd[i]),
            effect_50=(float(found.effect_quantiles[1][i]), float(found.effect_quantiles[2][i])),
            effect_90=(float(found.effect_quantiles[0][i]), float(found.effect_quantiles[3][i])),
            p_top=None if within is None else float(within[i]),
            group=None if chosen is None else chosen[i],
        )
        for i, name in enumerate(ratings.applications)
    ]
    sheets_of = ratings.per_evaluator.tolist()
    evaluators = [
        EvaluatorSeverity(
            evaluator=name,
            ratings=sheets_of[i],
            severity=float(found.severity[i]),
            sd=float(found.severity_sd[i]),
            interval_90=(float(found.severity_quantiles[0][i]), float(found.severity_quantiles[3][i])),
            p_notable=float(found.p_notable[i]),
        )
        for i, name in enumerate(ratings.evaluators)
    ]
    sheets = [
        SheetFit(ratings.applications[a], ratings.evaluators[e], score, expected, (score - expected) / sd, weight)
        for a, e, score, expected, sd, weight in zip(
            *(column.tolist() for column in (ratings.application, ratings.evaluator, ratings.score)),
            *(column.tolist() for column in (found.expected, found.expected_sd, found.weight)),
            strict=True,
        )
    ]
    return Uncertainty(
        applications=tuple(sorted(applications, key=lambda item: (round(item.expected_rank, 9), item.application))),
        evaluators=tuple(evaluators),
        sheets=tuple(sheets),
        m=float(np.mean(means)),
        top=top,
        line=None if top is None else line_of(found.expected_rank, top),
        prior_upper=upper,
        severity_sd=severity_sd,
        robust=robust,
        sds=found.sds,
        degrees_of_freedom=found.degrees_of_freedom,
    )


def _precision(model: CrossedModel) -> Precision:
    """Nodes enough for an error below 0.002 ranks: the larger the table, the narrower and the more normal the posterior."""
    if model.n_panels:
        return Precision(axis=4, scale=2)
    for limit, axis in ((40, 7), (100, 5), (300, 4)):
        if model.n_applications <= limit:
            return Precision(axis=axis, scale=2)
    return Precision(axis=3, scale=2)


def _bits(model: CrossedModel) -> int:
    """2**bits draws: enough for quantiles of the rank that are right to ±1 up to 300 applications, to 2 % of the ranks beyond."""
    return 14 if 100 < model.n_applications <= 300 else 12
