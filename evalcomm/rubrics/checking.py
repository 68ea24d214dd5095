"""From the text of a file to a rubric or a plan, with every problem at its line."""

import json
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from evalcomm.engine import seal
from evalcomm.engine.lint import lint_plan, lint_rubric
from evalcomm.engine.places import NotToml, line_of, parse_toml
from evalcomm.engine.plan import Plan
from evalcomm.engine.plan_reading import read_plan
from evalcomm.engine.rubric import Rubric
from evalcomm.engine.rubric_reading import read_rubric
from evalcomm.engine.schema import Problem, Section
from evalcomm.foundation.errors import Invalid

MAX_CHARACTERS = 200_000
"""A rubric of a hundred items with all its words has a tenth of it."""


@dataclass(frozen=True, slots=True)
class Finding:
    """One thing that is wrong in a file: the line, the key as people read it, what is wrong, and what would be right."""

    file: str
    line: int
    key: str
    message: str
    suggestion: str


class NotUsable(Invalid):
    """A file that can't be used; `findings` has every reason."""

    def __init__(self, findings: list[Finding]) -> None:
        first = findings[0]
        super().__init__("file_not_usable", count=len(findings), file=first.file, line=first.line)
        self.findings = findings

    def __str__(self) -> str:
        return "\n".join(f"{f.file}: line {f.line}: {f.key} {f.message} ({f.suggestion})" for f in self.findings)


def rubric_of(text: str, *, name: str = "rubric.toml") -> Rubric:
    """Raises NotUsable."""
    section = _section(text, name)
    rubric = read_rubric(section)
    _refuse(section, text, name)
    return rubric


def plan_of(text: str, rubric: Rubric, *, name: str = "plan.toml") -> Plan:
    """Raises NotUsable."""
    section = _section(text, name)
    plan = read_plan(section, rubric)
    _refuse(section, text, name)
    return plan


def rubric_path_of(text: str, *, name: str = "plan.toml") -> str | None:
    """The file that a plan names as its rubric, or None. Raises NotUsable where the text is no TOML."""
    value = _section(text, name).raw.get("rubric")
    return value if isinstance(value, str) else None


def sealed_content(value: Plan | Rubric) -> dict[str, Any]:
    """What the seal covers, as plain JSON: its canonical text has the seal as SHA-256."""
    content: dict[str, Any] = json.loads(seal.canonical_json(value))
    return content


@dataclass(frozen=True, slots=True)
class Report:
    """What a check found. `seal` is that of the plan, or of the rubric where there is no plan; None with errors."""

    errors: tuple[Finding, ...]
    warnings: tuple[Finding, ...] = ()
    seal: str | None = None


def report(rubric_text: str, plan_text: str | None, *, rubric_name: str, plan_name: str) -> Report:
    """Every error of both texts at once, and what a valid plan says but does not do (cuts that never bite, weights without effect)."""
    errors: list[Finding] = []
    rubric = plan = None
    try:
        section = _section(rubric_text, rubric_name)
        rubric = read_rubric(section)  # with problems it is still good enough to read the plan beside it
        errors += _findings(section.problems, rubric_text, rubric_name)
    except NotUsable as broken:
        errors += broken.findings
    if plan_text is not None:
        try:
            section = _section(plan_text, plan_name)
            if rubric is not None:
                plan = read_plan(section, rubric)
                errors += _findings(section.problems, plan_text, plan_name)
        except NotUsable as broken:
            errors += broken.findings
    if errors or rubric is None:
        return Report(tuple(errors))
    warnings = _findings(lint_rubric(rubric), rubric_text, rubric_name)
    if plan is None or plan_text is None:
        return Report((), tuple(warnings), seal.seal(rubric))
    return Report((), (*warnings, *_findings(lint_plan(plan), plan_text, plan_name)), plan.seal())


def _section(text: str, name: str) -> Section:
    if len(text) > MAX_CHARACTERS:
        raise NotUsable([Finding(name, 1, "", f"has {len(text):,} characters", f"keep it below {MAX_CHARACTERS:,}")])
    try:
        return parse_toml(text)
    except NotToml as error:
        raise NotUsable([Finding(name, error.line, "", str(error), "mend this line and check again")]) from None


def _refuse(section: Section, text: str, name: str) -> None:
    if section.problems:
        raise NotUsable(_findings(section.problems, text, name))


def _findings(problems: Iterable[Problem], text: str, name: str) -> list[Finding]:
    return [
        Finding(name, line_of(text, problem.path), problem.key, problem.message, problem.suggestion)
        for problem in problems
    ]
