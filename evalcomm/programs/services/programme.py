"""Load a programme from its file."""

import hashlib
import unicodedata
from datetime import datetime
from pathlib import Path

from sqlalchemy import select

from evalcomm import resources
from evalcomm.accounts import services as accounts
from evalcomm.accounts.models import Organisation, OrganisationKind
from evalcomm.audit import services as audit
from evalcomm.foundation.actor import Actor
from evalcomm.foundation.database import db
from evalcomm.foundation.errors import Conflict, NotFound
from evalcomm.programs import queries
from evalcomm.programs.models import Program, Project, Task
from evalcomm.programs.reading import ProgramText, TaskText, read_program


def load_program(*, text: str, actor: Actor, at: datetime, name: str = "program.yaml") -> Program:
    """Keep a programme with its tasks, projects and organisations, every text as it stands in the file.

    The same file again changes nothing. Another file of the same code brings the programme up to it, and may add but not remove tasks and
    projects, since applications stand on them. Raises `rubrics.checking.NotUsable` with every problem.
    """
    content = read_program(text, name=name)
    sha256 = hashlib.sha256(text.encode()).hexdigest()
    program = queries.find_program(content.code)
    if program is not None and program.source_sha256 == sha256:
        return program
    if program is None:
        program = Program(code=content.code, created_at=at)
        db.session.add(program)
    else:
        _refuse_removal(program, content)
    program.name, program.name_is_working_title = content.name, content.name_is_working_title
    program.purpose, program.authority = content.purpose, list(content.ministries)
    program.legal_basis, program.fiscal_year = "\n".join(content.legal_basis), content.fiscal_year
    program.budget_won, program.budget_as_printed = content.budget_won, content.budget_as_printed
    program.source, program.source_text, program.source_sha256 = content.source, text, sha256
    for ministry in content.ministries:
        organisation_named(ministry, kind=OrganisationKind.MINISTRY, region="", actor=actor, at=at)
    tasks = {task.number: task for task in program.tasks}
    for wanted in content.tasks:
        lead = organisation_named(
            wanted.lead, kind=OrganisationKind.INSTITUTION, region=wanted.innovation_city, actor=actor, at=at
        )
        _write_task(program, tasks.get(wanted.number), wanted, lead)
    db.session.flush()
    audit.record(
        verb="programs.load_program",
        subject=program,
        actor=actor,
        at=at,
        detail={"code": content.code, "sha256": sha256},
    )
    return program


def load_program_file(*, path: Path, actor: Actor, at: datetime) -> Program:
    """Raises NotFound where there is no such file."""
    try:
        text = path.read_text(encoding="utf-8-sig")
    except (FileNotFoundError, IsADirectoryError):
        raise NotFound("program_file_unknown", path=str(path)) from None
    except UnicodeDecodeError:
        raise Conflict("program_file_encoding", path=str(path)) from None
    return load_program(text=text, actor=actor, at=at, name=path.name)


def load_shipped_program(*, code: str, actor: Actor, at: datetime) -> Program:
    """A programme that comes with evalcomm, by its code. Raises NotFound."""
    return load_program_file(path=resources.program_file(code), actor=actor, at=at)


def organisation_named(name: str, *, kind: OrganisationKind, region: str, actor: Actor, at: datetime) -> Organisation:
    """The organisation whose stable code comes from this name as printed, made at first sight; a later change of its name keeps the code."""
    code = organisation_code(name)
    known = db.session.scalar(select(Organisation).where(Organisation.code == code))
    if known is not None:
        return known
    return accounts.create_organisation(code=code, name=name, kind=kind, region=region, actor=actor, at=at)


def organisation_code(name: str) -> str:
    """Letters and digits of the name in compatibility form: the same name gives the same code in every installation."""
    letters = "".join(letter for letter in unicodedata.normalize("NFKC", name) if letter.isalnum())
    return letters[:60]


def _write_task(program: Program, task: Task | None, wanted: TaskText, lead: Organisation) -> None:
    if task is None:
        task = Task(number=wanted.number)
        program.tasks.append(task)
    task.innovation_city, task.title = wanted.innovation_city, wanted.title
    task.lead_printed, task.lead_organisation_id, task.lead = wanted.lead, lead.id, lead
    projects = {project.position: project for project in task.projects}
    for position, title in enumerate(wanted.projects, start=1):
        if position not in projects:
            projects[position] = Project(position=position)
            task.projects.append(projects[position])
        projects[position].title = title


def _refuse_removal(program: Program, content: ProgramText) -> None:
    wanted = {task.number: len(task.projects) for task in content.tasks}
    gone = [task.number for task in program.tasks if wanted.get(task.number, 0) < len(task.projects)]
    if gone:
        raise Conflict("program_loses_projects", tasks=", ".join(map(str, gone)))
