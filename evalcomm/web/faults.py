"""What is wrong with the facts of a verb, all of it at once and each by its field.

A verb keeps what it asks of its facts in a `refuse_…` of its own, where a fact that can't be read is None: the page asks the same while
other fields are still wrong (`web.telling`).
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field

from evalcomm.foundation.errors import Invalid


@dataclass(frozen=True, slots=True)
class Fault:
    """`place` names the field of a form; `code` and `params` choose the sentence."""

    place: str
    code: str
    params: Mapping[str, object] = field(default_factory=dict)


def refuse(faults: Iterable[Fault]) -> None:
    """Raises Invalid with every fault at its field; the first one names the whole."""
    fields: dict[str, tuple[str, Mapping[str, object]]] = {}
    for fault in faults:
        fields.setdefault(fault.place, (fault.code, fault.params))
    for code, params in fields.values():
        raise Invalid(code, fields=fields, **params)
