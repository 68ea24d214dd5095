"""Equal shares against the rule written out in fractions, and against what was published of it."""

from __future__ import annotations

import random
from collections.abc import Sequence
from fractions import Fraction

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from evalcomm.engine.shares import Election, Satisfaction, Shares, SharesError, equal_shares


def price_of(cost: int, balances: Sequence[Fraction]) -> Fraction | None:
    """What each pays at most so that all together pay the cost: the poorest first give what they have."""
    if sum(balances) < cost:
        return None
    rest, left = Fraction(cost), sorted(balances)
    while left and left[0] * len(left) < rest:
        rest -= left.pop(0)
    return rest / len(left)


def slow_shares(
    costs: Sequence[int], ballots: Sequence[set[int]], share: Fraction, satisfaction: Satisfaction
) -> list[tuple[int, Fraction]]:
    """The oracle: every round asks every project, in fractions."""
    balances = [share] * len(ballots)
    bought: list[tuple[int, Fraction]] = []
    while True:
        best: tuple[Fraction, int, Fraction] | None = None
        for project, cost in enumerate(costs):
            who = [voter for voter, ballot in enumerate(ballots) if project in ballot]
            if not who or project in [one for one, _ in bought]:
                continue
            price = price_of(cost, [balances[voter] for voter in who])
            if price is not None:
                worth = cost if satisfaction is Satisfaction.COST else 1
                best = min(best or (price / worth, project, price), (price / worth, project, price))
        if best is None:
            return bought
        _, project, price = best
        bought.append((project, price))
        for voter, ballot in enumerate(ballots):
            if project in ballot:
                balances[voter] -= min(balances[voter], price)


def slow_completion(
    costs: Sequence[int], ballots: Sequence[set[int]], budget: int, satisfaction: Satisfaction
) -> list[tuple[int, Fraction]]:
    wanted = {project for ballot in ballots for project in ballot}
    found, raised = slow_shares(costs, ballots, Fraction(budget, len(ballots)), satisfaction), 0
    while True:
        rest = budget - sum(costs[project] for project, _ in found)
        if all(costs[project] > rest for project in wanted - {project for project, _ in found}):
            return found
        raised += 1
        more = slow_shares(costs, ballots, Fraction(budget, len(ballots)) + raised, satisfaction)
        if sum(costs[project] for project, _ in more) > budget:
            return found
        found = more


def said(shares: Shares) -> list[tuple[int, Fraction]]:
    return [(purchase.project, purchase.price) for purchase in shares.purchases]


@st.composite
def elections(draw: st.DrawFn) -> tuple[list[int], list[set[int]], int]:
    """Small figures, so that many prices and balances are equal to the last digit."""
    projects = draw(st.integers(1, 6))
    costs = draw(st.lists(st.integers(1, 12), min_size=projects, max_size=projects))
    ballots = draw(st.lists(st.sets(st.integers(0, projects - 1)), min_size=1, max_size=8))
    return costs, ballots, draw(st.integers(0, 40))


@given(elections(), st.sampled_from(Satisfaction))
@settings(max_examples=300)
def test_small_elections_agree_with_fractions(
    election: tuple[list[int], list[set[int]], int], satisfaction: Satisfaction
) -> None:
    costs, ballots, budget = election

    found = equal_shares(Election.of_ballots(costs, ballots), budget, satisfaction=satisfaction)

    assert said(found) == slow_shares(costs, ballots, Fraction(budget, len(ballots)), satisfaction)
    assert found.spent == sum(costs[project] for project in found.winners) <= budget


@given(elections(), st.sampled_from(Satisfaction))
@settings(max_examples=100)
def test_completion_agrees_with_fractions(
    election: tuple[list[int], list[set[int]], int], satisfaction: Satisfaction
) -> None:
    costs, ballots, budget = election

    found = equal_shares(Election.of_ballots(costs, ballots), budget, satisfaction=satisfaction, raise_by=1)

    assert said(found) == slow_completion(costs, ballots, budget, satisfaction)
    assert found.share == Fraction(budget, len(ballots)) + found.raised
    assert found.spent <= budget


@pytest.mark.parametrize("satisfaction", Satisfaction)
@pytest.mark.parametrize("seed", range(4))
def test_long_elections_agree_with_fractions(seed: int, satisfaction: Satisfaction) -> None:
    """Denominators of hundreds of digits, purses that run dry one by one."""
    source = random.Random(seed)
    costs = [source.randrange(1, 40) * 1_000 for _ in range(25)]
    ballots = [set(source.sample(range(25), source.randrange(1, 9))) for _ in range(90)]

    found = equal_shares(Election.of_ballots(costs, ballots), 210_000, satisfaction=satisfaction)

    assert len(found.purchases) > 6
    assert sum(purchase.poor for purchase in found.purchases) > 5
    assert said(found) == slow_shares(costs, ballots, Fraction(210_000, 90), satisfaction)


def test_a_difference_that_no_float_sees_decides() -> None:
    """Costs that differ by one in 2^53 for equally many supporters: the cheaper is bought, whichever stands first."""
    high = 2**53
    for costs in ([high, high - 1], [high - 1, high]):
        election = Election.of_ballots(costs, [{0, 1}, {0, 1}, {0, 1}])

        found = equal_shares(election, high, satisfaction=Satisfaction.COUNT)

        assert found.winners == (costs.index(high - 1),)


def test_what_supporters_have_to_the_last_won_is_enough_and_a_won_less_is_not() -> None:
    election = Election.of_ballots([2, 10**15], [{0, 1}, {0, 1}])

    assert equal_shares(election, 10**15 + 2).winners == (0, 1)
    assert equal_shares(election, 10**15 + 1).winners == (0,)


def test_the_example_of_red_and_blue() -> None:
    """51 of 100 support ten red projects, 49 ten blue ones, and there is money for ten: five of each, where a majority takes all.

    The textbook example of the rule; the bare rule buys five and four, and a share of one more than 10 completes it.
    """
    ballots = [set(range(10))] * 51 + [set(range(10, 20))] * 49
    election = Election.of_ballots([100] * 20, ballots)

    bare, complete = equal_shares(election, 1_000), equal_shares(election, 1_000, raise_by=1)

    assert bare.winners == (0, 1, 2, 3, 4, 10, 11, 12, 13)
    assert (sorted(complete.winners), complete.raised, complete.spent) == ([*range(5), *range(10, 15)], 1, 1_000)


@pytest.mark.parametrize(
    ("costs", "ballots", "says"),
    [
        ([], [], "nobody votes"),
        ([0], [{0}], "project 0 costs 0"),
        ([-5], [{0}], "project 0 costs -5"),
        ([2**53 + 1], [{0}], "a cost is whole won"),
        ([5], [{1}], "outside 0 … 0"),
        ([5], [[0, 0]], "names a voter twice"),
    ],
)
def test_impossible_elections_are_refused(costs: list[int], ballots: list[set[int]], says: str) -> None:
    with pytest.raises(SharesError, match=says):
        Election.of_ballots(costs, ballots)


def test_impossible_budgets_are_refused() -> None:
    election = Election.of_ballots([5], [{0}])
    with pytest.raises(SharesError, match="must not be negative"):
        equal_shares(election, -1)
    with pytest.raises(SharesError, match="a won or more"):
        equal_shares(election, 1, raise_by=0)
    assert equal_shares(Election.of_ballots([5], [set()]), 100, raise_by=1).winners == ()
