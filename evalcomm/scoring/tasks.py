"""What the worker does for scoring."""

from datetime import datetime

from evalcomm.foundation import outbox
from evalcomm.foundation.database import transaction
from evalcomm.scoring import services


@outbox.periodic("scoring.cut_idle_sheets", every_seconds=60)
def cut_idle_sheets(at: datetime) -> None:
    """Ten minutes without a keystroke: what autosave kept becomes a version."""
    with transaction():
        services.cut_idle_sheets(at)
