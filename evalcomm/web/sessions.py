"""The session's end, told in time: pages carry when it expires, a button extends it, nothing typed is lost."""

from datetime import timedelta

from flask import Blueprint, Flask, current_app, jsonify, session
from flask.typing import ResponseReturnValue

from evalcomm.config import Settings
from evalcomm.web.access import received_at, requires, signed_in

blueprint = Blueprint("sessions", __name__)


@blueprint.post("/session/extend")
@requires(signed_in)
def extend() -> ResponseReturnValue:
    """The answer renews the cookie, as every answer does; the new end goes back to the page."""
    session.modified = True
    settings: Settings = current_app.extensions["settings"]
    return jsonify(expires_at=(received_at() + timedelta(minutes=settings.session_minutes)).isoformat())


def init_app(app: Flask) -> None:
    app.register_blueprint(blueprint)
