"""Calls small enough to try every division: strategies for applications and rules, and the slow oracle of the optimum."""

from collections.abc import Iterator, Mapping, Sequence
from fractions import Fraction
from itertools import product
from math import ceil

from hypothesis import strategies as st

from evalcomm.engine.allocate import (
    AllocationPlan,
    Application,
    Band,
    Cap,
    Exclusive,
    Floor,
    Level,
    Matching,
    MaxAwards,
    Objective,
    Pin,
    Policy,
    Requires,
    Rule,
    Shortfall,
    TiesAtLine,
    Year,
)


def every_division(applications: Sequence[Application], budget: int, plan: AllocationPlan) -> Iterator[dict[str, int]]:
    levels = plan.levels or (Level(Fraction(1), Fraction(1)),)
    pins = {rule.application: rule.won for rule in plan.rules if isinstance(rule, Pin)}
    offers = []
    for one in applications:
        wanted = [min(int(one.requested * level.rate), one.maximum or one.requested) for level in levels]
        awards = {won // plan.unit_won * plan.unit_won for won in wanted}
        if one.id in pins:
            offers.append([pins[one.id]] if pins[one.id] <= one.requested else [])
        elif plan.pass_score is not None and one.score < plan.pass_score:
            offers.append([0])
        else:
            offers.append(sorted({0} | {won for won in awards if won >= max(one.minimum, 1)}))
    by_id = {one.id: one for one in applications}
    for combination in product(*offers):
        division = {one.id: won for one, won in zip(applications, combination, strict=True) if won}
        if sum(combination) <= budget and all(keeps(rule, division, by_id) for rule in plan.rules):
            yield division


def keeps(rule: Rule, division: Mapping[str, int], by_id: Mapping[str, Application]) -> bool:
    if isinstance(rule, Cap | MaxAwards | Floor):
        sums: dict[str, int] = {}
        counts: dict[str, int] = {}
        for name, won in division.items():
            value = by_id[name].tags[rule.tag]
            sums[value] = sums.get(value, 0) + won
            counts[value] = counts.get(value, 0) + 1
        if isinstance(rule, Floor):
            return sums.get(rule.value, 0) >= rule.won
        used, limit = (sums, rule.won) if isinstance(rule, Cap) else (counts, rule.count)
        return all(number <= limit for value, number in used.items() if rule.value in {None, value})
    if isinstance(rule, Exclusive):
        return sum(1 for name in rule.applications if name in division) <= 1
    if isinstance(rule, Requires):
        return rule.application not in division or rule.needs in division
    if isinstance(rule, Year):
        return due(rule.year, division, by_id) <= rule.won
    return keeps_alone(rule, division, by_id)


def due(year: str, division: Mapping[str, int], by_id: Mapping[str, Application]) -> int:
    """Each award's share of the year, rounded up."""
    shares = ((by_id[name], won) for name, won in division.items())
    return sum(ceil(Fraction(one.by_year.get(year, 0) * won, one.requested or 1)) for one, won in shares)


def keeps_alone(rule: Rule, division: Mapping[str, int], by_id: Mapping[str, Application]) -> bool:
    if isinstance(rule, Matching):
        return all((by_id[name].own_funds or 0) >= rule.ratio * won for name, won in division.items())
    assert isinstance(rule, Pin)
    return division.get(rule.application, 0) == rule.won


def worth(division: Mapping[str, int], applications: Sequence[Application], plan: AllocationPlan) -> Fraction:
    levels = plan.levels or (Level(Fraction(1), Fraction(1)),)
    total = Fraction(0)
    for one in applications:
        if one.id not in division:
            continue
        full = one.score * one.requested if plan.objective is Objective.SCORE_WON else one.score
        if plan.objective is Objective.SCORE_ABOVE_LINE:
            full -= plan.pass_score or 0
        pinned = any(isinstance(rule, Pin) and rule.application == one.id for rule in plan.rules)
        reached = {
            min(int(one.requested * level.rate), one.maximum or one.requested)
            // plan.unit_won
            * plan.unit_won: level.merit
            for level in sorted(levels, key=lambda level: level.merit)
        }
        if not pinned:
            total += full * reached[division[one.id]]
        elif not plan.levels:
            total += full
        else:
            total += full * max(
                (merit for won, merit in reached.items() if won <= division[one.id]), default=Fraction(0)
            )
    return total


def best(applications: Sequence[Application], budget: int, plan: AllocationPlan) -> dict[str, int] | None:
    """Value, then awards counted rank by rank, then fewest won, then the larger award to the first by rank, lot and id."""
    below = {one.id for one in applications if plan.pass_score is not None and one.score < plan.pass_score}
    names = {one.id for one in applications}
    if any(
        isinstance(rule, Pin) and rule.won and (rule.application in below or rule.application not in names)
        for rule in plan.rules
    ):
        return None
    scores = sorted({one.score for one in applications}, reverse=True)
    order = sorted(applications, key=lambda one: (-one.score, one.lot is None, one.lot or 0, one.id))

    def key(division: dict[str, int]) -> tuple[object, ...]:
        counts = tuple(sum(1 for one in applications if one.score == score and one.id in division) for score in scores)
        money = -sum(division.values())
        return (worth(division, applications, plan), counts, money, tuple(division.get(one.id, 0) for one in order))

    return max(every_division(applications, budget, plan), key=key, default=None)


APPLICATIONS = st.lists(
    st.tuples(
        st.integers(-1, 4),
        st.integers(0, 9),
        st.sampled_from("xy"),
        st.sampled_from("pq"),
        st.integers(0, 9),
        st.integers(0, 3),
        st.sampled_from([None, None, 3, 5]),
        st.sampled_from([None, None, 1, 2, 3]),
    ),
    min_size=1,
    max_size=6,
).map(
    lambda rows: [
        Application(
            id=f"A{place}",
            score=Fraction(score),
            requested=won,
            minimum=min(least, won),
            maximum=None if most is None else max(most, min(least, won)),
            own_funds=own,
            lot=lot,
            by_year={"2027": won * place // 5},
            tags={"region": region, "org": org},
        )
        for place, (score, won, region, org, own, least, most, lot) in enumerate(rows)
    ]
)
NAMES = st.sampled_from([f"A{place}" for place in range(6)])
PAIRS = st.tuples(NAMES, NAMES).filter(lambda pair: pair[0] != pair[1])
RULES = st.lists(
    st.one_of(
        st.builds(Cap, tag=st.just("region"), value=st.sampled_from(["x", None]), won=st.integers(0, 12)),
        st.builds(Year, year=st.just("2027"), won=st.integers(0, 9)),
        st.builds(MaxAwards, tag=st.just("org"), value=st.sampled_from(["p", None]), count=st.integers(0, 2)),
        st.builds(Floor, tag=st.just("region"), value=st.just("y"), won=st.integers(0, 8)),
        PAIRS.map(Exclusive),
        PAIRS.map(lambda pair: Requires(*pair)),
        st.builds(Pin, application=NAMES, won=st.integers(0, 6), author=st.just("위원회"), reason=st.just("의결")),
        st.builds(Matching, ratio=st.sampled_from([Fraction(0), Fraction(1, 2), Fraction(1)])),
    ),
    max_size=4,
    unique_by=lambda rule: rule.application if isinstance(rule, Pin) else rule,
).map(tuple)
LEVELS = st.sampled_from(
    [
        (),
        (Level(Fraction(1), Fraction(1)), Level(Fraction(1, 2), Fraction(2, 3))),
        (Level(Fraction(1), Fraction(1)), Level(Fraction(2, 3), Fraction(1, 2)), Level(Fraction(1, 3), Fraction(2, 5))),
    ]
)

RANKED = st.builds(
    AllocationPlan,
    policy=st.sampled_from([Policy.RANK_ORDER, Policy.BANDS]),
    shortfall=st.sampled_from(Shortfall),
    min_award_ratio=st.sampled_from([Fraction(0), Fraction(1, 2), Fraction(4, 5)]),
    ties_at_line=st.sampled_from(TiesAtLine),
    unit_won=st.sampled_from([1, 1, 2, 3]),
    pass_score=st.sampled_from([None, Fraction(1)]),
    bands=st.just((Band(Fraction(2), Fraction(1)), Band(Fraction(0), Fraction(2, 3)))),
    rules=RULES,
)
PROPORTIONAL = st.builds(
    AllocationPlan,
    policy=st.just(Policy.PROPORTIONAL),
    unit_won=st.sampled_from([1, 1, 2, 3]),
    pass_score=st.sampled_from([None, Fraction(1)]),
    rules=RULES,
)
PORTFOLIOS = st.builds(
    AllocationPlan,
    policy=st.just(Policy.PORTFOLIO),
    objective=st.sampled_from(Objective),
    unit_won=st.sampled_from([1, 1, 2]),
    pass_score=st.just(Fraction(0)),
    rules=RULES,
    levels=LEVELS,
)
EVERY_PLAN = st.one_of(RANKED, PROPORTIONAL, PORTFOLIOS)
