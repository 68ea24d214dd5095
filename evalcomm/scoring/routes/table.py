"""종합집계표: read, sign, close. What a person may not see of it is masked, never left out."""

from __future__ import annotations

from typing import Any

from flask import flash, redirect, render_template, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_babel import ngettext

from evalcomm.committee import queries as committee
from evalcomm.documents.queries import papers_of
from evalcomm.engine.plan import BelowMin
from evalcomm.foundation.errors import Conflict, DomainError, Invalid, StaleVersion
from evalcomm.scoring import forms, papers, policies, queries, services
from evalcomm.scoring.queries import Bench
from evalcomm.scoring.routes import table_views, views
from evalcomm.scoring.routes.blueprint import blueprint
from evalcomm.web import words
from evalcomm.web.access import commits, current_actor, may, received_at, requires

AT = "/tracks/<int:track_id>/rounds/<int:round_id>/score-table"


@blueprint.get(AT)
@requires(policies.may_see_table, load=queries.get_bench)
def score_table(bench: Bench) -> ResponseReturnValue:
    return _page(bench)


def _page(bench: Bench) -> str:
    table = queries.opened_table(bench)
    sight = policies.sight_of(current_actor(), bench, received_at())
    members = committee.members(bench.panel.id, with_dismissed=True)
    closed = queries.score_table(bench.track.id, bench.round.id)
    shown = table_views.shown_table(table, sight)
    return render_template(
        "scoring/score_table.html",
        bench=bench,
        table=table,
        shown=shown,
        sight=sight,
        members=members,
        signed=queries.signatures(bench.track.id, bench.round.id, table.sha256),
        closed=closed,
        papers=papers_of("score_table", closed.id) if closed is not None and sight.seat is None else [],
        digits=table_views.digits_of(queries.plan_of(bench.track)),
        method=papers.method_in_words(queries.plan_of(bench.track)),
        ties=papers.ties_in_words(table, queries.plan_of(bench.track)) if sight.ranks().allowed else [],
        form=forms.BoxForm(formdata=None, sha256=table.sha256),
        signs=may(policies.may_sign_table, bench),
        closes=may(policies.may_close_table, bench),
        discloses=may(policies.may_issue_disclosable, bench),
    )


@blueprint.post(AT + "/signature")
@commits
@requires(policies.may_sign_table, load=queries.get_bench)
def sign_table(bench: Bench) -> ResponseReturnValue:
    form = forms.BoxForm()
    try:
        services.sign_table(bench=bench, sha256=form.sha256.data, actor=current_actor(), at=received_at())
    except StaleVersion as error:
        flash(words.explain(error), "danger")
    else:
        flash(_("종합집계표에 서명하였습니다."), "success")
    return _back(bench)


@blueprint.get(AT + "/closing")
@requires(policies.may_close_table, load=queries.get_bench)
def closing(bench: Bench) -> ResponseReturnValue:
    return _closing_page(bench, _close_form(bench))


@blueprint.post(AT + "/closing")
@commits
@requires(policies.may_close_table, load=queries.get_bench)
def close_table(bench: Bench) -> ResponseReturnValue:
    form = _close_form(bench)
    if not form.validate():
        return _closing_page(bench, form), 422
    try:
        services.close_table(
            bench=bench,
            remark=form.remark.data,
            absent=forms.reasons(form, "absent-"),
            resolved=forms.reasons(form, "resolved-"),
            sha256=form.sha256.data,
            actor=current_actor(),
            at=received_at(),
        )
    except (Invalid, Conflict) as error:
        _complain(form, error)
        return _closing_page(bench, form), error.status
    flash(_("종합집계표를 확정하였습니다. 개별 평가표와 종합집계표를 발행하고 있습니다."), "success")
    return _back(bench)


def _complain(form: Any, error: DomainError) -> None:
    if isinstance(error, Invalid):
        views.show_errors(form, error)
    else:
        form.form_errors = [*form.form_errors, words.explain(error)]


def _close_form(bench: Bench) -> Any:
    table = queries.opened_table(bench)
    plan = queries.plan_of(bench.track)
    signed = queries.signatures(bench.track.id, bench.round.id, table.sha256)
    unsigned = [
        (member.id, member.user.name)
        for member in committee.members(bench.panel.id)
        if member.id not in signed and not member.is_chair
    ]
    resolves = plan.committee.below_min is BelowMin.RESOLVE
    least = plan.committee.min_valid_sheets
    few = [
        (row.application, row.number)
        for row in table.rows
        if resolves and 0 < sum(cell.mark == "scored" for cell in row.cells) < least
    ]
    return forms.close_form(unsigned, few, data={"sha256": table.sha256})


def _closing_page(bench: Bench, form: Any) -> str:
    table = queries.opened_table(bench)
    return render_template(
        "scoring/closing.html",
        bench=bench,
        table=table,
        form=form,
        absent=[field for field in form if field.name.startswith("absent-")],
        resolved=[field for field in form if field.name.startswith("resolved-")],
        signed=queries.signatures(bench.track.id, bench.round.id, table.sha256),
        members=committee.members(bench.panel.id),
        quorum=queries.plan_of(bench.track).committee.quorum,
    )


@blueprint.post(AT + "/disclosable-sheets")
@commits
@requires(policies.may_issue_disclosable, load=queries.get_bench)
def issue_disclosable(bench: Bench) -> ResponseReturnValue:
    issued = services.issue_disclosable_sheets(bench=bench, actor=current_actor(), at=received_at())
    flash(
        ngettext(
            "공개용 개별 평가표 %(num)s건을 발행하였습니다.",
            "공개용 개별 평가표 %(num)s건을 발행하였습니다.",
            len(issued),
        ),
        "success",
    )
    return _back(bench)


def _back(bench: Bench) -> ResponseReturnValue:
    return redirect(url_for("scoring.score_table", track_id=bench.track.id, round_id=bench.round.id))
