"""Rubrics and evaluation plans as kept data: loaded from files or made from a template, versioned, sealed when a call is published.

Invariants: a stored version never changes (append-only); its SHA-256 is the engine's seal over canonical JSON, not over file bytes; the
engine's reader (`engine.plan`) is the only judge of whether one is valid (`services.store_plan`).
"""
