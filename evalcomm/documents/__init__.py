"""The press and the register of issued papers.

Invariants: a paper is its canonical model, kept append-only with its SHA-256 (`services.issue`); same model and pinned versions, same bytes
(`rendering`, `pdf`); who may read a paper is the policy that its kind was registered with (`kinds.register`), asked by every page and download.
"""
