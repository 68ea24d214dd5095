"""`evalcomm plan check`."""

from __future__ import annotations

import click

from evalcomm.engine.lint import lint_plan, lint_rubric
from evalcomm.tables.answering import file_command
from evalcomm.tables.checking import check_answer
from evalcomm.tables.plans import load_plan
from evalcomm.tables.writing import Answer


@click.group("plan")
def command() -> None:
    """Check a plan."""


@command.command("check")
@click.argument("file", metavar="FILE")
@click.option("--rubric", metavar="FILE", help="A rubric (TOML) in place of the plan's.")
@file_command
def check(*, file: str, rubric: str | None) -> Answer:
    """Every error and warning of a plan (TOML) and its rubric, with its line and what would be right; and its seal."""
    loaded = load_plan(file, rubric=rubric)
    plan = loaded.value
    if plan is None:
        return check_answer(errors=loaded.errors, warnings=[], sha256=None, weights={}, name=loaded.file)
    warnings = loaded.findings(lint_plan(plan))
    if plan.rubric is not None and loaded.rubric is not None:
        warnings += loaded.rubric.findings(lint_rubric(plan.rubric))
    return check_answer(errors=[], warnings=warnings, sha256=plan.seal(), weights={}, name=loaded.file)
