"""The smallest change of one criterion's weight that changes an outcome, found by ranking again."""

from __future__ import annotations

from dataclasses import dataclass
from fractions import Fraction

from evalcomm.engine.robustness.contest import Contest, Outcomes, Select, outcomes_of, reweighted


@dataclass(frozen=True)
class WeightFlip:
    """The criterion at `after` instead of `before` points changes the outcome; a smaller change, in steps, of any one criterion does not."""

    criterion: str
    title: str
    before: Fraction
    after: Fraction


def smallest_flips(
    contest: Contest, select: Select, outcomes: Outcomes, *, step: Fraction, limit: Fraction
) -> dict[str, WeightFlip]:
    """By application; without an entry where no change up to `limit` points flips it. Weights stay above 0 and below the total. Of equal
    changes the rubric's earlier criterion is named, more before less."""
    rubric = contest.plan.rubric
    found: dict[str, WeightFlip] = {}
    if rubric is None or len(rubric.criteria) < 2:
        return found
    change = step
    while change <= limit and len(found) < len(outcomes):
        for criterion in rubric.criteria:
            for after in (criterion.points + change, criterion.points - change):
                if not 0 < after < rubric.total:
                    continue
                changed = outcomes_of(reweighted(contest, criterion.id, after), select)
                if changed is None:
                    continue
                flip = WeightFlip(criterion.id, criterion.title, criterion.points, after)
                for application, outcome in outcomes.items():
                    if changed.get(application) is not outcome:
                        found.setdefault(application, flip)
        change += step
    return found
