"""What a policy answers: allowed or not, and why. The reason is a code with parameters; the edge chooses the words."""

from collections.abc import Mapping
from dataclasses import dataclass, field


@dataclass(frozen=True, slots=True)
class Verdict:
    allowed: bool
    code: str = ""
    params: Mapping[str, object] = field(default_factory=dict)

    def __bool__(self) -> bool:
        return self.allowed


ALLOWED = Verdict(allowed=True)


def refused(code: str, **params: object) -> Verdict:
    return Verdict(allowed=False, code=code, params=params)


def first_refusal(*verdicts: Verdict) -> Verdict:
    """All must allow; the first that doesn't is the answer."""
    return next((verdict for verdict in verdicts if not verdict.allowed), ALLOWED)
