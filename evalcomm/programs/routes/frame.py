"""The blueprint, and what all its templates know."""

from typing import Any

from flask import Blueprint
from flask_babel import gettext as _

from evalcomm.foundation.errors import DomainError, StaleVersion
from evalcomm.programs import policies
from evalcomm.programs.changes import phase_name
from evalcomm.programs.models import Call, Right, Visibility
from evalcomm.programs.overview import PROVENANCE
from evalcomm.programs.words import KINDS, PHASE_WORDS, PHASES, RIGHTS, STAGE_TONES, STAGES, STATES, TEXTS, VISIBILITIES
from evalcomm.rubrics import queries as rubrics
from evalcomm.web.access import current_actor, may, received_at

blueprint = Blueprint("programs", __name__)


@blueprint.context_processor
def vocabulary() -> dict[str, Any]:
    return {
        "KINDS": KINDS,
        "PHASES": PHASES,
        "PHASE_WORDS": PHASE_WORDS,
        "PROVENANCE": PROVENANCE,
        "RIGHTS": RIGHTS,
        "STATES": STATES,
        "STAGES": STAGES,
        "STAGE_TONES": STAGE_TONES,
        "TEXTS": TEXTS,
        "VISIBILITIES": VISIBILITIES,
        "Right": Right,
        "Visibility": Visibility,
        "phase_name": phase_name,
        "manages": bool(may(policies.may_manage_programs)),
    }


def verb() -> dict[str, Any]:
    """Who acts and when, for a service."""
    return {"actor": current_actor(), "at": received_at()}


def show_fresh(form: Any, call: Call, error: DomainError) -> None:
    """After a stale page: the typed text stays, and the next click counts from what is there now."""
    if isinstance(error, StaleVersion):
        form.page_version.raw_data = None
        form.page_version.data = str(call.page_version)


def plan_options() -> list[tuple[str, str]]:
    """Entries for a select: value and title."""
    return [
        (choice.value, _("%(title)s 제%(version)s판", title=choice.title, version=choice.version))
        for choice in rubrics.plan_choices()
    ]
