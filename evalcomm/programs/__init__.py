"""Programmes with their tasks and projects, calls with tracks, rounds and the phases that carry rights.

Invariants: the words of a source are kept and shown as printed (`reading.read_program`, `overview`); what was announced changes by
`services.amend_call` alone, with reason, approver and a new version (`sealing` refuses every other write and `sealing.deviates` finds the rest); what
a person may do on a date is read from `Phase` (`queries.open_phase`, `policies.phase_allows`), never from an `if` on dates in a view. Rooms above
add doors (`links`), a result's date (`standing`) and whom to tell (`services.tells`) by registering them.
"""
