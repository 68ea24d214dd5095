"""What the trail names by its hash. Each room says where its things lie; `first_fault` looks whether they are still what was written down.

The chain proves that nobody changed the trail. A score, a submission or a paper that was changed past the product is found here.
"""

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass

from sqlalchemy import select

from evalcomm.audit import words
from evalcomm.audit.models import AuditEntry
from evalcomm.foundation.database import db
from evalcomm.foundation.errors import DomainError


class Break(DomainError):
    """What is not as it was written down. Never raised: it is what a verification finds."""


@dataclass(frozen=True, slots=True)
class Kept:
    """`subject`: table and id as the entry names them; `thing`: those of what is kept, where it is another row; `note`: for the reader.

    `stated`: the hash beside the thing; `found`: that of what lies there now.
    """

    subject: tuple[str, int]
    stated: str
    found: str
    thing: tuple[str, int] | None = None
    note: object = ""


@dataclass(frozen=True, slots=True)
class Source:
    verbs: frozenset[str]
    key: str
    rows: Callable[[], Iterable[Kept]]


_sources: list[Source] = []
_checks: list[Callable[[], Iterable[Break]]] = []
AT_ONCE = 200
"""Rows that are read at a time: a large call's papers do not fit into memory together."""


def keeps(*verbs: str, key: str = "sha256", rows: Callable[[], Iterable[Kept]]) -> None:
    """Things whose hash stands under `key` in the entries of `verbs`."""
    _sources.append(Source(frozenset(verbs), key, rows))


def agrees(check: Callable[[], Iterable[Break]]) -> None:
    """A check of things that no entry names by a hash against others that one names; it yields what does not agree."""
    _checks.append(check)


def first_fault() -> Break | None:
    """The first thing that is not what the trail says, or None."""
    for source in _sources:
        try:
            fault = next(_faults(source), None)
        except ValueError:
            fault = Break("evidence_unreadable", act=words.act(min(source.verbs)))
        if fault is not None:
            return fault
    return next((fault for check in _checks for fault in check()), None)


def _faults(source: Source) -> Iterator[Break]:
    entries = db.session.execute(
        select(AuditEntry.id, AuditEntry.subject_type, AuditEntry.subject_id, AuditEntry.detail)
        .where(AuditEntry.verb.in_(source.verbs), AuditEntry.outcome == "done")
        .order_by(AuditEntry.id)
    )
    named = {(kind, subject, detail[source.key]): entry for entry, kind, subject, detail in entries}
    for kept in source.rows():
        table, number = kept.thing or kept.subject
        thing = {"thing": words.subject(table), "number": number, "note": f" ({kept.note})" if kept.note else ""}
        if kept.found != kept.stated:
            yield Break("evidence_changed", **thing)
        if named.pop((*kept.subject, kept.stated), None) is None:
            yield Break("evidence_unknown", **thing)
    for (table, number, _hash), entry in named.items():
        yield Break("evidence_gone", entry=entry, thing=words.subject(table), number=number)
