"""My messages; the mails that were sent and the jobs of the worker, for the administrator."""

from datetime import datetime

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l

from evalcomm.foundation import outbox as queue
from evalcomm.foundation.actor import Actor, Role
from evalcomm.foundation.outbox import Job
from evalcomm.notices import queries, services, tasks, words
from evalcomm.notices.models import Message
from evalcomm.notices.policies import may_read_message, may_retry
from evalcomm.web import home, navigation
from evalcomm.web.access import commits, current_actor, holds, received_at, requires, signed_in
from evalcomm.web.intake import number

__all__ = ["blueprint", "tasks", "words"]

blueprint = Blueprint("notices", __name__)
is_administrator = holds(Role.ADMINISTRATOR)


@blueprint.get("/messages")
@requires(signed_in)
def mine() -> ResponseReturnValue:
    user_id = current_actor().user_id
    assert user_id is not None
    return render_template("notices/mine.html", messages=queries.messages_of(user_id))


@blueprint.get("/messages/<int:message_id>")
@requires(may_read_message, load=queries.get_message)
def message(message: Message) -> ResponseReturnValue:
    return render_template("notices/message.html", message=message)


@blueprint.post("/messages/<int:message_id>/read")
@commits
@requires(may_read_message, load=queries.get_message)
def mark_read(message: Message) -> ResponseReturnValue:
    services.mark_read(message=message, actor=current_actor(), at=received_at())
    return redirect(url_for("notices.mine"))


@blueprint.get("/admin/outbox")
@requires(is_administrator)
def outbox() -> ResponseReturnValue:
    """Every message, with its text: without a mail server this is where invitations are read and passed on."""
    page = max(1, request.args.get("page", 1, type=number))
    messages, pages = queries.outbox_page(page)
    failed = {job.key for job in queue.given_up() if job.task == services.SEND}
    return render_template("notices/outbox.html", messages=messages, failed=failed, page=page, pages=pages)


@blueprint.get("/admin/jobs")
@requires(is_administrator)
def jobs() -> ResponseReturnValue:
    """How the worker stands, and what it has given up."""
    given_up = queue.given_up()
    at = received_at()
    return render_template(
        "notices/jobs.html",
        standing=queue.standing(at),
        at=at,
        jobs=given_up,
        concerns=queries.concerns_of(given_up),
        tasks=words.TASKS,
    )


@blueprint.post("/admin/jobs/<int:job_id>/retry")
@commits
@requires(may_retry, load=queries.get_job)
def retry(job: Job) -> ResponseReturnValue:
    services.retry(job=job, actor=current_actor(), at=received_at())
    flash(_("다시 시도하도록 했습니다. 잠시 뒤 새로 고쳐 결과를 확인해 주십시오."), "success")
    return redirect(url_for("notices.jobs"))


@blueprint.post("/admin/jobs/retry")
@commits
@requires(is_administrator)
def retry_all() -> ResponseReturnValue:
    """Of one cause there are often many: the mail server was down, the disk was full."""
    count = services.retry_all(actor=current_actor(), at=received_at())
    flash(_("작업 %(count)s건을 다시 시도하도록 했습니다.", count=count), "success")
    return redirect(url_for("notices.jobs"))


def desk(actor: Actor, at: datetime) -> str | None:
    """What waits for the administrator on the first page: nothing, while the worker works."""
    del actor
    return render_template("notices/desk.html", standing=queue.standing(at), at=at)


navigation.register(_l("알림"), "notices.mine", signed_in, order=800)
navigation.register(_l("발송함"), "notices.outbox", is_administrator, order=930)
navigation.register(_l("자동 작업"), "notices.jobs", is_administrator, order=940)
home.register(name="notices.desk", policy=is_administrator, render=desk, order=30)
