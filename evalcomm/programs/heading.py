"""What every paper of a call carries."""

from typing import TypedDict

from evalcomm.programs.models import Call


class Heading(TypedDict):
    issuer: str
    program: str
    call: str
    call_id: int
    is_demonstration: bool


def issuer(call: Call) -> str:
    """공고 명의: who signs the notice signs every paper of the call."""
    return call.authority or ", ".join(call.program.authority) or call.program.name


def heading(call: Call) -> Heading:
    """What `documents.services.issue` wants of the call."""
    return {
        "issuer": issuer(call),
        "program": call.program.name,
        "call": call.title,
        "call_id": call.id,
        "is_demonstration": call.is_demonstration,
    }
