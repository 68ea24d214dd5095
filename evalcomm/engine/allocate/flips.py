"""What would have changed a line: the smallest change of its score, its request or the budget, found through the real policy.

Every figure is exact and comes from running the division again: scores between and at those of the others (nowhere else can
the order change), requests by bisection (asking for less never hurts oneself), budgets from one turning point to the next, in both
directions, since more money can cost an award.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from fractions import Fraction

from evalcomm.engine.allocate.application import Application
from evalcomm.engine.allocate.plan import AllocationPlan, Policy
from evalcomm.engine.allocate.sentences import Fact, Statement, say
from evalcomm.engine.allocate.walk import Turn, Walk, band_of, full_award
from evalcomm.engine.exact import format_figure

Run = Callable[[Sequence[Application], int], Walk | None]
TRACED = 60
"""Calls up to this size are traced by running the division again for each application."""
STEPS = 400
"""Turning points of the budget that are looked at in each direction."""


@dataclass(frozen=True, slots=True)
class Point:
    """A score at which the order can change: `value` itself, or (strict) just above it, tried at `tried`."""

    value: Fraction
    strict: bool
    tried: Fraction


class Tracer:
    """The division as it stands, to be asked what would change it. `run` is the same plan on other figures."""

    def __init__(
        self, applications: Sequence[Application], budget: int, plan: AllocationPlan, run: Run, walk: Walk
    ) -> None:
        self.applications = applications
        self.budget = budget
        self.plan = plan
        self.run = run
        self.awards = {one: turn.awarded for one, turn in walk.turns.items() if turn.awarded}
        self.goals = {one.id: self._goal(one) for one in applications}
        self.above = self._budgets(walk, up=True)
        self.below = self._budgets(walk, up=False)

    def statement(self, application: Application, turn: Turn | None) -> Statement:
        """`turn` None = rejected before the walk."""
        awarded = self.awards.get(application.id, 0)
        if turn is not None and turn.reason.code in {"funded-pin", "pinned-out"}:
            return say("pin-decides")
        if turn is not None and turn.reason.code in {"tied-lot", "after-lot"}:
            return say("lot-decides")
        if application.eligible is False:
            return say("eligibility-first")
        facts: dict[str, Fact] = {}
        for key, found in (("budget_above", self.above), ("budget_below", self.below)):
            if application.id in found:
                facts[key] = found[application.id]
        if awarded and awarded >= full_award(application, self.plan):
            self._score_down(application, facts)
            self._request_up(application, facts)
            return Statement("lose", facts) if facts else say("firm")
        self._score_up(application, facts)
        if full_award(application, self.plan):
            self._request_down(application, facts)
        else:
            self._request_to_the_unit(application, facts)
        if not facts:
            return say("no-flip")
        return Statement("gain-full" if awarded else "gain", facts)

    def _goal(self, application: Application) -> int:
        """The award that would be a change for the better, or that it would be a change for the worse to miss."""
        return full_award(application, self.plan) if self.awards.get(application.id) else 1

    def _reached(self, changed: Application, goal: int) -> bool:
        walk = self.run([changed if one.id == changed.id else one for one in self.applications], self.budget)
        return walk is not None and changed.id in walk.turns and walk.turns[changed.id].awarded >= goal

    # budget

    def _budgets(self, walk: Walk, *, up: bool) -> dict[str, int]:
        """The nearest larger (smaller) budget at which an award reaches its goal where it now does not, or the other way round."""
        wanted = {one: self.awards.get(one, 0) < self.goals[one] for one in walk.turns}
        if self.plan.policy is Policy.PROPORTIONAL:
            return self._budgets_of_shares([one for one, gain in wanted.items() if gain is up], up=up)
        found: dict[str, int] = {}
        budget, now = self.budget, walk
        for _ in range(STEPS):
            step = now.rise if up else now.fall
            if step is None or not wanted or (budget == 0 and not up):
                break
            budget = budget + step if up else max(budget - step - 1, 0)
            again = self.run(self.applications, budget)
            if again is None:
                break
            now = again
            flipped = {one for one, gain in wanted.items() if (now.turns[one].awarded >= self.goals[one]) is gain}
            found.update(dict.fromkeys(flipped, budget))
            wanted = {one: gain for one, gain in wanted.items() if one not in flipped}
        return found

    def _budgets_of_shares(self, wanted: Sequence[str], *, up: bool) -> dict[str, int]:
        """By bisection: shares grow with the budget."""
        awards: dict[int, Mapping[str, Turn]] = {}
        everything = sum(one.requested for one in self.applications)

        def reached(one: str, budget: int) -> bool:
            if budget not in awards:
                walk = self.run(self.applications, budget)
                awards[budget] = walk.turns if walk else {}
            turn = awards[budget].get(one)
            return turn is not None and turn.awarded >= self.goals[one]

        end = max(everything, self.budget) if up else 0
        found: dict[str, int] = {}
        for one in wanted:
            kept, flipped = self.budget, end
            if reached(one, flipped) is not up:
                continue
            while abs(flipped - kept) > 1:
                middle = (kept + flipped) // 2
                kept, flipped = (kept, middle) if reached(one, middle) is up else (middle, flipped)
            found[one] = flipped
        return found

    # score

    def _points(self) -> list[Point]:
        marks = {one.score for one in self.applications if one.eligible is not False}
        marks |= {band.start for band in self.plan.bands}
        if self.plan.pass_score is not None:
            marks.add(self.plan.pass_score)
        ascending = sorted(marks)
        points: list[Point] = []
        for place, mark in enumerate(ascending):
            above = (mark + ascending[place + 1]) / 2 if place + 1 < len(ascending) else mark + 1
            points += [Point(mark, strict=False, tried=mark), Point(mark, strict=True, tried=above)]
        return points

    def _moved(self, application: Application, point: Point) -> Application:
        """With ranks decided outside, a score of that size takes the rank just ahead of those it passes."""
        return replace(application, score=point.tried)

    def _score_up(self, application: Application, facts: dict[str, Fact]) -> None:
        if application.rank is not None:
            return
        goal = self.goals[application.id]
        points = [point for point in self._points() if point.tried > application.score]
        first = _first(points, lambda point: self._reached(self._moved(application, point), goal))
        if first is not None:
            facts["score"] = format_figure(first.value)
            facts["score_strict"] = int(first.strict)

    def _score_down(self, application: Application, facts: dict[str, Fact]) -> None:
        if application.rank is not None:
            return
        goal = self.awards[application.id]
        lowest = min(one.score for one in self.applications) - 1
        points = [point for point in self._points() if point.tried < application.score][::-1]
        points.append(Point(lowest, strict=False, tried=lowest))
        first = _first(points, lambda point: not self._reached(self._moved(application, point), goal))
        if first is None:
            return
        if first.strict or first.value == lowest:
            above = [point.value for point in self._points() if point.value > first.value]
            facts["score"] = format_figure(min(above))
            facts["score_strict"] = 0
        else:
            facts["score"] = format_figure(first.value)
            facts["score_strict"] = 1

    # request

    def _request_down(self, application: Application, facts: dict[str, Fact]) -> None:
        low, high = max(self.plan.unit_won, application.minimum), application.requested

        def reached(won: int) -> bool:
            changed = application.asking(won)
            goal = full_award(changed, self.plan)
            return goal > 0 and self._reached(changed, goal)

        while low < high and full_award(application.asking(low), self.plan) == 0:
            low *= 2
        if low >= high or not reached(low):
            return
        while high - low > 1:
            middle = (low + high) // 2
            low, high = (middle, high) if reached(middle) else (low, middle)
        facts["requested"] = low

    def _request_to_the_unit(self, application: Application, facts: dict[str, Fact]) -> None:
        band = band_of(application, self.plan) if self.plan.policy is Policy.BANDS else None
        asked = int(-(-self.plan.unit_won // (band.rate if band else 1)))
        asked = max(asked, application.requested + 1)
        if self._reached(application.asking(asked), 1):
            facts["requested"] = asked

    def _request_up(self, application: Application, facts: dict[str, Fact]) -> None:
        goal = self.awards[application.id]
        low, high = application.requested, 4 * (self.budget + application.requested) * 100

        def kept(won: int) -> bool:
            return self._reached(application.asking(won), goal)

        if kept(high):
            return
        while high - low > 1:
            middle = (low + high) // 2
            low, high = (middle, high) if kept(middle) else (low, middle)
        facts["requested"] = high


def _first(points: Sequence[Point], holds: Callable[[Point], bool]) -> Point | None:
    """The first point from which on `holds` is true (it is monotone along the points)."""
    if not points or not holds(points[-1]):
        return None
    low, high = -1, len(points) - 1
    while high - low > 1:
        middle = (low + high) // 2
        low, high = (low, middle) if holds(points[middle]) else (middle, high)
    return points[high]
