"""What several pages show."""

from typing import Any

from flask import (
    render_template,
)
from flask.typing import ResponseReturnValue

from evalcomm.applications import forms, policies, queries, words
from evalcomm.applications.models import Application
from evalcomm.audit import services as audit
from evalcomm.documents import queries as documents
from evalcomm.documents.policies import readable
from evalcomm.foundation.clock import in_seoul
from evalcomm.programs import queries as programs
from evalcomm.programs.models import Call, PhaseKind
from evalcomm.web.access import current_actor, received_at


def log_reading(application: Application, action: str) -> None:
    """That somebody else than the owner read it is written down, in a transaction of its own."""
    actor = current_actor()
    if actor.user_id != application.owner_id:
        audit.log_access(
            action=action, subject_type="application", subject_id=application.id, actor=actor, at=received_at()
        )


def submitted_page(
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


def now() -> dict[str, Any]:
    return {"at": received_at(), "phase_of": programs.phase_of, "APPLICATION": PhaseKind.APPLICATION}


def deadline(call: Call) -> dict[str, Any]:
    """`days_left` counts as the page of the call does: days of Seoul's calendar."""
    phase = programs.phase_of(call, PhaseKind.APPLICATION)
    days_left = (in_seoul(phase.closes_at).date() - in_seoul(received_at()).date()).days if phase else None
    return {"phase": phase, "call": call, "days_left": days_left, **now()}
