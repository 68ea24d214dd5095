"""From the closed tables to the announcement, step by step; and the announced result for everyone."""

from flask import Blueprint, flash, redirect, render_template, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l

from evalcomm.applications.outcomes import knows_outcomes
from evalcomm.documents import queries as documents
from evalcomm.foundation.actor import Role
from evalcomm.foundation.errors import DomainError
from evalcomm.programs import links, standing
from evalcomm.programs import queries as programs
from evalcomm.programs.models import Call, Track
from evalcomm.scoring import queries as scoring
from evalcomm.selection import desk, forms, policies, queries, services
from evalcomm.selection.models import AllocationRun
from evalcomm.selection.papers import written_score
from evalcomm.selection.words import STATUSES, TONES
from evalcomm.web import home
from evalcomm.web.access import commits, current_actor, holds, may, received_at, requires
from evalcomm.web.forms import Form
from evalcomm.web.telling import read, tell

blueprint = Blueprint("selection", __name__)


@blueprint.get("/calls/<int:call_id>/selection")
@requires(policies.may_see_selection, load=programs.get_call)
def overview(call: Call) -> ResponseReturnValue:
    return _overview(call)


def _overview(
    call: Call,
    *,
    resolution: forms.ResolutionForm | None = None,
    approval: forms.ApprovalForm | None = None,
    status: int = 200,
) -> ResponseReturnValue:
    run = queries.adopted_run(call.id) or services.newest_run(call.id)
    seats = len(queries.selecting_members(call.id))
    page = render_template(
        "selection/overview.html",
        call=call,
        run=run if run is not None and may(policies.may_see_run, run) else None,
        runs=queries.runs_of(call.id),
        tables=[(track, scoring.closed_table(track)) for track in call.tracks],
        lots=[(track, services.tied_at_line(track)) for track in call.tracks],
        resolution=queries.resolution_of(call.id),
        approval=queries.approval_of(call.id),
        announcement=queries.announcement_of(call.id),
        resolution_form=resolution
        or forms.ResolutionForm(formdata=None, enrolled=seats, present=seats, in_favour=seats, against=0, abstained=0),
        approval_form=approval or forms.ApprovalForm(formdata=None),
        papers=[
            paper
            for kind in ("resolution", "lot_record", "selection_report")
            for paper in documents.papers_of_call(call.id, kind=kind)
        ],
        verdicts={
            "make_run": may(policies.may_make_run, call),
            "adopt": may(policies.may_adopt, run) if run is not None else None,
            "resolve": may(policies.may_resolve, call),
            "approve": may(policies.may_record_approval, call),
            "announce": may(policies.may_announce, call),
        },
        statuses=STATUSES,
        tones=TONES,
        written_score=written_score,
    )
    return page, status


@blueprint.post("/calls/<int:call_id>/runs")
@commits
@requires(policies.may_make_run, load=programs.get_call)
def make_run(call: Call) -> ResponseReturnValue:
    run = services.make_run(call=call, actor=current_actor(), at=received_at())
    if run.needs_lot:
        flash(_("지원 경계에 동점이 있습니다. 추첨 결과를 기록한 뒤 다시 계산해 주십시오."), "warning")
    else:
        flash(_("배분(안)을 계산했습니다."), "success")
    return redirect(url_for("selection.run", run_id=run.id))


@blueprint.get("/runs/<int:run_id>")
@requires(policies.may_see_run, load=queries.get_run)
def run(run: AllocationRun) -> ResponseReturnValue:
    return render_template(
        "selection/run.html",
        run=run,
        call=run.call,
        is_current=services.run_is_current(run),
        may_adopt=may(policies.may_adopt, run),
        lots=[
            track for track in run.call.tracks if may(policies.may_make_run, run.call) and services.tied_at_line(track)
        ],
        statuses=STATUSES,
        tones=TONES,
        written_score=written_score,
    )


@blueprint.post("/runs/<int:run_id>/adopt")
@commits
@requires(policies.may_adopt, load=queries.get_run)
def adopt(run: AllocationRun) -> ResponseReturnValue:
    services.adopt_run(run=run, actor=current_actor(), at=received_at())
    flash(_("배분(안)을 채택했습니다. 이제 이 배분(안)으로만 문서를 만듭니다."), "success")
    return redirect(url_for("selection.overview", call_id=run.call_id))


@blueprint.get("/tracks/<int:track_id>/lot")
@requires(lambda actor, track, at: policies.may_make_run(actor, track.call, at), load=programs.get_track)
def lot(track: Track) -> ResponseReturnValue:
    return _lot_page(track, _lot_form(track, from_request=False))


def _lot_form(track: Track, *, from_request: bool = True) -> Form:
    tied = [
        (application.id, f"{application.number} {application.title}") for application in services.tied_at_line(track)
    ]
    form = forms.lot_form(tied)
    return form() if from_request else form(formdata=None)


def _lot_page(track: Track, form: Form, status: int = 200) -> ResponseReturnValue:
    tied = services.tied_at_line(track)
    return render_template("selection/lot.html", track=track, call=track.call, tied=tied, form=form), status


@blueprint.post("/tracks/<int:track_id>/lot")
@commits
@requires(lambda actor, track, at: policies.may_make_run(actor, track.call, at), load=programs.get_track)
def record_lot(track: Track) -> ResponseReturnValue:
    form = _lot_form(track)
    ready = form.validate()
    tied = [application.id for application in services.tied_at_line(track)]
    numbers = read(form, *(f"lot_{application}" for application in tied))
    try:
        if not ready:
            drawn = {application: numbers[f"lot_{application}"] for application in tied}
            services.refuse_lot(numbers=drawn, drawn_at=read(form, "drawn_at")["drawn_at"], at=received_at())
            return _lot_page(track, form, 422)
        services.record_lot(
            track=track,
            numbers={application: form[f"lot_{application}"].data for application in tied},
            method=form["method"].data,
            drawn_by=form["drawn_by"].data,
            witnesses=form["witnesses"].data.split(","),
            drawn_at=form["drawn_at"].data,
            place=form["place"].data or "",
            actor=current_actor(),
            at=received_at(),
        )
    except DomainError as error:
        return _lot_page(track, form, tell(form, error))
    flash(_("추첨을 기록하고 추첨조서를 만들었습니다. 배분(안)을 다시 계산해 주십시오."), "success")
    return redirect(url_for("selection.overview", call_id=track.call_id))


@blueprint.post("/calls/<int:call_id>/resolution")
@commits
@requires(policies.may_resolve, load=programs.get_call)
def resolve(call: Call) -> ResponseReturnValue:
    form = forms.ResolutionForm()
    ready = form.validate()
    facts = read(form, "resolved_at", "enrolled", "present", "in_favour", "against", "abstained")
    try:
        if not ready:
            services.refuse_resolution(call=call, at=received_at(), **facts)
            return _overview(call, resolution=form, status=422)
        services.record_resolution(
            call=call,
            agenda_number=form.agenda_number.data,
            place=form.place.data or "",
            reason=form.reason.data or "",
            actor=current_actor(),
            at=received_at(),
            **facts,
        )
    except DomainError as error:
        return _overview(call, resolution=form, status=tell(form, error))
    flash(_("의결을 기록하고 심의의결서를 만들었습니다."), "success")
    return redirect(url_for("selection.overview", call_id=call.id))


@blueprint.post("/calls/<int:call_id>/approval")
@commits
@requires(policies.may_record_approval, load=programs.get_call)
def approve(call: Call) -> ResponseReturnValue:
    form = forms.ApprovalForm()
    ready = form.validate()
    try:
        if not ready:
            services.refuse_approval(call=call, at=received_at(), **read(form, "decided_on"))
            return _overview(call, approval=form, status=422)
        services.record_approval(
            call=call,
            document_number=form.document_number.data,
            decided_on=form.decided_on.data,
            approver=form.approver.data,
            instruction=form.instruction.data or "",
            actor=current_actor(),
            at=received_at(),
        )
    except DomainError as error:
        return _overview(call, approval=form, status=tell(form, error))
    flash(_("결재를 기록했습니다. 이제 결과를 알리고 공표할 수 있습니다."), "success")
    return redirect(url_for("selection.overview", call_id=call.id))


@blueprint.post("/calls/<int:call_id>/announcement")
@commits
@requires(policies.may_announce, load=programs.get_call)
def announce(call: Call) -> ResponseReturnValue:
    services.announce(call=call, actor=current_actor(), at=received_at())
    flash(_("결과를 공표하고 모든 신청인에게 알렸습니다."), "success")
    return redirect(url_for("selection.overview", call_id=call.id))


@blueprint.get("/calls/<int:call_id>/result")
@requires(policies.may_see_announced, load=programs.get_call)
def result(call: Call) -> ResponseReturnValue:
    """What the public sees: who gets how much. Scores and ranks of those without an award are nobody else's business."""
    run = queries.adopted_run(call.id)
    assert run is not None
    awards = [line for line in run.lines if line.awarded_won]
    return render_template(
        "selection/result.html",
        call=call,
        awards=awards,
        total=run.awarded_won,
        announcement=queries.announcement_of(call.id),
        statuses=STATUSES,
    )


home.register(name="selection.desk", policy=holds(Role.SECRETARIAT), render=desk.section, order=20)
links.register(_l("선정 결과"), "selection.result", policies.may_see_announced, order=20)
links.register(_l("선정과 배분"), "selection.overview", policies.may_see_selection, order=300)
standing.knows_announcements(desk.announcements)
knows_outcomes(desk.outcomes)
