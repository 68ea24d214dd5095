"""The applicant's pages, and the secretariat's list and screening."""

from datetime import date, datetime
from typing import Any

from flask import (
    Blueprint,
    Response,
    current_app,
    flash,
    jsonify,
    redirect,
    render_template,
    request,
    send_file,
    url_for,
)
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from werkzeug.datastructures import FileStorage, MultiDict

from evalcomm.accounts import queries as accounts
from evalcomm.applications import audience, files, forms, policies, queries, services, words
from evalcomm.applications.content import Content, Problem, problems
from evalcomm.applications.models import Application, Attachment, ScreeningVerdict
from evalcomm.audit import services as audit
from evalcomm.documents import queries as documents
from evalcomm.documents.policies import readable
from evalcomm.foundation.actor import Actor
from evalcomm.foundation.clock import in_seoul
from evalcomm.foundation.database import transaction
from evalcomm.foundation.errors import DomainError, Invalid
from evalcomm.foundation.store import TooBig
from evalcomm.programs import links
from evalcomm.programs import queries as programs
from evalcomm.programs.models import Call, PhaseKind, Project
from evalcomm.programs.services import tells
from evalcomm.web import home, navigation
from evalcomm.web import words as sentences
from evalcomm.web.access import commits, current_actor, received_at, requires
from evalcomm.web.intake import number

blueprint = Blueprint("applications", __name__)


# The applicant: start, fill in, attach, check, submit


@blueprint.get("/applications")
@requires(policies.is_applicant)
def mine() -> ResponseReturnValue:
    user_id = current_actor().user_id
    assert user_id is not None
    return render_template(
        "applications/mine.html", applications=queries.applications_of(user_id), states=words.STATES, **_now()
    )


@blueprint.get("/calls/<int:call_id>/apply")
@requires(policies.may_start, load=programs.get_call)
def choose_project(call: Call) -> ResponseReturnValue:
    return render_template("applications/choose_project.html", tasks=programs.tasks_of(call.program), **_deadline(call))


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
        content=content,
        papers=readable(actor, documents.papers_of("application", application.id), received_at()),
        **_deadline(application.call),
    )


@blueprint.get("/applications/<int:application_id>/submitted")
@requires(policies.may_read, load=queries.get_application)
def submitted(application: Application) -> ResponseReturnValue:
    if current_actor().user_id != application.owner_id:
        return _submitted_to_a_reader(application)
    return _submitted_page(application)


def _submitted_to_a_reader(application: Application) -> ResponseReturnValue:
    application_id = application.id
    _log_reading(application, "applications.read")
    return _submitted_page(queries.get_application(application_id))


def _log_reading(application: Application, action: str) -> None:
    """That somebody else than the owner read it is written down, in a transaction of its own."""
    actor = current_actor()
    if actor.user_id != application.owner_id:
        audit.log_access(
            action=action, subject_type="application", subject_id=application.id, actor=actor, at=received_at()
        )


def _submitted_page(
    application: Application, form: forms.ScreeningForm | None = None, status: int = 200
) -> ResponseReturnValue:
    screening = application.screening
    if form is None:
        form = forms.ScreeningForm(
            formdata=None,
            verdict=screening.verdict if screening else None,
            reason=screening.reason if screening else "",
        )
    return render_template(
        "applications/submitted.html",
        application=application,
        submission=queries.last_submission(application.id),
        papers=readable(current_actor(), documents.papers_of("application", application.id), received_at()),
        form=form,
        may_screen=policies.may_screen(current_actor(), application, received_at()),
        narrative=words.NARRATIVE,
        item_names=words.ITEMS,
        sources=words.SOURCES,
        verdicts=words.VERDICTS,
        attachment_kinds=words.ATTACHMENT_KINDS,
    ), status


@blueprint.get("/applications/<int:application_id>/<any(basics, plan, partners, budget):section>")
@requires(policies.owns, load=queries.get_application)
def section(application: Application, section: str) -> ResponseReturnValue:
    form = forms.section_form(section, application.draft, _choices(application), today=_today())
    if forms.is_started(application.draft, section):
        forms.show_errors(form)
    return _section_page(application, section, form, forms.kept_tag(application.draft, section))


@blueprint.post("/applications/<int:application_id>/<any(basics, plan, partners, budget):section>")
@commits
@requires(policies.owns, load=queries.lock_application)
def save_section(application: Application, section: str) -> ResponseReturnValue:
    """Kept whatever it says. After the deadline or from a stale tab nothing is stored, and the page keeps what was typed."""
    posted = MultiDict(
        (name, value) for name, value in request.form.items() if name not in {"csrf_token", "version_tag"}
    )
    form = forms.section_form(section, application.draft, _choices(application), today=_today(), posted=posted)
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
        return _section_page(application, section, form, tag, refused=error), error.status
    if forms.show_errors(form):
        return _section_page(application, section, form, tag), 422
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


def _section_page(
    application: Application, section: str, form: Any, tag: int, *, refused: DomainError | None = None
) -> str:
    place = list(words.SECTIONS).index(section)
    return render_template(
        f"applications/{section}.html",
        application=application,
        form=form,
        tag=tag,
        section=section,
        section_title=words.SECTIONS[section],
        next_section=list(words.SECTIONS)[place + 1],
        refused=refused and sentences.explain(refused),
        may_edit=policies.may_edit(current_actor(), application, received_at()),
        years=forms.years_in(application.draft, _today()),
        item_names=words.ITEMS,
        sources=words.SOURCES,
        budget_name=forms.budget_name,
        **_deadline(application.call),
    )


@blueprint.get("/applications/<int:application_id>/attachments")
@requires(policies.owns, load=queries.get_application)
def attachments(application: Application) -> ResponseReturnValue:
    return _attachments_page(application, forms.AttachmentForm(formdata=None))


def _attachments_page(application: Application, form: forms.AttachmentForm, problems: list[str] | None = None) -> str:
    return render_template(
        "applications/attachments.html",
        application=application,
        form=form,
        problems=problems or [],
        attachments=queries.attachments(application.id),
        kinds=words.ATTACHMENT_KINDS,
        accept=files.ACCEPT,
        limit=current_app.extensions["settings"].max_attachment_bytes,
        max_files=files.MAX_FILES,
        may_edit=policies.may_edit(current_actor(), application, received_at()),
        **_deadline(application.call),
    )


@blueprint.post("/applications/<int:application_id>/attachments")
@requires(policies.owns, load=queries.get_application)
def attach(application: Application) -> ResponseReturnValue:
    """The bytes go to the store before the transaction; one bad file does not cost the good ones."""
    form = forms.AttachmentForm()
    chosen = [file for file in form.files.data or [] if isinstance(file, FileStorage) and file.filename]
    kind = form.kind.data if form.kind.data in words.ATTACHMENT_KINDS else "other"
    wrong = [] if chosen else [sentences.sentence("attachment_none")]
    for file in chosen:
        try:
            stored = _store(file)
            with transaction():
                services.attach(
                    application=queries.lock_application(application.id),
                    kind=kind,
                    file=stored,
                    actor=current_actor(),
                    at=received_at(),
                )
        except DomainError as error:
            wrong.append(sentences.explain(error))
        finally:
            file.close()
    if wrong:
        return _attachments_page(queries.get_application(application.id), form, wrong), 422
    flash(_("파일 %(count)s개를 올렸습니다.", count=len(chosen)), "success")
    return redirect(url_for("applications.attachments", application_id=application.id))


def _store(file: FileStorage) -> services.StoredFile:
    limit = current_app.extensions["settings"].max_attachment_bytes
    assert file.filename is not None
    beginning = file.stream.read(32)
    media_type = files.media_type(file.filename, beginning)
    file.stream.seek(0)
    try:
        sha256, size = files.store().put_stream(iter(lambda: file.stream.read(1 << 20), b""), limit=limit)
    except TooBig as error:
        raise files.too_large(file.filename, limit) from error
    return services.StoredFile(
        filename=files.clean_name(file.filename), media_type=media_type, size=size, sha256=sha256
    )


@blueprint.post("/attachments/<int:attachment_id>/remove")
@commits
@requires(policies.may_read_attachment, load=queries.get_attachment)
def remove_attachment(attachment: Attachment) -> ResponseReturnValue:
    services.remove_attachment(attachment=attachment, actor=current_actor(), at=received_at())
    flash(_("‘%(name)s’을(를) 뺐습니다.", name=attachment.filename))
    return redirect(url_for("applications.attachments", application_id=attachment.application_id))


@blueprint.get("/attachments/<int:attachment_id>")
@requires(policies.may_read_attachment, load=queries.get_attachment)
def download(attachment: Attachment) -> ResponseReturnValue:
    _log_reading(attachment.application, "applications.read_file")
    return send_attachment(attachment)


def send_attachment(attachment: Attachment) -> Response:
    """Always as a download, never shown in the page: what people upload is not ours to run."""
    answer = send_file(
        files.store().path(attachment.sha256),
        mimetype=attachment.media_type,
        as_attachment=True,
        download_name=attachment.filename,
        etag=attachment.sha256,
    )
    answer.headers["Content-Security-Policy"] = "default-src 'none'; sandbox"
    return answer


@blueprint.get("/applications/<int:application_id>/submit")
@requires(policies.owns, load=queries.get_application)
def check(application: Application) -> ResponseReturnValue:
    """제출 전 점검: what is missing, what will be handed in, and until when."""
    return _check_page(application)


def _check_page(application: Application, refused: DomainError | None = None) -> str:
    content, found = _check(application)
    return render_template(
        "applications/check.html",
        application=application,
        content=content,
        problems=found,
        say=lambda problem: sentences.sentence(
            problem.code, {"section": words.SECTIONS[problem.section], **problem.params}
        ),
        section_titles=words.SECTIONS,
        funding=[(words.SOURCES[source], won) for source, won in content.won_by_source().items()] if content else [],
        attachments=queries.attachments(application.id),
        refused=refused and sentences.explain(refused),
        may_edit=policies.may_edit(current_actor(), application, received_at()),
        unchanged=application.draft_sha256 == services.draft_fingerprint(application),
        **_deadline(application.call),
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


# The secretariat


@blueprint.get("/calls/<int:call_id>/applications")
@requires(policies.may_list_of_call, load=programs.get_call)
def list_applications(call: Call) -> ResponseReturnValue:
    track_id, state = request.args.get("track", type=number), request.args.get("state", "")
    return render_template(
        "applications/list.html",
        call=call,
        rows=queries.list_of_call(call.id, track_id=track_id, state=state),
        drafts=queries.draft_count(call.id),
        track_id=track_id,
        state=state,
        states={key.value: str(value) for key, value in words.STATES.items()},
        verdicts={key.value: str(value) for key, value in words.VERDICTS.items()},
    )


@blueprint.post("/applications/<int:application_id>/screening")
@commits
@requires(policies.may_screen, load=queries.lock_application)
def screen(application: Application) -> ResponseReturnValue:
    form = forms.ScreeningForm()
    if form.validate():
        try:
            services.screen(
                application=application,
                verdict=ScreeningVerdict(form.verdict.data),
                reason=form.reason.data or "",
                actor=current_actor(),
                at=received_at(),
            )
        except Invalid as error:
            form.reason.errors = [sentences.explain(error)]
        else:
            flash(_("요건검토 결과를 저장했습니다."), "success")
            return redirect(url_for("applications.list_applications", call_id=application.call_id))
    return _submitted_page(application, form, 422)


# What several pages show


def _choices(application: Application) -> forms.Choices:
    return forms.Choices(
        tracks=[(track.id, track.title) for track in programs.get_call(application.call_id).tracks],
        organisations=[(row.id, row.name) for row in accounts.organisations()],
    )


def _today() -> date:
    return in_seoul(received_at()).date()


def _now() -> dict[str, Any]:
    return {"at": received_at(), "phase_of": programs.phase_of, "APPLICATION": PhaseKind.APPLICATION}


def _deadline(call: Call) -> dict[str, Any]:
    phase = programs.phase_of(call, PhaseKind.APPLICATION)
    return {"phase": phase, "call": call, **_now()}


def _check(application: Application) -> tuple[Content | None, list[Problem]]:
    content, found = forms.content_of(application.draft, _choices(application), today=_today())
    if content is not None:
        track = next(
            (track for track in programs.get_call(application.call_id).tracks if track.id == content.track_id), None
        )
        found = found + problems(content, ceiling_won=track.budget_won if track else 0)
    return content, found


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
        started = forms.is_started(application.draft, name)
        state = (
            "complete" if name not in wrong and (started or name == "partners") else "wrong" if started else "untouched"
        )
        states.append(
            {
                "title": title,
                "url": url_for("applications.section", application_id=application.id, section=name),
                "state": state,
            }
        )
    return states


navigation.register(_l("내 신청서"), "applications.mine", policies.is_applicant, order=200)


def _home_section(actor: Actor, at: datetime) -> str | None:
    del at
    assert actor.user_id is not None
    return render_template("applications/desk.html", applications=queries.applications_of(actor.user_id)[:10], **_now())


tells(audience.owners)
home.register(name="applications.mine", policy=policies.is_applicant, render=_home_section, order=10)
links.register(_l("신청하기"), "applications.choose_project", policies.may_start, order=10, kind="primary")
links.register(_l("신청서와 요건검토"), "applications.list_applications", policies.may_list_of_call, order=100)
