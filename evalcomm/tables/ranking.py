"""From files to a ranking, and from a ranking to its document and tables."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from fractions import Fraction

from evalcomm.engine.exact import format_figure, format_fixed
from evalcomm.engine.plan import AggregateRule, Method, Plan, Scope
from evalcomm.engine.ranking import (
    CriterionFigure,
    Failure,
    Ranking,
    RankingError,
    SheetFigure,
    SheetState,
    Standing,
    Tie,
)
from evalcomm.engine.ranking.ties import Columns, columns_of
from evalcomm.engine.robustness import Contest
from evalcomm.tables.plans import load_plan, load_rubric
from evalcomm.tables.reading import InputError
from evalcomm.tables.scores import half_sheets, read_applications, read_fixed, read_lots, read_scores
from evalcomm.tables.words import counted
from evalcomm.tables.writing import Answer, Cell, Sheet


@dataclass(frozen=True)
class Files:
    """The tables of a ranking."""

    scores: str
    fixed: str | None = None
    applications: str | None = None
    lots: str | None = None
    sheet: str | None = None


@dataclass(frozen=True)
class Ranked:
    """A ranking with everything that its reader should know, and what was ranked."""

    contest: Contest
    ranking: Ranking
    warnings: tuple[str, ...]


def plan_for(plan: str | None, rubric: str | None, method: Method | None) -> Plan:
    """The plan of the file; without one the plain mean (or `method`), exact, under the rubric if one is given."""
    if plan is not None:
        basis = load_plan(plan, rubric=rubric).ready()
    else:
        basis = Plan("none", 1, rubric=load_rubric(rubric).ready() if rubric is not None else None)
    if method is None or method is basis.aggregate.method:
        return basis
    if basis.aggregate.scope is Scope.CRITERION and (method.standardises or method is Method.LEAST_SQUARES):
        raise InputError(f"{plan}: key aggregate.scope: is 'criterion', which method '{method.value}' cannot use")
    return replace(basis, aggregate=replace(basis.aggregate, method=method))


def ranked(plan: Plan, files: Files, *, official: bool) -> Ranked:
    """Reads the tables and ranks; raises InputError."""
    scores = read_scores(files.scores, plan, sheet=files.sheet)
    warnings = scores.warnings
    halves = half_sheets(scores)
    if official and halves:
        raise InputError(f"{files.scores}: {half}" for half in halves)
    warnings += halves
    columns: Columns | None = None
    lots: dict[str, int] = {}
    if files.applications is not None:
        listed = read_applications(files.applications, plan)
        columns, lots = listed.columns, listed.lots
        warnings += listed.warnings
    elif needed := columns_of(plan.tie_keys):
        raise InputError(f"the plan's tie keys need the column {', '.join(needed)}; add --applications FILE")
    known = {sheet.application for sheet in scores.sheets} | set(columns or ())
    if files.lots is not None:
        drawn, notes = read_lots(files.lots, known)
        warnings += notes
        if "lot" not in plan.tie_keys:
            warnings.append(f"{files.lots}: has no effect, since the plan's tie keys do not end with lot")
        for application in sorted(drawn.keys() & lots.keys()):
            if drawn[application] != lots[application]:
                raise InputError(
                    f"{files.lots}: {application} has lot {drawn[application]}, but {lots[application]} in {files.applications}"
                )
        lots = {**lots, **drawn}
    fixed: dict[str, dict[str, Fraction]] = {}
    if files.fixed is not None:
        if plan.rubric is None:
            raise InputError(
                f"{files.fixed}: needs a rubric that has fixed items; add --rubric FILE or a plan with one"
            )
        fixed = read_fixed(files.fixed, plan.rubric, known)
    elif plan.rubric is not None and plan.rubric.fixed_items:
        names = ", ".join(item.id for item in plan.rubric.fixed_items)
        raise InputError(
            f"the rubric has fixed items ({names}), which the secretariat enters once per application; add --fixed FILE"
        )
    contest = Contest(plan, tuple(scores.sheets), fixed, columns, lots)
    try:
        ranking = contest.ranked(official=official)
    except RankingError as error:
        place = {"missing-fixed": files.fixed, "unknown-application": files.fixed, "unknown-entry": files.fixed}
        place |= {"tie-value-missing": files.applications, "lot-twice": files.lots or files.applications}
        raise InputError(
            f"{place.get(caution.code) or files.scores}: {caution.message}" for caution in error.cautions
        ) from None
    return Ranked(contest, ranking, (*warnings, *(caution.message for caution in ranking.cautions)))


def document_of(ranking: Ranking, *, declared: bool = True) -> dict[str, object]:
    """The JSON document. `declared`: the plan was given and is not the default."""
    plan = ranking.plan
    document: dict[str, object] = {
        "status": "needs-lot" if ranking.needs_lot else "ok",
        "method": ranking.method.value,
        "plan": {"id": plan.id, "version": plan.version, "sha256": plan.seal()} if declared else None,
        "applications": [_standing(standing) for standing in ranking.standings],
        "needs_lot": [list(group) for group in ranking.needs_lot],
    }
    if ranking.severity:
        document["evaluators"] = [
            {"evaluator": evaluator, "severity": severity} for evaluator, severity in ranking.severity.items()
        ]
    return document


def _standing(standing: Standing) -> Mapping[str, object]:
    return {
        "application": standing.application,
        "rank": standing.rank,
        "passed": standing.passed,
        "mean": standing.mean,
        "base": standing.base,
        "final": standing.final,
        "fixed": standing.fixed,
        "bonus": standing.bonus,
        "penalty": standing.penalty,
        "failed": [{"cut": f.cut, "value": f.value, "threshold": f.threshold} for f in standing.failed],
        "dropped": _dropped(standing),
        "fallback": standing.fallback.value if standing.fallback else None,
        "tie": _tie(standing.tie) if standing.tie else None,
        "criteria": [_criterion(criterion) for criterion in standing.criteria],
        "scores": [_sheet(sheet) for sheet in standing.sheets],
        "valid": standing.valid_sheets,
        "missing": _evaluators(standing, SheetState.MISSING),
        "recused": _evaluators(standing, SheetState.RECUSED),
    }


def _dropped(standing: Standing) -> list[Mapping[str, object]]:
    by_sheet: list[Mapping[str, object]] = [
        {"evaluator": sheet.evaluator, "score": sheet.value, "why": sheet.dropped} for sheet in standing.dropped
    ]
    by_criterion = [
        {"evaluator": evaluator, "criterion": criterion.id, "why": why}
        for criterion in standing.criteria
        for evaluator, why in criterion.dropped
    ]
    return by_sheet + by_criterion


def _tie(tie: Tie) -> Mapping[str, object]:
    return {
        "key": tie.key,
        "with": list(tie.others),
        "unresolved": list(tie.unresolved),
        "waits_for_lot": tie.waits_for_lot,
        "steps": [
            {"key": step.key, "figure": step.figure, "value": step.value, "among": list(step.among)}
            for step in tie.steps
        ],
    }


def _criterion(criterion: CriterionFigure) -> Mapping[str, object]:
    return {
        "criterion": criterion.id,
        "mean": criterion.mean,
        "fixed": criterion.fixed,
        "value": criterion.figure,
        "threshold": criterion.threshold,
        "passed": criterion.passed,
    }


def _sheet(sheet: SheetFigure) -> Mapping[str, object]:
    return {
        "evaluator": sheet.evaluator,
        "state": sheet.state.value,
        "total": sheet.total,
        "value": sheet.value,
        "dropped": sheet.dropped,
    }


def _evaluators(standing: Standing, state: SheetState) -> list[str]:
    return [sheet.evaluator for sheet in standing.sheets if sheet.state is state]


HEADER = (
    "rank",
    "application",
    "mean",
    "base",
    "final",
    "passed",
    "valid",
    "missing",
    "recused",
    "dropped",
    "tie",
    "failed",
)


def answer_of(result: Ranked, *, declared: bool) -> Answer:
    ranking = result.ranking
    below = "<" if ranking.plan.cut.inclusive else "<="
    rows = [_row(standing, below=below) for standing in ranking.standings]
    sheets = [
        Sheet("ranking", HEADER, rows),
        Sheet("scores", SCORES_HEADER, list(_score_rows(ranking)), detail=True),
    ]
    if ranking.plan.rubric is not None:
        sheets.append(Sheet("criteria", CRITERIA_HEADER, list(_criterion_rows(ranking)), detail=True))
    return Answer(document_of(ranking, declared=declared), sheets, result.warnings, tuple(_remarks(ranking)))


def _row(standing: Standing, *, below: str) -> list[Cell]:
    return [
        standing.rank,
        standing.application,
        standing.mean,
        standing.base,
        standing.final,
        standing.passed,
        standing.valid_sheets,
        ", ".join(_evaluators(standing, SheetState.MISSING)),
        ", ".join(_evaluators(standing, SheetState.RECUSED)),
        _dropped_in_words(standing),
        _tie_in_words(standing.tie) if standing.tie else "",
        "; ".join(_failure_in_words(failure, below) for failure in standing.failed),
    ]


def _failure_in_words(failure: Failure, below: str) -> str:
    if failure.cut == "sheets":
        return "no valid sheet"
    return f"{failure.cut} {format_figure(failure.value)} {below} {format_figure(failure.threshold)}"


def _dropped_in_words(standing: Standing) -> str:
    by_sheet = [f"{sheet.evaluator} {sheet.dropped}" for sheet in standing.dropped]
    by_criterion = [
        f"{criterion.id}: {evaluator} {why}" for criterion in standing.criteria for evaluator, why in criterion.dropped
    ]
    return ", ".join(by_sheet + by_criterion)


def _tie_in_words(tie: Tie) -> str:
    if tie.waits_for_lot:
        return f"with {', '.join(tie.unresolved)}: waits for a lot"
    if tie.unresolved:
        return f"with {', '.join(tie.unresolved)}: no key splits them"
    return f"with {', '.join(tie.others)}: by {tie.key}"


SCORES_HEADER = ("application", "evaluator", "state", "total", "value", "dropped")


def _score_rows(ranking: Ranking) -> Iterator[Sequence[Cell]]:
    for standing in ranking.standings:
        for sheet in standing.sheets:
            yield standing.application, sheet.evaluator, sheet.state.value, sheet.total, sheet.value, sheet.dropped


CRITERIA_HEADER = ("application", "criterion", "mean", "fixed", "value", "threshold", "passed")


def _criterion_rows(ranking: Ranking) -> Iterator[Sequence[Cell]]:
    for standing in ranking.standings:
        for c in standing.criteria:
            yield standing.application, c.id, c.mean, c.fixed, c.figure, c.threshold, c.passed


def _remarks(ranking: Ranking) -> Iterator[str]:
    plan = ranking.plan
    passed = sum(standing.passed for standing in ranking.standings)
    yield f"신청 {len(ranking.standings)}건 중 {passed}건 통과; {_method_in_korean(plan.aggregate)}"
    yield f"{counted(len(ranking.standings), 'application')}, {passed} passed; {_method_in_words(plan.aggregate)}"
    for group in ranking.needs_lot:
        names = ", ".join(group)
        yield f"needs a lot: {names} are equal by every key; draw, and give the numbers with --lots (application,lot)"
        yield f"추첨 필요: {names} 동점. 추첨 후 --lots 파일(application,lot)에 번호를 적어 다시 실행"
    if ranking.severity:
        strict = ", ".join(
            f"{evaluator} {format_fixed(value, 2)}" for evaluator, value in list(ranking.severity.items())[:20]
        )
        strict += " …" if len(ranking.severity) > 20 else ""
        yield f"위원별 엄격도(점, 양수는 엄격): {strict}"
        yield f"severity in points (positive = strict): {strict}"


def _method_in_words(rule: AggregateRule) -> str:
    if rule.method is not Method.TRIMMED_MEAN:
        return f"method {rule.method.value}"
    doubled = f", twice as many from {rule.double_trim_from} up" if rule.double_trim_from else ""
    by = "of each criterion" if rule.scope is Scope.CRITERION else "of the sheet totals"
    return f"trimmed mean {by}: {rule.drop_high} highest and {rule.drop_low} lowest dropped from {rule.min_sheets_to_trim} sheets up{doubled}"


_METHODS = {
    Method.MEAN: "산술평균",
    Method.MEDIAN: "중앙값",
    Method.Z: "위원별 표준점수(Z)의 평균",
    Method.T_SCORE: "위원별 표준점수(T)의 평균",
    Method.LEAST_SQUARES: "위원별 엄격도를 보정한 평균(최소제곱)",
}


def _method_in_korean(rule: AggregateRule) -> str:
    if rule.method is not Method.TRIMMED_MEAN:
        return _METHODS[rule.method]
    doubled = f", {rule.double_trim_from}개 이상이면 두 배 제외" if rule.double_trim_from else ""
    by = "항목별" if rule.scope is Scope.CRITERION else "평가표 총점"
    return f"{by} 최고 {rule.drop_high}개·최저 {rule.drop_low}개 제외 평균(평가표 {rule.min_sheets_to_trim}개 이상일 때{doubled})"
