"""What was ranked, so that it can be ranked again with something changed, and who comes out selected."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace
from enum import Enum
from fractions import Fraction

from evalcomm.engine.plan import Plan
from evalcomm.engine.ranking import Ranking, RankingError, Sheet, SheetState, rank
from evalcomm.engine.ranking.ties import Columns
from evalcomm.engine.ranking.values import Number


class Outcome(Enum):
    SELECTED = "selected"
    NOT_SELECTED = "not-selected"
    UNDECIDED = "undecided"  # equal at the line, and only a lot can tell


Outcomes = Mapping[str, Outcome]
Select = Callable[[Ranking], Outcomes]
"""Who is selected by a ranking: `first(top)`, or what an allocation would give."""


@dataclass(frozen=True)
class Contest:
    """The arguments of `ranking.rank`."""

    plan: Plan
    scores: tuple[Sheet, ...]
    fixed: Mapping[str, Mapping[str, Number]] = field(default_factory=dict)
    applications: Columns | None = None
    lots: Mapping[str, int] = field(default_factory=dict)

    def ranked(self, *, official: bool = False) -> Ranking:
        """By the plan itself; `official` as for `rank`. Raises RankingError."""
        return rank(
            plan=self.plan,
            scores=self.scores,
            fixed=self.fixed,
            applications=self.applications,
            lots=self.lots,
            official=official,
        )

    @property
    def evaluators(self) -> tuple[str, ...]:
        """Those with a scored sheet."""
        return tuple(sorted({sheet.evaluator for sheet in self.scores if sheet.state is SheetState.SCORED}))

    def without(self, evaluator: str) -> Contest:
        """As if this evaluator had handed in nothing; every application stays in the contest."""
        left = tuple(
            replace(sheet, points={}, state=SheetState.NOT_APPLICABLE) if sheet.evaluator == evaluator else sheet
            for sheet in self.scores
        )
        return replace(self, scores=left)


def first(top: int | None) -> Select:
    """Those that pass and have a rank within `top`; None: all that pass."""

    def select(ranking: Ranking) -> Outcomes:
        ranked = [standing.rank for standing in ranking.standings if standing.rank is not None]
        places = len(ranked) if top is None else top
        sharing = {rank: ranked.count(rank) for rank in set(ranked)}
        outcomes = {}
        for standing in ranking.standings:
            if standing.rank is None or standing.rank > places:
                outcomes[standing.application] = Outcome.NOT_SELECTED
            elif standing.rank + sharing[standing.rank] - 1 <= places:
                outcomes[standing.application] = Outcome.SELECTED
            else:
                outcomes[standing.application] = Outcome.UNDECIDED
        return outcomes

    return select


def outcomes_of(contest: Contest, select: Select) -> Outcomes | None:
    """None where the plan refuses to give a result."""
    try:
        return select(contest.ranked())
    except RankingError:
        return None


def reweighted(contest: Contest, criterion_id: str, points: Fraction) -> Contest:
    """One criterion worth `points`, the others in proportion, so that the total stays; every sheet keeps its shares of full points."""
    rubric = contest.plan.rubric
    assert rubric is not None
    chosen = next(criterion for criterion in rubric.criteria if criterion.id == criterion_id)
    rest = rubric.total - chosen.points
    factors: dict[str, Fraction] = {}
    criteria = []
    for criterion in rubric.criteria:
        factor = points / chosen.points if criterion is chosen else (rubric.total - points) / rest
        items = tuple(
            replace(item, points=item.points * factor, min_points=item.min_points * factor, step=None)
            for item in criterion.items
        )
        factors.update((item.id, factor) for item in items)
        criteria.append(replace(criterion, points=criterion.points * factor, items=items))
    scores = tuple(
        replace(sheet, points={item: value * factors[item] for item, value in sheet.points.items()})
        if isinstance(sheet.points, Mapping)
        else sheet
        for sheet in contest.scores
    )
    fixed = {
        application: {entry: Fraction(value) * factors.get(entry, Fraction(1)) for entry, value in entries.items()}
        for application, entries in contest.fixed.items()
    }
    plan = replace(contest.plan, rubric=replace(rubric, criteria=tuple(criteria)))
    return replace(contest, plan=plan, scores=scores, fixed=fixed)
