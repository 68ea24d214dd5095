"""점수 개봉: the page on which one person asks and another confirms."""

from __future__ import annotations

from flask import flash, redirect, render_template, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from evalcomm.foundation.errors import Conflict, StaleVersion
from evalcomm.foundation.verdict import Verdict
from evalcomm.scoring import forms, policies, queries, services
from evalcomm.scoring.box import Box
from evalcomm.scoring.queries import Bench
from evalcomm.scoring.routes.blueprint import blueprint
from evalcomm.web import words
from evalcomm.web.access import commits, current_actor, may, received_at, requires


@blueprint.get("/tracks/<int:track_id>/rounds/<int:round_id>/opening")
@requires(policies.may_see_opening, load=queries.get_bench)
def opening(bench: Bench) -> ResponseReturnValue:
    at = received_at()
    opened = queries.opening_of(bench.track.id, bench.round.id)
    box = queries.assemble_box(bench) if opened is None else None
    waiting = queries.waiting_request(bench.track.id, bench.round.id, at) if opened is None else None
    standing = services.obstacle(bench, box, at) if box is not None else None
    return render_template(
        "scoring/opening.html",
        bench=bench,
        opened=opened,
        box=box,
        request_=waiting,
        is_same_box=waiting is not None and box is not None and waiting.sha256 == box.sha256,
        form=forms.BoxForm(formdata=None, sha256=box.sha256 if box is not None else ""),
        asks=may(policies.may_request_opening, bench),
        confirms=may(policies.may_confirm_opening, bench),
        standing=standing,
        remedy=_remedy(bench, box, standing) if box is not None and standing is not None else None,
        explain=words.explain,
        lasts=queries.REQUEST_LASTS,
    )


def _remedy(bench: Bench, box: Box, standing: Verdict) -> tuple[str, str] | None:
    """What the secretariat does about what stands in the way, and where; straight at the first empty place."""
    if standing.allowed or not may(policies.may_run_scoring):
        return None
    if standing.code == "opening_without_fixed_points":
        application, item = queries.missing_fixed_points(bench, box)[0]
        page = url_for("scoring.fixed_points", application_id=application.id, _anchor=f"points-{item.id}")
        return _("%(number)s 입력하기", number=application.number), page
    if standing.code == "opening_with_unscreened":
        application = queries.unscreened(box)[0]
        page = url_for("applications.application", application_id=application.id)
        return _("%(number)s 요건검토하기", number=application.number), page
    if standing.code == "opening_with_pending_conflicts":
        return _("위원회에서 결정하기"), url_for("committee.show", committee_id=bench.panel.id)
    if standing.code == "opening_with_sheets_outstanding":
        return _("평가 진행 보기"), url_for("scoring.progress", call_id=bench.call_id)
    return None


@blueprint.post("/tracks/<int:track_id>/rounds/<int:round_id>/opening")
@commits
@requires(policies.may_request_opening, load=queries.get_bench)
def request_opening(bench: Bench) -> ResponseReturnValue:
    try:
        services.request_opening(bench=bench, actor=current_actor(), at=received_at())
    except Conflict as error:
        flash(words.explain(error), "danger")
    else:
        flash(_("개봉을 요청하고 입회할 수 있는 사람에게 알렸습니다. 다른 계정이 확인해야 개봉됩니다."), "success")
    return _back(bench)


@blueprint.post("/tracks/<int:track_id>/rounds/<int:round_id>/opening/confirmation")
@commits
@requires(policies.may_confirm_opening, load=queries.get_bench)
def confirm_opening(bench: Bench) -> ResponseReturnValue:
    form = forms.BoxForm()
    try:
        services.confirm_opening(bench=bench, sha256=form.sha256.data, actor=current_actor(), at=received_at())
    except (StaleVersion, Conflict) as error:
        flash(words.explain(error), "danger")
        return _back(bench)
    flash(_("점수를 개봉하였습니다."), "success")
    return redirect(url_for("scoring.score_table", track_id=bench.track.id, round_id=bench.round.id))


def _back(bench: Bench) -> ResponseReturnValue:
    return redirect(url_for("scoring.opening", track_id=bench.track.id, round_id=bench.round.id))
