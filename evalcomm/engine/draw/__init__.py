"""Draws that anyone can repeat: numbers that nobody can know beforehand decide, in a way announced beforehand.

Front door: `draw`. Two methods: `rfc3797`, exactly as published, and `sha256` without its modulo bias and without any meaning of the
pool's order. Reserves are the same draw continued; whoever can't serve is passed over and the draw goes on, never again from the start.
`check_draw.py` repeats a published record with the standard library alone.
"""

from evalcomm.engine.draw.drawing import Candidate, Draw, DrawError, Outcome, Step, Stratum, draw, unwritable
from evalcomm.engine.draw.order import RFC3797_MAX, Method, key_of

__all__ = [
    "RFC3797_MAX",
    "Candidate",
    "Draw",
    "DrawError",
    "Method",
    "Outcome",
    "Step",
    "Stratum",
    "draw",
    "key_of",
    "unwritable",
]
