"""The optimal portfolio against trying every combination, and the published paradoxes of the method."""

from collections.abc import Iterator, Mapping, Sequence
from fractions import Fraction
from itertools import product

from hypothesis import given, settings
from hypothesis import strategies as st

from evalcomm.engine.allocate import (
    AllocationPlan,
    Application,
    Cap,
    Exclusive,
    Floor,
    Level,
    Matching,
    MaxAwards,
    Objective,
    Outcome,
    Policy,
    Requires,
    Rule,
    allocate,
)

# The slow oracle: every combination of awards, every rule checked one by one, the best by value, ranks and money.


def every_division(applications: Sequence[Application], budget: int, plan: AllocationPlan) -> Iterator[dict[str, int]]:
    levels = plan.levels or (Level(Fraction(1), Fraction(1)),)
    offers = []
    for one in applications:
        awards = {int(one.requested * level.rate) // plan.unit_won * plan.unit_won for level in levels}
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
    if isinstance(rule, Matching):
        return all((by_id[name].own_funds or 0) >= rule.ratio * won for name, won in division.items())
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
        reached = [
            level.merit
            for level in levels
            if int(one.requested * level.rate) // plan.unit_won * plan.unit_won == division[one.id]
        ]
        total += full * max(reached)
    return total


def best(applications: Sequence[Application], budget: int, plan: AllocationPlan) -> dict[str, int] | None:
    """Value, then awards counted rank by rank, then fewest won, then the larger award to the first by rank, lot and id."""
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
            own_funds=own,
            tags={"region": region, "org": org},
        )
        for place, (score, won, region, org, own, least) in enumerate(rows)
    ]
)
NAMES = st.sampled_from([f"A{place}" for place in range(6)])
PAIRS = st.tuples(NAMES, NAMES).filter(lambda pair: pair[0] != pair[1])
RULES = st.lists(
    st.one_of(
        st.builds(Cap, tag=st.just("region"), value=st.sampled_from(["x", None]), won=st.integers(0, 12)),
        st.builds(MaxAwards, tag=st.just("org"), value=st.sampled_from(["p", None]), count=st.integers(0, 2)),
        st.builds(Floor, tag=st.just("region"), value=st.just("y"), won=st.integers(0, 8)),
        PAIRS.map(Exclusive),
        PAIRS.map(lambda pair: Requires(*pair)),
        st.builds(Matching, ratio=st.sampled_from([Fraction(0), Fraction(1, 2), Fraction(1)])),
    ),
    max_size=4,
).map(tuple)
LEVELS = st.sampled_from(
    [
        (),
        (Level(Fraction(1), Fraction(1)), Level(Fraction(1, 2), Fraction(2, 3))),
        (Level(Fraction(1), Fraction(1)), Level(Fraction(2, 3), Fraction(1, 2)), Level(Fraction(1, 3), Fraction(2, 5))),
    ]
)
PLANS = st.builds(
    AllocationPlan,
    policy=st.just(Policy.PORTFOLIO),
    objective=st.sampled_from([Objective.SCORE, Objective.SCORE_WON]),
    unit_won=st.sampled_from([1, 1, 2]),
    rules=RULES,
    levels=LEVELS,
)


@settings(deadline=None, max_examples=300)
@given(APPLICATIONS, PLANS, st.integers(0, 30))
def test_the_portfolio_is_the_best_of_all_divisions(
    applications: list[Application], plan: AllocationPlan, budget: int
) -> None:
    expected = best(applications, budget, plan)

    answer = allocate(applications, budget, plan, explain=False)

    if expected is None:
        assert answer.status is Outcome.INFEASIBLE
        return
    assert answer.status is Outcome.OK
    assert answer.optimum is not None
    assert answer.optimum.proved
    assert answer.optimum.value == worth(expected, applications, plan)
    assert answer.awards == expected
