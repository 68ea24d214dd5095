"""Record, seal, verify."""

import hashlib
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any

from sqlalchemy import delete, func, insert, select
from sqlalchemy.orm import Session

from evalcomm.audit import evidence
from evalcomm.audit.models import AccessLog, AuditBatch, AuditEntry, AuditSeal
from evalcomm.foundation.actor import Actor
from evalcomm.foundation.database import canonical_sha256, db, execute, transaction

GENESIS = "0" * 64
"""What the first batch names as the one before it."""
KEEP_ACCESS_LOG = timedelta(days=2 * 365)


def record(
    *,
    verb: str,
    actor: Actor,
    at: datetime,
    subject: object | None = None,
    outcome: str = "done",
    detail: Mapping[str, Any] | None = None,
) -> None:
    """Write down an act in the current transaction. `verb` is "room.verb"; `detail` holds ids, codes and hashes, never scores, texts, names."""
    values: dict[str, Any] = {
        "at": at,
        "actor_id": actor.user_id,
        "actor_part": "" if actor.user_id is not None else actor.name,
        "address": actor.address,
        "request_id": actor.request_id,
        "verb": verb,
        "subject_type": getattr(subject, "__tablename__", ""),
        "subject_id": getattr(subject, "id", None),
        "outcome": outcome,
        "detail": dict(detail or {}),
    }
    execute(_INSERT, {**values, "entry_sha256": content_hash(values)})


_INSERT = insert(AuditEntry.__table__)  # type: ignore[arg-type]  # a mapped class's table is a Table
"""Built once: every verb runs it."""


def content_hash(values: Mapping[str, Any]) -> str:
    content = {**values, "at": values["at"].astimezone(UTC).isoformat(timespec="microseconds")}
    return canonical_sha256(content)


def entry_hash(entry: AuditEntry) -> str:
    return content_hash({name: getattr(entry, name) for name in HASHED})


HASHED = (
    "at",
    "actor_id",
    "actor_part",
    "address",
    "request_id",
    "verb",
    "subject_type",
    "subject_id",
    "outcome",
    "detail",
)
"""The columns that an entry's hash covers."""


def batch_hash(previous_sha256: str, entry_hashes: list[str]) -> str:
    return hashlib.sha256("\n".join([previous_sha256, *entry_hashes]).encode("ascii")).hexdigest()


def seal(at: datetime) -> int:
    """Put every committed, unsealed entry into one new batch. Returns how many.

    Two sealers at once: both name the same predecessor, which is unique, so one of them fails and tries again a second later.
    """
    # a look that takes no lock: there is nothing, most of the time
    if db.session.execute(_UNSEALED.limit(1)).first() is None:
        db.session.rollback()
        return 0
    with transaction() as session:
        return seal_within(session, at)


def seal_within(session: Session, at: datetime) -> int:
    """The same in a transaction that is under way, for a story that is told in one."""
    waiting = session.execute(_UNSEALED).all()
    previous = _head(session)
    batch = AuditBatch(
        sealed_at=at,
        entries=len(waiting),
        previous_sha256=previous,
        batch_sha256=batch_hash(previous, [row.entry_sha256 for row in waiting]),
    )
    session.add(batch)
    session.flush()
    session.add_all(AuditSeal(entry_id=row.id, batch_id=batch.id, position=place) for place, row in enumerate(waiting))
    session.flush()
    return len(waiting)


_UNSEALED = (
    select(AuditEntry.id, AuditEntry.entry_sha256)
    .outerjoin(AuditSeal, AuditSeal.entry_id == AuditEntry.id)
    .where(AuditSeal.entry_id.is_(None))
    .order_by(AuditEntry.id)
)


def _head(session: Session) -> str:
    return session.scalar(select(AuditBatch.batch_sha256).order_by(AuditBatch.id.desc()).limit(1)) or GENESIS


def head() -> str:
    """The last link of the chain; printed on reports and packs."""
    return _head(db.session())


@dataclass(frozen=True, slots=True)
class Verification:
    """`broken` names the first break."""

    batches: int
    sealed: int
    unsealed: int
    head: str
    broken: evidence.Break | None


def verify() -> Verification:
    """Recompute every hash from the first entry on, then those of the things that entries name; stop at the first that does not agree."""
    previous, batches, sealed = GENESIS, 0, 0
    broken: evidence.Break | None = None
    try:
        for batch, entries in _batches():
            broken = _break_in(batch, entries, previous)
            if broken is not None:
                break
            previous, batches, sealed = batch.batch_sha256, batches + 1, sealed + len(entries)
    except ValueError:
        broken = evidence.Break("chain_unreadable", batches=batches)
    unsealed_entries = db.session.scalars(
        select(AuditEntry)
        .outerjoin(AuditSeal, AuditSeal.entry_id == AuditEntry.id)
        .where(AuditSeal.entry_id.is_(None))
        .order_by(AuditEntry.id)
    ).all()
    if broken is None:
        wrong = next((entry for entry in unsealed_entries if entry_hash(entry) != entry.entry_sha256), None)
        broken = None if wrong is None else evidence.Break("entry_changed_unsealed", entry=wrong.id)
    if broken is None:
        broken = evidence.first_fault()
    return Verification(batches=batches, sealed=sealed, unsealed=len(unsealed_entries), head=previous, broken=broken)


def _batches() -> Iterator[tuple[AuditBatch, list[tuple[int, AuditEntry | None]]]]:
    for batch in db.session.scalars(select(AuditBatch).order_by(AuditBatch.id)):
        rows = db.session.execute(
            select(AuditSeal.position, AuditEntry)
            .outerjoin(AuditEntry, AuditEntry.id == AuditSeal.entry_id)
            .where(AuditSeal.batch_id == batch.id)
            .order_by(AuditSeal.position)
        ).all()
        yield batch, [(position, entry) for position, entry in rows]


def _break_in(batch: AuditBatch, entries: list[tuple[int, AuditEntry | None]], previous: str) -> evidence.Break | None:
    if batch.previous_sha256 != previous:
        return evidence.Break("chain_order", batch=batch.id)
    if len(entries) != batch.entries:
        return evidence.Break("chain_count", batch=batch.id, sealed=batch.entries, found=len(entries))
    for place, (position, entry) in enumerate(entries):
        if entry is None or position != place:
            return evidence.Break("chain_gap", batch=batch.id, place=place + 1)
        if entry_hash(entry) != entry.entry_sha256:
            return evidence.Break("entry_changed", entry=entry.id, batch=batch.id)
    if batch_hash(previous, [entry.entry_sha256 for _, entry in entries if entry is not None]) != batch.batch_sha256:
        return evidence.Break("chain_hash", batch=batch.id)
    return None


def log_access(*, action: str, subject_type: str, subject_id: int | None, actor: Actor, at: datetime) -> None:
    """Write down a read of personal data, in a transaction of its own: the only write that a GET may cause."""
    with transaction() as session:
        session.add(
            AccessLog(
                at=at,
                actor_id=actor.user_id,
                address=actor.address,
                request_id=actor.request_id,
                action=action,
                subject_type=subject_type,
                subject_id=subject_id,
            )
        )


def expire_access_log(at: datetime) -> int:
    """Remove reads older than two years. Returns how many."""
    with transaction() as session:
        count = (
            session.scalar(select(func.count()).select_from(AccessLog).where(AccessLog.at < at - KEEP_ACCESS_LOG)) or 0
        )
        if count:
            session.execute(delete(AccessLog).where(AccessLog.at < at - KEEP_ACCESS_LOG))
        return count
