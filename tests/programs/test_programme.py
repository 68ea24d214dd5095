"""Loading a programme: tables as the file says, the same file once, organisations that last."""

from pathlib import Path

import pytest
from flask import Flask
from sqlalchemy import func, select

from evalcomm import resources
from evalcomm.accounts.models import Organisation
from evalcomm.audit.models import AuditEntry
from evalcomm.foundation.database import db, transaction
from evalcomm.foundation.errors import Conflict, NotFound
from evalcomm.programs import overview, queries, services
from evalcomm.programs.models import Program, Project, Task
from tests.factories import NOW
from tests.programs.calls import ACTOR, the_program

FILE = resources.program_file("innovation-city-2021")
REAL = FILE.read_text(encoding="utf-8")


def load(text: str) -> Program:
    with transaction():
        return services.load_program(text=text, actor=ACTOR, at=NOW)


def count(model: type) -> int:
    return db.session.scalar(select(func.count()).select_from(model)) or 0


def test_the_programme_has_its_tasks_projects_and_institutions(app: Flask) -> None:
    program = the_program()

    assert (program.budget_won, program.budget_as_printed) == (45_000_000_000, "450억 원")
    tasks = queries.tasks_of(program)
    assert [task.number for task in tasks] == list(range(1, 11))
    assert [project.title for project in tasks[0].projects] == ["부산형 상생혁신타워", "부산 사회적경제기금 조성"]
    assert (tasks[0].lead.name, tasks[0].lead.code, tasks[0].lead.region) == ("자산관리공사", "자산관리공사", "부산")
    assert count(Organisation) == 12


def test_the_same_file_again_changes_nothing(app: Flask) -> None:
    first = the_program()
    before = (count(Task), count(Project), count(Organisation), count(AuditEntry))

    assert the_program().id == first.id
    assert (count(Task), count(Project), count(Organisation), count(AuditEntry)) == before


def test_another_file_of_the_same_code_may_add_but_not_remove(app: Flask) -> None:
    first = the_program()
    more = REAL.replace("제주 EV랩 구축]", "제주 EV랩 구축, 제주 새 사업]").replace(
        "스마트 MICE 활성화", "스마트 MICE 육성"
    )

    program = load(more)
    assert program.id == first.id
    task = queries.tasks_of(program)[9]
    assert (task.title, [project.position for project in task.projects]) == ("스마트 MICE 육성", [1, 2, 3])

    with pytest.raises(Conflict) as refused:
        load(REAL)
    assert refused.value.params["tasks"] == "10"


def test_an_organisation_that_was_renamed_is_found_by_its_code(app: Flask) -> None:
    program = the_program()
    with transaction():
        lead = db.session.get_one(Organisation, queries.tasks_of(program)[0].lead_organisation_id)
        lead.name = "한국자산관리공사"

    load(REAL.replace("범정부 전담조직", "범정부  전담조직"))
    assert count(Organisation) == 12


def test_names_that_look_the_same_give_the_same_code(app: Flask) -> None:
    assert services.programme.organisation_code("K - 공사") == services.programme.organisation_code("Ｋ-공사")


def test_every_fact_says_where_it_comes_from(app: Flask) -> None:
    program = the_program()
    provenance = {fact.label: fact.provenance for fact in overview.outline(program) + overview.source(program)}

    assert provenance["예산"] == "printed"
    assert provenance["예산(공문서 표기)"] == "derived"
    assert provenance["연도"] == "external"
    for fact in overview.outline(program):
        if fact.provenance == "printed":
            assert all(part in REAL for part in fact.value.split(", "))


def test_the_command_loads_a_file_and_tells_every_mistake(
    app: Flask, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    runner = app.test_cli_runner()

    answer = runner.invoke(args=["program", "load", str(FILE)])
    assert answer.exit_code == 0, answer.output
    assert "10 tasks, 20 projects, 45,000,000,000 won" in answer.output

    broken = tmp_path / "broken.yaml"
    broken.write_text(REAL.replace("{number: 3, innovation", "{no: 3, innovation"), encoding="utf-8")
    answer = runner.invoke(args=["program", "load", str(broken)])
    assert answer.exit_code == 1
    assert answer.output.count("error: broken.yaml: line ") == 2
    assert "collaboration_projects[3].no" in answer.output
    monkeypatch.setenv("EVALCOMM_LANG", "ko")
    told = runner.invoke(args=["program", "load", str(broken)]).output
    assert told.count("오류: broken.yaml ") == 2
    assert "참·거짓으로 읽혀" in told
    assert "참·거짓" not in answer.output
    monkeypatch.setenv("EVALCOMM_LANG", "en")

    answer = runner.invoke(args=["program", "load", str(tmp_path / "absent.yaml")])
    assert answer.exit_code == 1
    assert "absent.yaml" in answer.output


def test_a_file_in_another_encoding_is_refused(app: Flask, tmp_path: Path) -> None:
    path = tmp_path / "cp949.yaml"
    path.write_bytes("schema: 한글".encode("cp949"))
    with pytest.raises(Conflict, match="program_file_encoding"), transaction():
        services.load_program_file(path=path, actor=ACTOR, at=NOW)
    with pytest.raises(NotFound), transaction():
        services.load_program_file(path=tmp_path, actor=ACTOR, at=NOW)
