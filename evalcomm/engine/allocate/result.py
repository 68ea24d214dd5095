"""The answer: one line per application in rank order, with its reason and what would have changed it."""

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from fractions import Fraction

from evalcomm.engine.allocate.application import Application
from evalcomm.engine.allocate.plan import Objective, Policy
from evalcomm.engine.allocate.sentences import Statement


class Outcome(StrEnum):
    OK = "ok"
    NEEDS_LOT = "needs-lot"
    INFEASIBLE = "infeasible"


class Status(StrEnum):
    """`cut` = less than the policy gives at this score, for want of money. `reserve` = passes and has no award."""

    FUNDED = "funded"
    CUT = "cut"
    RESERVE = "reserve"
    REJECTED = "rejected"


@dataclass(frozen=True, slots=True)
class AllocationLine:
    """`rank` is None for the rejected. `budget_left` is the money left when its turn came."""

    application: Application
    rank: int | None
    awarded: int
    status: Status
    reason: Statement
    would_change: Statement
    budget_left: int

    @property
    def requested(self) -> int:
        return self.application.requested


@dataclass(frozen=True, slots=True)
class NeedsLot:
    """Who is tied at the line, how many places the lot fills, and the money that it is about."""

    applications: tuple[str, ...]
    slots: int
    budget_left: int


@dataclass(frozen=True, slots=True)
class Optimum:
    """The value of an optimised run, and what no division can exceed. `certificate`: plain JSON for `check_certificate.py`.

    proof : how the two are known to meet ("assembly", "table", "solver"); None where they do not.
    """

    objective: Objective
    value: Fraction
    bound: Fraction
    proof: str | None
    certificate: Mapping[str, object]

    @property
    def proved(self) -> bool:
        return self.value == self.bound


@dataclass(frozen=True, slots=True)
class Repair:
    """The smallest change of one rule with which all rules can be kept.

    rule : number in the plan from 1, or "budget", "pass_score". change : the key to change, or "remove".
    to, by : won or count as int, points as text. size : relative to what stands, for ranking. enough : False where other rules
    clash beside this set, so that more repairs are needed.
    """

    rule: int | str
    change: str
    to: int | str | None
    by: int | str | None
    size: Fraction
    statement: Statement
    enough: bool = True


@dataclass(frozen=True, slots=True)
class Conflict:
    """One minimal set of rules that clash, each with its sentence, and repairs, smallest first."""

    rules: tuple[tuple[int | str, Statement], ...]
    repairs: tuple[Repair, ...]


@dataclass(frozen=True, slots=True)
class Allocation:
    status: Outcome
    policy: Policy
    budget: int
    lines: tuple[AllocationLine, ...]
    needs_lot: NeedsLot | None = None
    rate: Fraction | None = None
    optimum: Optimum | None = None
    conflict: Conflict | None = None
    promoted: tuple[str, ...] | None = None
    warnings: tuple[str, ...] = ()

    @property
    def awards(self) -> Mapping[str, int]:
        return {line.application.id: line.awarded for line in self.lines if line.awarded > 0}

    @property
    def reserve(self) -> tuple[str, ...]:
        return tuple(line.application.id for line in self.lines if line.status is Status.RESERVE)

    @property
    def unspent(self) -> int:
        return self.budget - sum(line.awarded for line in self.lines)
