"""`evalcomm demo build`: the demonstration in the instance folder, with every paper as a file."""

import shutil
import subprocess
import sys
from collections import Counter
from pathlib import Path

import click
from flask import Flask, current_app
from flask.cli import AppGroup
from flask_migrate import upgrade
from sqlalchemy import func, select

from evalcomm.accounts.models import UserAccount
from evalcomm.audit import services as audit
from evalcomm.config import Settings
from evalcomm.demo import people, story
from evalcomm.demo.build import build as build_story
from evalcomm.documents import kinds
from evalcomm.documents import queries as documents
from evalcomm.documents.korean import amount
from evalcomm.documents.press import store
from evalcomm.documents.services import PRINT
from evalcomm.foundation import clock, outbox
from evalcomm.foundation.database import db, transaction
from evalcomm.programs import queries as programs
from evalcomm.programs.models import Call
from evalcomm.selection import queries as selection

group = AppGroup("demo", help="The demonstration.")
PRINTERS = 2
EDITIONS = {"internal": "", "disclosable": "_공개용"}


@group.command("build")
def build() -> None:
    """Build the demonstration: the real programme, run through to signed papers. Does nothing where it stands already."""
    upgrade()
    db.session.remove()
    call = _standing_call()
    if call is None:
        if db.session.scalar(select(func.count()).select_from(UserAccount)):
            raise click.ClickException(
                "this instance holds real accounts; the demonstration is built in an instance of its own (EVALCOMM_INSTANCE)"
            )
        click.echo("시연 자료를 만듭니다(가상 자료).")
        with transaction():
            call_id = build_story(lambda step: click.echo(f"  - {step}"), now=clock.now()).id
        call = programs.get_call(call_id)
    _print_papers()
    audit.seal(clock.now())
    _report(call, _lay_out(call))


def _standing_call() -> Call | None:
    program = programs.find_program(story.PROGRAM)
    return programs.find_call(program, story.CALL_NUMBER) if program is not None else None


def _print_papers() -> None:
    """Two printers at once: the outbox gives each job to one of them."""
    waiting = db.session.scalars(select(outbox.Job.task).where(outbox.Job.finished_at.is_(None))).all()
    db.session.rollback()
    if not waiting:
        return
    click.echo(f"문서를 인쇄합니다({waiting.count(PRINT)}건).")
    command = [sys.executable, "-m", "evalcomm", "worker", "--until-empty"]
    printers = [subprocess.Popen(command, stdout=subprocess.DEVNULL) for _ in range(PRINTERS)]  # noqa: S603 - our own command
    for printer in printers:
        if printer.wait() != 0:
            raise click.ClickException(
                "a printer stopped; run this command again, nothing that was printed is printed twice"
            )


def _lay_out(call: Call) -> dict[str, list[Path]]:
    """Every paper of the call as instance/papers/<kind>/<number> <subject>.pdf, for people who look at folders."""
    settings: Settings = current_app.extensions["settings"]
    folder = settings.instance / "papers"
    laid: dict[str, list[Path]] = {}
    for paper in documents.papers_of_call(call.id):
        if paper.file is None:
            raise click.ClickException(f"{paper.number} was not printed; see 'last_error' of its job")
        kind = str(kinds.get(paper.kind).label) + EDITIONS[paper.edition]
        target = folder / kind / f"{paper.number}{_subject(paper.model)}.pdf"
        target.parent.mkdir(parents=True, exist_ok=True)
        shutil.copyfile(store().path(paper.file.sha256), target)
        laid.setdefault(kind, []).append(target)
    return laid


def _subject(model: dict[str, object]) -> str:
    application = model.get("application")
    name = application.get("project") if isinstance(application, dict) else model.get("track")
    evaluator = model.get("evaluator")
    parts = [str(part).replace("/", "·") for part in (name, evaluator) if part]
    return f" {' '.join(parts)}" if parts else ""


def _report(call: Call, laid: dict[str, list[Path]]) -> None:
    settings: Settings = current_app.extensions["settings"]
    run = selection.adopted_run(call.id)
    assert run is not None
    statuses = Counter(line.status for line in run.lines)
    click.echo(f"\n{call.title} (가상 자료)")
    click.echo(
        f"  신청 {len(run.lines)}건: 선정 {statuses['funded']}, 감액 {statuses['cut']}, 예비 {statuses['reserve']}, 미선정 {statuses['rejected']}"
    )
    click.echo(f"  배분 {amount(run.awarded_won)} / 예산 {amount(call.budget_won)}")
    click.echo(f"\n문서 {sum(map(len, laid.values()))}부: {settings.instance / 'papers'}")
    for kind, files in sorted(laid.items()):
        click.echo(f"  {kind}: {len(files)}부")
    click.echo(f"\n감사 기록의 마지막 해시: {audit.head()}")
    click.echo(
        f"사람마다 한 번에 로그인할 수 있는 단추가 로그인 화면에 있습니다: {', '.join(person.name for person in people.STAFF[:4])} …"
    )


def init_app(app: Flask) -> None:
    app.cli.add_command(group)
