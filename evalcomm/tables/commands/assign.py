"""`evalcomm assign`: who evaluates what, proved best, or why nobody can be found."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from fractions import Fraction

import click

from evalcomm.engine.assign import Assignment, Changes, Impossible, Objective, Pair, Request, Statement, assign, changes
from evalcomm.engine.exact import format_figure
from evalcomm.tables.answering import file_command
from evalcomm.tables.assigning import PairFiles, read_request
from evalcomm.tables.options import PerApplication
from evalcomm.tables.writing import Answer, Cell, Sheet


@click.command("assign")
@click.argument("applications", metavar="APPLICATIONS")
@click.argument("evaluators", metavar="EVALUATORS")
@click.option(
    "--per-application", type=PerApplication(), required=True, help="Evaluators for each application, or all who may."
)
@click.option("--conflicts", metavar="FILE", help="Pairs that may not be: application,evaluator[,reason].")
@click.option("--affinity", metavar="FILE", help="How well they match: application,evaluator,affinity. [default: 0]")
@click.option("--fixed", metavar="FILE", help="Pairs that must be: application,evaluator.")
@click.option(
    "--standing",
    metavar="FILE",
    help="Pairs that stand now: keep what can be kept among equals, and show what would be added and removed.",
)
@click.option(
    "--objective",
    type=click.Choice([objective.value for objective in Objective]),
    default=Objective.WORST_THEN_TOTAL.value,
    show_default=True,
    help="The worst application first and then the sum of affinities, or the sum alone.",
)
@click.option(
    "--colleagues",
    type=click.Choice(["apart", "together"]),
    default="apart",
    show_default=True,
    help="May two evaluators of one organisation meet on an application?",
)
@file_command
def command(
    *,
    applications: str,
    evaluators: str,
    per_application: int,
    conflicts: str | None,
    affinity: str | None,
    fixed: str | None,
    standing: str | None,
    objective: str,
    colleagues: str,
) -> Answer:
    """Assign evaluators to applications (CSV or XLSX): nobody with a conflict, loads even, proved best.

    Whoever belongs to the organisation of the applicant is left out. Without max_load the load is the smallest even one.
    """
    asked = read_request(
        applications,
        evaluators,
        PairFiles(conflicts, affinity, fixed, standing),
        per_application=per_application or None,
        objective=Objective(objective),
        apart=colleagues == "apart",
    )
    found = assign(asked.request)
    if isinstance(found, Impossible):
        return Answer(_refused(asked.request, found), [_lacks(found)], warnings=asked.warnings, remarks=_reasons(found))
    changed = None if asked.standing is None else changes(found, asked.standing)
    return Answer(
        document_of(asked.request, found, changed),
        _sheets(asked.request, found, changed),
        warnings=asked.warnings,
        remarks=_remarks(asked.request, found, changed),
    )


def document_of(request: Request, found: Assignment, changed: Changes | None = None) -> dict[str, object]:
    """The JSON document, as open-formats decides."""
    document = {
        **_head("ok", request),
        "assignments": [{"application": a, "evaluator": e, "affinity": figure} for a, e, figure in found.pairs],
        "loads": dict(found.loads),
        "worst": {"application": found.worst[0], "affinity": found.worst[1]},
        "total": found.total,
        "proved": found.proved,
        "bounds": {"worst": found.worst_bound, "total": found.total_bound},
        "greatest_total": found.greatest_total,
        "prices": found.prices,
        "even_load": found.even_load,
        "excluded": _excluded(found),
    }
    if changed is not None:
        document["changes"] = {
            "added": _pairs(changed.added),
            "removed": _pairs(changed.removed),
            "kept": _pairs(changed.kept),
        }
    return document


def _head(status: str, request: Request) -> dict[str, object]:
    return {
        "status": status,
        "objective": request.objective.value,
        "per_application": request.per_application or "all",
    }


def _refused(request: Request, found: Impossible) -> dict[str, object]:
    return {
        **_head("infeasible", request),
        "assignments": [],
        "lacks": {
            "applications": [
                {"application": one.id, "wanted": one.wanted, "found": one.found, "lacks": one.lacks}
                for one in found.applications
            ],
            "evaluators": [
                {"evaluator": one.id, "wanted": one.wanted, "found": one.found, "lacks": one.lacks}
                for one in found.evaluators
            ],
        },
        "reasons": [_said(reason) for reason in found.reasons],
        "excluded": _excluded(found),
    }


def _said(reason: Statement) -> dict[str, object]:
    return {"code": reason.code, **reason.facts, "ko": reason.ko, "en": reason.en}


def _excluded(found: Assignment | Impossible) -> dict[str, int]:
    return {"declared": found.excluded.declared, "own_organisation": found.excluded.own_organisation}


def _pairs(pairs: Sequence[Pair]) -> list[Mapping[str, str]]:
    return [{"application": a, "evaluator": e} for a, e in pairs]


def _sheets(request: Request, found: Assignment, changed: Changes | None) -> list[Sheet]:
    """CSV and workbooks begin with the pairs, which can be given back as --fixed or --standing; a terminal shows teams."""
    team: dict[str, list[str]] = {}
    sums: dict[str, Fraction] = {}
    for application, evaluator, figure in found.pairs:
        team.setdefault(application, []).append(evaluator)
        sums[application] = sums.get(application, Fraction(0)) + figure
    people: list[list[Cell]] = [
        [
            e.id,
            e.organisation,
            found.loads[e.id],
            e.min_load,
            found.even_load if e.max_load is None else e.max_load,
            None if found.prices is None else found.prices[e.id],
        ]
        for e in sorted(request.evaluators, key=lambda e: e.id)
    ]
    sheets = [
        Sheet("assignment", ("application", "evaluator", "affinity"), found.pairs, detail=True),
        Sheet(
            "applications",
            ("application", "evaluators", "affinity"),
            [[application, ", ".join(names), sums[application]] for application, names in team.items()],
        ),
        Sheet("evaluators", ("evaluator", "organisation", "load", "min_load", "max_load", "price"), people),
    ]
    if changed is not None:
        rows = [(*pair, "added") for pair in changed.added] + [(*pair, "removed") for pair in changed.removed]
        sheets.append(Sheet("changes", ("application", "evaluator", "change"), sorted(rows)))
    return sheets


def _lacks(found: Impossible) -> Sheet:
    rows: list[list[Cell]] = [
        [kind, one.id, one.wanted, one.found, one.lacks]
        for kind, some in (("application", found.applications), ("evaluator", found.evaluators))
        for one in some
    ]
    return Sheet("lacks", ("kind", "id", "wanted", "found", "lacks"), rows)


def _remarks(request: Request, found: Assignment, changed: Changes | None) -> list[str]:
    pairs, applications = len(found.pairs), len(request.applications)
    fewest, most = min(found.loads.values()), max(found.loads.values())
    worst, figure, total = found.worst[0], format_figure(found.worst[1]), format_figure(found.total)
    remarks = [
        f"신청 {applications}건에 모두 {pairs}자리 배정, 위원별 담당 건수 {fewest}~{most}건",
        f"{pairs} places for {applications} applications; loads from {fewest} to {most}",
        f"적합도 합이 가장 작은 신청 {worst}: {figure}, 전체 합 {total}: {_proof(found)[0]}",
        f"least sum of affinities {figure} (application {worst}), total {total}: {_proof(found)[1]}",
    ]
    if found.greatest_total != found.total:
        alone, cost = format_figure(found.greatest_total), format_figure(found.greatest_total - found.total)
        remarks += [
            f"전체 합만 보면 {alone}까지 가능: 가장 불리한 신청을 먼저 살핀 차이 {cost}(--objective total과 비교)",
            f"the total alone could be {alone}: putting the worst application first costs {cost} (compare --objective total)",
        ]
    if found.even_load is not None:
        remarks += [
            f"최대 담당 건수를 적지 않은 위원은 {found.even_load}건까지 배정",
            f"evaluators without a max_load take up to {found.even_load}",
        ]
    out = found.excluded
    if out.declared or out.own_organisation:
        remarks += [
            f"배정하지 않은 조합: 이해충돌 {out.declared}, 신청기관 소속 위원 {out.own_organisation}",
            f"pairs left out: {out.declared} declared, {out.own_organisation} of the applicant's own organisation",
        ]
    if changed is not None:
        added, removed, kept = len(changed.added), len(changed.removed), len(changed.kept)
        remarks += [
            f"기존 배정과 비교: 추가 {added}, 제외 {removed}, 유지 {kept}",
            f"against the standing pairs: {added} added, {removed} removed, {kept} kept",
        ]
    return remarks


def _proof(found: Assignment) -> tuple[str, str]:
    if found.proved:
        return "최적임을 확인", "proved optimal"
    worst = format_figure(found.worst[1] if found.worst_bound is None else found.worst_bound)
    total = format_figure(found.total_bound)
    return (
        f"최적임을 확인하지 못함(가장 작은 합은 {worst} 이하, 전체 합은 {total} 이하)",
        f"not proved optimal (no least sum is above {worst}, no total above {total})",
    )


def _reasons(found: Impossible) -> list[str]:
    missing = sum(one.lacks for one in found.applications)
    idle = sum(one.lacks for one in found.evaluators)
    ko = [f"신청에 {missing}자리 부족"] * bool(missing) + [f"위원의 최소 담당 건수에 {idle}건 부족"] * bool(idle)
    en = [f"applications lack {missing} places"] * bool(missing) + [f"evaluators lack {idle} applications"] * bool(idle)
    remarks = (
        [f"배정할 수 없음: {', '.join(ko)}", f"impossible: {', '.join(en)}"] if ko else ["배정할 수 없음", "impossible"]
    )
    for reason in found.reasons:
        remarks += [reason.ko, reason.en]
    return remarks
