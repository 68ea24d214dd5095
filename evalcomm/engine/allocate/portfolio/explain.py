"""Why an application is in the optimum or not, and what would change it: exact where a search or a table tells, else a bound.

Raising one's own score adds the same to every division that funds one. So the best division with the application, and the best
without it, tell the score at which they change places. With the budget as the only rule a table over money tells the same of budgets and
requests.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from fractions import Fraction

import numpy as np

from evalcomm.engine.allocate.application import Application
from evalcomm.engine.allocate.plan import AllocationPlan, Level, Objective
from evalcomm.engine.allocate.portfolio.budget import applicable, tabled
from evalcomm.engine.allocate.portfolio.forced import Forced, Question, forced
from evalcomm.engine.allocate.portfolio.model import FULL, Ints, Model
from evalcomm.engine.allocate.portfolio.optimum import Solution
from evalcomm.engine.allocate.sentences import Fact, Statement, say
from evalcomm.engine.exact import format_figure

ASKED = 40
"""Calls up to this size have every forced-in and forced-out question answered, by the solver where need be."""
SEARCHED = 600
"""Calls up to this size have those answered that the bound leaves open; beyond, the bound speaks alone."""
TABLES = 2 * 10**8
"""Units of work for the tables without each application in turn."""


@dataclass(slots=True)
class Explanation:
    """The questions about one solution, asked all at once when it is made."""

    model: Model
    solution: Solution
    plan: AllocationPlan
    taken: dict[int, int] = field(init=False)
    answers: Mapping[Question, Forced | None] = field(init=False)
    tables: dict[int, Ints] = field(init=False)

    def __post_init__(self) -> None:
        model, taken = self.model, self.solution.taken
        assert taken is not None
        self.taken = {int(model.owner[choice]): int(choice) for choice in taken}
        count = len(model.applications)
        questions = [question for one in range(count) for question in self._questions(one)] if count <= SEARCHED else []
        self.answers = forced(model, self.solution, questions, solver=count <= ASKED)
        self.tables = _tables(model) if applicable(model) and self.solution.proof is not None else {}

    def _questions(self, one: int) -> list[Question]:
        dual, model = self.solution.dual, self.model
        assert dual is not None
        now = self.taken.get(one, -1)
        choices = [-1, *range(int(model.first[one]), int(model.first[one + 1]))]
        if len(model.applications) > ASKED:
            gap = dual.bound - self.solution.value * dual.denominator
            choices = [c for c in choices if int(dual.loss[c] if c >= 0 else dual.loss_none[one]) <= gap]
        return [(one, choice) for choice in choices if choice != now]

    # the parts of an answer

    def reason(self, one: int) -> Statement | None:
        """For one without an award: what the best division with it costs, and whom; None where that is not known."""
        known = [
            (found.value, choice, found) for choice in self._choices(one) if (found := self.answers.get((one, choice)))
        ]
        if not known or any((one, choice) not in self.answers for choice in self._choices(one)):
            return None
        value, _, found = max(known, key=lambda entry: (entry[0], -entry[1]))
        owners = {int(self.model.owner[choice]) for choice in found.taken}
        dropped = tuple(self.model.applications[other].id for other in sorted(self.taken) if other not in owners)
        lost = format_figure((self.solution.value - value) * self.model.value_scale)
        if value == self.solution.value:
            return say("portfolio-not-better")
        return say("portfolio-dropped", lost=lost, dropped=dropped) if dropped else say("portfolio-out", lost=lost)

    def change(self, one: int) -> Statement:
        now = self.taken.get(one)
        return self._could_gain(one) if now is None else self._could_lose(one, now)

    def _choices(self, one: int) -> range:
        return range(int(self.model.first[one]), int(self.model.first[one + 1]))

    def _slope(self, one: int, choice: int) -> Fraction:
        """How much one more point of score adds to the objective when this choice is taken."""
        if choice < 0:
            return Fraction(0)
        application = self.model.applications[one]
        won = int(self.model.cost[choice]) * self.model.won_scale
        merit = max(
            level.merit for level in self.plan.levels or (FULL,) if _award(application, level, self.plan) == won
        )
        return merit * (application.requested if self.plan.objective is Objective.SCORE_WON else 1)

    def _could_gain(self, one: int) -> Statement:
        application, value, scale = self.model.applications[one], self.solution.value, self.model.value_scale
        needed: list[Fraction] = []
        least: list[Fraction] = []
        barred = 0
        for choice in self._choices(one):
            slope = self._slope(one, choice)
            if (one, choice) in self.answers:
                found = self.answers[one, choice]
                if found is None:
                    barred += 1
                elif slope > 0:
                    needed.append(application.score + (value - found.value) * scale / slope)
            elif slope > 0:
                least.append(application.score + (value - self._reach(choice)) * scale / slope)
        facts: dict[str, Fact] = {}
        self._money_up(one, facts)
        if needed and (not least or min(needed) <= min(least)):
            facts["score"], facts["score_strict"] = format_figure(min(needed)), 1
            return Statement("gain", facts)
        if least:
            return say("gain-bound", score=format_figure(min(least)))
        if facts:
            return Statement("gain", facts)
        return say("barred") if barred else say("no-flip-score")

    def _reach(self, choice: int) -> int:
        """No division with this choice is worth more."""
        dual = self.solution.dual
        assert dual is not None
        return min((dual.bound - int(dual.loss[choice])) // dual.denominator, self.solution.value)

    def _could_lose(self, one: int, now: int) -> Statement:
        application, mine = self.model.applications[one], self._slope(one, now)
        limits: list[Fraction] = []
        for choice in (-1, *self._choices(one)):
            found, slope = self.answers.get((one, choice)), self._slope(one, choice)
            if choice != now and found is not None and slope < mine:
                limits.append(
                    application.score - (self.solution.value - found.value) * self.model.value_scale / (mine - slope)
                )
        facts: dict[str, Fact] = {}
        self._money_down(one, facts)
        mark = self.plan.pass_score if application.eligible is None else None
        if limits or (mark is not None and (one, -1) in self.answers):
            facts["score"] = format_figure(max([*limits, *([mark] if mark is not None else [])]))
            facts["score_strict"] = 0
        if facts:
            return Statement("lose", facts)
        return (
            say("firm-score")
            if (one, -1) in self.answers
            else say("too-many-to-trace", count=len(self.model.applications))
        )

    # budgets and requests, from tables: others[b] = the best value of the others with b units of money

    def _money_up(self, one: int, facts: dict[str, Fact]) -> None:
        others = self.tables.get(one)
        if others is None or self.model.constant or self.model.pinned:
            return
        model, budget = self.model, self.model.rows[0].limit
        cost, value = int(model.cost[model.first[one]]), int(model.value[model.first[one]])
        wins = np.flatnonzero(others[budget + 1 - cost : len(others) - cost] + value > others[budget + 1 :])
        if len(wins) and cost <= budget + 1:
            facts["budget"] = (budget + 1 + int(wins[0])) * model.won_scale
        smaller = np.arange(1, min(cost, budget + 1))
        application = model.applications[one]
        worth = np.full(len(smaller), value)
        if self.plan.objective is Objective.SCORE_WON:
            step = application.score * model.won_scale / model.value_scale
            if step.denominator != 1 or application.requested != cost * model.won_scale:
                return
            worth = smaller * int(step)
        enough = np.flatnonzero(others[budget - smaller] + worth > others[budget])
        if len(enough) and int(smaller[enough[-1]]) * model.won_scale >= application.minimum:
            asked = int(smaller[enough[-1]]) * model.won_scale
            facts["requested"] = asked + (
                self.plan.unit_won - 1 if self.plan.objective is not Objective.SCORE_WON else 0
            )

    def _money_down(self, one: int, facts: dict[str, Fact]) -> None:
        others = self.tables.get(one)
        if others is None or self.model.constant or self.model.pinned:
            return
        model, budget = self.model, self.model.rows[0].limit
        cost, value = int(model.cost[model.first[one]]), int(model.value[model.first[one]])
        below = np.arange(budget)
        inside = np.where(below >= cost, others[np.maximum(below - cost, 0)] + value, np.int64(-1) << 60)
        lost = np.flatnonzero(inside < others[below])
        if len(lost):
            facts["budget"] = (int(lost[-1]) + 1) * model.won_scale


def _award(application: Application, level: Level, plan: AllocationPlan) -> int:
    won = min(int(application.requested * level.rate), application.wanted)
    return won - won % plan.unit_won


def _tables(model: Model) -> dict[int, Ints]:
    """For each application the table of the others, up to the money that would fund everybody."""
    count, everything = len(model.applications), int(model.cost.sum())
    if count * count * (everything + 1) > TABLES:
        return {}
    tables: dict[int, Ints] = {}
    for one in range(count):
        rest = np.flatnonzero(np.arange(count) != one)
        row = replace(model.rows[0], choices=np.arange(count - 1), coefficients=model.cost[rest], limit=everything)
        part = replace(model, cost=model.cost[rest], value=model.value[rest], rows=(row,))
        tables[one] = tabled(part).worth
    return tables


def explained(
    applications: Sequence[Application], model: Model, solution: Solution, plan: AllocationPlan
) -> dict[str, tuple[Statement | None, Statement]]:
    """For each application in the model: a sharper reason if there is one, and what would change its line."""
    explanation = Explanation(model, solution, plan)
    names = {one.id for one in applications}
    return {
        one.id: (None if place in explanation.taken else explanation.reason(place), explanation.change(place))
        for place, one in enumerate(model.applications)
        if one.id in names
    }
