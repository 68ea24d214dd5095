"""What is different: between two divisions of the same call, and without each rule in turn."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from fractions import Fraction

from evalcomm.engine.allocate.application import Application
from evalcomm.engine.allocate.division import allocate
from evalcomm.engine.allocate.plan import AllocationPlan
from evalcomm.engine.allocate.result import Allocation, Outcome


@dataclass(frozen=True, slots=True)
class Change:
    """One application whose award differs, in won."""

    application: str
    before: int
    after: int


@dataclass(frozen=True, slots=True)
class Difference:
    """From one division to another. `changes` by id; moved : won that change hands, counted once."""

    changes: tuple[Change, ...]

    @property
    def enters(self) -> tuple[str, ...]:
        return tuple(one.application for one in self.changes if not one.before)

    @property
    def leaves(self) -> tuple[str, ...]:
        return tuple(one.application for one in self.changes if not one.after)

    @property
    def moved(self) -> int:
        gained = sum(max(one.after - one.before, 0) for one in self.changes)
        lost = sum(max(one.before - one.after, 0) for one in self.changes)
        return max(gained, lost)


def difference(before: Allocation, after: Allocation) -> Difference:
    names = sorted(before.awards.keys() | after.awards.keys())
    pairs = [Change(one, before.awards.get(one, 0), after.awards.get(one, 0)) for one in names]
    return Difference(tuple(one for one in pairs if one.before != one.after))


def merit_of(answer: Allocation) -> Fraction:
    """The objective of an optimal portfolio; under any other policy score times won awarded."""
    if answer.optimum is not None:
        return answer.optimum.value
    return sum((line.application.score * line.awarded for line in answer.lines), Fraction(0))


@dataclass(frozen=True, slots=True)
class RuleCost:
    """What one rule costs: the merit that its absence would add (below 0 where it would take some away), and the awards that would change.

    rule : place in the plan from 1. merit, without : None where the division without the rule is not decided either.
    """

    rule: int
    merit: Fraction | None
    without: Difference | None


def costs_of_rules(
    applications: Sequence[Application], budget: int, plan: AllocationPlan, answer: Allocation
) -> tuple[RuleCost, ...]:
    """Divides again without each rule. `answer`: the division with all of them."""
    costs: list[RuleCost] = []
    for place in range(len(plan.rules)):
        fewer = replace(plan, rules=plan.rules[:place] + plan.rules[place + 1 :])
        other = allocate(applications, budget, fewer, explain=False)
        if Outcome.OK is answer.status is other.status:
            costs.append(RuleCost(place + 1, merit_of(other) - merit_of(answer), difference(answer, other)))
        else:
            costs.append(RuleCost(place + 1, None, None))
    return tuple(costs)
