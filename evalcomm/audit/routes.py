"""The trail on screen, for the auditor."""

from datetime import datetime

from flask import Blueprint, render_template, request
from flask.typing import ResponseReturnValue
from flask_babel import lazy_gettext as _l

from evalcomm.audit import queries, services, words
from evalcomm.audit.people import names_of
from evalcomm.foundation.actor import Actor, Role
from evalcomm.web import home, navigation
from evalcomm.web.access import holds, requires
from evalcomm.web.intake import number
from evalcomm.web.words import explain

__all__ = ["blueprint", "words"]

blueprint = Blueprint("audit", __name__)
may_read_trail = holds(Role.AUDITOR, Role.ADMINISTRATOR)


@blueprint.get("/audit")
@requires(may_read_trail)
def trail() -> ResponseReturnValue:
    page = max(1, request.args.get("page", 1, type=number))
    verb, actor_id = request.args.get("verb", ""), request.args.get("actor", type=number)
    rows, pages = queries.trail(verb=verb, actor_id=actor_id, page=page)
    names = names_of(entry.actor_id for entry, _batch in rows)
    return render_template(
        "audit/trail.html",
        rows=rows,
        names=names,
        page=page,
        pages=pages,
        verb=verb,
        actor_id=actor_id,
        rooms=words.rooms,
        details=words.DETAILS,
        act=words.act,
        subject=words.subject,
    )


@blueprint.get("/audit/verification")
@requires(may_read_trail)
def verification() -> ResponseReturnValue:
    found = services.verify()
    return render_template(
        "audit/verification.html", found=found, broken=explain(found.broken) if found.broken is not None else None
    )


@blueprint.get("/audit/reads")
@requires(may_read_trail)
def reads() -> ResponseReturnValue:
    page = max(1, request.args.get("page", 1, type=number))
    rows, pages = queries.reads(page)
    names = names_of(row.actor_id for row in rows)
    return render_template(
        "audit/reads.html", rows=rows, names=names, page=page, pages=pages, act=words.act, subject=words.subject
    )


def desk(actor: Actor, at: datetime) -> str | None:
    """How the trail stands, on the auditor's first page."""
    del actor
    return render_template("audit/desk.html", overview=queries.overview(at))


navigation.register(_l("감사 기록"), "audit.trail", may_read_trail, order=900)
home.register(name="audit.desk", policy=holds(Role.AUDITOR), render=desk, order=30)
