"""Ordered reads of the register."""

from collections.abc import Sequence

from sqlalchemy import func, select
from sqlalchemy.orm import joinedload

from evalcomm.documents.models import Paper
from evalcomm.foundation.database import db
from evalcomm.foundation.errors import NotFound


def get_paper(paper_id: int) -> Paper:
    """Raises NotFound."""
    paper = db.session.scalar(select(Paper).options(joinedload(Paper.file)).where(Paper.id == paper_id))
    if paper is None:
        raise NotFound("not_found")
    return paper


def find_by_code(code: str) -> Paper | None:
    """The paper with this verification code, as typed from paper: case and hyphens don't matter."""
    return db.session.scalar(select(Paper).where(Paper.verification_code == normal_code(code)))


def normal_code(code: str) -> str:
    return "".join(letter for letter in code.upper() if letter.isalnum())


def papers_of(subject_type: str, subject_id: int, *, kind: str | None = None) -> Sequence[Paper]:
    """Newest version first."""
    query = (
        select(Paper)
        .options(joinedload(Paper.file))
        .where(Paper.subject_type == subject_type, Paper.subject_id == subject_id)
    )
    if kind is not None:
        query = query.where(Paper.kind == kind)
    return db.session.scalars(query.order_by(Paper.kind, Paper.edition, Paper.version.desc())).all()


def papers_of_call(call_id: int, *, kind: str | None = None) -> Sequence[Paper]:
    query = select(Paper).options(joinedload(Paper.file)).where(Paper.call_id == call_id)
    if kind is not None:
        query = query.where(Paper.kind == kind)
    return db.session.scalars(query.order_by(Paper.kind, Paper.id)).all()


def last_version(kind: str, subject_type: str, subject_id: int, edition: str) -> int:
    return (
        db.session.scalar(
            select(func.max(Paper.version)).where(
                Paper.kind == kind,
                Paper.subject_type == subject_type,
                Paper.subject_id == subject_id,
                Paper.edition == edition,
            )
        )
        or 0
    )
