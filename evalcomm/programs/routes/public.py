"""What everybody may read: the first page, programmes, calls, rubrics and plans of published calls."""

from flask import redirect, render_template, url_for
from flask.typing import ResponseReturnValue
from flask_babel import lazy_gettext as _l

from evalcomm.documents import queries as documents
from evalcomm.programs import links, notice, overview, policies, queries, sealing, standing, terms
from evalcomm.programs.models import Call, CallState, Program, Task, Track
from evalcomm.programs.routes.frame import blueprint
from evalcomm.programs.standing import Stage
from evalcomm.programs.words import PHASE_WORDS
from evalcomm.rubrics import wording
from evalcomm.rubrics.queries import plan_value
from evalcomm.web import home as home_sections
from evalcomm.web import navigation
from evalcomm.web.access import everyone, may, received_at, requires

LATEST = 12
"""Announced results on the first page; the rest is in the list of calls."""


@blueprint.get("/")
@requires(everyone)
def home() -> ResponseReturnValue:
    calls = queries.list_calls(states=[CallState.PUBLISHED])
    found = standing.standings(calls, received_at())
    stages: dict[Stage, list[Call]] = {stage: [] for stage in Stage}
    for call in calls:
        stages[found[call.id].stage].append(call)
    announced = sorted(stages[Stage.ANNOUNCED], key=lambda call: found[call.id].announced_at or call.created_at)
    return render_template(
        "programs/home.html",
        sections=home_sections.sections(),
        open_calls=stages[Stage.OPEN],
        upcoming=stages[Stage.UPCOMING],
        under_evaluation=stages[Stage.EVALUATION],
        announced=announced[::-1][:LATEST],
        standings=found,
        programs=queries.list_programs(),
    )


@blueprint.get("/programs")
@requires(everyone)
def programs() -> ResponseReturnValue:
    return render_template("programs/programs.html", programs=queries.list_programs())


@blueprint.get("/programs/<int:program_id>")
@requires(policies.may_see_program, load=queries.get_program)
def program(program: Program) -> ResponseReturnValue:
    sees_drafts = bool(may(policies.may_see_drafts))
    states = None if sees_drafts else [CallState.PUBLISHED, CallState.CANCELLED]
    calls = queries.list_calls(program=program, states=states)
    return render_template(
        "programs/program.html",
        program=program,
        source=program.source,
        outline=overview.outline(program),
        task_force=overview.task_force(program),
        source_facts=overview.source(program),
        tasks=queries.tasks_of(program),
        calls=calls,
        standings=standing.standings(calls, received_at()),
    )


@blueprint.get("/tasks/<int:task_id>")
@requires(everyone)
def task(task_id: int) -> ResponseReturnValue:
    task: Task = queries.get_task(task_id)
    calls = queries.list_calls(program=task.program, states=[CallState.PUBLISHED])
    variants = [row for row in task.program.source.get("body_text_variants", []) if row["number"] == task.number]
    return render_template(
        "programs/task.html",
        task=task,
        variants=variants,
        calls=calls,
        standings=standing.standings(calls, received_at()),
    )


@blueprint.get("/calls")
@requires(everyone)
def calls() -> ResponseReturnValue:
    """Published calls; with the drafts for those who may see them."""
    sees_drafts = bool(may(policies.may_see_drafts))
    listed = queries.list_calls(states=None if sees_drafts else [CallState.PUBLISHED, CallState.CANCELLED])
    return render_template(
        "programs/calls.html",
        calls=listed,
        standings=standing.standings(listed, received_at()),
        makes=_where_calls_are_made(),
    )


def _where_calls_are_made() -> str | None:
    """A call belongs to a programme: straight to its first page where there is one alone, else by the list of programmes."""
    programs = queries.list_programs()
    if not programs or not may(policies.may_make_call, programs[0]):
        return None
    if len(programs) > 1:
        return url_for("programs.programs")
    return url_for("programs.new_call", program_id=programs[0].id)


@blueprint.get("/calls/<int:call_id>")
@requires(policies.may_see_call, load=queries.get_call)
def call(call: Call) -> ResponseReturnValue:
    if call.state == CallState.DRAFT:
        return redirect(url_for("programs.preview", call_id=call.id))
    at = received_at()
    now = terms.of_call(call)
    return render_template(
        "programs/call.html",
        call=call,
        terms=now,
        standing=standing.standings([call], at)[call.id],
        phases=[_phase_row(phase, now) for phase in now.phases],
        tracks=call.tracks,
        notices=documents.papers_of("call", call.id, kind=notice.KIND),
        versions=call.versions,
        purpose=notice.purpose(call),
        notice_number=notice.notice_number(call, call.versions[-1].version) if call.versions else call.number,
        legal_basis=notice.legal_basis(call),
        links=links.of_call(call),
        deviates=bool(may(policies.may_see_drafts)) and sealing.deviates(call),
    )


def _phase_row(phase: terms.PhaseTerms, now: terms.CallTerms) -> dict[str, object]:
    at = received_at()
    state = "next" if at < phase.opens_at else "done" if at.replace(microsecond=0) > phase.closes_at else "current"
    return {"phase": phase, "terms": now, "state": state, "words": PHASE_WORDS[phase.kind]}


@blueprint.get("/tracks/<int:track_id>")
@requires(policies.may_see_track, load=queries.get_track)
def track(track: Track) -> ResponseReturnValue:
    """The rubric and the plan, as they are announced: what evaluators will be asked, what decides."""
    return render_template("programs/track.html", track=track, call=track.call, **wording.view(plan_value(track.plan)))


navigation.register(_l("공모"), "programs.calls", everyone, order=100)
navigation.register(_l("지원사업"), "programs.programs", everyone, order=110)
