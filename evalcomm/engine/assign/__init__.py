"""Evaluators for applications, best and proved: the front door is `assign`.

Invariants: no pair that may not be, no load outside its limits, never two of one organisation on an application (unless the request says
so), every fixed pair; the order of the input decides nothing; a proof is integers recomputed from prices (`proof.dual_bound`) or
bounds of `search`, never a solver's word.
"""

from evalcomm.engine.assign.assignment import assign
from evalcomm.engine.assign.request import Application, Evaluator, Objective, Pair, Request, contradictions
from evalcomm.engine.assign.result import Assignment, Changes, Excluded, Impossible, Lack, changes
from evalcomm.engine.assign.sentences import Statement

__all__ = [
    "Application",
    "Assignment",
    "Changes",
    "Evaluator",
    "Excluded",
    "Impossible",
    "Lack",
    "Objective",
    "Pair",
    "Request",
    "Statement",
    "assign",
    "changes",
    "contradictions",
]
