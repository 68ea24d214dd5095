"""An evaluator's pages: the list, the one screen, comparing, confirming, the receipt."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from flask import flash, jsonify, redirect, render_template, request, send_file, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from evalcomm.applications.files import store
from evalcomm.audit.services import log_access
from evalcomm.committee import queries as committee
from evalcomm.committee.models import Membership
from evalcomm.committee.queries import get_membership
from evalcomm.engine.exact import format_figure
from evalcomm.foundation.errors import Invalid, NotFound, Refused, StaleVersion
from evalcomm.programs.models import PhaseKind
from evalcomm.programs.queries import phase_of, timetable
from evalcomm.scoring import forms, policies, queries, services
from evalcomm.scoring.queries import Desk, OwnTable
from evalcomm.scoring.routes import views
from evalcomm.scoring.routes.blueprint import blueprint
from evalcomm.scoring.sheet import Draft, cut_short
from evalcomm.scoring.words import CAUSES
from evalcomm.web import words
from evalcomm.web.access import commits, current_actor, received_at, requires


@blueprint.get("/scoring")
@requires(policies.is_evaluator)
def index() -> ResponseReturnValue:
    """Every seat of the person with what is to be done: recused applications are masked, none is left out."""
    user_id = current_actor().user_id
    assert user_id is not None
    return render_template("scoring/index.html", seats=seats_of(user_id))


def seats_of(user_id: int) -> list[dict[str, Any]]:
    memberships = committee.living_memberships_of(user_id)
    desks = queries.desks_by_seat([one.id for one in memberships if one.declared_at is not None])
    tables = queries.own_tables({one.id: _opened_benches(desks.get(one.id, [])) for one in memberships})
    return [_seat(membership, desks.get(membership.id, []), tables[membership.id]) for membership in memberships]


def _seat(membership: Membership, desks: Sequence[Desk], tables: Sequence[OwnTable]) -> dict[str, Any]:
    call = membership.committee.call
    phase = phase_of(call, PhaseKind.SCORING, round_id=desks[0].round_id if desks else None)
    lines = [views.line_of(desk, current_actor(), received_at(), call) for desk in desks]
    return {
        "membership": membership,
        "call": call,
        "phase": phase,
        "lines": lines,
        "distribution": views.distribution(lines),
        "tables": tables,
    }


def _opened_benches(desks: Sequence[Desk]) -> list[tuple[int, int]]:
    """(track, round) of the tables that the member may see."""
    return list(dict.fromkeys((desk.track_id, desk.round_id) for desk in desks if desk.is_opened))


# The sheet


@blueprint.post("/scoring/memberships/<int:membership_id>/applications/<int:application_id>/open")
@commits
@requires(policies.may_open_sheet, load=queries.get_desk_at)
def open_sheet(desk: Desk) -> ResponseReturnValue:
    sheet = services.open_sheet(desk=desk, actor=current_actor(), at=received_at())
    return redirect(url_for("scoring.sheet", sheet_id=sheet.id))


@blueprint.get("/scoring/sheets/<int:sheet_id>")
@requires(policies.may_read_sheet, load=queries.get_desk)
def sheet(desk: Desk) -> ResponseReturnValue:
    assert desk.sheet is not None
    page = _sheet_page(desk, forms.sheet_form(desk.rubric, desk.sheet.draft), desk.sheet.draft)
    _log_reading(desk)
    return page


@blueprint.post("/scoring/sheets/<int:sheet_id>")
@commits
@requires(policies.may_read_sheet, load=queries.get_desk)
def save_sheet(desk: Desk) -> ResponseReturnValue:
    """Save; with `action=review`, go on to the page that confirms. Too late is no reason to lose what was typed: it is shown again."""
    try:
        draft = services.read_fields(desk.rubric, request.form)
        tag = _tag(request.form.get("version_tag"))
        services.save_sheet(desk=desk, draft=draft, tag=tag, actor=current_actor(), at=received_at())
    except Invalid as error:
        form = _checked_form(desk)
        views.show_errors(form, error)
        return _sheet_page(desk, form, _typed_draft(desk, form)), 422
    except StaleVersion:
        return _conflict_page(desk, _checked_form(desk)), 409
    except Refused as error:
        form = _checked_form(desk)
        form.form_errors = [words.explain(error)]
        return _sheet_page(desk, form, _typed_draft(desk, form), unsaved=True), error.status
    if request.form.get("action") == "review":
        return redirect(url_for("scoring.confirm", sheet_id=_id(desk)))
    flash(_("저장하였습니다."), "success")
    return redirect(url_for("scoring.sheet", sheet_id=_id(desk)))


@blueprint.post("/scoring/sheets/<int:sheet_id>/autosave")
@commits
@requires(policies.may_edit_sheet, load=queries.get_desk)
def autosave(desk: Desk) -> ResponseReturnValue:
    """{tag, fields} → {tag, saved_at}; 409 {sentence, tag, saved} with the server's copy when another window was first."""
    body = request.get_json(silent=True)
    if not isinstance(body, dict) or not isinstance(body.get("fields"), dict):
        raise Invalid("request_unclear")
    draft = services.read_fields(desk.rubric, body["fields"])
    at = received_at()
    try:
        tag = services.save_draft(desk=desk, draft=draft, tag=_tag(body.get("tag")), actor=current_actor(), at=at)
    except StaleVersion as error:
        kept = queries.get_desk(_id(desk)).sheet
        assert kept is not None
        return jsonify(
            code=error.code, sentence=words.explain(error), tag=str(kept.draft_tag), saved=kept.draft.to_fields()
        ), 409
    return jsonify(tag=str(tag), saved_at=at.isoformat())


def _checked_form(desk: Desk) -> Any:
    """The page's form with what was typed. Made only where the page is shown again: a save that succeeds needs none."""
    form = forms.sheet_form(desk.rubric)
    form.validate()
    return form


def _tag(value: object) -> int:
    """The version tag of a page; what is no tag is older than every tag."""
    text = str(value or "")
    return int(text) if text.isdigit() and len(text) < 10 else 0


def _id(desk: Desk) -> int:
    assert desk.sheet is not None
    return desk.sheet.id


def _typed_draft(desk: Desk, form: Any) -> Draft:
    """What the page holds, cut at the limits, so that sums can be shown beside the complaint."""
    return Draft.of_fields(desk.rubric, {name: cut_short(name, text) for name, text in forms.typed(form).items()})


def _sheet_page(desk: Desk, form: Any, draft: Draft, **more: Any) -> str:
    at, actor = received_at(), current_actor()
    assert desk.sheet is not None
    edits = policies.may_edit_sheet(actor, desk, at)
    form.version_tag.data = str(more.pop("tag", desk.sheet.draft_tag))
    return render_template(
        "scoring/sheet.html",
        desk=desk,
        proposal=queries.proposal_of(desk, hide_names=policies.hides_names(desk, at)),
        form=form,
        rubric=views.rubric_view(desk.rubric, form),
        tally=draft.tally(desk.rubric),
        draft=draft,
        filled=views.filled_in(desk.rubric, draft),
        edits=edits,
        why_not=words.explain(edits) if not edits.allowed else "",
        cut=views.evaluator_cut(desk.plan),
        **more,
    )


def _conflict_page(desk: Desk, form: Any) -> str:
    """Nothing stored: the typed text stays in the form, and what the other window saved stands beside each difference."""
    fresh = queries.get_desk(_id(desk))
    assert fresh.sheet is not None
    mine, saved = _typed_draft(desk, form), fresh.sheet.draft
    form.form_errors = [words.sentence("sheet_changed_elsewhere")]
    return _sheet_page(fresh, form, mine, differences=views.differences(desk.rubric, mine, saved))


def _log_reading(desk: Desk) -> None:
    """After the page is made: the log is written in a transaction of its own."""
    log_access(
        action="scoring.read_proposal",
        subject_type="application",
        subject_id=desk.application_id,
        actor=current_actor(),
        at=received_at(),
    )


# Confirm, sign, receipt


@blueprint.get("/scoring/sheets/<int:sheet_id>/confirm")
@requires(policies.may_submit_sheet, load=queries.get_desk)
def confirm(desk: Desk) -> ResponseReturnValue:
    assert desk.sheet is not None
    form = forms.sheet_form(desk.rubric, desk.sheet.draft)
    if forms.add_problems(form, desk.rubric, desk.sheet.draft):
        return _sheet_page(desk, form, desk.sheet.draft), 422
    return render_template(
        "scoring/confirm.html",
        desk=desk,
        form=forms.ConfirmForm(formdata=None, version_tag=str(desk.sheet.draft_tag)),
        criteria=views.filled_in(desk.rubric, desk.sheet.draft),
        draft=desk.sheet.draft,
        tally=desk.sheet.draft.tally(desk.rubric),
    )


@blueprint.post("/scoring/sheets/<int:sheet_id>/submit")
@commits
@requires(policies.owns_submission, load=queries.get_desk)
def submit_sheet(desk: Desk) -> ResponseReturnValue:
    form = forms.ConfirmForm()
    try:
        services.submit_sheet(desk=desk, tag=_tag(form.version_tag.data), actor=current_actor(), at=received_at())
    except (StaleVersion, Invalid) as error:
        flash(words.explain(error), "danger")
        return redirect(url_for("scoring.sheet", sheet_id=_id(desk)))
    flash(_("제출하고 서명하였습니다."), "success")
    return redirect(url_for("scoring.receipt", sheet_id=_id(desk)))


@blueprint.get("/scoring/sheets/<int:sheet_id>/receipt")
@requires(policies.may_read_sheet, load=queries.get_desk)
def receipt(desk: Desk) -> ResponseReturnValue:
    version = queries.submitted_version(queries.get_sheet(_id(desk)))
    if version is None:
        raise Refused("sheet_not_submitted")
    actor, at, call = current_actor(), received_at(), timetable(desk.call_id)
    lines = [views.line_of(one, actor, at, call) for one in queries.desks_of(desk.membership_id)]
    return render_template(
        "scoring/receipt.html",
        desk=desk,
        version=version,
        criteria=views.filled_in(desk.rubric, Draft.of_json(version.content["draft"])),
        of=format_figure(desk.rubric.scored_points),
        following=next((line for line in lines if line.action in {"open", "go_on"}), None),
    )


@blueprint.get("/scoring/sheets/<int:sheet_id>/versions")
@requires(policies.may_read_sheet, load=queries.get_desk)
def versions(desk: Desk) -> ResponseReturnValue:
    return render_template("scoring/versions.html", desk=desk, versions=queries.versions_of(_id(desk)), causes=CAUSES)


@blueprint.get("/scoring/sheets/<int:sheet_id>/versions/<int:number>")
@requires(policies.may_read_sheet, load=queries.get_desk)
def version(desk: Desk, number: int) -> ResponseReturnValue:
    found = queries.get_version(_id(desk), number)
    draft = Draft.of_json(found.content["draft"])
    return render_template(
        "scoring/version.html",
        desk=desk,
        version=found,
        draft=draft,
        criteria=views.filled_in(desk.rubric, draft),
        tally=draft.tally(desk.rubric),
        causes=CAUSES,
    )


# The proposal: the only door


@blueprint.get("/scoring/memberships/<int:membership_id>/applications/<int:application_id>")
@requires(policies.may_read_proposal, load=queries.get_desk_at)
def proposal(desk: Desk) -> ResponseReturnValue:
    at = received_at()
    page = render_template(
        "scoring/proposal.html",
        desk=desk,
        proposal=queries.proposal_of(desk, hide_names=policies.hides_names(desk, at)),
        opens=policies.may_open_sheet(current_actor(), desk, at),
    )
    _log_reading(desk)
    return page


@blueprint.get("/scoring/memberships/<int:membership_id>/applications/<int:application_id>/files/<sha256>")
@requires(policies.may_read_proposal, load=queries.get_desk_at)
def file(desk: Desk, sha256: str) -> ResponseReturnValue:
    """An attachment of the submitted version; to be kept, never to be shown inside the page."""
    found = queries.proposal_of(desk, hide_names=False).file(sha256)
    if found is None or not store().has(sha256):
        raise NotFound("not_found")
    log_access(
        action="scoring.read_file",
        subject_type="application",
        subject_id=desk.application_id,
        actor=current_actor(),
        at=received_at(),
    )
    return send_file(
        store().path(sha256), mimetype=found.media_type, as_attachment=True, download_name=found.name, etag=sha256
    )


@blueprint.get("/scoring/memberships/<int:membership_id>/compare")
@requires(policies.sits, load=get_membership)
def compare(membership: Membership) -> ResponseReturnValue:
    """Two proposals side by side. Each is opened by the same rule as on its own page."""
    at, actor = received_at(), current_actor()
    desks = [desk for desk in queries.desks_of(membership.id) if policies.may_read_proposal(actor, desk, at).allowed]
    chosen = _pair(desks)
    panes = [
        (desk, queries.proposal_of(desk, hide_names=policies.hides_names(desk, at)) if desk is not None else None)
        for desk in chosen
    ]
    page = render_template("scoring/compare.html", membership=membership, desks=desks, panes=panes)
    for desk in chosen:
        if desk is not None:
            _log_reading(desk)
    return page


def _pair(desks: list[Desk]) -> list[Desk | None]:
    """The two that were chosen, else the first that are not on the other side."""
    left = _wanted(desks, "left")
    right = _wanted(desks, "right")
    left = left or next((desk for desk in desks if desk is not right), None)
    return [left, right or next((desk for desk in desks if desk is not left), None)]


def _wanted(desks: list[Desk], name: str) -> Desk | None:
    return next((desk for desk in desks if str(desk.application_id) == request.args.get(name)), None)
