"""Committees, who sits on them, the chair, pledges, and conflicts of interest.

Invariants: one living chair per committee (`services.name_chair`); nobody sees a proposal before pledge and declaration
(`policies.has_declared`); exclusion (제척), challenge (기피) and recusal (회피) are three acts, each with reason and decision
(`models.Conflict`); who is recused from an application is decided in one function (`queries.recused_memberships`).
"""
