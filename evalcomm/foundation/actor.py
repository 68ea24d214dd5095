"""Who acts: a value that routes, commands and jobs hand to every verb, so that no verb looks at a request or a session."""

from dataclasses import dataclass, field
from enum import StrEnum


class Role(StrEnum):
    APPLICANT = "applicant"
    EVALUATOR = "evaluator"
    SECRETARIAT = "secretariat"
    AUDITOR = "auditor"
    ADMINISTRATOR = "administrator"


@dataclass(frozen=True, slots=True)
class Actor:
    """A person with rights, or a part of the system (`user_id` None, `name` the part)."""

    user_id: int | None
    name: str
    roles: frozenset[Role] = field(default_factory=frozenset)
    organisation_id: int | None = None
    address: str = ""
    """Where the request came from: an IP address, "command" or "worker"."""
    request_id: str = ""

    @property
    def is_authenticated(self) -> bool:
        return self.user_id is not None

    def has(self, *roles: Role) -> bool:
        """Whether the actor holds any of these roles."""
        return not self.roles.isdisjoint(roles)


ANONYMOUS = Actor(user_id=None, name="")


def system_actor(part: str) -> Actor:
    """The actor of a job or a command that no signed-in person started."""
    return Actor(user_id=None, name=part, address=part)
