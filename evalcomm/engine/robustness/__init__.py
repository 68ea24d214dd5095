"""How robust a decision is, in words a losing applicant understands: the margin, one evaluator less, other weights.

    contest = Contest(plan, sheets, fixed=…, applications=…, lots=…)
    found = assess(contest, top=12)             # or select=…, such as what an allocation gives
    found.of("A7").statements                   # codes with facts, .ko, .en
    found.influence["E3"]                       # whose outcome changes without E3

Every answer comes from the real plan, run again by `engine.ranking.rank`; nothing here has a formula of its own. For the secretariat
and the auditor; it reaches papers only where the plan says so, and its sentences name no evaluator.
"""

from evalcomm.engine.robustness.assessing import ApplicationRobustness, Robustness, WeightSearch, assess
from evalcomm.engine.robustness.contest import Contest, Outcome, first
from evalcomm.engine.robustness.sentences import Statement
from evalcomm.engine.robustness.weighing import WeightFlip

__all__ = [
    "ApplicationRobustness",
    "Contest",
    "Outcome",
    "Robustness",
    "Statement",
    "WeightFlip",
    "WeightSearch",
    "assess",
    "first",
]
