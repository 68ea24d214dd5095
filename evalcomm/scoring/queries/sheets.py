"""One sheet and the proposal before it."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from sqlalchemy import select

from evalcomm.applications.models import Submission
from evalcomm.applications.queries import last_submission
from evalcomm.committee.models import Membership
from evalcomm.foundation.database import db
from evalcomm.foundation.errors import NotFound
from evalcomm.scoring.models import ScoreSheet, SheetState, SheetVersion
from evalcomm.scoring.proposal import Proposal, read
from evalcomm.scoring.queries.desks import Desk


def get_sheet(sheet_id: int) -> ScoreSheet:
    """Raises NotFound."""
    return _found(db.session.scalar(select(ScoreSheet).where(ScoreSheet.id == sheet_id)))


def lock_sheet(sheet_id: int) -> ScoreSheet:
    """The sheet, held to the end of the transaction. Raises NotFound."""
    query = select(ScoreSheet).where(ScoreSheet.id == sheet_id).with_for_update()
    return _found(db.session.scalar(query.execution_options(populate_existing=True)))


def _found(sheet: ScoreSheet | None) -> ScoreSheet:
    if sheet is None:
        raise NotFound("not_found")
    return sheet


def versions_of(sheet_id: int) -> Sequence[SheetVersion]:
    """Newest first."""
    query = select(SheetVersion).where(SheetVersion.sheet_id == sheet_id).order_by(SheetVersion.version.desc())
    return db.session.scalars(query).all()


def get_version(sheet_id: int, version: int) -> SheetVersion:
    """Raises NotFound."""
    query = select(SheetVersion).where(SheetVersion.sheet_id == sheet_id, SheetVersion.version == version)
    found = db.session.scalar(query)
    if found is None:
        raise NotFound("not_found")
    return found


def submitted_version(sheet: ScoreSheet) -> SheetVersion | None:
    """What was handed in and signed."""
    return get_version(sheet.id, sheet.submitted_version) if sheet.submitted_version is not None else None


def uncut_sheets(*, before: datetime | None = None, user_id: int | None = None) -> Sequence[ScoreSheet]:
    """Drafts with keystrokes that no version holds yet: those left alone since `before`, or those of one person."""
    query = select(ScoreSheet).where(ScoreSheet.state == SheetState.DRAFT, ScoreSheet.draft_tag != ScoreSheet.cut_tag)
    if before is not None:
        query = query.where(ScoreSheet.changed_at <= before)
    if user_id is not None:
        query = query.join(ScoreSheet.membership).where(Membership.user_id == user_id)
    return db.session.scalars(query.order_by(ScoreSheet.id).with_for_update(of=ScoreSheet)).all()


def proposal_of(desk: Desk, *, hide_names: bool) -> Proposal:
    """The last submitted version. Raises NotFound where there is none."""
    submission = last_submission(desk.application_id)
    if submission is None:
        raise NotFound("not_found")
    return proposal_from(submission, number=desk.number, title=desk.title, hide_names=hide_names)


def proposal_from(submission: Submission, *, number: str, title: str, hide_names: bool) -> Proposal:
    return read(
        submission.content,
        version=submission.version,
        received_at=submission.received_at,
        sha256=submission.sha256,
        number=number,
        title=title,
        hide_names=hide_names,
    )
