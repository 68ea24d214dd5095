"""The applicant's pages: start, fill in, check, submit, withdraw."""

from collections.abc import Sequence
from datetime import date, datetime
from typing import Any

from flask import (
    flash,
    jsonify,
    redirect,
    render_template,
    request,
    url_for,
)
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from werkzeug.datastructures import MultiDict

from evalcomm.accounts import queries as accounts
from evalcomm.applications import forms, policies, queries, services, words
from evalcomm.applications.content import Content, Problem, problems
from evalcomm.applications.models import Application
from evalcomm.applications.outcomes import outcomes_of
from evalcomm.applications.routes.blueprint import blueprint
from evalcomm.applications.routes.views import deadline, log_reading, now, submitted_page
from evalcomm.documents import queries as documents
from evalcomm.documents.policies import readable
from evalcomm.foundation.actor import Actor
from evalcomm.foundation.clock import in_seoul
from evalcomm.foundation.errors import DomainError, Invalid
from evalcomm.programs import queries as programs
from evalcomm.programs.models import Call, PhaseKind, Project
from evalcomm.web import words as sentences
from evalcomm.web.access import commits, current_actor, received_at, requires
from evalcomm.web.intake import number


@blueprint.get("/applications")
@requires(policies.is_applicant)
def mine() -> ResponseReturnValue:
    user_id = current_actor().user_id
    assert user_id is not None
    found = queries.applications_of(user_id)
    return render_template(
        "applications/mine.html", applications=found, outcomes=outcomes_of(found), states=words.STATES, **now()
    )


@blueprint.get("/calls/<int:call_id>/apply")
@requires(policies.may_start, load=programs.get_call)
def choose_project(call: Call) -> ResponseReturnValue:
    return render_template("applications/choose_project.html", tasks=programs.tasks_of(call.program), **deadline(call))


@blueprint.post("/calls/<int:call_id>/projects/<int:project_id>/apply")
@commits
@requires(policies.may_start_from, load=queries.get_place)
def start(place: tuple[Call, Project]) -> ResponseReturnValue:
    call, project = place
    application = services.start_application(call=call, project=project, actor=current_actor(), at=received_at())
    return redirect(url_for("applications.application", application_id=application.id))


@blueprint.get("/applications/<int:application_id>")
@requires(policies.may_read, load=queries.get_application)
def application(application: Application) -> ResponseReturnValue:
    """The owner sees the task list; secretariat and auditor what was submitted, and that they looked is written down."""
    actor = current_actor()
    if actor.user_id != application.owner_id:
        return _submitted_to_a_reader(application)
    content, found = _check(application)
    return render_template(
        "applications/application.html",
        application=application,
        sections=_section_states(application, found),
        submission=queries.last_submission(application.id),
        changed=application.draft_sha256 != services.draft_fingerprint(application),
        may_edit=policies.may_edit(actor, application, received_at()),
        states=words.STATES,
        outcome=outcomes_of([application]).get(application.id),
        content=content,
        papers=readable(actor, documents.papers_of("application", application.id), received_at()),
        **deadline(application.call),
    )


@blueprint.get("/applications/<int:application_id>/submitted")
@requires(policies.may_read, load=queries.get_application)
def submitted(application: Application) -> ResponseReturnValue:
    if current_actor().user_id != application.owner_id:
        return _submitted_to_a_reader(application)
    return submitted_page(application)


def _submitted_to_a_reader(application: Application) -> ResponseReturnValue:
    application_id = application.id
    log_reading(application, "applications.read")
    return submitted_page(queries.get_application(application_id))


@blueprint.get("/applications/<int:application_id>/<any(basics, plan, partners, budget):section>")
@requires(policies.owns, load=queries.get_application)
def section(application: Application, section: str) -> ResponseReturnValue:
    form = forms.section_form(section, application.draft, _choices(application), today=_today(application))
    faults = _faults(application, section, form) if forms.is_started(application.draft, section) else []
    return _section_page(application, section, form, forms.kept_tag(application.draft, section), faults)


@blueprint.post("/applications/<int:application_id>/<any(basics, plan, partners, budget):section>")
@commits
@requires(policies.owns, load=queries.lock_application)
def save_section(application: Application, section: str) -> ResponseReturnValue:
    """Kept whatever it says. After the deadline or from a stale tab nothing is stored, and the page keeps what was typed."""
    posted = MultiDict(
        (name, value) for name, value in request.form.items() if name not in {"csrf_token", "version_tag"}
    )
    form = forms.section_form(
        section, application.draft, _choices(application), today=_today(application), posted=posted
    )
    tag = request.form.get("version_tag", 0, type=number)
    try:
        tag = services.save_section(
            application=application,
            section=section,
            fields=dict(posted),
            tag=tag,
            actor=current_actor(),
            at=received_at(),
        )
    except DomainError as error:
        return _section_page(application, section, form, tag, [sentences.explain(error)]), error.status
    faults = _faults(application, section, form)
    if form.errors or faults:
        return _section_page(application, section, form, tag, faults), 422
    flash(_("저장했습니다."), "success")
    return redirect(url_for("applications.application", application_id=application.id))


@blueprint.post("/applications/<int:application_id>/<any(basics, plan, partners, budget):section>/autosave")
@commits
@requires(policies.owns, load=queries.lock_application)
def autosave(application: Application, section: str) -> ResponseReturnValue:
    sent = request.get_json(silent=True) or {}
    fields, tag = sent.get("fields"), sent.get("tag")
    if not isinstance(fields, dict) or not str(tag).isdigit() or len(request.data) > 512 * 1024:
        raise Invalid("request_unclear")
    tag = services.save_section(
        application=application,
        section=section,
        fields={str(name): str(value) for name, value in fields.items() if value is not None},
        tag=int(str(tag)),
        actor=current_actor(),
        at=received_at(),
    )
    return jsonify(tag=str(tag), saved_at=received_at().isoformat())


def _section_page(application: Application, section: str, form: Any, tag: int, faults: Sequence[str]) -> str:
    place = list(words.SECTIONS).index(section)
    return render_template(
        f"applications/{section}.html",
        application=application,
        form=form,
        tag=tag,
        section=section,
        section_title=words.SECTIONS[section],
        next_section=list(words.SECTIONS)[place + 1],
        faults=faults,
        may_edit=policies.may_edit(current_actor(), application, received_at()),
        years=forms.years_in(application.draft, _today(application)),
        item_names=words.ITEMS,
        sources=words.SOURCES,
        budget_name=forms.budget_name,
        **deadline(application.call),
    )


@blueprint.get("/applications/<int:application_id>/submit")
@requires(policies.owns, load=queries.get_application)
def check(application: Application) -> ResponseReturnValue:
    """제출 전 점검: what is missing, what will be handed in, and until when."""
    return _check_page(application)


def _check_page(application: Application, refused: DomainError | None = None) -> str:
    content, found = _check(application)
    choices = _choices(application)
    names = dict(choices.organisations)
    return render_template(
        "applications/check.html",
        track=content and dict(choices.tracks).get(content.track_id),
        lead=content and names.get(content.lead_organisation_id),
        partners=[names.get(organisation) for organisation, _duty in content.partners] if content else [],
        application=application,
        content=content,
        problems=found,
        say=_say,
        section_titles=words.SECTIONS,
        funding=[(words.SOURCES[source], won) for source, won in content.won_by_source().items()] if content else [],
        attachments=queries.attachments(application.id),
        refused=refused and sentences.explain(refused),
        may_edit=policies.may_edit(current_actor(), application, received_at()),
        unchanged=application.draft_sha256 == services.draft_fingerprint(application),
        **deadline(application.call),
    )


@blueprint.post("/applications/<int:application_id>/submit")
@commits
@requires(policies.owns, load=queries.lock_application)
def submit(application: Application) -> ResponseReturnValue:
    content, found = _check(application)
    try:
        if content is None or found:
            raise Invalid("application_incomplete")
        services.submit_application(application=application, content=content, actor=current_actor(), at=received_at())
    except DomainError as error:
        return _check_page(application, error), error.status
    return redirect(url_for("applications.receipt", application_id=application.id))


@blueprint.get("/applications/<int:application_id>/receipt")
@requires(policies.may_read, load=queries.get_application)
def receipt(application: Application) -> ResponseReturnValue:
    return render_template(
        "applications/receipt.html",
        application=application,
        submission=queries.last_submission(application.id),
        papers=documents.papers_of("application", application.id, kind="receipt"),
    )


@blueprint.post("/applications/<int:application_id>/withdraw")
@commits
@requires(policies.may_withdraw, load=queries.lock_application)
def withdraw(application: Application) -> ResponseReturnValue:
    services.withdraw(application=application, actor=current_actor(), at=received_at())
    flash(_("접수를 취소했습니다."))
    return redirect(url_for("applications.application", application_id=application.id))


def _choices(application: Application) -> forms.Choices:
    return forms.Choices(
        tracks=[(track.id, track.title) for track in programs.get_call(application.call_id).tracks],
        organisations=[(row.id, row.name) for row in accounts.organisations()],
    )


def _today(application: Application) -> date:
    """The day that a period is judged by: today, and once the deadline is past, its day. What was right then is not wrong years later."""
    phase = programs.phase_of(application.call, PhaseKind.APPLICATION)
    return in_seoul(min(received_at(), phase.closes_at) if phase is not None else received_at()).date()


def _check(application: Application) -> tuple[Content | None, list[Problem]]:
    content, found = forms.content_of(application.draft, _choices(application), today=_today(application))
    if content is not None:
        track = next(
            (track for track in programs.get_call(application.call_id).tracks if track.id == content.track_id), None
        )
        wrong = {problem.section for problem in found}
        whole = problems(content, ceiling_won=track.budget_won if track else 0, today=_today(application))
        found += [problem for problem in whole if problem.section not in wrong]
    return content, sorted(found, key=lambda problem: list(words.SECTIONS).index(problem.section))


def _say(problem: Problem) -> str:
    return sentences.sentence(problem.code, {"section": words.SECTIONS[problem.section], **problem.params})


def _faults(application: Application, section: str, form: Any) -> list[str]:
    """Marks the fields that are wrong; where each is right by itself, what is wrong with them together."""
    if forms.show_errors(form):
        return []
    return [_say(problem) for problem in _check(application)[1] if problem.section == section]


def _section_states(application: Application, found: list[Problem]) -> list[dict[str, Any]]:
    """Each section with its page and whether it is untouched, to be mended, or complete."""
    wrong = {problem.section for problem in found}
    states = []
    for name, title in words.SECTIONS.items():
        if name == "attachments":
            count = len(queries.attachments(application.id))
            states.append(
                {
                    "title": title,
                    "url": url_for("applications.attachments", application_id=application.id),
                    "state": "files",
                    "count": count,
                }
            )
            continue
        if not forms.is_started(application.draft, name):
            state = "optional" if name == "partners" else "untouched"
        else:
            state = "wrong" if name in wrong else "complete"
        states.append(
            {
                "title": title,
                "url": url_for("applications.section", application_id=application.id, section=name),
                "state": state,
            }
        )
    return states


def desk(actor: Actor, at: datetime) -> str | None:
    del at
    assert actor.user_id is not None
    newest = queries.applications_of(actor.user_id)[:10]
    return render_template("applications/desk.html", applications=newest, outcomes=outcomes_of(newest), **now())
