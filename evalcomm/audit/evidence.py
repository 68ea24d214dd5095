"""What the trail names by its hash. Each room says where its things lie; `first_fault` looks whether they are still what was written down.

The chain proves that nobody changed the trail. A score, a submission or a paper that was changed past the product is found here.
"""

import hashlib
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass

from sqlalchemy import select

from evalcomm.audit.models import AuditEntry
from evalcomm.foundation.database import canonical_json, db


@dataclass(frozen=True, slots=True)
class Kept:
    """`subject`: table and id as the entry names them. `stated`: the hash beside the thing; `found`: that of what lies there now."""

    subject: tuple[str, int]
    what: str
    stated: str
    found: str


@dataclass(frozen=True, slots=True)
class Source:
    verbs: frozenset[str]
    key: str
    rows: Callable[[], Iterable[Kept]]


_sources: list[Source] = []
_checks: list[Callable[[], Iterable[str]]] = []
AT_ONCE = 200
"""Rows that are read at a time: a large call's papers do not fit into memory together."""


def keeps(*verbs: str, key: str = "sha256", rows: Callable[[], Iterable[Kept]]) -> None:
    """Things whose hash stands under `key` in the entries of `verbs`."""
    _sources.append(Source(frozenset(verbs), key, rows))


def agrees(check: Callable[[], Iterable[str]]) -> None:
    """A check of things that no entry names by a hash against others that one names; it yields what does not agree."""
    _checks.append(check)


def hash_of(content: object) -> str:
    return hashlib.sha256(canonical_json(content).encode()).hexdigest()


def first_fault() -> str | None:
    """A sentence that names the first thing that is not what the trail says, or None."""
    for source in _sources:
        try:
            fault = next(_faults(source), None)
        except ValueError:
            fault = f"what {' or '.join(sorted(source.verbs))} wrote down: a part of it can't be read any more"
        if fault is not None:
            return fault
    return next((fault for check in _checks for fault in check()), None)


def _faults(source: Source) -> Iterator[str]:
    entries = db.session.execute(
        select(AuditEntry.id, AuditEntry.subject_type, AuditEntry.subject_id, AuditEntry.detail)
        .where(AuditEntry.verb.in_(source.verbs), AuditEntry.outcome == "done")
        .order_by(AuditEntry.id)
    )
    named = {(kind, subject, detail[source.key]): entry for entry, kind, subject, detail in entries}
    for kept in source.rows():
        if kept.found != kept.stated:
            yield f"{kept.what}: its content does not match its own hash"
        if named.pop((*kept.subject, kept.stated), None) is None:
            yield f"{kept.what}: the trail does not know it as it is"
    for (kind, subject, _hash), entry in named.items():
        yield f"entry {entry}: what it wrote down of {kind} {subject} is gone"
