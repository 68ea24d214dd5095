"""Error pages: what happened, what to do now, and a reference number that the log carries too. None of them reads the database."""

from flask import Flask, current_app, flash, g, jsonify, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_wtf.csrf import CSRFError
from werkzeug.exceptions import HTTPException, RequestEntityTooLarge

from evalcomm.foundation.actor import ANONYMOUS
from evalcomm.foundation.errors import DomainError, Refused
from evalcomm.web import words
from evalcomm.web.access import current_actor, everyone, record_refusal, request_id

PAGES = {400, 403, 404, 409, 413, 429, 500}


def wants_json() -> bool:
    best = request.accept_mimetypes.best_match(["text/html", "application/json"])
    return request.is_json or best == "application/json"


def error_page(status: int, sentence: str, *, code: str = "", sign_in: str | None = None) -> ResponseReturnValue:
    """`sign_in`: where to sign in again, if that helps."""
    if wants_json():
        return jsonify(code=code, sentence=sentence, reference=request_id()), status
    page = status if status in PAGES else 400
    return render_template(
        f"errors/{page}.html", sentence=sentence, code=code, reference=request_id(), status=status, sign_in=sign_in
    ), status


def _domain_error(error: DomainError) -> ResponseReturnValue:
    if isinstance(error, Refused):
        record_refusal(error)
        if error.code == "sign_in_first" and not current_actor().is_authenticated and not wants_json():
            flash(words.explain(error))
            # only what can be opened again after signing in is a place to come back to
            back = request.full_path.rstrip("?") if request.method == "GET" else None
            return redirect(url_for("accounts.sign_in", next=back))
    return error_page(error.status, words.explain(error), code=error.code)


def _http_error(error: HTTPException) -> ResponseReturnValue:
    status = error.code or 500
    if isinstance(error, CSRFError):
        if _session_is_over():
            return error_page(400, words.sentence("session_over"), code="csrf", sign_in=_way_back())
        return error_page(400, words.sentence("csrf"), code="csrf")
    if isinstance(error, RequestEntityTooLarge):
        limit = f"{current_app.extensions['settings'].max_attachment_bytes // (1024 * 1024)} MB"
        return error_page(413, words.sentence("too_large", {"limit": limit}), code="too_large")
    code = {404: "not_found", 405: "method"}.get(status, "request_unclear")
    return error_page(status, words.sentence(code), code=code)


def _session_is_over() -> bool:
    """The form's token was that of a session which is gone, not merely an old one: nobody is signed in where somebody must be."""
    view = current_app.view_functions.get(request.endpoint or "")
    return not current_actor().is_authenticated and getattr(view, "_policy", everyone) is not everyone


def _way_back() -> str:
    """The sign-in page, which leads on to the page of the form where the same address shows it."""
    shows = current_app.create_url_adapter(request)
    back = request.path if shows is not None and shows.test(request.path, method="GET") else None
    return url_for("accounts.sign_in", next=back)


def _our_fault(error: Exception) -> ResponseReturnValue:
    current_app.logger.error(
        "request %s %s failed, reference %s", request.method, request.path, request_id(), exc_info=error
    )
    g.actor = ANONYMOUS  # the frame of the page must not ask a database that may be the cause
    if wants_json():
        return jsonify(code="our_fault", reference=request_id()), 500
    return render_template("errors/500.html", reference=request_id(), status=500, sentence="", code="our_fault"), 500


def init_app(app: Flask) -> None:
    app.register_error_handler(DomainError, _domain_error)
    app.register_error_handler(HTTPException, _http_error)
    app.register_error_handler(Exception, _our_fault)
