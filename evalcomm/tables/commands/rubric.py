"""`evalcomm rubric check`."""

from __future__ import annotations

from collections.abc import Mapping

import click

from evalcomm.engine.lint import Weight, lint_rubric, lint_weights, observed_weights, possible_weights
from evalcomm.engine.plan import Plan
from evalcomm.engine.ranking import SheetState
from evalcomm.engine.seal import seal
from evalcomm.tables.answering import file_command
from evalcomm.tables.checking import check_answer
from evalcomm.tables.plans import load_rubric
from evalcomm.tables.scores import read_scores
from evalcomm.tables.writing import Answer


@click.group("rubric")
def command() -> None:
    """Check a rubric."""


@command.command("check")
@click.argument("file", metavar="FILE")
@click.option("--scores", metavar="FILE", help="Scores under this rubric, to see what each item really weighs.")
@file_command
def check(*, file: str, scores: str | None) -> Answer:
    """Every error and warning of a rubric (TOML), with its line and what would be right; and its seal."""
    loaded = load_rubric(file)
    rubric = loaded.value
    if rubric is None:
        return check_answer(errors=loaded.errors, warnings=[], sha256=None, weights={}, name=loaded.file)
    weights: dict[str, tuple[Weight, ...]] = {"possible": possible_weights(rubric)}
    problems = list(lint_rubric(rubric))
    if scores is not None:
        read = read_scores(scores, Plan("none", 1, rubric=rubric))
        whole = [
            sheet.points
            for sheet in read.sheets
            if sheet.state is SheetState.SCORED
            and isinstance(sheet.points, Mapping)
            and len(sheet.points) == len(rubric.scored_items)
        ]
        weights["observed"] = observed_weights(rubric, whole)
        problems += lint_weights(rubric, weights["observed"], f"of {len(whole)} sheets in {read.table.name}")
    return check_answer(
        errors=[], warnings=loaded.findings(problems), sha256=seal(rubric), weights=weights, name=loaded.file
    )
