"""What every page has: the versioned addresses of static files, the language switch, whether this is a demonstration."""

import hashlib
from datetime import timedelta
from functools import cache
from pathlib import Path
from urllib.parse import urlsplit

from flask import Blueprint, Flask, current_app, redirect, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import get_locale

from evalcomm.config import Settings
from evalcomm.foundation import clock
from evalcomm.web import navigation, words
from evalcomm.web.access import current_actor, everyone, requires

blueprint = Blueprint("pages", __name__)


@cache
def _digest(path: Path) -> str:
    return hashlib.sha256(path.read_bytes()).hexdigest()[:12]


def static_url(filename: str) -> str:
    """The address changes with the content, so that a browser keeps a file for as long as it is the same."""
    folder = Path(current_app.static_folder or "")
    return url_for("static", filename=filename, v=_digest(folder / filename))


def own_path(address: str | None) -> str | None:
    """The address if it is a path of this site, else None: nobody is sent to another host by a link that we made."""
    if not address:
        return None
    parts = urlsplit(address)
    safe = not parts.scheme and not parts.netloc and address.startswith("/") and not address.startswith(("//", "/\\"))
    return address if safe else None


@blueprint.post("/language/<any(ko, en):locale>")
@requires(everyone)
def choose_language(locale: str) -> ResponseReturnValue:
    answer = redirect(own_path(request.form.get("next")) or "/")
    answer.set_cookie(
        "locale",
        locale,
        max_age=365 * 24 * 3600,
        httponly=True,
        samesite="Lax",
        secure=current_app.config["SESSION_COOKIE_SECURE"],
    )
    return answer


def frame() -> dict[str, object]:
    """What templates/base.html shows around every page. Asks policies by role only, so that an error page can render it without a database."""
    settings: Settings = current_app.extensions["settings"]
    here = request.full_path.rstrip("?") if request.method == "GET" else "/"
    chosen = str(get_locale() or "ko")
    signed = current_actor().is_authenticated
    return {
        "demonstration": settings.demonstration,
        "locale": chosen,
        "navigation": navigation.items(),
        "home_url": "/",
        "sign_in_url": url_for("accounts.sign_in"),
        "sign_out_url": url_for("accounts.sign_out"),
        "profile_url": url_for("accounts.profile") if signed else None,
        "language_links": [
            {
                "label": label,
                "url": url_for("pages.choose_language", locale=code),
                "locale": code,
                "current": code == chosen,
            }
            for code, label in (("ko", "한국어"), ("en", "English"))
        ],
        "here": here,
        "session_expires_at": (clock.now() + timedelta(minutes=settings.session_minutes)).isoformat()
        if signed
        else None,
        "session_extend_url": url_for("sessions.extend"),
    }


def init_app(app: Flask) -> None:
    app.register_blueprint(blueprint)
    app.add_template_global(static_url)
    app.add_template_global(words.explain, "explain")
    app.context_processor(frame)
