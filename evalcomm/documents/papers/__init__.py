"""The shapes of the papers: what a room hands to the press, and nothing else.

A model is plain JSON: str, int, bool, None, list, dict; never a float. Every key is always there: what does not exist is None or
[], never an empty string. `Won` is whole won, `Exact` an exact figure in writing ("84.50", "-2", or "253/3" where the plan rounds
nowhere), `Instant` a time in UTC ("2026-11-22T06:20:00Z"), `Day` a date ("2026-11-22"), `Digest` a SHA-256 in hex, `Text` one
or more sentences, paragraphs parted by a newline.

The room that issues a paper masks it first: whoever may not be named is already "위원 3", whatever may not be read is already
absent. The press prints what it gets and asks nobody. `check(kind, model)` names every place where a model does not fit.
"""

from collections.abc import Mapping
from typing import Any

from evalcomm.documents.papers.kinds import (
    SHAPES,
    Allocation,
    Amendment,
    ApplicationScores,
    AwardLine,
    Change,
    CommitteeMember,
    ConflictEntry,
    ConflictRecord,
    CriterionResult,
    DecisionMemo,
    EvaluatorTotal,
    FinalPart,
    Issue,
    LotEntry,
    LotRecord,
    MoneyBar,
    NoticeOfCall,
    Opinion,
    RankedFigure,
    Receipt,
    Resolution,
    ResultLine,
    ResultNotice,
    ScoreSheet,
    ScoreTable,
    SelectionReport,
    SheetCriterion,
    SheetItem,
    TableRow,
    TrackResult,
)
from evalcomm.documents.papers.pieces import (
    ApplicationHead,
    Correction,
    Cut,
    Dated,
    File,
    Grade,
    Money,
    Named,
    Outcome,
    Paper,
    PlanInWords,
    RubricCriterion,
    RubricItem,
    RuleInWords,
    Signature,
    Tie,
)
from evalcomm.documents.papers.values import BadModel, Count, Day, Digest, Exact, Instant, Score, Text, Won, misfits

__all__ = [
    "SHAPES",
    "Allocation",
    "Amendment",
    "ApplicationHead",
    "ApplicationScores",
    "AwardLine",
    "BadModel",
    "Change",
    "CommitteeMember",
    "ConflictEntry",
    "ConflictRecord",
    "Correction",
    "Count",
    "CriterionResult",
    "Cut",
    "Dated",
    "Day",
    "DecisionMemo",
    "Digest",
    "EvaluatorTotal",
    "Exact",
    "File",
    "FinalPart",
    "Grade",
    "Instant",
    "Issue",
    "LotEntry",
    "LotRecord",
    "Money",
    "MoneyBar",
    "Named",
    "NoticeOfCall",
    "Opinion",
    "Outcome",
    "Paper",
    "PlanInWords",
    "RankedFigure",
    "Receipt",
    "Resolution",
    "ResultLine",
    "ResultNotice",
    "RubricCriterion",
    "RubricItem",
    "RuleInWords",
    "Score",
    "ScoreSheet",
    "ScoreTable",
    "SelectionReport",
    "SheetCriterion",
    "SheetItem",
    "Signature",
    "TableRow",
    "Text",
    "Tie",
    "TrackResult",
    "Won",
    "check",
]


def check(kind: str, model: Mapping[str, Any]) -> None:
    """Raise `BadModel` with every place that is wrong; KeyError for a kind of paper that does not exist."""
    problems = list(misfits(model, SHAPES[kind], ""))
    if problems:
        raise BadModel(kind, problems)
