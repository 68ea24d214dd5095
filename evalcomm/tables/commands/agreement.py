"""`evalcomm agreement`: how far the evaluators agree, and what a larger panel would give."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field, replace

import click
import numpy as np

from evalcomm.engine.agreement import (
    LEVELS,
    Concordance,
    Figure,
    NotEstimable,
    PanelDesign,
    VarianceComponents,
    intraclass_correlations,
    kendall_w,
    krippendorff_alpha,
    panel_designs,
    variance_components,
)
from evalcomm.engine.diagnosis import (
    EvaluatorRecord,
    ItemRecord,
    OutlyingSheet,
    Part,
    connected_parts,
    evaluator_records,
    outlying_sheets,
)
from evalcomm.engine.ratings import Ratings
from evalcomm.tables.answering import check_plot, file_command, write_file
from evalcomm.tables.language import said
from evalcomm.tables.ranking import plan_for
from evalcomm.tables.ratings import Labels, read_ratings
from evalcomm.tables.reading import InputError
from evalcomm.tables.statistics import shown
from evalcomm.tables.words import counted
from evalcomm.tables.writing import Answer, Cell, Sheet


@click.command("agreement")
@click.argument("scores", metavar="SCORES")
@click.option("--plan", metavar="FILE", help="A plan (TOML), for its rubric or scale.")
@click.option("--rubric", metavar="FILE", help="A rubric (TOML), in place of the plan's.")
@click.option("--sheet", metavar="NAME", help="The sheet of SCORES in a workbook. [default: the first]")
@click.option("--nominal", is_flag=True, help="Scores are labels, even where they look like numbers.")
@click.option("--plot", metavar="FILE.svg", help="Draw the table of scores and the severity of each evaluator.")
@file_command
def command(
    *, scores: str, plan: str | None, rubric: str | None, sheet: str | None, nominal: bool, plot: str | None
) -> Answer:
    """Measure agreement: six ICCs, Kendall's W, Krippendorff's alpha, variance components, reliability of larger panels.

    SCORES as for `rank`; here an evaluator may score an application more than once.
    """
    check_plot(plot)
    table = read_ratings(scores, plan_for(plan, rubric, None), sheet=sheet, labels=nominal)
    if isinstance(table.ratings, Labels):
        if plot is not None:
            raise InputError(f"{scores}: the scores are labels, which --plot cannot draw")
        found = _of_labels(table.ratings)
    else:
        found = replace(measured(table.ratings), items={record.evaluator: record for record in table.items})
        if plot is not None:
            from evalcomm.tables.plots import agreement_plot

            write_file(plot, agreement_plot(table.ratings, found.records))
    return Answer(
        document_of(found),
        [
            _figures_sheet(found),
            _panel_sheet(found),
            _evaluator_sheet(found),
            *([_outlying_sheet(found)] if found.outlying else []),
        ],
        warnings=(*table.warnings, *_cautions(found)),
        remarks=tuple(_remarks(found)),
    )


@dataclass(frozen=True)
class Agreement:
    """Everything that the command measures. variance : the components, or why there are none; parts : None where scores are labels;
    items : by evaluator, where scores came by item."""

    applications: int
    evaluators: int
    scores: int
    icc: dict[str, Figure]
    kendall: Concordance
    alpha: dict[str, Figure]
    variance: VarianceComponents | str
    records: tuple[EvaluatorRecord, ...]
    outlying: tuple[OutlyingSheet, ...]
    parts: tuple[Part, ...] | None
    items: Mapping[str, ItemRecord] = field(default_factory=dict)

    @property
    def designs(self) -> tuple[PanelDesign, ...]:
        return () if isinstance(self.variance, str) else panel_designs(self.variance)


def measured(ratings: Ratings) -> Agreement:
    try:
        variance: VarianceComponents | str = variance_components(ratings)
    except NotEstimable as error:
        variance = str(error)
    return Agreement(
        applications=len(ratings.applications),
        evaluators=len(ratings.evaluators),
        scores=ratings.n,
        icc=intraclass_correlations(ratings),
        kendall=kendall_w(ratings),
        alpha={level: krippendorff_alpha(ratings.application, ratings.score, level) for level in LEVELS},
        variance=variance,
        records=evaluator_records(ratings),
        outlying=outlying_sheets(ratings),
        parts=connected_parts(ratings),
    )


def _of_labels(labels: Labels) -> Agreement:
    """Labels have no order and no distance: only alpha at the nominal level is defined."""
    reason = "the scores are labels, not numbers"
    none = Figure(None, reason)
    alpha = dict.fromkeys(LEVELS, none)
    alpha["nominal"] = krippendorff_alpha(labels.application, labels.code.astype(np.float64), "nominal")
    return Agreement(
        applications=labels.applications,
        evaluators=labels.evaluators,
        scores=len(labels.code),
        icc={},
        kendall=Concordance(none),
        alpha=alpha,
        variance=reason,
        records=(),
        outlying=(),
        parts=None,
    )


def document_of(found: Agreement) -> dict[str, object]:
    """The JSON document. What is not defined is null, with its reason under the same key in `reason`."""
    reasons: dict[str, str] = {}
    defined = bool(found.icc) and all(figure.value is not None for figure in found.icc.values())
    if not defined:
        reasons["icc"] = next((figure.reason for figure in found.icc.values() if figure.reason), found.kendall.w.reason)
    if found.kendall.w.value is None:
        reasons["kendall_w"] = found.kendall.w.reason
    reasons.update({f"alpha_{level}": figure.reason for level, figure in found.alpha.items() if figure.value is None})
    variance = found.variance
    if isinstance(variance, str):
        reasons["variance"] = variance
    return {
        "applications": found.applications,
        "evaluators": found.evaluators,
        "scores": found.scores,
        "icc": {name: shown(figure.value) for name, figure in found.icc.items()} if defined else None,
        "icc_interval": {name: _interval(figure) for name, figure in found.icc.items()} if defined else None,
        "kendall_w": shown(found.kendall.w.value),
        "kendall_test": None
        if found.kendall.chi_square is None
        else {"chi_square": shown(found.kendall.chi_square), "df": found.kendall.df, "p": found.kendall.p},
        "alpha": {level: shown(figure.value) for level, figure in found.alpha.items()},
        "variance": None
        if isinstance(variance, str)
        else {
            "application": shown(variance.application),
            "evaluator": shown(variance.evaluator),
            "residual": shown(variance.residual),
        },
        "reml_deviance": None if isinstance(variance, str) else shown(variance.reml_deviance),
        "mean": None if isinstance(variance, str) else shown(variance.mean),
        "reliability": [
            {
                "evaluators": design.evaluators,
                "agreement": shown(design.agreement),
                "consistency": shown(design.consistency),
            }
            for design in found.designs
        ],
        "by_evaluator": [
            {
                "evaluator": record.evaluator,
                "scores": record.scores,
                "mean": shown(record.mean),
                "severity": shown(record.severity),
                "spread": shown(record.spread),
                "correlation": shown(record.correlation),
                "most_common": shown(record.most_common),
                "straight_lining": record.straight_lining,
                **_item_figures(found.items.get(record.evaluator)),
            }
            for record in found.records
        ],
        "outlying": [
            {
                "application": sheet.application,
                "evaluator": sheet.evaluator,
                "score": shown(sheet.score),
                "expected": shown(sheet.expected),
                "z": shown(sheet.z),
            }
            for sheet in found.outlying
        ],
        "connected": None if found.parts is None else len(found.parts) == 1,
        "reason": {key: said(reason) for key, reason in reasons.items()},
    }


def _item_figures(record: ItemRecord | None) -> dict[str, float | None]:
    """Null where scores came as totals."""
    return {
        "halo": None if record is None else shown(record.halo),
        "same_share": None if record is None else shown(record.same_share),
    }


def _interval(figure: Figure) -> list[float | None] | None:
    return None if figure.low is None else [shown(figure.low), shown(figure.high)]


def _figures_sheet(found: Agreement) -> Sheet:
    rows: list[list[Cell]] = [
        [name, shown(figure.value), shown(figure.low), shown(figure.high), said(figure.reason)]
        for name, figure in found.icc.items()
    ]
    rows.append(["kendall_w", shown(found.kendall.w.value), None, None, said(found.kendall.w.reason)])
    rows += [
        [f"alpha_{level}", shown(figure.value), None, None, said(figure.reason)]
        for level, figure in found.alpha.items()
    ]
    variance = found.variance
    if isinstance(variance, str):
        rows.append(["variance", None, None, None, said(variance)])
    else:
        parts = {"application": variance.application, "evaluator": variance.evaluator, "residual": variance.residual}
        rows += [[f"variance_{name}", shown(value), None, None, ""] for name, value in parts.items()]
        rows.append(["reml_deviance", shown(variance.reml_deviance), None, None, ""])
    return Sheet("agreement", ("statistic", "value", "low_95", "high_95", "reason"), rows)


def _panel_sheet(found: Agreement) -> Sheet:
    rows: list[list[Cell]] = [[d.evaluators, shown(d.agreement), shown(d.consistency)] for d in found.designs]
    return Sheet("reliability of a panel", ("evaluators", "agreement", "consistency"), rows)


def _evaluator_sheet(found: Agreement) -> Sheet:
    rows: list[list[Cell]] = [
        [
            record.evaluator,
            record.scores,
            shown(record.mean),
            shown(record.severity),
            shown(record.spread),
            shown(record.correlation),
            shown(record.most_common),
            "yes" if record.straight_lining else "",
            *(_item_figures(found.items.get(record.evaluator)).values() if found.items else ()),
        ]
        for record in found.records
    ]
    header = ["evaluator", "scores", "mean", "severity", "spread", "correlation", "most_common", "straight_lining"]
    return Sheet("evaluators", [*header, *(("halo", "same_share") if found.items else ())], rows)


def _outlying_sheet(found: Agreement) -> Sheet:
    rows: list[list[Cell]] = [
        [sheet.application, sheet.evaluator, shown(sheet.score), shown(sheet.expected), shown(sheet.z)]
        for sheet in found.outlying
    ]
    return Sheet("outlying", ("application", "evaluator", "score", "expected", "z"), rows)


def _cautions(found: Agreement) -> Iterator[str]:
    if not isinstance(found.variance, str):
        if found.variance.evaluator == 0:
            yield "the variance of evaluators is 0: no evidence of differences in severity"
        if found.variance.application == 0:
            yield "the variance of applications is 0: the scores do not tell applications apart"
    if found.parts is not None and len(found.parts) > 1:
        yield f"evaluators form {len(found.parts)} groups that share no application; severity cannot be compared between them"
    straight = [record.evaluator for record in found.records if record.straight_lining]
    if straight:
        yield f"nearly the same score everywhere: {', '.join(straight)}"
    if halo := [record.evaluator for record in found.items.values() if record.is_halo]:
        yield f"items rise and fall together (halo: one impression written into every item): {', '.join(halo)}"
    if same := [record.evaluator for record in found.items.values() if record.is_straight_lining]:
        yield f"the same share of the points in every item of nearly every sheet: {', '.join(same)}"


def _remarks(found: Agreement) -> Iterator[str]:
    yield f"과제 {found.applications}건, 위원 {found.evaluators}명, 점수 {found.scores}개"
    if found.designs:
        yield "일치도(절대): 과제마다 위원이 다를 때의 신뢰도, 일치도(상대): 같은 위원이 모든 과제를 평가할 때의 신뢰도"
        yield "엄격도: 같은 과제에 다른 위원이 준 점수보다 낮게 준 점수(양수는 엄격). 산포 1: 다른 위원과 같은 정도로 벌려 채점"
    if found.items:
        yield "후광: 세부항목 점수가 함께 오르내리는 정도(1은 모든 세부항목에 같은 인상을 적은 것)"
    yield f"{counted(found.applications, 'application')}, {counted(found.evaluators, 'evaluator')}, {counted(found.scores, 'score')}"
    if found.designs:
        yield "agreement: each application has evaluators of its own; consistency: the same evaluators score everything"
        yield "severity in points below the others on the same applications (positive = strict); spread 1 = as spread as theirs"
    if found.items:
        yield "halo: how far an evaluator's items move together beyond what the others see (1 = one impression in all of them)"
