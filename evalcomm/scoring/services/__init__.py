"""The verbs of scoring."""

from evalcomm.scoring.services.fixed import Entry, allowed_of, enter_fixed_points, refuse_off_scale
from evalcomm.scoring.services.opening import confirm_opening, obstacle, request_opening
from evalcomm.scoring.services.reminders import remind
from evalcomm.scoring.services.sheets import (
    cut_idle_sheets,
    open_sheet,
    read_fields,
    reopen_sheet,
    save_draft,
    save_sheet,
    submit_sheet,
)
from evalcomm.scoring.services.table import close_table, issue_disclosable_sheets, sign_table

__all__ = [
    "Entry",
    "allowed_of",
    "close_table",
    "confirm_opening",
    "cut_idle_sheets",
    "enter_fixed_points",
    "issue_disclosable_sheets",
    "obstacle",
    "open_sheet",
    "read_fields",
    "refuse_off_scale",
    "remind",
    "reopen_sheet",
    "request_opening",
    "save_draft",
    "save_sheet",
    "sign_table",
    "submit_sheet",
]
