"""Programmes with their tasks and projects, calls with tracks, rounds and the phases that carry rights.

Invariants: the words of a source are shown as printed (`models.Program.source`); a published call has a sealed version
(`services.publish_call`) and changes only by an amendment with reason, approver and a new version (`services.amend_call`); what a person may do
on a date is read from `Phase` (`queries.open_phase`), never from an `if` on dates in a view.
"""
