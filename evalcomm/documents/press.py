"""The press at work: the job that prints a paper, and where the files lie."""

from datetime import datetime, timedelta
from typing import Any

from flask import Flask, current_app
from flask_babel import get_locale
from sqlalchemy import select

from evalcomm.config import Settings
from evalcomm.documents.korean import amount
from evalcomm.documents.models import Paper, PaperFile
from evalcomm.documents.services import PRINT
from evalcomm.foundation import outbox
from evalcomm.foundation.database import db, transaction
from evalcomm.foundation.store import Store
from evalcomm.web.filters import won


def store() -> Store:
    settings: Settings = current_app.extensions["settings"]
    return Store(settings.instance / "files")


@outbox.periodic("documents.sweep_store", every_seconds=24 * 3600)
def sweep_store(at: datetime) -> None:
    """Nobody takes a day to write one file."""
    store().sweep(older_than=at - timedelta(days=1))


@outbox.task(PRINT)
def print_paper(payload: dict[str, Any], at: datetime) -> None:
    """Print and keep the file. Printed already, or printed twice at once: the same bytes, one row."""
    paper = db.session.get_one(Paper, payload["paper_id"])
    if db.session.get(PaperFile, paper.id) is not None:
        return
    kind, model = paper.kind, paper.model
    db.session.rollback()  # printing takes long; nothing stays open meanwhile
    from evalcomm.documents import rendering

    content = rendering.print_paper(kind, model)
    sha256 = store().put(content)
    with transaction() as session:
        if session.scalar(select(PaperFile.paper_id).where(PaperFile.paper_id == payload["paper_id"])) is None:
            session.add(PaperFile(paper_id=payload["paper_id"], sha256=sha256, size=len(content), printed_at=at))


def won_words(value: int) -> str:
    """금45,000,000,000원(금사백오십억원) on a Korean screen. The notation has no English: there it is the figure alone."""
    locale = get_locale()
    return amount(value) if locale is None or locale.language == "ko" else won(value)


def init_app(app: Flask) -> None:
    app.add_template_filter(won_words)
