"""`rank`: figures, cuts, ranks and ties of all applications under a plan."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Mapping

from evalcomm.engine.exact import format_figure
from evalcomm.engine.plan import Method, Plan
from evalcomm.engine.ranking.averaging import average
from evalcomm.engine.ranking.collecting import collect, collect_additions
from evalcomm.engine.ranking.judging import Judge, Judged, full_total
from evalcomm.engine.ranking.ties import Columns, place
from evalcomm.engine.ranking.values import Caution, Number, Ranking, RankingError, Sheet


def rank(
    *,
    plan: Plan,
    scores: Iterable[Sheet],
    fixed: Mapping[str, Mapping[str, Number]] | None = None,
    applications: Columns | None = None,
    lots: Mapping[str, int] | None = None,
    official: bool = False,
    resolved: Collection[str] = (),
) -> Ranking:
    """Ranks the applications (see the package's docstring). Raises RankingError with every reason at once.

    applications: by id, the columns that tie keys read; an application listed here and scored by nobody appears with no figures.
    resolved: applications that the committee lets stand with fewer valid sheets than `plan.committee.min_valid_sheets`.
    """
    table = collect(plan, scores, listed=applications or (), official=official)
    ids = [panel.application for panel in table.panels]
    additions = collect_additions(plan, fixed or {}, ids)
    judge = Judge(plan)
    averages = average(plan, table, official=official, items=judge.items_to_average)
    judged = [
        judge.judge(panel, averaged, additions[panel.application])
        for panel, averaged in zip(table.panels, averages.panels, strict=True)
    ]
    cautions = [*table.cautions, *averages.cautions, *_about_plan(plan)]
    notes = [note for one in judged for note in _about_sheets(plan, one, resolved)]
    if not official:
        cautions.extend(notes)
    if applications is not None:
        unlisted = [application for application in ids if application not in applications]
        cautions.extend(
            Caution("not-listed", a, "", f"{a} has scores, but is not among the applications") for a in unlisted
        )
    places, needs_lot, problems = place(
        [one for one in judged if not one.failed], plan=plan, columns=applications or {}, lots=lots or {}
    )
    if problems or (official and notes):
        raise RankingError([*problems, *(notes if official else ())])
    by_id = {one.application: one for one in judged}
    standings = [by_id[found.application].standing(found.rank, found.tie) for found in places]
    standings.extend(one.standing(None, None) for one in judged if one.failed)
    return Ranking(
        plan=plan,
        method=plan.aggregate.method,
        standings=tuple(standings),
        cautions=tuple(sorted(set(cautions))),
        needs_lot=tuple(needs_lot),
        severity=averages.severity,
    )


def _about_plan(plan: Plan) -> Iterator[Caution]:
    if plan.aggregate.method.standardises and plan.cut.total_ratio is not None:
        threshold = format_figure(plan.cut.total_ratio * full_total(plan))
        message = (
            f"the cut at {threshold} points is compared with {plan.aggregate.method.value} values, which are no points"
        )
        yield Caution("cut-on-standard-scores", "", "", message)
    if plan.aggregate.method is Method.TRIMMED_MEAN and plan.aggregate.drop_high + plan.aggregate.drop_low == 0:
        yield Caution("no-drop", "", "", "the trimmed mean drops no sheet")


def _about_sheets(plan: Plan, judged: Judged, resolved: Collection[str]) -> Iterator[Caution]:
    application, valid = judged.application, len(judged.panel.scored)
    if not valid:
        yield Caution(
            "no-sheets", application, "", f"{application} has no valid sheet, so it has no figure and no rank"
        )
    elif valid < plan.committee.min_valid_sheets and application not in resolved:
        message = (
            f"{application} has {valid} valid sheet{'s' * (valid != 1)}, fewer than the plan's {plan.committee.min_valid_sheets}; "
            f"the plan says: {plan.committee.below_min.value}"
        )
        yield Caution("too-few-sheets", application, "", message)
