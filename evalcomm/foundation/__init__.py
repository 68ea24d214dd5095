"""What every room stands on: the database base and its types, the clock, who acts, what was decided, what went wrong, the outbox.

Invariants: a transaction is opened in one place (`database.transaction`); a read can't write (`database` sets each connection read-only);
append-only tables carry the triggers of `append_only.protect`; a job is done at least once and knows its key (`outbox`).
"""
