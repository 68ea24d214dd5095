"""Why an application is in the optimum or not, and what would change it: exact where a search or a table tells, else a bound.

Raising one's own score adds the same to every division that funds one. So the best division with the application, and the best
without it, tell the score at which they change places. With the budget as the only rule a table over money tells the same of budgets and
requests.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from fractions import Fraction

from evalcomm.engine.allocate.plan import AllocationPlan, Objective
from evalcomm.engine.allocate.portfolio.forced import Forced, Question, forced
from evalcomm.engine.allocate.portfolio.model import FULL, Model, award_at
from evalcomm.engine.allocate.portfolio.money import budgets_that_flip, requests_that_win
from evalcomm.engine.allocate.portfolio.optimum import Proof, Solution
from evalcomm.engine.allocate.sentences import Fact, Statement, say
from evalcomm.engine.exact import format_figure

ASKED = 40
"""Calls up to this size have every forced-in and forced-out question answered, by the solver where need be."""
SEARCHED = 600
"""Calls up to this size, if proved without the solver, have those answered that the bound leaves open; else the bound speaks alone."""


@dataclass(slots=True)
class Explanation:
    """The questions about one solution and some of its applications, asked all at once when it is made."""

    model: Model
    solution: Solution
    budget: int
    plan: AllocationPlan
    about: Sequence[int]
    taken: dict[int, int] = field(init=False)
    answers: Mapping[Question, Forced | None] = field(init=False)
    budgets: list[dict[str, int]] = field(init=False)
    requests: Mapping[int, int] = field(init=False)

    def __post_init__(self) -> None:
        model, taken = self.model, self.solution.taken
        assert taken is not None
        self.taken = {int(model.owner[choice]): int(choice) for choice in taken}
        count = len(model.applications)
        near = count <= ASKED or (count <= SEARCHED and self.solution.proof in {Proof.ASSEMBLY, Proof.TABLE})
        questions = [question for one in self.about for question in self._questions(one)] if near else []
        self.answers = forced(model, self.solution, questions, solver=count <= ASKED)
        whole, known = len(self.about) == count, self.solution.proof is not None
        self.budgets = budgets_that_flip(model) if whole and known else [{} for _ in range(count)]
        self.requests = requests_that_win(model, self.budget, self.plan, self.taken) if whole and known else {}

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
            level.merit for level in self.plan.levels or (FULL,) if award_at(application, level, self.plan) == won
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
        facts: dict[str, Fact] = {**self.budgets[one]}
        if one in self.requests:
            facts["requested"] = self.requests[one]
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
        facts: dict[str, Fact] = {**self.budgets[one]}
        mark = self.plan.pass_score if application.eligible is None else None
        if limits or (mark is not None and (one, -1) in self.answers):
            facts["score"] = format_figure(max([*limits, *([mark] if mark is not None else [])]))
            facts["score_strict"] = 0
        if facts:
            return Statement("lose", facts)
        return say("firm-score") if (one, -1) in self.answers else self._kept_above(one, now, mine)

    def _kept_above(self, one: int, now: int, mine: Fraction) -> Statement:
        """How far the score can fall, at least, before another division could be better: from the bound alone."""
        application, dual = self.model.applications[one], self.solution.dual
        assert dual is not None
        limits = []
        for choice in (-1, *self._choices(one)):
            slope = self._slope(one, choice)
            if choice != now and slope < mine:
                loss = int(dual.loss[choice] if choice >= 0 else dual.loss_none[one])
                spare = self.solution.value - min((dual.bound - loss) // dual.denominator, self.solution.value)
                limits.append(application.score - spare * self.model.value_scale / (mine - slope))
        if application.eligible is None and self.plan.pass_score is not None:
            limits.append(self.plan.pass_score)
        return say("lose-bound", score=format_figure(max(limits))) if limits else say("firm-score")


def explained(
    model: Model, solution: Solution, budget: int, plan: AllocationPlan
) -> dict[str, tuple[Statement | None, Statement]]:
    """For each application in the model: a sharper reason if there is one, and what would change its line."""
    explanation = Explanation(model, solution, budget, plan, range(len(model.applications)))
    return {
        one.id: (None if place in explanation.taken else explanation.reason(place), explanation.change(place))
        for place, one in enumerate(model.applications)
    }


def admitted(model: Model, solution: Solution, budget: int, plan: AllocationPlan, name: str) -> Statement | None:
    """What would change the line of one application, asked for alone; None where it is funded."""
    place = next(place for place, one in enumerate(model.applications) if one.id == name)
    explanation = Explanation(model, solution, budget, plan, [place])
    return None if place in explanation.taken else explanation.change(place)
