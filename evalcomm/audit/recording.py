"""How the edge of the web reaches the trail: a refusal is recorded after the rollback, in a transaction of its own."""

from datetime import datetime

from flask import Flask

from evalcomm.audit import services
from evalcomm.audit import tasks as _tasks  # noqa: F401 - registers the periodic sealing
from evalcomm.foundation.actor import Actor
from evalcomm.foundation.database import transaction
from evalcomm.foundation.errors import DomainError


def record_refusal(actor: Actor, error: DomainError, endpoint: str, at: datetime) -> None:
    with transaction():
        services.record(
            verb="web.refused", actor=actor, at=at, outcome="refused", detail={"endpoint": endpoint, "code": error.code}
        )


def init_app(app: Flask) -> None:
    app.extensions["refusal_recorder"] = record_refusal
