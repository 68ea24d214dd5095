"""변경공고: what changes, why, who approved it; shown before and after, then announced."""

from dataclasses import replace
from typing import Any

from flask import flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l

from evalcomm.foundation.errors import DomainError, StaleVersion
from evalcomm.programs import changes, forms, links, notice, policies, queries, services, terms
from evalcomm.programs.models import Call
from evalcomm.programs.routes.frame import blueprint, plan_options, verb
from evalcomm.programs.terms import SECTIONS, CallTerms, PlanTerms, TrackTerms
from evalcomm.rubrics import queries as rubrics
from evalcomm.rubrics import services as storing
from evalcomm.web.access import commits, received_at, requires
from evalcomm.web.telling import tell


@blueprint.get("/calls/<int:call_id>/amend")
@requires(policies.may_amend_call, load=queries.get_call)
def amend(call: Call) -> ResponseReturnValue:
    now = terms.of_call(call)
    form = _form(call, now, formdata=None)
    _show(form, call, now)
    return _page(call, form, now)


@blueprint.post("/calls/<int:call_id>/amend")
@commits
@requires(policies.may_amend_call, load=queries.lock_call)
def announce_amendment(call: Call) -> ResponseReturnValue:
    """The first click shows what changes; the second announces it."""
    now = terms.of_call(call)
    form = _form(call, now)
    status, changed = 422, None
    readable = form.validate()
    try:
        wanted, most = (_typed(form, now, unread) for unread in (forms.LEAST, forms.MOST))
        given = _given(form)
        services.refuse_amendment(call=call, wanted=wanted, most=most, at=received_at(), **given)
        if readable and request.form.get("step") == "announce":
            version = services.amend_call(call=call, wanted=wanted, **given, **verb())
            number = notice.notice_number(call, version.version)
            flash(_("%(number)s로 변경공고하고 신청기관에 알렸습니다.", number=number), "success")
            return redirect(url_for("programs.call", call_id=call.id))
        if readable:
            changed, status = changes.between(now, wanted), 200
    except DomainError as error:
        status = tell(form, error)
        if isinstance(error, StaleVersion):
            form.page_version.raw_data, form.page_version.data = None, str(call.versions[-1].version)
    return _page(call, form, now, changed, status)


def _page(
    call: Call, form: Any, now: CallTerms, changed: list[changes.Change] | None = None, status: int = 200
) -> ResponseReturnValue:
    number = notice.notice_number(call, call.versions[-1].version)
    page = render_template(
        "programs/amend.html", call=call, form=form, terms=now, changes=changed, number=number, sections=SECTIONS
    )
    return page, status


def _form(call: Call, now: CallTerms, **given: Any) -> Any:
    options = plan_options()
    known = {value for value, _title in options}
    for track in call.tracks:
        if (value := rubrics.choice_of(track.plan)) not in known:
            title = _("%(title)s 제%(version)s판", title=track.plan.title, version=track.plan.version)
            options.append((value, title))
            known.add(value)
    return forms.amendment_form(now, options)(**given)


def _show(form: Any, call: Call, now: CallTerms) -> None:
    form.page_version.data, form.budget_won.data = str(call.versions[-1].version), now.budget_won
    for name in ("title", "description", "authority", "contact"):
        form[name].data = getattr(now, name)
    for section in SECTIONS:
        form[section].data = "\n".join(now.texts[section])
    for phase in now.phases:
        form[f"{phase.key}_opens_at"].data = phase.opens_at
        form[f"{phase.key}_closes_at"].data = phase.closes_at
    for track in call.tracks:
        form[f"track-{track.code}_budget_won"].data = track.budget_won
        form[f"track-{track.code}_plan"].data = rubrics.choice_of(track.plan)


def _given(form: Any) -> dict[str, Any]:
    return {
        "reason": form.reason.data or "",
        "approver": form.approver.data or "",
        "approved_on": form.approved_on.data,
        "from_version": form.made_from,
    }


def _typed(form: Any, now: CallTerms, unread: forms.Unread) -> CallTerms:
    """A window whose minutes were not touched keeps its seconds."""
    wanted = terms.with_dates(now, forms.typed_dates(form, now.phases, unread))
    return replace(
        wanted,
        title=form.title.data or "",
        description=form.description.data or "",
        authority=form.authority.data or "",
        contact=form.contact.data or "",
        budget_won=forms.typed_won(form.budget_won, unread),
        texts={section: forms.lines(form[section].data) for section in SECTIONS},
        tracks=tuple(_typed_track(form, track, unread) for track in now.tracks),
    )


def _typed_track(form: Any, track: TrackTerms, unread: forms.Unread) -> TrackTerms:
    typed = replace(track, budget_won=forms.typed_won(form[f"track-{track.code}_budget_won"], unread))
    choice = form[f"track-{track.code}_plan"]
    if choice.errors:
        return typed
    plan = storing.store_choice(choice=choice.data, **verb())
    return replace(typed, plan=PlanTerms(plan.id, plan.plan_id, plan.version, plan.sha256, plan.title))


links.register(_l("변경공고"), "programs.amend", policies.may_amend_call, order=900)
