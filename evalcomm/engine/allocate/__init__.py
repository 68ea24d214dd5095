"""Division of a budget by declared rule, to the won: the front door is `allocate`.

Invariants: no won over the budget, none over a request, no rule broken (`_assert_sound` re-checks every answer); the order of
the input decides nothing (`application.ordered`); every line carries its reason (`sentences`).
"""

from evalcomm.engine.allocate.application import AllocationError, Application
from evalcomm.engine.allocate.division import allocate
from evalcomm.engine.allocate.plan import (
    AllocationPlan,
    Band,
    Cap,
    Exclusive,
    Floor,
    Level,
    Matching,
    MaxAwards,
    Objective,
    Pin,
    Policy,
    Requires,
    Rule,
    Shortfall,
    TiesAtLine,
    Year,
)
from evalcomm.engine.allocate.result import Allocation, AllocationLine, NeedsLot, Outcome, Status
from evalcomm.engine.allocate.sentences import Statement

__all__ = [
    "Allocation",
    "AllocationError",
    "AllocationLine",
    "AllocationPlan",
    "Application",
    "Band",
    "Cap",
    "Exclusive",
    "Floor",
    "Level",
    "Matching",
    "MaxAwards",
    "NeedsLot",
    "Objective",
    "Outcome",
    "Pin",
    "Policy",
    "Requires",
    "Rule",
    "Shortfall",
    "Statement",
    "Status",
    "TiesAtLine",
    "Year",
    "allocate",
]
