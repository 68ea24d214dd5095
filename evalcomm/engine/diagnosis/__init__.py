"""What a secretariat looks at before it trusts a table of scores: evaluators, sheets, items, and the design itself.

Signs, not verdicts: nothing here changes a figure. Severity and outlying sheets by a model come from `evalcomm.engine.bayes`, influence
on the outcome from `evalcomm.engine.robustness`; what is here can be checked by hand.
"""

from evalcomm.engine.diagnosis.connectivity import Part, connected_parts
from evalcomm.engine.diagnosis.evaluators import EvaluatorRecord, evaluator_records
from evalcomm.engine.diagnosis.items import ItemRecord, item_records
from evalcomm.engine.diagnosis.sheets import OutlyingSheet, outlying_sheets

__all__ = [
    "EvaluatorRecord",
    "ItemRecord",
    "OutlyingSheet",
    "Part",
    "connected_parts",
    "evaluator_records",
    "item_records",
    "outlying_sheets",
]
