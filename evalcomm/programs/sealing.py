"""What is announced changes by `services.amend_call` and by nothing else: the session refuses to write it.

Whoever goes around the session is found out: `deviates` compares the rows with the snapshot that was announced.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from sqlalchemy import event, inspect
from sqlalchemy.orm import InstanceState, Session, UOWTransaction

from evalcomm.foundation.database import db
from evalcomm.foundation.errors import Conflict
from evalcomm.programs import queries, terms
from evalcomm.programs.models import Call, CallState, Phase, Round, Track

_AMENDING = "evalcomm_amending_call"
_FREE = {"page_version", "versions", "tracks", "rounds", "phases", "program"}
"""Attributes of a published call that are no part of what was announced. Its tracks, rounds and phases are guarded as rows."""


@contextmanager
def amending(call: Call) -> Iterator[None]:
    """Inside, the terms of this one call may be written. Only the verbs that publish and amend enter here."""
    session = db.session()
    session.info[_AMENDING] = call.id
    try:
        yield
        session.flush()
    finally:
        session.info.pop(_AMENDING, None)


def deviates(call: Call) -> bool:
    """Whether the rows of a published call say something else than its last announced version."""
    version = queries.current_version(call)
    if version is None:
        return call.state != CallState.DRAFT
    now = terms.content(terms.of_call(call), program=call.program.code)
    return terms.fingerprint(now) != version.sha256


@event.listens_for(Session, "before_flush")
def _refuse_changes(session: Session, _context: UOWTransaction, _instances: Any) -> None:
    for row in (*session.dirty, *session.new, *session.deleted):
        if (
            isinstance(row, Call | Track | Round | Phase)
            and session.info.get(_AMENDING) != _call_id(row)
            and _was_published(session, row)
            and _touches(session, row)
        ):
            raise Conflict("call_sealed")


def _call_id(row: Call | Track | Round | Phase) -> int | None:
    if isinstance(row, Call):
        return row.id
    return row.call_id if row.call_id is not None else getattr(row.call, "id", None)


def _was_published(session: Session, row: Call | Track | Round | Phase) -> bool:
    """Whether the call stands in the database as something else than a draft, whatever the session has made of it since."""
    if isinstance(row, Call):
        return inspect(row).persistent and _stored_state(row) != CallState.DRAFT
    call_id = _call_id(row)
    if call_id is None:
        return False
    with session.no_autoflush:
        call = session.get(Call, call_id)
    return call is not None and inspect(call).persistent and _stored_state(call) != CallState.DRAFT


def _stored_state(call: Call) -> str:
    before = inspect(call).attrs.state.history.deleted
    return before[0] if before else call.state


def _touches(session: Session, row: Call | Track | Round | Phase) -> bool:
    if row in session.new or row in session.deleted:
        return True
    free = _FREE if isinstance(row, Call) else set()
    state: InstanceState[Any] = inspect(row)
    return any(attribute.history.has_changes() for attribute in state.attrs if attribute.key not in free)
