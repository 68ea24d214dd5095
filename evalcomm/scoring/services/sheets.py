"""Open, save, submit, reopen a sheet; cut versions of what was typed."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import datetime, timedelta
from typing import Any, Protocol, cast

from sqlalchemy import Table, bindparam, insert, select, update

from evalcomm.audit import evidence
from evalcomm.audit import services as audit
from evalcomm.engine.rubric import Rubric
from evalcomm.foundation import hooks
from evalcomm.foundation.actor import Actor, system_actor
from evalcomm.foundation.database import canonical_sha256, db, execute
from evalcomm.foundation.errors import Conflict, Invalid, Refused, StaleVersion
from evalcomm.foundation.verdict import Verdict
from evalcomm.notices import services as notices
from evalcomm.scoring import letters, policies, queries
from evalcomm.scoring.models import Cause, ScoreSheet, SheetState, SheetVersion
from evalcomm.scoring.queries import Desk
from evalcomm.scoring.sheet import Draft, TooLong, version_content

IDLE = timedelta(minutes=10)


def must(verdict: Verdict) -> None:
    if not verdict.allowed:
        raise Refused.by(verdict)


def open_sheet(*, desk: Desk, actor: Actor, at: datetime) -> ScoreSheet:
    """The sheet of this seat and application; made at the first opening, the same one afterwards."""
    must(policies.may_open_sheet(actor, desk, at))
    if desk.sheet is not None:
        return queries.get_sheet(desk.sheet.id)
    sheet = ScoreSheet(
        round_id=desk.round_id, application_id=desk.application_id, membership_id=desk.membership_id, changed_at=at
    )
    db.session.add(sheet)
    db.session.flush()
    audit.record(
        verb="scoring.open_sheet", subject=sheet, actor=actor, at=at, detail={"application": desk.application_id}
    )
    return sheet


def read_fields(rubric: Rubric, fields: Mapping[str, Any]) -> Draft:
    """A page's fields as a draft. Raises Invalid at the field that is too long."""
    try:
        return Draft.of_fields(rubric, fields)
    except TooLong as error:
        raise Invalid("text_too_long", fields={error.name: ("text_too_long", {})}) from error


def save_draft(*, desk: Desk, draft: Draft, tag: int, actor: Actor, at: datetime) -> int:
    """Keep what was typed, whatever it says, if the sheet is still the one that was loaded. Returns the new tag.

    Raises StaleVersion when another window was first, unless it saved the same. Durable, not audited: a version is cut at the next save.
    """
    must(policies.may_edit_sheet(actor, desk, at))
    sheet = desk.sheet
    if sheet is None:
        raise Conflict("sheet_not_opened")
    if draft == sheet.draft:
        return sheet.draft_tag
    if tag != sheet.draft_tag:
        raise StaleVersion("sheet_changed_elsewhere")
    kept = execute(_KEEP, {"sheet": sheet.id, "tag": tag, "new_draft": draft.to_json(), "new_tag": tag + 1, "now": at})
    if kept.rowcount != 1:
        raise StaleVersion("sheet_changed_elsewhere")
    return tag + 1


# built once: putting a statement together costs more than running it, and these run at every save
_SHEET, _VERSION = cast("Table", ScoreSheet.__table__), cast("Table", SheetVersion.__table__)
_KEEP = (
    update(_SHEET)
    .where(
        _SHEET.c.id == bindparam("sheet"),
        _SHEET.c.draft_tag == bindparam("tag"),
        _SHEET.c.state == SheetState.DRAFT.value,
    )
    .values(draft=bindparam("new_draft"), draft_tag=bindparam("new_tag"), changed_at=bindparam("now"))
)
_CUT = insert(_VERSION)
_MARK_CUT = (
    update(_SHEET)
    .where(_SHEET.c.id == bindparam("sheet"))
    .values(last_version=bindparam("number"), cut_tag=bindparam("tag"))
)


def save_sheet(*, desk: Desk, draft: Draft, tag: int, actor: Actor, at: datetime) -> int:
    """Save and cut a version. Saved again without a change, nothing is doubled. Returns the new tag."""
    new_tag = save_draft(desk=desk, draft=draft, tag=tag, actor=actor, at=at)
    assert desk.sheet is not None
    if new_tag != desk.sheet.cut_tag:
        _cut(desk.sheet, desk.rubric, draft, tag=new_tag, cause=Cause.SAVED, actor=actor, at=at)
    return new_tag


def submit_sheet(*, desk: Desk, tag: int, actor: Actor, at: datetime, draft: Draft | None = None) -> SheetVersion:
    """Hand in and sign in one act, after which the sheet is the evaluator's word. With `draft` it is saved first.

    Raises Invalid when something is missing, and StaleVersion when the sheet is not the one that was confirmed. Submitted twice, the first
    signature stands.
    """
    if desk.sheet is None:
        must(policies.may_submit_sheet(actor, desk, at))
        raise Conflict("sheet_not_opened")
    queries.lock_track(desk.track_id)
    sheet = queries.lock_sheet(desk.sheet.id)
    desk = queries.get_desk(sheet.id)  # what it was before the locks may be past
    if sheet.submitted_version is not None and tag == sheet.draft_tag and policies.owns_desk(actor, desk).allowed:
        return queries.get_version(sheet.id, sheet.submitted_version)
    must(policies.may_submit_sheet(actor, desk, at))
    if tag != sheet.draft_tag:
        raise StaleVersion("sheet_changed_elsewhere")
    if draft is not None:
        tag = save_draft(desk=desk, draft=draft, tag=tag, actor=actor, at=at)
    kept = draft if draft is not None else Draft.of_json(sheet.draft)
    if problems := kept.problems(desk.rubric):
        raise Invalid("sheet_incomplete", count=len(problems))
    number = _cut(sheet, desk.rubric, kept, tag=tag, cause=Cause.SUBMITTED, actor=actor, at=at)
    db.session.refresh(sheet)
    sheet.state, sheet.submitted_at, sheet.submitted_version = SheetState.SUBMITTED, at, number
    db.session.flush()
    return queries.get_version(sheet.id, number)


class HasVersions(Protocol):
    """A sheet, loaded whole or as a row."""

    @property
    def id(self) -> int: ...
    @property
    def last_version(self) -> int: ...


def _cut(
    sheet: HasVersions,
    rubric: Rubric,
    draft: Draft,
    *,
    tag: int,
    cause: Cause,
    actor: Actor,
    at: datetime,
    author_id: int | None = None,
) -> int:
    """Write the draft down as the next version, with its entry in the trail: ids and the hash, never a figure."""
    number = sheet.last_version + 1
    content = version_content(draft, rubric, head={"sheet": sheet.id, "version": number, "cause": cause}, at=at)
    sha256 = canonical_sha256(content)
    execute(
        _CUT,
        {
            "sheet_id": sheet.id,
            "version": number,
            "cause": cause.value,
            "content": content,
            "sha256": sha256,
            "made_at": at,
            "made_by_id": author_id if author_id is not None else actor.user_id,
        },
    )
    execute(_MARK_CUT, {"sheet": sheet.id, "number": number, "tag": tag})
    audit.record(
        verb=f"scoring.{cause}",
        subject=_Subject(sheet.id),
        actor=actor,
        at=at,
        detail={"version": number, "sha256": sha256},
    )
    return number


class _Subject:
    """A sheet for the trail, which needs its table and id only."""

    __tablename__ = ScoreSheet.__tablename__

    def __init__(self, sheet_id: int) -> None:
        self.id = sheet_id


@hooks.on_signing_out
def cut_at_sign_out(actor: Actor, at: datetime) -> None:
    """What a person typed and autosave kept becomes a version before the session ends."""
    if actor.user_id is not None:
        for sheet in queries.uncut_sheets(user_id=actor.user_id):
            _cut_kept(sheet, Cause.SIGNED_OUT, actor, at)


def cut_idle_sheets(at: datetime) -> int:
    """Versions of drafts that nobody has touched for ten minutes. Returns how many."""
    sheets = queries.uncut_sheets(before=at - IDLE)
    for sheet in sheets:
        _cut_kept(sheet, Cause.IDLE, system_actor("worker"), at)
    return len(sheets)


def _cut_kept(sheet: ScoreSheet, cause: Cause, actor: Actor, at: datetime) -> None:
    desk = queries.get_desk(sheet.id)
    draft = Draft.of_json(sheet.draft)
    _cut(sheet, desk.rubric, draft, tag=sheet.draft_tag, cause=cause, actor=actor, at=at, author_id=desk.user_id)


def reopen_sheet(*, desk: Desk, reason: str, actor: Actor, at: datetime) -> ScoreSheet:
    """재작성 허용: the evaluator may write again. What was handed in stays as a version."""
    if not reason.strip():
        raise Invalid("reason_missing", fields={"reason": ("reason_missing", {})})
    queries.lock_track(desk.track_id)
    must(policies.may_reopen_sheet(actor, desk, at))
    assert desk.sheet is not None
    sheet = queries.lock_sheet(desk.sheet.id)
    if sheet.state != SheetState.SUBMITTED:
        raise Conflict("sheet_not_submitted")
    sheet.state, sheet.submitted_at, sheet.submitted_version = SheetState.DRAFT, None, None
    sheet.reopened_at, sheet.reopened_reason = at, reason
    sheet.draft_tag += 1
    sheet.cut_tag = sheet.draft_tag
    db.session.flush()
    subject, body = letters.reopened(desk, reason)
    notices.send(
        key=f"scoring.reopen:{sheet.id}:{sheet.draft_tag}", user_id=desk.user_id, subject=subject, body=body, at=at
    )
    audit.record(verb="scoring.reopen_sheet", subject=sheet, actor=actor, at=at, detail={"version": sheet.last_version})
    return sheet


def _kept() -> Iterator[evidence.Kept]:
    rows = select(SheetVersion.id, SheetVersion.sheet_id, SheetVersion.sha256, SheetVersion.content)
    for row in db.session.execute(rows.order_by(SheetVersion.id)).yield_per(evidence.AT_ONCE):
        yield evidence.Kept(
            ("score_sheet", row.sheet_id), row.sha256, canonical_sha256(row.content), thing=("sheet_version", row.id)
        )


evidence.keeps(*(f"scoring.{cause}" for cause in Cause), rows=_kept)
