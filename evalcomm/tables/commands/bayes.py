"""`evalcomm rank --method bayes`: how sure the ranking is. Never an official figure; it stands beside the plan's ranking."""

from __future__ import annotations

import math
from collections.abc import Iterator, Mapping
from fractions import Fraction

import click

from evalcomm.engine.bayes import Uncertainty, rank_with_uncertainty
from evalcomm.engine.diagnosis import connected_parts
from evalcomm.engine.exact import format_figure
from evalcomm.engine.plan import Plan
from evalcomm.engine.ratings import Ratings
from evalcomm.tables.answering import write_file
from evalcomm.tables.reading import InputError
from evalcomm.tables.scores import Scores, half_sheets
from evalcomm.tables.statistics import left_out, shown, shown_pair
from evalcomm.tables.writing import Answer, Cell, Sheet

Totals = list[tuple[str, str, Fraction]]


def run_bayes(
    *,
    scores: Scores,
    plan: Plan,
    plot: str | None = None,
    top: int | None = None,
    severity_sd: float | None = None,
    prior_upper: float | None = None,
    robust: bool | None = None,
    lower_is_better: bool | None = None,
    panel: str | None = None,
) -> Answer:
    """Options as of `rank --method bayes`; None is the default of each."""
    for option, value in (("--severity-sd", severity_sd), ("--prior-upper", prior_upper)):
        if value is not None and not math.isfinite(value):
            raise click.UsageError(f"{option} must be a finite number")
    totals = scores.totals(plan)
    panels = None if panel is None else _panels(scores, panel)
    if not totals:
        raise InputError(f"{scores.table.name}: there is no score; all sheets are blank, recused or incomplete")
    ratings = Ratings.of((application, evaluator, float(total)) for application, evaluator, total in totals)
    found = rank_with_uncertainty(
        ratings,
        top=top,
        severity_sd=severity_sd,
        prior_upper=prior_upper,
        robust=robust is not False,
        lower_is_better=bool(lower_is_better),
        panel=panels,
        scale_width=_scale_width(plan),
    )
    if plot is not None:
        from evalcomm.tables.plots import uncertainty_plot

        write_file(plot, uncertainty_plot(found))
    warnings = [*scores.warnings, *half_sheets(scores), *left_out(scores, plan), *_cautions(ratings, found, panels)]
    means = _exact_means(totals)
    return Answer(
        document_of(found, means, lower_is_better=bool(lower_is_better)),
        [_ranking_sheet(found, means), _evaluator_sheet(found), *([_outlier_sheet(found)] if found.outlying else [])],
        warnings=tuple(warnings),
        remarks=tuple(_remarks(found)),
    )


def _scale_width(plan: Plan) -> float | None:
    """Of the totals that evaluators can give, where the plan says it."""
    if plan.rubric is not None:
        lowest = sum((item.lowest for item in plan.rubric.scored_items), Fraction(0))
        return float(sum((item.highest for item in plan.rubric.scored_items), Fraction(0)) - lowest)
    return None if plan.scale is None else float(plan.scale.max - plan.scale.min)


def _panels(scores: Scores, column: str) -> dict[str, str]:
    table = scores.table
    table.require("application", column)
    panels: dict[str, str] = {}
    for row in table:
        application, name = row.text("application"), row.text(column)
        if panels.setdefault(application, name) != name:
            row.problem(
                column, f"{application} is in panel '{panels[application]}' in an earlier row; it can be in one only"
            )
    table.check()
    return panels


def _exact_means(totals: Totals) -> dict[str, Fraction]:
    by_application: dict[str, list[Fraction]] = {}
    for application, _, total in totals:
        by_application.setdefault(application, []).append(total)
    return {application: sum(values, Fraction(0)) / len(values) for application, values in by_application.items()}


def _cautions(ratings: Ratings, found: Uncertainty, panels: Mapping[str, str] | None) -> Iterator[str]:
    count = len(ratings.applications)
    if found.top is not None and found.top > count:
        yield f"--top {found.top} is more than the {count} applications; all of them are within it"
    if len(set(ratings.score.tolist())) == 1:
        yield "all scores are equal; every order of the applications is as likely as any other"
    if len(ratings.evaluators) == 1:
        yield "there is one evaluator; severity cannot be told from quality"
    parts = connected_parts(ratings)
    if len(parts) > 1:
        names = "; ".join(
            ", ".join(part.evaluators[:10]) + (" …" if len(part.evaluators) > 10 else "") for part in parts[:5]
        )
        yield f"evaluators form {len(parts)} groups that share no application ({names}); severity between groups rests on the prior alone"
    if panels is not None:
        of_evaluator: dict[str, set[str]] = {}
        for application, evaluator in zip(ratings.application.tolist(), ratings.evaluator.tolist(), strict=True):
            of_evaluator.setdefault(ratings.evaluators[evaluator], set()).add(panels[ratings.applications[application]])
        if len(set(panels.values())) > 1 and all(len(names) == 1 for names in of_evaluator.values()):
            yield "no evaluator sits in two panels; a panel's severity cannot be told from the quality of its applications"


def document_of(found: Uncertainty, means: Mapping[str, Fraction], *, lower_is_better: bool) -> dict[str, object]:
    """The JSON document. Statistics are rounded to nine decimals, which hides nothing but the order of additions."""
    return {
        "status": "ok",
        "method": "bayes",
        "official": False,
        "lower_is_better": lower_is_better,
        "residuals": "student-t" if found.robust else "gaussian",
        "top": found.top,
        "line": shown(found.line),
        "m": shown(found.m),
        "priors": {
            "upper": shown(found.prior_upper),
            "severity_sd": "estimated" if found.severity_sd is None else shown(found.severity_sd),
        },
        "sd": {name: shown(value) for name, value in found.sds.items()},
        "degrees_of_freedom": None
        if found.degrees_of_freedom is None
        else {"inf" if math.isinf(df) else f"{df:g}": shown(p) for df, p in found.degrees_of_freedom.items()},
        "applications": [
            {
                "application": item.application,
                "expected_rank": shown(item.expected_rank),
                "rank_interval": {"50": list(item.rank_50), "90": list(item.rank_90)},
                "pcer": shown(item.pcer),
                "sucra": shown(item.sucra),
                "p_top": shown(item.p_top),
                "group": None if item.group is None else item.group.value,
                "effect": shown(item.effect),
                "effect_sd": shown(item.effect_sd),
                "effect_interval": {"50": shown_pair(item.effect_50), "90": shown_pair(item.effect_90)},
                "mean": format_figure(means[item.application]),
                "scores": item.ratings,
            }
            for item in found.applications
        ],
        "evaluators": [
            {
                "evaluator": item.evaluator,
                "severity": shown(item.severity),
                "severity_sd": shown(item.sd),
                "severity_interval": {"90": shown_pair(item.interval_90)},
                "p_notable": shown(item.p_notable),
                "scores": item.ratings,
            }
            for item in found.evaluators
        ],
        "outlying": [
            {
                "application": sheet.application,
                "evaluator": sheet.evaluator,
                "score": shown(sheet.score),
                "expected": shown(sheet.expected),
                "z": shown(sheet.z),
                "weight": shown(sheet.weight),
            }
            for sheet in found.outlying
        ],
    }


RANKING_HEADER = (
    "place", "application", "mean", "expected_rank", "rank_50_low", "rank_50_high", "rank_90_low", "rank_90_high",
    "p_top", "group", "effect", "effect_90_low", "effect_90_high",
)  # fmt: skip


def _ranking_sheet(found: Uncertainty, means: Mapping[str, Fraction]) -> Sheet:
    rows: list[list[Cell]] = [
        [
            place,
            item.application,
            means[item.application],
            shown(item.expected_rank),
            *item.rank_50,
            *item.rank_90,
            shown(item.p_top),
            None if item.group is None else item.group.value,
            shown(item.effect),
            *shown_pair(item.effect_90),
        ]
        for place, item in enumerate(found.applications, start=1)
    ]
    return Sheet("uncertainty", RANKING_HEADER, rows)


def _evaluator_sheet(found: Uncertainty) -> Sheet:
    rows: list[list[Cell]] = [
        [item.evaluator, item.ratings, shown(item.severity), *shown_pair(item.interval_90), shown(item.p_notable)]
        for item in found.evaluators
    ]
    header = ("evaluator", "scores", "severity", "severity_90_low", "severity_90_high", "p_notable")
    return Sheet("evaluators", header, rows)


def _outlier_sheet(found: Uncertainty) -> Sheet:
    rows: list[list[Cell]] = [
        [
            sheet.application,
            sheet.evaluator,
            shown(sheet.score),
            shown(sheet.expected),
            shown(sheet.z),
            shown(sheet.weight),
        ]
        for sheet in found.outlying
    ]
    return Sheet("outlying", ("application", "evaluator", "score", "expected", "z", "weight"), rows)


def _remarks(found: Uncertainty) -> Iterator[str]:
    yield "통계적 참고 자료로서 공식 점수와 순위를 대신하지 않음 / a statistical aid, no official figure"
    given = found.severity_sd
    yield (
        "엄격도: 점수 단위, 양수는 엄격한 위원. 위원 간 엄격도 차이(표준편차)는 "
        + ("자료에서 추정" if given is None else f"{given:g}점으로 지정")
    )
    severity_sd = "estimated" if given is None else f"given, {given:g}"
    yield f"severity in score points, positive = strict; SD of severity {severity_sd}; uniform SDs up to {found.prior_upper:g}"
    if found.line is not None:
        yield (
            f"경계: {found.top}번째 과제의 기대순위 {found.line:.2f}. 순위의 50% 구간이 경계보다 앞이면 지원(fund), "
            "걸치면 논의(discuss), 뒤면 미지원(decline)"
        )
        yield f"line: expected rank {found.line:.2f} of place {found.top}; fund, discuss, decline by the 50 % interval of the rank"
