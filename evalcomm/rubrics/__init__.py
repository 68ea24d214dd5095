"""Rubrics and evaluation plans as kept data: loaded from files, checked with every error at once, versioned, put into words.

Invariants: a stored version never changes (append-only), and its number stands for one content (`services.store_plan`); its SHA-256 is the
engine's seal over canonical JSON, not over file bytes, and is checked before a plan decides anything (`queries.plan_value`); every value that
can change a result has a sentence (`wording.rules`). The engine's reader is the only judge of whether a plan is valid (`checking`).
"""
