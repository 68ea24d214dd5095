"""The exact ranking: sheets of evaluators under a plan become figures, passes, ties with their trace, and ranks.

    ranking = rank(
        plan=plan,                                  # engine.plan.Plan, with its rubric
        scores=[
            Sheet.of("A1", "E1", {"goals": 9, "risk": Decimal("12.75")}),
            Sheet("A1", "E2", state=SheetState.RECUSED),
            Sheet("A2", "E1", state=SheetState.MISSING),
        ],
        fixed={"A1": {"site": 12, "reuse": 2}},     # fixed items, bonuses and penalties, by application
        applications={"A1": {"requested": 500_000_000}},    # columns that tie keys read
        lots={"A1": 2},
        official=True,
    )
    for standing in ranking.standings: ...          # in rank order, those that failed last

Where a plan has no rubric, a sheet's points are its total: `Sheet.of("A1", "E1", 84)`.

Every figure is an exact `Fraction`. A `Standing` carries all that a memo prints: every sheet's total, which were dropped and why, mean,
base and final, each criterion with its threshold, why it failed, and which key decided a tie. Nothing depends on the order of the input.

A sheet is scored, missing (assigned, not handed in), recused or not applicable; only scored ones count, and none of the others is
ever a zero. An official run (`official=True`) refuses what an ordinary one only warns of: half sheets, applications with fewer valid
sheets than the plan's minimum (unless named in `resolved`), undeclared digits of standard scores, and a least-squares correction
between evaluators who share no application.

Steps, in this order: points of a sheet -> sheet total (rounded) -> standard score or severity correction -> mean of the sheets (rounded)
-> + fixed points = base -> + bonus - penalty, capped = final (rounded) -> cuts -> rank -> ties.
"""

from evalcomm.engine.ranking.front import rank
from evalcomm.engine.ranking.values import (
    Caution,
    CriterionFigure,
    Failure,
    Ranking,
    RankingError,
    Sheet,
    SheetFigure,
    SheetState,
    Standing,
    Tie,
    TieStep,
)

__all__ = [
    "Caution",
    "CriterionFigure",
    "Failure",
    "Ranking",
    "RankingError",
    "Sheet",
    "SheetFigure",
    "SheetState",
    "Standing",
    "Tie",
    "TieStep",
    "rank",
]
