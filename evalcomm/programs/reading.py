"""A programme file (YAML, schema program/v1) as values, or every reason why not, each with its line."""

import re
from collections import Counter
from dataclasses import dataclass
from typing import Any

from flask_babel import gettext as _

from evalcomm.documents.korean import amount
from evalcomm.programs.yaml_reading import YamlTable, parse_yaml
from evalcomm.rubrics.checking import NotUsable

SCHEMA = "program/v1"
_CODE = re.compile(r"[a-z0-9][a-z0-9-]*")


@dataclass(frozen=True, slots=True)
class TaskText:
    number: int
    innovation_city: str
    lead: str
    title: str
    projects: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class ProgramText:
    """What the tables need, as printed; the pages show the rest from `source`, the whole file as plain data."""

    code: str
    name: str
    name_is_working_title: bool
    purpose: str
    ministries: tuple[str, ...]
    legal_basis: tuple[str, ...]
    fiscal_year: int | None
    budget_won: int
    budget_as_printed: str
    tasks: tuple[TaskText, ...]
    source: dict[str, Any]


def read_program(text: str, *, name: str = "program.yaml") -> ProgramText:
    """Raises NotUsable with every problem, in the order of the lines."""
    document = parse_yaml(text, name=name)
    schema = document.text("schema")
    if schema and schema != SCHEMA:
        document.at("schema", _("모르는 형식입니다."), f"schema: {SCHEMA}")
    head = _Head(document.table("program"))
    tasks = _tasks(document)
    _task_force(document.table("task_force", required=False))
    _variants(document, {task.number for task in tasks})
    _best_practices(document.table("best_practices", required=False))
    document.texts("not_in_source", required=False)
    document.finish()
    if document.problems:
        raise NotUsable(sorted(document.problems, key=lambda problem: problem.line))
    return ProgramText(
        code=head.code,
        name=head.name,
        name_is_working_title=head.is_working_title,
        purpose=head.purpose,
        ministries=head.ministries,
        legal_basis=head.legal_basis,
        fiscal_year=head.fiscal_year,
        budget_won=head.budget_won,
        budget_as_printed=head.budget_as_printed,
        tasks=tasks,
        source=document.plain(),
    )


class _Head:
    """The table `program`."""

    code = name = purpose = budget_as_printed = ""
    is_working_title = False
    ministries: tuple[str, ...] = ()
    legal_basis: tuple[str, ...] = ()
    fiscal_year: int | None = None
    budget_won = 0

    def __init__(self, table: YamlTable | None) -> None:
        if table is None:
            return
        self.code = table.text("code")
        if self.code and not _CODE.fullmatch(self.code):
            table.at(
                "code",
                _("쓸 수 없는 기호입니다."),
                _("영문 소문자·숫자·붙임표(-)로 적으십시오. 예: innovation-city-2021"),
            )
        self.name = table.text("name")
        self.is_working_title = table.flag("name_is_working_title", default=False)
        self.purpose = table.text("purpose", required=False)
        self.ministries = table.texts("lead_ministries")
        self.legal_basis = table.texts("legal_basis", required=False)
        table.text("policy_name", required=False)
        _document(table.table("source_document", required=False))
        self._budget(table.table("budget"))
        dates = _dates(table)
        self._external(table.table("external", required=False), dates)
        for row in table.tables("follow_up", required=False):
            row.text("printed")
            row.text("by", required=False)
            row.text("note", required=False)
            row.finish()
        table.finish()

    def _budget(self, table: YamlTable | None) -> None:
        if table is None:
            return
        table.text("kind", required=False)
        table.text("stage", required=False)
        self.budget_won = table.whole("total_won", least=1) or 0
        self.budget_as_printed = table.text("as_printed", required=False)
        notation = table.text("official_notation", required=False)
        if notation and self.budget_won and notation != amount(self.budget_won):
            table.at(
                "official_notation",
                _("total_won과 맞지 않습니다."),
                _("%(right)s(으)로 적거나 키를 빼십시오.", right=amount(self.budget_won)),
            )
        table.finish()

    def _external(self, table: YamlTable | None, dates: set[str]) -> None:
        if table is None:
            return
        table.whole("press_year", required=False, least=1900)
        self.fiscal_year = table.whole("fiscal_year", required=False, least=1900)
        for key in table.named_texts("dates_iso"):
            if key not in dates:
                table.at("dates_iso", _("‘%(key)s’은(는) dates에 없습니다.", key=key), _("dates의 key로 고치십시오."))
        table.finish()


def _document(table: YamlTable | None) -> None:
    if table is None:
        return
    table.text("title")
    table.text("subtitle", required=False)
    table.texts("issuers", required=False)
    table.finish()


def _dates(table: YamlTable) -> set[str]:
    keys = []
    for row in table.tables("dates", required=False):
        keys.append(row.text("key"))
        row.text("printed")
        row.text("event")
        row.text("venue", required=False)
        row.text("mode", required=False)
        _no_twin(row, "key", keys)
        row.finish()
    return set(keys)


def _tasks(document: YamlTable) -> tuple[TaskText, ...]:
    tasks, numbers = [], []
    for row in document.tables("collaboration_projects"):
        number = row.whole("number", least=1) or 0
        numbers.append(number)
        _no_twin(row, "number", numbers)
        projects = row.texts("representative_projects")
        for title, count in Counter(projects).items():
            if title and count > 1:
                row.at(
                    "representative_projects",
                    _("‘%(title)s’이(가) 두 번 나옵니다.", title=title),
                    _("하나만 남기십시오."),
                )
        tasks.append(
            TaskText(
                number=number,
                innovation_city=row.text("innovation_city"),
                lead=row.text("lead_institution"),
                title=row.text("title"),
                projects=projects,
            )
        )
        row.finish()
    return tuple(tasks)


def _task_force(table: YamlTable | None) -> None:
    if table is None:
        return
    table.text("name")
    table.texts("central", required=False)
    local = table.table("local_governments", required=False)
    if local is not None:
        count = local.whole("count", required=False)
        local.text("printed", required=False)
        listed = local.texts("derived_candidates", required=False)
        if listed and count is not None and len(listed) != count:
            local.at(
                "derived_candidates",
                _("%(found)s곳인데 count는 %(count)s입니다.", found=len(listed), count=count),
                _("목록과 count를 맞추십시오."),
            )
        local.finish()
    institutions = table.table("public_institutions", required=False)
    if institutions is not None:
        institutions.whole("count", required=False)
        institutions.text("printed", required=False)
        institutions.text("ref", required=False)
        institutions.finish()
    table.finish()


def _variants(document: YamlTable, numbers: set[int]) -> None:
    for row in document.tables("body_text_variants", required=False):
        number = row.whole("number", least=1)
        if number is not None and number not in numbers:
            row.at("number", _("이 번호의 과제가 없습니다."), _("collaboration_projects의 번호로 고치십시오."))
        row.text("printed")
        row.text("printed_owner", required=False)
        row.finish()


def _best_practices(table: YamlTable | None) -> None:
    if table is None:
        return
    fields: dict[str, tuple[int, ...]] = {}
    for row in table.tables("fields"):
        key = row.text("key")
        row.text("name")
        items = row.wholes("items")
        count = row.whole("count", required=False)
        if count is not None and count != len(items):
            row.at(
                "count",
                _("%(count)s인데 items는 %(found)s개입니다.", count=count, found=len(items)),
                _("items와 count를 맞추십시오."),
            )
        fields[key] = items
        row.finish()
    numbers: list[int] = []
    for row in table.tables("items"):
        number = row.whole("number", least=1) or 0
        numbers.append(number)
        _no_twin(row, "number", numbers)
        field = row.text("field")
        if field and field not in fields:
            row.at(
                "field", _("이런 분야가 없습니다."), _("fields의 key로 고치십시오: %(keys)s", keys=", ".join(fields))
            )
        elif field and number not in fields[field]:
            row.at("number", _("%(field)s 분야의 items에 없습니다.", field=field), _("fields의 items에 더하십시오."))
        row.text("title")
        row.text("example_institution", required=False)
        row.text("example", required=False)
        row.finish()
    missing = sorted({number for items in fields.values() for number in items} - set(numbers))
    if missing:
        listed = ", ".join(map(str, missing))
        table.at(
            "items", _("번호 %(numbers)s의 과제가 없습니다.", numbers=listed), _("과제를 더하거나 fields에서 빼십시오.")
        )
    table.finish()


def _no_twin(row: YamlTable, key: str, seen: list[Any]) -> None:
    if seen[-1] and seen[-1] in seen[:-1]:
        row.at(key, _("앞에서 이미 쓴 값입니다: %(value)s", value=seen[-1]), _("겹치지 않는 값으로 고치십시오."))
