"""The three pages that make a call from a template, its preview, and its publication."""

from datetime import datetime
from typing import Any

from flask import flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from evalcomm.foundation.errors import DomainError
from evalcomm.programs import doubts, forms, notice, policies, queries, services, standard, terms
from evalcomm.programs.models import Call, CallState, Program
from evalcomm.programs.routes.frame import blueprint, show_fresh, verb
from evalcomm.rubrics import queries as rubrics
from evalcomm.rubrics import services as storing
from evalcomm.rubrics import wording
from evalcomm.web import words
from evalcomm.web.access import commits, received_at, requires
from evalcomm.web.telling import tell

# First page: what to copy


@blueprint.get("/programs/<int:program_id>/calls/new")
@requires(policies.may_make_call, load=queries.get_program)
def new_call(program: Program) -> ResponseReturnValue:
    form = _new_call_form(program)
    form.template.data = form.template.data or form.template.choices[0][0]
    form.number.data = _next_number(program, received_at())
    form.title.data = program.name
    return render_template("programs/new_call.html", program=program, form=form)


@blueprint.post("/programs/<int:program_id>/calls/new")
@commits
@requires(policies.may_make_call, load=queries.get_program)
def create_call(program: Program) -> ResponseReturnValue:
    form, status = _new_call_form(program), 422
    ready = form.validate()
    try:
        if ready:
            call = _create(program, form)
            return redirect(url_for("programs.dates", call_id=call.id))
        services.refuse_taken_number(program, form.number.data or "")
    except DomainError as error:
        status = tell(form, error)
    return render_template("programs/new_call.html", program=program, form=form), status


def _new_call_form(program: Program) -> forms.NewCallForm:
    form = forms.NewCallForm()
    copies = queries.list_calls(program=program)
    form.template.choices = [
        *((str(call.id), _("%(title)s (제%(number)s호)", title=call.title, number=call.number)) for call in copies),
        (forms.STANDARD, _("표준안: 국고보조금 공모(접수 30일, 평가 1주)")),
    ]
    return form


def _create(program: Program, form: forms.NewCallForm) -> Call:
    facts = {"number": form.number.data, "title": form.title.data, "opens_at": standard.next_monday(received_at())}
    if form.template.data == forms.STANDARD:
        return services.create_call(program=program, **facts, **verb())
    return services.copy_call(source=queries.get_call(int(form.template.data)), **facts, **verb())


def _next_number(program: Program, at: datetime) -> str:
    """The year and the next number that is free in it."""
    taken = {call.number for call in queries.list_calls(program=program)}
    return next(number for n in range(1, len(taken) + 2) if (number := f"{at.year}-{n}") not in taken)


# Second page: dates and budget


@blueprint.get("/calls/<int:call_id>/dates")
@requires(policies.may_edit_call, load=queries.get_call)
def dates(call: Call) -> ResponseReturnValue:
    now = terms.of_call(call)
    form = forms.dates_form(now.phases)(formdata=None)
    form.page_version.data, form.budget_won.data = str(call.page_version), now.budget_won
    for phase in now.phases:
        form[f"{phase.key}_opens_at"].data = phase.opens_at
        form[f"{phase.key}_closes_at"].data = phase.closes_at
    return render_template("programs/dates.html", call=call, terms=now, form=form)


@blueprint.post("/calls/<int:call_id>/dates")
@commits
@requires(policies.may_edit_call, load=queries.lock_call)
def change_dates(call: Call) -> ResponseReturnValue:
    now = terms.of_call(call)
    form = forms.dates_form(now.phases)()
    status = 422
    try:
        if form.validate():
            services.change_dates(
                call=call,
                budget_won=form.budget_won.data,
                dates=forms.typed_dates(form, now.phases),
                page_version=form.made_from,
                **verb(),
            )
            return redirect(url_for("programs.plan", call_id=call.id))
        least, most = (_typed_dates(form, now, unread) for unread in (forms.LEAST, forms.MOST))
        services.refuse_dates(call=call, least=least, most=most, at=received_at())
    except DomainError as error:
        status = tell(form, error)
        show_fresh(form, call, error)
    return render_template("programs/dates.html", call=call, terms=now, form=form), status


def _typed_dates(form: Any, now: terms.CallTerms, unread: forms.Unread) -> terms.CallTerms:
    with_budget = terms.with_budget(now, forms.typed_won(form.budget_won, unread))
    return terms.with_dates(with_budget, forms.typed_dates(form, now.phases, unread))


# Third page: rubric and plan


@blueprint.get("/calls/<int:call_id>/plan")
@requires(policies.may_edit_call, load=queries.get_call)
def plan(call: Call) -> ResponseReturnValue:
    choices = rubrics.plan_choices()
    form = forms.plan_form([(choice.value, choice.title) for choice in choices])(formdata=None)
    form.page_version.data = str(call.page_version)
    chosen = {rubrics.choice_of(track.plan) for track in call.tracks}
    form.plan.data = chosen.pop() if len(chosen) == 1 else None if call.tracks else f"shipped:{standard.PLAN}"
    return render_template("programs/plan.html", call=call, form=form, choices=choices, summary=wording.summary)


@blueprint.post("/calls/<int:call_id>/plan")
@commits
@requires(policies.may_edit_call, load=queries.lock_call)
def choose_plan(call: Call) -> ResponseReturnValue:
    choices = rubrics.plan_choices()
    form = forms.plan_form([(choice.value, choice.title) for choice in choices])()
    status = 422
    if form.validate():
        try:
            chosen = storing.store_choice(choice=form.plan.data, **verb())
            services.choose_plan(call=call, plan=chosen, page_version=form.made_from, **verb())
        except DomainError as error:
            status = tell(form, error)
            show_fresh(form, call, error)
        else:
            return redirect(url_for("programs.preview", call_id=call.id))
    return render_template("programs/plan.html", call=call, form=form, choices=choices, summary=wording.summary), status


# Preview and publication


@blueprint.get("/calls/<int:call_id>/preview")
@requires(policies.may_see_drafts_of, load=queries.get_call)
def preview(call: Call) -> ResponseReturnValue:
    if call.state != CallState.DRAFT:
        return redirect(url_for("programs.call", call_id=call.id))
    return _preview(call)


@blueprint.post("/calls/<int:call_id>/publish")
@commits
@requires(policies.may_publish_call, load=queries.lock_call)
def publish(call: Call) -> ResponseReturnValue:
    made_from = request.form.get("page_version", "")
    try:
        services.publish_call(call=call, page_version=int(made_from) if made_from.isdigit() else 0, **verb())
    except DomainError as error:
        flash(words.explain(error), "danger")
        return redirect(url_for("programs.preview", call_id=call.id))
    flash(_("공고하고 평가계획을 확정했습니다. 이제부터는 변경공고로만 바꿀 수 있습니다."), "success")
    return redirect(url_for("programs.call", call_id=call.id))


@blueprint.post("/calls/<int:call_id>/discard")
@commits
@requires(policies.may_edit_call, load=queries.lock_call)
def discard(call: Call) -> ResponseReturnValue:
    program_id = call.program_id
    services.discard_draft(call=call, **verb())
    flash(_("작성 중이던 공고를 지웠습니다."))
    return redirect(url_for("programs.program", program_id=program_id))


def _preview(call: Call) -> ResponseReturnValue:
    """The notice as it will be printed, and everything that still stands against it, each with the page that mends it."""
    now, at = terms.of_call(call), received_at()
    faults = [
        {"sentence": words.sentence(fault.code, fault.params), "where": _page_of(call, fault.place, now)}
        for fault in terms.faults(now, program_budget_won=call.program.budget_won, at=at)
    ]
    return render_template(
        "programs/preview.html",
        call=call,
        terms=now,
        faults=faults,
        article=notice.preview(call, at) if call.tracks else None,
        doubts=list(doubts.about(call, at)),
    )


def _page_of(call: Call, place: str, now: terms.CallTerms) -> tuple[str, str]:
    if place in {"number", "title"}:
        return _("공고문 문안"), url_for("programs.texts", call_id=call.id)
    if place == "rounds":
        return _("평가 차수"), url_for("programs.rounds", call_id=call.id)
    if place == "tracks" and not now.tracks:
        return _("평가계획"), url_for("programs.plan", call_id=call.id)
    if place.startswith("track"):
        return _("분야"), url_for("programs.tracks", call_id=call.id)
    return _("일정과 예산"), url_for("programs.dates", call_id=call.id) + f"#{place}"
