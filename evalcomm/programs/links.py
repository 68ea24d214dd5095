"""The doors on a call's page: every room adds its own, with the policy of the page behind it."""

from dataclasses import dataclass

from flask import url_for
from flask_babel import LazyString

from evalcomm.programs.models import Call
from evalcomm.web.access import Policy, may


@dataclass(frozen=True, slots=True)
class Door:
    label: LazyString
    endpoint: str
    policy: Policy
    order: int
    kind: str


@dataclass(frozen=True, slots=True)
class Link:
    label: str
    url: str
    kind: str


_doors: dict[str, Door] = {}


def register(label: LazyString, endpoint: str, policy: Policy, *, order: int, kind: str = "secondary") -> None:
    """The endpoint takes `call_id`; the policy is asked with the call: `policy(actor, call, at)`. kind: of the button, "primary" for the one main act."""
    _doors[endpoint] = Door(label, endpoint, policy, order, kind)


def of_call(call: Call) -> list[Link]:
    """What this person may open, in order."""
    doors = sorted((door for door in _doors.values() if may(door.policy, call)), key=lambda door: door.order)
    return [Link(str(door.label), url_for(door.endpoint, call_id=call.id), door.kind) for door in doors]
