"""`evalcomm rank`: the exact ranking of a table of scores.

`--method bayes` hands over to `evalcomm.tables.commands.bayes.run_bayes(scores=…, plan=…, plot=…, top=…, severity_sd=…, prior_upper=…,
robust=…, lower_is_better=…, panel=…) -> Answer`, so that the plain methods never load NumPy; options not given are None.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from typing import Any

import click

from evalcomm.engine.plan import Method
from evalcomm.tables.answering import check_plot, file_command, write_file
from evalcomm.tables.ranking import Files, Ranked, answer_of, plan_for, ranked
from evalcomm.tables.scores import read_scores
from evalcomm.tables.writing import Answer

BAYES = "bayes"
METHODS = (*(method.value for method in Method), BAYES)


@click.command("rank")
@click.argument("scores", metavar="SCORES")
@click.option(
    "--plan",
    metavar="FILE",
    help="The plan (TOML, or the name of a shipped one). [default: plain mean, exact, no cuts]",
)
@click.option("--rubric", metavar="FILE", help="A rubric (TOML), in place of the plan's.")
@click.option("--method", type=click.Choice(METHODS), help="In place of the plan's method.")
@click.option("--fixed", metavar="FILE", help="Fixed items, bonuses, penalties: application,item,points.")
@click.option("--applications", metavar="FILE", help="Applications with the columns that tie keys read.")
@click.option("--lots", metavar="FILE", help="Lots drawn among the tied: application,lot.")
@click.option("--sheet", metavar="NAME", help="The sheet of SCORES in a workbook. [default: the first]")
@click.option("--official", is_flag=True, help="Refuse what an official result may not have, such as half a sheet.")
@click.option("--plot", metavar="FILE.svg", help="Draw the result.")
@click.option(
    "--sensitivity",
    is_flag=True,
    help="How near each outcome is to another: margin, without each evaluator, other weights.",
)
@click.option("--top", type=click.IntRange(min=1), help="bayes, --sensitivity: how many can be funded.")
@click.option("--severity-sd", type=click.FloatRange(min=0), help="bayes: the SD of severity. [default: estimated]")
@click.option(
    "--prior-upper", type=click.FloatRange(min=0, min_open=True), help="bayes: upper end of the uniform priors of SDs."
)
@click.option("--robust/--gaussian", default=None, help="bayes: residuals with heavy tails (default) or normal.")
@click.option("--lower-is-better", is_flag=True, default=None, help="bayes: a lower score is a better one.")
@click.option("--panel", metavar="COLUMN", help="bayes: the column of SCORES that names the panel.")
@file_command
def command(
    *,
    scores: str,
    plan: str | None,
    rubric: str | None,
    method: str | None,
    sheet: str | None,
    plot: str | None,
    official: bool,
    sensitivity: bool,
    top: int | None,
    fixed: str | None,
    applications: str | None,
    lots: str | None,
    **bayes: Any,
) -> Answer:
    """Rank the applications of SCORES (CSV or XLSX).

    SCORES has the columns application, evaluator, score, or application, evaluator, item, score. A blank score is missing; "recused" is
    a recusal.
    """
    check_plot(plot)
    official_only: dict[str, object] = {
        "--fixed": fixed,
        "--applications": applications,
        "--lots": lots,
        "--official": official or None,
        "--sensitivity": sensitivity or None,
    }
    if method == BAYES:
        _refuse(official_only, "does not go with --method bayes, which gives no official figure")
        basis = plan_for(plan, rubric, None)
        from evalcomm.tables.commands.bayes import run_bayes

        return run_bayes(scores=read_scores(scores, basis, sheet=sheet), plan=basis, plot=plot, top=top, **bayes)
    _refuse({f"--{name.replace('_', '-')}": value for name, value in bayes.items()}, "goes with --method bayes")
    if not sensitivity:
        _refuse({"--top": top}, "goes with --method bayes or --sensitivity")
    basis = plan_for(plan, rubric, None if method is None else Method(method))
    files = Files(scores, fixed=fixed, applications=applications, lots=lots, sheet=sheet)
    result = ranked(basis, files, official=official)
    if plot is not None:
        from evalcomm.tables.plots import score_plot

        write_file(plot, score_plot(result.ranking))
    answer = answer_of(result, declared=plan is not None)
    return _with_sensitivity(answer, result, top) if sensitivity else answer


def _with_sensitivity(answer: Answer, result: Ranked, top: int | None) -> Answer:
    from evalcomm.engine.robustness import assess
    from evalcomm.tables.sensitivity import document_of, remarks_of, sheets_of

    found = assess(result.contest, top=top)
    ranking, *details = answer.sheets
    return replace(
        answer,
        document={**answer.document, "sensitivity": document_of(found, top)},
        sheets=[ranking, *sheets_of(found), *details],
        remarks=(*answer.remarks, *remarks_of(found)),
    )


def _refuse(options: Mapping[str, object], why: str) -> None:
    if given := [name for name, value in options.items() if value is not None]:
        raise click.UsageError(f"{', '.join(given)} {why}")
