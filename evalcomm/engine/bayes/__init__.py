"""Ranking with uncertainty: how sure the order of the applications is, and how strict each evaluator was.

Invariants: no seed and no sampling in expected ranks; neither row order nor names have a say (`canonical`); applications that the
model cannot tell apart share every figure (`ranks.pooled_mean`). Never official: it stands beside the plan's ranking.
"""

from evalcomm.engine.bayes.groups import Group
from evalcomm.engine.bayes.ranking import (
    EvaluatorSeverity,
    NothingToRank,
    RankedApplication,
    SheetFit,
    Uncertainty,
    rank_with_uncertainty,
    score_draws,
)

__all__ = [
    "EvaluatorSeverity",
    "Group",
    "NothingToRank",
    "RankedApplication",
    "SheetFit",
    "Uncertainty",
    "rank_with_uncertainty",
    "score_draws",
]
