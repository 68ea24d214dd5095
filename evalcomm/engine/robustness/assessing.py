"""How robust each outcome is: its margin to the line, what one evaluator less and other weights would do."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from fractions import Fraction

from evalcomm.engine.ranking import Failure, Ranking, Standing
from evalcomm.engine.robustness.contest import Contest, Outcome, Outcomes, Select, first, outcomes_of
from evalcomm.engine.robustness.sentences import Statement, named, say
from evalcomm.engine.robustness.weighing import WeightFlip, smallest_flips


@dataclass(frozen=True)
class ApplicationRobustness:
    """margin : points above (+) or below (−) the line or the cut that was missed; None without a line
    without : evaluators without whom the outcome would be another; not_recomputable : those without whom the plan gives none
    flip : the smallest change of a weight that changes the outcome, None where none was found (or looked for)
    statements : the same in words that name no evaluator
    """

    application: str
    outcome: Outcome
    margin: Fraction | None
    without: tuple[str, ...]
    not_recomputable: tuple[str, ...]
    flip: WeightFlip | None
    statements: tuple[Statement, ...]


@dataclass(frozen=True)
class Robustness:
    """applications in rank order; influence : by evaluator, the applications whose outcome changes without them, and to what."""

    applications: tuple[ApplicationRobustness, ...]
    influence: Mapping[str, Mapping[str, Outcome]]

    def of(self, application: str) -> ApplicationRobustness:
        """KeyError where there is none."""
        for one in self.applications:
            if one.application == application:
                return one
        raise KeyError(application)


@dataclass(frozen=True)
class WeightSearch:
    """In steps of so many points, up to so many."""

    step: Fraction = Fraction(1, 2)
    limit: Fraction = Fraction(10)


def assess(
    contest: Contest,
    *,
    top: int | None = None,
    select: Select | None = None,
    weights: WeightSearch | None = WeightSearch(),
) -> Robustness:
    """Ranks again without each evaluator, and with other weights, through the real plan.

    top : how many are selected (None: all that pass), or `select` for another rule, such as an allocation
    weights : None leaves the search for weights out; it ranks 2 × criteria × limit/step times
    Raises RankingError where the contest itself cannot be ranked.
    """
    select = select or first(top)
    ranking = contest.ranked()
    outcomes = select(ranking)
    influence: dict[str, dict[str, Outcome]] = {}
    refused = []
    for evaluator in contest.evaluators:
        changed = outcomes_of(contest.without(evaluator), select)
        if changed is None:
            refused.append(evaluator)
        else:
            influence[evaluator] = {
                application: changed[application]
                for application, outcome in outcomes.items()
                if changed[application] is not outcome
            }
    flips = {} if weights is None else smallest_flips(contest, select, outcomes, step=weights.step, limit=weights.limit)
    line = _Line(ranking, outcomes)
    applications = []
    for standing in ranking.standings:
        application = standing.application
        margin, about_margin = line.of(standing)
        without = tuple(evaluator for evaluator, changes in influence.items() if application in changes)
        statements = [
            about_margin,
            *_about_evaluators(len(contest.evaluators), without, refused),
            *_about_weights(contest, weights, flips.get(application)),
        ]
        applications.append(
            ApplicationRobustness(
                application,
                outcomes[application],
                margin,
                without,
                tuple(refused),
                flips.get(application),
                tuple(statements),
            )
        )
    return Robustness(tuple(applications), influence)


class _Line:
    """Between those that are selected and those that passed and are not."""

    def __init__(self, ranking: Ranking, outcomes: Outcomes) -> None:
        self._outcomes = outcomes
        self._plan = ranking.plan
        self._inclusive = ranking.plan.cut.inclusive
        passed = [standing for standing in ranking.standings if standing.passed]
        by_outcome: dict[Outcome, list[Standing]] = {outcome: [] for outcome in Outcome}
        for standing in passed:
            by_outcome[outcomes[standing.application]].append(standing)
        self._selected, self._others = by_outcome[Outcome.SELECTED], by_outcome[Outcome.NOT_SELECTED]
        self._undecided = by_outcome[Outcome.UNDECIDED]

    def of(self, standing: Standing) -> tuple[Fraction | None, Statement]:
        if standing.failed:
            return self._missed(standing.failed)
        figure = _compared(standing)
        outcome = self._outcomes[standing.application]
        if outcome is Outcome.UNDECIDED:
            return Fraction(0), say("equal-undecided", figure=figure)
        if outcome is Outcome.SELECTED:
            behind = [_compared(other) for other in (*self._undecided, *self._others)]
            if not behind:
                return None, say("nobody-behind", figure=figure)
            other = max(behind)
        else:
            ahead = [_compared(other) for other in (*self._selected, *self._undecided)]
            if not ahead:
                return None, say("nobody-selected", figure=figure)
            other = min(ahead)
        if figure == other:
            return Fraction(0), self._equal(standing, figure, ahead=outcome is Outcome.SELECTED)
        code = "ahead-of-line" if outcome is Outcome.SELECTED else "short-of-line"
        return figure - other, say(code, margin=abs(figure - other), figure=figure, other=other)

    def _equal(self, standing: Standing, figure: Fraction, *, ahead: bool) -> Statement:
        key = standing.tie.key if standing.tie is not None else None
        if key is None:
            return say("equal-undecided", figure=figure)
        key_ko, key_en = named(self._plan, key)
        return say("equal-ahead" if ahead else "equal-behind", figure=figure, key=key, key_ko=key_ko, key_en=key_en)

    def _missed(self, failed: tuple[Failure, ...]) -> tuple[Fraction | None, Statement]:
        """The cut that is farthest away."""
        worst = min(failed, key=lambda failure: (failure.value - failure.threshold, failure.cut))
        if worst.cut == "sheets":
            return None, say("no-figure")
        margin = worst.value - worst.threshold
        cut_ko, cut_en = named(self._plan, worst.cut)
        facts = {"cut": worst.cut, "cut_ko": cut_ko, "cut_en": cut_en}
        if margin == 0 and not self._inclusive:
            return margin, say("at-exclusive-cut", **facts, value=worst.value, threshold=worst.threshold)
        return margin, say("below-cut", **facts, margin=abs(margin), value=worst.value, threshold=worst.threshold)


def _compared(standing: Standing) -> Fraction:
    assert standing.compared is not None  # those that passed have figures
    return standing.compared


def _about_evaluators(count: int, without: tuple[str, ...], refused: list[str]) -> list[Statement]:
    statements = []
    if without:
        statements.append(say("single-evaluators", evaluators=count, count=len(without)))
    elif not refused:
        statements.append(say("no-single-evaluator", evaluators=count))
    if refused:
        statements.append(say("not-recomputable", evaluators=count, count=len(refused)))
    return statements


def _about_weights(contest: Contest, weights: WeightSearch | None, flip: WeightFlip | None) -> list[Statement]:
    rubric = contest.plan.rubric
    if weights is None or rubric is None or len(rubric.criteria) < 2:
        return []
    if flip is None:
        return [say("weights-hold", limit=weights.limit)]
    return [say("weight-flips", title=flip.title, before=flip.before, after=flip.after)]
