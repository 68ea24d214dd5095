"""Every rule of the tables holds against a bug: provoked on the database, each answers with its sentence."""

from collections.abc import Callable
from typing import Any

from flask import Flask
from sqlalchemy import update

from evalcomm.committee import queries
from evalcomm.committee.models import (
    Committee,
    Conflict,
    ConflictAct,
    ConflictState,
    Declaration,
    Membership,
)
from evalcomm.foundation.database import transaction
from evalcomm.foundation.errors import DomainError
from evalcomm.programs.models import PhaseKind
from evalcomm.web.words import known_codes
from tests.factories import NOW, make_application, make_call, make_committee


def conflict(membership: Membership, application_id: int, **changes: Any) -> Conflict:
    values = {
        "membership_id": membership.id,
        "application_id": application_id,
        "act": ConflictAct.RECUSAL,
        "reason": "사유",
        "filed_at": NOW,
        "filed_by_id": membership.user_id,
        **changes,
    }
    return Conflict(**values)


DECIDED = {"state": ConflictState.ACCEPTED, "decided_at": NOW, "decision_reason": "확인"}
ROWS: dict[str, tuple[str, Callable[[Membership, int], list[Any]]]] = {
    "same act twice": ("conflict_filed_already", lambda m, a: [conflict(m, a), conflict(m, a)]),
    "unknown act": ("value_not_listed", lambda m, a: [conflict(m, a, act="bribe")]),
    "unknown state": (
        "value_not_listed",
        lambda m, a: [conflict(m, a, **{**DECIDED, "state": "maybe"}, decided_by_id=m.user_id)],
    ),
    "unknown relation": ("value_not_listed", lambda m, a: [conflict(m, a, relation="friend")]),
    "no reason": ("reason_missing", lambda m, a: [conflict(m, a, reason="")]),
    "decided by nobody": ("decision_incomplete", lambda m, a: [conflict(m, a, **DECIDED)]),
    "decided without reason": (
        "decision_incomplete",
        lambda m, a: [conflict(m, a, **{**DECIDED, "decision_reason": "", "decided_by_id": m.user_id})],
    ),
    "unknown body": (
        "value_not_listed",
        lambda m, a: [conflict(m, a, **DECIDED, decided_by_id=m.user_id, decision_body="mob")],
    ),
    "told before it was decided": ("decision_incomplete", lambda m, a: [conflict(m, a, notified_at=NOW)]),
    "same seat twice": (
        "seat_taken",
        lambda m, a: [Membership(committee_id=m.committee_id, user_id=m.user_id, number=9, appointed_at=NOW)],
    ),
    "same number twice": (
        "seat_number_taken",
        lambda m, a: [Membership(committee_id=m.committee_id, user_id=m.user_id - 1, number=1, appointed_at=NOW)],
    ),
    "second declaration of a version": (
        "declared_twice",
        lambda m, a: [
            Declaration(membership_id=m.id, version=1, content={}, sha256="0" * 64, signed_at=NOW) for _ in range(2)
        ],
    ),
    "second committee of a name": (
        "committee_name_taken",
        lambda m, a: [Committee(call_id=m.committee.call_id, name=m.committee.name, kind="appeal", created_at=NOW)],
    ),
    "second committee for the whole call": (
        "committee_exists",
        lambda m, a: [Committee(call_id=m.committee.call_id, name="다른 이름", created_at=NOW)],
    ),
    "second committee for a track": (
        "committee_exists",
        lambda m, a: [
            Committee(call_id=m.committee.call_id, track_id=m.committee.call.tracks[0].id, name=name, created_at=NOW)
            for name in ("하나", "둘")
        ],
    ),
    "unknown kind": (
        "value_not_listed",
        lambda m, a: [Committee(call_id=m.committee.call_id, name="다른 이름", kind="jury", created_at=NOW)],
    ),
}


SEATS: dict[str, tuple[str, dict[str, Any]]] = {
    "a chair by nobody's choice": ("chair_unclear", {"is_chair": True, "chair_how": None}),
    "a dismissed chair": (
        "chair_unclear",
        {"is_chair": True, "chair_how": "named", "dismissed_at": NOW, "dismissed_reason": "사유"},
    ),
    "dismissed without reason": ("reason_missing", {"dismissed_at": NOW}),
    "a second chair": ("chair_exists", {"is_chair": True, "chair_how": "named"}),
}


def answer(*rows: Any, values: dict[str, Any] | None = None, seat: int = 0) -> str | None:
    """The code with which the database refuses the rows or the change of a seat; None where it takes them."""
    try:
        with transaction() as session:
            if values is not None:
                session.execute(update(Membership).where(Membership.id == seat).values(**values))
            session.add_all(rows)
    except DomainError as error:
        return error.code
    return None


def test_every_broken_rule_answers_with_a_sentence(app: Flask) -> None:
    call = make_call(phase=PhaseKind.SCORING)
    application = make_application(call)
    first, second = queries.members(make_committee(call, members=2).id)
    first = queries.get_membership(first.id)

    found = {case: answer(*make(first, application.id)) for case, (_code, make) in ROWS.items()}
    found |= {case: answer(values=values, seat=second.id) for case, (_code, values) in SEATS.items()}

    assert found == {case: code for case, (code, _made) in {**ROWS, **SEATS}.items()}
    assert set(found.values()) <= known_codes()
