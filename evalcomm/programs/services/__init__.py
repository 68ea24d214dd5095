"""The verbs of programmes and calls."""

from evalcomm.programs.services.calls import (
    change_dates,
    change_rights,
    change_rounds,
    change_texts,
    copy_call,
    create_call,
    discard_draft,
    refuse_dates,
    refuse_rounds,
    refuse_taken_number,
)
from evalcomm.programs.services.programme import (
    load_program,
    load_program_file,
    load_shipped_program,
    organisation_named,
)
from evalcomm.programs.services.publication import amend_call, publish_call, refuse_amendment, tells
from evalcomm.programs.services.tracks import add_track, change_track, choose_plan, refuse_track, remove_track

__all__ = [
    "add_track",
    "amend_call",
    "change_dates",
    "change_rights",
    "change_rounds",
    "change_texts",
    "change_track",
    "choose_plan",
    "copy_call",
    "create_call",
    "discard_draft",
    "load_program",
    "load_program_file",
    "load_shipped_program",
    "organisation_named",
    "publish_call",
    "refuse_amendment",
    "refuse_dates",
    "refuse_rounds",
    "refuse_taken_number",
    "refuse_track",
    "remove_track",
    "tells",
]
