"""The room's one blueprint, and the words that its templates share."""

from typing import Any

from flask import Blueprint

from evalcomm.applications.models import FundingSource
from evalcomm.applications.words import ATTACHMENT_KINDS, ITEMS, NARRATIVE, SOURCES
from evalcomm.engine.exact import format_figure
from evalcomm.scoring import policies
from evalcomm.scoring.figures import places
from evalcomm.web.access import may

blueprint = Blueprint("scoring", __name__)


@blueprint.context_processor
def vocabulary() -> dict[str, Any]:
    return {
        "proposal_words": {
            "narrative": NARRATIVE,
            "budget_items": ITEMS,
            "attachment_kinds": ATTACHMENT_KINDS,
            "source_columns": [{"label": SOURCES[source], "kind": "money"} for source in FundingSource],
        },
        "may_follow": may(policies.may_follow_progress).allowed,
    }


blueprint.add_app_template_filter(format_figure, "figure")
blueprint.add_app_template_filter(places, "places")
