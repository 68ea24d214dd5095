"""The secretariat's pages before the opening: progress by states, reminders, fixed points, reopening; and sheets read after it."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

from flask import flash, redirect, render_template, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_babel import ngettext

from evalcomm.applications.models import Application
from evalcomm.applications.queries import get_application
from evalcomm.audit.services import log_access
from evalcomm.committee.policies import may_create_committee
from evalcomm.engine.rubric import Rubric
from evalcomm.foundation.errors import DomainError
from evalcomm.programs.models import Call, PhaseKind
from evalcomm.programs.queries import get_call, phase_of
from evalcomm.scoring import forms, policies, queries, services
from evalcomm.scoring.queries import Desk
from evalcomm.scoring.routes import table_views, views
from evalcomm.scoring.routes.blueprint import blueprint
from evalcomm.scoring.sheet import Draft
from evalcomm.web import words
from evalcomm.web.access import commits, current_actor, may, received_at, requires
from evalcomm.web.telling import tell


@blueprint.get("/scoring/progress")
@requires(policies.may_follow_progress)
def progress_index() -> ResponseReturnValue:
    return render_template("scoring/progress_index.html", tracks=queries.tracks_in_scoring())


@blueprint.get("/calls/<int:call_id>/scoring")
@requires(policies.may_see_progress, load=get_call)
def progress(call: Call) -> ResponseReturnValue:
    return render_template(
        "scoring/progress.html",
        call=call,
        phase=phase_of(call, PhaseKind.SCORING),
        tracks=[_track(one) for one in queries.benches_of_call(call.id)],
        reminds=may(policies.may_remind, call),
        makes_committees=may(may_create_committee, call),
    )


def _track(bench: queries.Bench) -> dict[str, Any]:
    found = queries.progress_of(bench)
    items = queries.rubric_of(queries.plan_of(bench.track)).fixed_items
    entered = queries.fixed_points([one.id for one in found.applications]) if items else {}
    return {
        "progress": found,
        "fixed": len(items) * len(found.applications),
        "empty": [one.id for one in found.applications for item in items if (one.id, item.id) not in entered],
        "opening": queries.opening_of(bench.track.id, bench.round.id),
        "table": queries.score_table(bench.track.id, bench.round.id),
        "matrix": table_views.matrix_of(found, reopens=may(policies.may_reopen_sheets_of, bench).allowed),
        "columns": table_views.columns_of(found),
    }


@blueprint.post("/calls/<int:call_id>/scoring/reminders")
@commits
@requires(policies.may_remind, load=get_call)
def remind(call: Call) -> ResponseReturnValue:
    count = services.remind(call=call, actor=current_actor(), at=received_at())
    if count:
        flash(
            ngettext(
                "위원 %(num)s명에게 알렸습니다. 같은 날 다시 눌러도 한 번만 보냅니다.",
                "위원 %(num)s명에게 알렸습니다. 같은 날 다시 눌러도 한 번만 보냅니다.",
                count,
            ),
            "success",
        )
    else:
        flash(_("알릴 위원이 없습니다. 모든 평가표가 제출되었습니다."))
    return redirect(url_for("scoring.progress", call_id=call.id))


# 재작성 허용


@blueprint.get("/scoring/sheets/<int:sheet_id>/reopening")
@requires(policies.may_reopen_sheet, load=queries.get_desk)
def reopening(desk: Desk) -> ResponseReturnValue:
    return render_template("scoring/reopening.html", desk=desk, form=forms.ReopenForm())


@blueprint.post("/scoring/sheets/<int:sheet_id>/reopening")
@commits
@requires(policies.may_reopen_sheet, load=queries.get_desk)
def reopen(desk: Desk) -> ResponseReturnValue:
    form, status = forms.ReopenForm(), 422
    if form.validate():
        try:
            services.reopen_sheet(desk=desk, reason=form.reason.data, actor=current_actor(), at=received_at())
        except DomainError as error:
            status = tell(form, error)
        else:
            flash(_("재작성을 허용하고 위원에게 알렸습니다."), "success")
            return redirect(url_for("scoring.progress", call_id=desk.call_id))
    return render_template("scoring/reopening.html", desk=desk, form=form), status


# 정량·가점·감점


@blueprint.get("/scoring/applications/<int:application_id>/fixed-points")
@requires(policies.may_see_fixed_points, load=get_application)
def fixed_points(application: Application) -> ResponseReturnValue:
    rubric = queries.rubric_of(queries.plan_of(application.track))
    known = queries.fixed_points([application.id])
    values = {
        item: (Decimal(entry.points.numerator) / entry.points.denominator, entry.evidence)
        for (_id, item), entry in known.items()
    }
    return _fixed_page(application, rubric, forms.fixed_form(rubric, values))


@blueprint.post("/scoring/applications/<int:application_id>/fixed-points")
@commits
@requires(policies.may_enter_fixed_points, load=get_application)
def enter_fixed_points(application: Application) -> ResponseReturnValue:
    rubric = queries.rubric_of(queries.plan_of(application.track))
    form, status = forms.fixed_form(rubric, {}), 422
    ready, entries = form.validate(), _entries(form, rubric)
    try:
        if ready:
            made = services.enter_fixed_points(
                application=application, entries=entries, actor=current_actor(), at=received_at()
            )
            flash(_("저장하였습니다.") if made else _("바뀐 내용이 없습니다."), "success" if made else "info")
            return redirect(url_for("scoring.fixed_points", application_id=application.id))
        services.refuse_off_scale(rubric=rubric, points={item: entry.points for item, entry in entries.items()})
    except DomainError as error:
        status = tell(form, error)
    return _fixed_page(application, rubric, form), status


def _entries(form: Any, rubric: Rubric) -> dict[str, services.Entry]:
    """What was filled in and can be read."""
    return {
        item: services.Entry(form[f"points-{item}"].data, (form[f"evidence-{item}"].data or "").strip())
        for item in _items(rubric)
        if form[f"points-{item}"].data is not None
    }


def _items(rubric: Rubric) -> dict[str, str]:
    """Id → title of what the secretariat enters."""
    fixed = {item.id: item.title for item in rubric.fixed_items}
    return fixed | {adjustment.id: adjustment.title for adjustment in rubric.adjustments}


def _fixed_page(application: Application, rubric: Rubric, form: Any) -> str:
    verdict = may(policies.may_enter_fixed_points, application)
    return render_template(
        "scoring/fixed_points.html",
        application=application,
        rubric=rubric,
        form=form,
        asked=table_views.asked_of(rubric, form),
        history=queries.history_of_fixed_points(application.id),
        titles=_items(rubric),
        verdict=verdict,
        why_not=words.explain(verdict) if not verdict.allowed else "",
    )


# A sheet, read after the opening


@blueprint.get("/scoring/sheets/<int:sheet_id>/read")
@requires(policies.may_see_sheet_figures, load=queries.get_desk)
def read_sheet(desk: Desk) -> ResponseReturnValue:
    assert desk.sheet is not None
    version = queries.submitted_version(queries.get_sheet(desk.sheet.id))
    draft = Draft.of_json(version.content["draft"]) if version is not None else desk.sheet.draft
    bench = queries.get_bench(desk.track_id, desk.round_id)
    page = render_template(
        "scoring/read_sheet.html",
        desk=desk,
        version=version,
        draft=draft,
        criteria=views.filled_in(desk.rubric, draft),
        tally=draft.tally(desk.rubric),
        table_url=url_for("scoring.score_table", track_id=desk.track_id, round_id=desk.round_id)
        if may(policies.may_see_table, bench).allowed
        else None,
    )
    log_access(
        action="scoring.read_sheet",
        subject_type="score_sheet",
        subject_id=desk.sheet.id,
        actor=current_actor(),
        at=received_at(),
    )
    return page
