"""Draws of the scores that `allocate` sends through the plan, from a table of draws or from the sheets of the evaluators."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction

import numpy as np
from numpy.typing import NDArray

from evalcomm.engine.allocate import AllocationPlan, Application, Policy
from evalcomm.engine.allocate.probability import chances
from evalcomm.tables.applications import Sources
from evalcomm.tables.reading import InputError, read_table

BITS, FEW_BITS = 12, 8
"""Draws from the sheets: 4,096, and 256 where each has to be optimised."""
SOFT = 0.05
"""Chances from here to 1 less this are uncertain."""


@dataclass(frozen=True)
class Drawn:
    """scores : shape (draws, applications), in the order of the applications. source : the file they come from."""

    scores: NDArray[np.float64]
    source: str
    warnings: tuple[str, ...]


def read_draws(path: str, applications: Sequence[Application]) -> Drawn:
    """DRAWS: `application`, and a column for each draw of the scores of all of them."""
    table = read_table(path)
    table.require("application")
    columns = [column for column in table.header if column and column != "application"]
    if not columns:
        table.problem(1, None, "there is no column beside application; each draw of the scores is a column of its own")
    table.check()
    table.unique("application")
    drawn = {row.text("application"): [float(row.decimal(column)) for column in columns] for row in table}
    table.check()
    warnings = [*table.warnings, *_strangers(table.name, drawn, applications)]
    _everybody(table.name, drawn, applications)
    return Drawn(np.array([drawn[one.id] for one in applications]).T, table.name, tuple(warnings))


def draws_from_sheets(applications: Sequence[Application], plan: AllocationPlan, sources: Sources) -> Drawn:
    """SCORES as `rank` reads them. What a score holds beside its evaluators' mean (fixed items, bonus) is added to every draw."""
    from evalcomm.engine.bayes import score_draws
    from evalcomm.engine.ratings import Ratings
    from evalcomm.tables.ranking import plan_for
    from evalcomm.tables.scores import half_sheets, read_scores

    basis = plan_for(sources.plan, sources.rubric, None)
    scores = read_scores(sources.scores or "", basis)
    totals = scores.totals(basis)
    if not totals:
        raise InputError(f"{scores.table.name}: there is no score; all sheets are blank, recused or incomplete")
    ratings = Ratings.of((application, evaluator, float(total)) for application, evaluator, total in totals)
    place = {name: number for number, name in enumerate(ratings.applications)}
    _everybody(scores.table.name, place, applications)
    found = score_draws(ratings, bits=FEW_BITS if plan.policy is Policy.PORTFOLIO else BITS)
    mean = ratings.application_means
    columns = [found[:, place[one.id]] + (float(one.score) - mean[place[one.id]]) for one in applications]
    warnings = [*scores.warnings, *half_sheets(scores), *_strangers(scores.table.name, place, applications)]
    return Drawn(np.array(columns).T, scores.table.name, tuple(warnings))


def _everybody(name: str, known: Mapping[str, object], applications: Sequence[Application]) -> None:
    missing = [one.id for one in applications if one.id not in known]
    if missing:
        more = f" and {len(missing) - 5} more" if len(missing) > 5 else ""
        raise InputError(f"{name}: has no score of {', '.join(missing[:5])}{more}; every application needs draws")


def _strangers(name: str, known: Mapping[str, object], applications: Sequence[Application]) -> list[str]:
    asked = {one.id for one in applications}
    others = sorted(one for one in known if one not in asked)
    return (
        [f"{name}: {len(others)} applications are in no row of the table to divide among ({others[0]}, …)"]
        if others
        else []
    )


@dataclass(frozen=True)
class Probability:
    """For each application the share of the draws in which it has an award."""

    of: Mapping[str, float]
    undecided: float
    draws: int
    source: str
    warnings: tuple[str, ...]

    @property
    def soft(self) -> list[str]:
        """Those whose award hangs on the uncertainty of the scores."""
        return [one for one, share in self.of.items() if SOFT < share < 1 - SOFT]

    def shown(self, application: str) -> Fraction:
        """For a table: four digits."""
        return Fraction(round(self.of[application] * 10_000), 10_000)

    def document(self) -> dict[str, object]:
        return {
            "draws": self.draws,
            "source": self.source,
            "undecided": round(self.undecided, 6),
            "uncertain": self.soft,
            "applications": {one: round(share, 6) for one, share in self.of.items()},
        }

    def remarks(self) -> list[str]:
        count, soft = len(self.of), len(self.soft)
        return [
            f"점수의 불확실성({self.source}, {self.draws:,}회): {count}건 중 {soft}건은 지원 가능성이 5%와 95% 사이",
            f"uncertainty of the scores ({self.source}, {self.draws:,} draws): {soft} of {count} have a chance of 5 to 95 % of an award",
        ]


def chances_of(applications: Sequence[Application], budget: int, plan: AllocationPlan, sources: Sources) -> Probability:
    """Every draw through the plan."""
    if sources.draws is not None:
        drawn = read_draws(sources.draws, applications)
    else:
        drawn = draws_from_sheets(applications, plan, sources)
    found = chances(applications, budget, plan, drawn.scores)
    order = sorted(range(len(applications)), key=lambda place: (-applications[place].score, applications[place].id))
    shares = {applications[place].id: float(found.funded[place]) for place in order}
    return Probability(shares, found.undecided, len(drawn.scores), drawn.source, drawn.warnings)
