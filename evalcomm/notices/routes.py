"""My messages, and the administrator's outbox."""

from flask import Blueprint, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import lazy_gettext as _l

from evalcomm.foundation.actor import Role
from evalcomm.notices import queries, services, tasks, words
from evalcomm.notices.models import Message
from evalcomm.notices.policies import may_read_message
from evalcomm.web import navigation
from evalcomm.web.access import commits, current_actor, holds, received_at, requires, signed_in
from evalcomm.web.intake import number

__all__ = ["blueprint", "tasks", "words"]

blueprint = Blueprint("notices", __name__)
may_read_outbox = holds(Role.ADMINISTRATOR)


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
@requires(may_read_outbox)
def outbox() -> ResponseReturnValue:
    """Every message, with its text: without a mail server this is where invitations are read and passed on."""
    page = max(1, request.args.get("page", 1, type=number))
    messages, pages = queries.outbox_page(page)
    return render_template("notices/outbox.html", messages=messages, page=page, pages=pages)


navigation.register(_l("알림"), "notices.mine", signed_in, order=800)
navigation.register(_l("발송함"), "notices.outbox", may_read_outbox, order=930)
