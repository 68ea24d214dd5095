"""What a secretary asks for: applications, evaluators, and who may or must judge what."""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field
from enum import Enum
from fractions import Fraction

Pair = tuple[str, str]
"""(application, evaluator)"""


class Objective(Enum):
    WORST_THEN_TOTAL = "worst-then-total"  # the worst application first, then the total
    TOTAL = "total"


@dataclass(frozen=True, slots=True)
class Application:
    id: str
    organisation: str | None = None


@dataclass(frozen=True, slots=True)
class Evaluator:
    """`max_load` None: the smallest even load, the same for all who have none: what each would have if all shared evenly, and more only
    where conflicts ask for it.
    """

    id: str
    organisation: str | None = None
    min_load: int = 0
    max_load: int | None = None


@dataclass(frozen=True)
class Request:
    """
    per_application : evaluators for each application; None: everyone who may (the committee as a whole)
    affinity        : exact; a missing pair is 0
    conflicts       : pairs that may not be (제척·기피·회피), whatever the reason
    fixed           : pairs that must be; none that contradicts the rest (`contradictions`)
    standing        : pairs of now, perhaps with people or applications that are gone: of equally good assignments with the same loads,
                      the one that keeps most of them is taken
    apart           : two evaluators of one organisation never judge the same application; not asked of a whole committee
    """

    applications: Sequence[Application]
    evaluators: Sequence[Evaluator]
    per_application: int | None
    affinity: Mapping[Pair, Fraction] = field(default_factory=dict)
    conflicts: Collection[Pair] = ()
    fixed: Collection[Pair] = ()
    objective: Objective = Objective.WORST_THEN_TOTAL
    apart: bool = True
    standing: Collection[Pair] = ()

    def __post_init__(self) -> None:
        applications = [a.id for a in self.applications]
        evaluators = [e.id for e in self.evaluators]
        for kind, ids in (("application", applications), ("evaluator", evaluators)):
            if not ids:
                raise ValueError(f"there is no {kind}")
            if len(set(ids)) < len(ids):
                raise ValueError(f"an {kind} occurs twice")
        if self.per_application is not None and self.per_application < 1:
            raise ValueError("an application needs at least one evaluator")
        for e in self.evaluators:
            if e.min_load < 0 or (e.max_load is not None and e.max_load < e.min_load):
                raise ValueError(f"evaluator {e.id}: loads from {e.min_load} to {e.max_load} make no sense")
        known = set(applications), set(evaluators)
        for pairs in (self.affinity, self.conflicts, self.fixed):
            for application, evaluator in pairs:
                if application not in known[0] or evaluator not in known[1]:
                    raise ValueError(f"unknown pair {application}, {evaluator}")
        if wrong := contradictions(self, self.fixed):
            raise ValueError("; ".join(sentence for _, sentence in wrong))


def contradictions(request: Request, fixed: Collection[Pair]) -> list[tuple[Pair, str]]:
    """Pairs that cannot be fixed, whatever the others are, each with the reason."""
    organisation = {e.id: e.organisation for e in request.evaluators}
    applicant = {a.id: a.organisation for a in request.applications}
    most = {e.id: e.max_load for e in request.evaluators}
    conflicts = set(request.conflicts)
    apart = request.apart and request.per_application is not None
    colleague: dict[tuple[str, str], str] = {}
    seats: Counter[str] = Counter()
    load: Counter[str] = Counter()
    found: list[tuple[Pair, str]] = []
    for pair in sorted(set(fixed)):
        application, evaluator = pair
        works = organisation[evaluator]
        seats[application] += 1
        load[evaluator] += 1
        limit = most[evaluator]
        if pair in conflicts:
            found.append((pair, f"{evaluator} has a conflict with {application}, so the pair cannot be fixed"))
        elif works is not None and works == applicant[application]:
            found.append((pair, f"{evaluator} and the applicant of {application} both belong to {works}"))
        elif (
            apart
            and works is not None
            and (other := colleague.setdefault((application, works), evaluator)) != evaluator
        ):
            found.append((pair, f"{other} is fixed for {application} already and belongs to {works} too"))
        elif request.per_application is not None and seats[application] == request.per_application + 1:
            found.append((pair, f"more than {request.per_application} evaluators are fixed for {application}"))
        elif limit is not None and load[evaluator] == limit + 1:
            found.append((pair, f"{evaluator} has more fixed applications than the maximum load of {limit}"))
    return found
