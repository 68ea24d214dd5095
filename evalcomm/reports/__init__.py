"""Papers that read the whole call: decision memos, the selection report.

Invariants: they are printed from the adopted run only (`services.issue_decision_papers`), and every figure on them comes from it or from the
closed score tables, never from a new computation.
"""
