"""From the closed score table to the announcement: ranking, lots, allocation runs, resolution, approval, announcement.

Invariants: an adopted run is frozen and is the only one papers are printed from (`services.adopt_run`, one per call, UNIQUE); a tie at the line
waits for a recorded lot (`services.record_lot`); resolution, approval and announcement are three states, each needs the one before
(`policies`); every won comes from `engine.allocate`, and award ≤ request is also the database's rule.
"""
