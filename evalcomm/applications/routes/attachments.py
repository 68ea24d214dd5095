"""The files of an application."""

from flask import (
    Response,
    current_app,
    flash,
    redirect,
    render_template,
    send_file,
    url_for,
)
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from werkzeug.datastructures import FileStorage

from evalcomm.applications import files, forms, policies, queries, services, words
from evalcomm.applications.models import Application, Attachment
from evalcomm.applications.routes.blueprint import blueprint
from evalcomm.applications.routes.views import deadline, log_reading
from evalcomm.foundation.database import transaction
from evalcomm.foundation.errors import DomainError
from evalcomm.foundation.store import TooBig
from evalcomm.web import words as sentences
from evalcomm.web.access import commits, current_actor, received_at, requires


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
        **deadline(application.call),
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
    log_reading(attachment.application, "applications.read_file")
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
