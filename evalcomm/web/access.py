"""Who may call what, and where a transaction begins and ends.

    @blueprint.post("/sheets/<int:sheet_id>/submit")
    @commits
    @requires(policies.may_submit_sheet, load=queries.get_sheet)
    def submit_sheet(sheet: ScoreSheet) -> ResponseValue: …

`@requires` loads the subject from the URL, asks the policy, and hands the subject to the view. `@commits`, outermost, reads the body, takes
the time of receipt, and then begins the transaction, before anything is loaded. A view without a policy answers 403.
"""

import inspect
import secrets
from collections.abc import Callable
from datetime import datetime
from functools import wraps
from typing import Any, cast

from flask import Flask, current_app, g, request
from flask.typing import ResponseReturnValue
from flask_login import current_user

from evalcomm.foundation import clock
from evalcomm.foundation.actor import ANONYMOUS, Actor, Role
from evalcomm.foundation.database import db, transaction
from evalcomm.foundation.errors import DomainError, Refused
from evalcomm.foundation.verdict import ALLOWED, Verdict, refused

View = Callable[..., ResponseReturnValue]
Policy = Callable[..., Verdict]
"""`policy(actor, at)` for an endpoint without a subject, `policy(actor, subject, at)` for one with."""


def current_actor() -> Actor:
    """The signed-in person, or ANONYMOUS."""
    if "actor" not in g:
        person: Actor | None = getattr(current_user, "actor", None)
        g.actor = person or Actor(user_id=None, name="", address=client_address(), request_id=request_id())
    return cast("Actor", g.actor)


def client_address() -> str:
    return request.remote_addr or ""


def request_id() -> str:
    """The reference number that error pages print and audit entries carry."""
    if "request_id" not in g:
        g.request_id = secrets.token_hex(6)
    return cast("str", g.request_id)


def received_at() -> datetime:
    """When the server had the complete request; one instant for everything in it."""
    if "received_at" not in g:
        g.received_at = clock.now()
    return cast("datetime", g.received_at)


def commits(view: View) -> View:
    """The view's writes are one transaction: committed when it returns, rolled back when it raises."""

    @wraps(view)
    def wrapped(*args: Any, **kwargs: Any) -> ResponseReturnValue:
        _ = request.form, request.files  # the body is read to its end before the transaction takes the write lock
        if request.is_json:
            request.get_json(silent=True)
        received_at()
        with transaction():
            # who is asking was read in a snapshot that is past: ask again inside, a right may have been withdrawn
            g.pop("actor", None)
            g.pop("_login_user", None)
            return view(*args, **kwargs)

    wrapped._commits = True  # type: ignore[attr-defined]  # noqa: SLF001 - our own mark, read by the guard tests
    return wrapped


def requires(policy: Policy, load: Callable[..., Any] | None = None) -> Callable[[View], View]:
    """Ask `policy` before the view. With `load`, the subject comes from the URL's arguments of the same names and is the view's first argument."""
    taken = tuple(inspect.signature(load).parameters) if load is not None else ()

    def decorate(view: View) -> View:
        @wraps(view)
        def wrapped(**kwargs: Any) -> ResponseReturnValue:
            actor = current_actor()
            if load is None:
                verdict = policy(actor, received_at())
                positional: tuple[Any, ...] = ()
            else:
                subject = load(**{name: kwargs.pop(name) for name in taken if name in kwargs})
                verdict = policy(actor, subject, received_at())
                positional = (subject,)
            if not verdict.allowed:
                raise Refused.by(verdict)
            return view(*positional, **kwargs)

        wrapped._policy, wrapped._load = policy, load  # type: ignore[attr-defined]  # noqa: SLF001 - our own marks, read by the guard tests
        return wrapped

    return decorate


def may(policy: Policy, *subject: Any) -> Verdict:
    """The same question for a template: whether to show the button, and the reason if not."""
    return policy(current_actor(), *subject, received_at())


def everyone(actor: Actor, at: datetime) -> Verdict:
    """Public by decision, not by omission."""
    del actor, at
    return ALLOWED


def signed_in(actor: Actor, at: datetime) -> Verdict:
    del at
    return ALLOWED if actor.is_authenticated else refused("sign_in_first")


def holds(*roles: Role) -> Policy:
    """A policy without a subject: the actor holds one of these roles."""

    def policy(actor: Actor, at: datetime) -> Verdict:
        del at
        if not actor.is_authenticated:
            return refused("sign_in_first")
        return ALLOWED if actor.has(*roles) else refused("role_needed")

    return policy


def refuse_undeclared() -> None:
    """Default deny, and a session of a read can't write."""
    view = current_app.view_functions.get(request.endpoint or "")
    if request.endpoint and request.endpoint != "static" and view is not None and not hasattr(view, "_policy"):
        raise Refused("no_policy")


RefusalRecorder = Callable[[Actor, DomainError, str, datetime], None]


def record_refusal(error: DomainError) -> None:
    """Hand a refusal of a signed-in person to the recorder (the audit room's), after the rollback."""
    recorder: RefusalRecorder | None = current_app.extensions.get("refusal_recorder")
    actor = current_actor()
    if recorder is not None and actor.is_authenticated:
        db.session.rollback()
        recorder(actor, error, request.endpoint or "", received_at())


def init_app(app: Flask) -> None:
    app.before_request(refuse_undeclared)
    app.context_processor(lambda: {"may": may, "current_actor": current_actor(), "Role": Role})


__all__ = [
    "ANONYMOUS",
    "commits",
    "current_actor",
    "everyone",
    "holds",
    "may",
    "received_at",
    "request_id",
    "requires",
    "signed_in",
]
