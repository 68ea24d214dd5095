"""`evalcomm program …`."""

from pathlib import Path

import click
from flask import Flask
from flask_babel import gettext as _

from evalcomm.foundation import clock
from evalcomm.foundation.actor import system_actor
from evalcomm.foundation.database import transaction
from evalcomm.foundation.errors import DomainError
from evalcomm.programs import services
from evalcomm.rubrics.checking import Finding, NotUsable
from evalcomm.web.terminal import Commands, Failed

group = Commands("program", help="Programmes.")


@group.command("load")
@click.argument("file", type=click.Path(path_type=Path))
def load(file: Path) -> None:
    """Load a programme from a YAML file; the same file again changes nothing."""
    try:
        with transaction():
            program = services.load_program_file(path=file, actor=system_actor("command"), at=clock.now())
            projects = sum(len(task.projects) for task in program.tasks)
    except NotUsable as error:
        raise Failed(*(_told(finding) for finding in error.findings)) from None
    except DomainError as error:
        raise Failed.by(error) from None
    click.echo(f"{program.code}: {program.name}")
    click.echo(
        "  "
        + _(
            "협업과제 %(tasks)s개, 대표 프로젝트 %(projects)s개, 예산 %(won)s원, sha256 %(sha256)s",
            tasks=len(program.tasks),
            projects=projects,
            won=f"{program.budget_won:,}",
            sha256=program.source_sha256,
        )
    )


def _told(finding: Finding) -> str:
    place = _("%(file)s %(line)s번째 줄", file=finding.file, line=finding.line)
    key = f" {finding.key}:" if finding.key else ""
    return f"{place}:{key} {finding.message} {finding.suggestion}".rstrip()


def init_app(app: Flask) -> None:
    app.cli.add_command(group)
