"""Score sheets, and the only door through which evaluators read proposals.

Invariants: one sheet per evaluator, application and round (UNIQUE); every saved state is a version that never changes (`SheetVersion`,
append-only) and the evaluator's receipt names its hash; a draft is compare-and-set on its tag (`services.save_draft`); figures stay sealed
until opening, decided in one place (`policies.may_see_figures`); recused is a state of the sheet's cell, never a zero.
"""
