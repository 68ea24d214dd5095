"""Rubrics and plans from TOML files: every problem at its file and line.

`load_rubric` and `load_plan` never raise for what stands in a document; they return what was read and everything wrong with it. `ready`
turns errors into InputError for commands that need a sound plan.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Generic, TypeVar

from evalcomm.engine.places import NotToml, line_of, parse_toml
from evalcomm.engine.plan import Plan
from evalcomm.engine.plan_reading import read_plan
from evalcomm.engine.rubric import Rubric
from evalcomm.engine.rubric_reading import read_rubric
from evalcomm.engine.schema import Problem, Section
from evalcomm.resources import plan_file, rubric_file
from evalcomm.tables.reading import InputError, read_bytes

T = TypeVar("T")


@dataclass(frozen=True)
class Finding:
    """An error or warning at its place. `line` counts from 1."""

    file: str
    line: int
    key: str
    message: str
    suggestion: str

    def __str__(self) -> str:
        place = f"{self.file}: line {self.line}" + (f", key {self.key}" if self.key else "")
        return f"{place}: {self.message}" + (f" ({self.suggestion})" if self.suggestion else "")


@dataclass
class Loaded(Generic[T]):
    """What a file holds; `value` is None where it has errors. `rubric`: the file of the rubric, where a plan has one."""

    file: str
    text: str
    value: T | None = None
    errors: list[Finding] = field(default_factory=list)
    rubric: Loaded[Rubric] | None = None

    def findings(self, problems: Sequence[Problem]) -> list[Finding]:
        """Problems at their lines in this file."""
        return [
            Finding(self.file, line_of(self.text, problem.path), problem.key, problem.message, problem.suggestion)
            for problem in problems
        ]

    def ready(self) -> T:
        """The value; raises InputError with every error of the file."""
        if self.value is None or self.errors:
            raise InputError(str(error) for error in self.errors)
        return self.value


def load_rubric(path: str | Path) -> Loaded[Rubric]:
    """Reads a rubric; InputError only where the file itself cannot be read."""

    def read(section: Section) -> Rubric | None:
        if "criterion" not in section and any(key in section for key in ("aggregate", "committee", "cut", "rubric")):
            section.problem((), "is a plan, not a rubric", "name its rubric, or use: evalcomm plan check")
            return None
        return read_rubric(section)

    return _load(_shipped(path, rubric_file), read)


def load_plan(path: str | Path, *, rubric: str | Path | None = None) -> Loaded[Plan]:
    """Reads a plan with its rubric, which `rubric` overrides; errors of either stand in `errors`.

    Both may be bare names of shipped documents.
    """
    used: list[Loaded[Rubric]] = []

    def read(section: Section) -> Plan | None:
        if "criterion" in section:
            section.problem((), "is a rubric, not a plan", "name a plan, or use: evalcomm rubric check")
            return None
        named = section.raw.get("rubric")
        place = rubric
        if place is None and isinstance(named, str) and named.strip():
            place = Path(path).parent / named.strip()
        if place is None:
            return read_plan(section)
        try:
            found = load_rubric(place)
        except InputError as error:
            if rubric is not None:
                raise
            section.problem(
                "rubric", f"names a rubric that cannot be used: {error}", "write its path relative to this plan"
            )
            return read_plan(section, rubric_unreadable=True)
        used.append(found)
        return read_plan(section, found.value, rubric_unreadable=found.value is None)

    path = _shipped(path, plan_file)
    loaded = _load(path, read)
    if used:
        loaded.rubric = used[0]
        loaded.errors = used[0].errors + loaded.errors
    if loaded.errors:
        loaded.value = None
    return loaded


def _shipped(path: str | Path, place_of: Callable[[str], Path]) -> str | Path:
    """A bare name such as "kr-subsidy" means the shipped document, unless a file of that name lies here."""
    if not re.fullmatch(r"[a-z0-9-]{1,64}", str(path)) or Path(path).exists():
        return path
    shipped = place_of(str(path))
    return shipped if shipped.is_file() else path


def _load(path: str | Path, read: Callable[[Section], T | None]) -> Loaded[T]:
    name = Path(path).name or str(path)
    data = read_bytes(path)
    try:
        text = data.decode("utf-8-sig").replace("\r\n", "\n")
    except UnicodeDecodeError as error:
        line = data.count(b"\n", 0, error.start) + 1
        return Loaded(name, "", errors=[Finding(name, line, "", "is not UTF-8 text", "save the file as UTF-8")])
    try:
        section = parse_toml(text)
    except NotToml as error:
        return Loaded(name, text, errors=[Finding(name, error.line, "", str(error), "")])
    value = read(section)
    loaded = Loaded(name, text, value)
    loaded.errors = sorted(loaded.findings(section.problems), key=lambda finding: finding.line)
    if loaded.errors:
        loaded.value = None
    return loaded
