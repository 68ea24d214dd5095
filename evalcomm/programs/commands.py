"""`evalcomm program …`."""

from pathlib import Path

import click
from flask import Flask
from flask.cli import AppGroup

from evalcomm.foundation import clock
from evalcomm.foundation.actor import system_actor
from evalcomm.foundation.database import transaction
from evalcomm.foundation.errors import DomainError
from evalcomm.programs import services
from evalcomm.rubrics.checking import NotUsable
from evalcomm.web import words

group = AppGroup("program", help="Programmes.")


@group.command("load")
@click.argument("file", type=click.Path(path_type=Path))
def load(file: Path) -> None:
    """Load a programme from a YAML file; the same file again changes nothing."""
    try:
        with transaction():
            program = services.load_program_file(path=file, actor=system_actor("command"), at=clock.now())
            projects = sum(len(task.projects) for task in program.tasks)
    except NotUsable as error:
        for finding in error.findings:
            place = f"{finding.file}: line {finding.line}: {finding.key}".rstrip(": ")
            click.echo(f"error: {place}: {finding.message} {finding.suggestion}", err=True)
        raise SystemExit(1) from None
    except DomainError as error:
        raise click.ClickException(words.explain(error)) from None
    click.echo(
        f"{program.code}: {program.name}\n"
        f"  {len(program.tasks)} tasks, {projects} projects, {program.budget_won:,} won, sha256 {program.source_sha256}"
    )


def init_app(app: Flask) -> None:
    app.cli.add_command(group)
