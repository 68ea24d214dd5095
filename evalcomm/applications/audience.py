"""Whom a change of a call concerns: everybody who has an application in it, the ones not yet submitted too."""

from collections.abc import Sequence

from sqlalchemy import select

from evalcomm.applications.models import Application, ApplicationState
from evalcomm.foundation.database import db


def owners(call_id: int) -> Sequence[int]:
    """Ids of accounts; who withdrew is left alone."""
    return db.session.scalars(
        select(Application.owner_id)
        .where(Application.call_id == call_id, Application.state != ApplicationState.WITHDRAWN)
        .distinct()
        .order_by(Application.owner_id)
    ).all()
