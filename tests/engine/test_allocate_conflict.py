"""No division keeps every rule: the set named is minimal, and each repair is the smallest that suffices."""

from dataclasses import replace
from fractions import Fraction

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from evalcomm.engine.allocate import (
    AllocationPlan,
    Application,
    Cap,
    Floor,
    MaxAwards,
    Outcome,
    Pin,
    Policy,
    Requires,
    Rule,
    allocate,
)

POLICIES = [Policy.RANK_ORDER, Policy.PORTFOLIO]
APPLICATIONS = [
    Application("A", Fraction(90), 8, tags={"region": "부산", "org": "x"}),
    Application("J1", Fraction(80), 10, tags={"region": "제주", "org": "x"}),
    Application("J2", Fraction(70), 12, tags={"region": "제주", "org": "x"}),
    Application("J3", Fraction(60), 4, tags={"region": "제주", "org": "y"}),
]
FLOOR = Floor(tag="region", value="제주", won=15)
ONE_EACH = MaxAwards(tag="org", value=None, count=1)


def clash(
    rules: tuple[Rule, ...], budget: int, *, policy: Policy, mark: int | None = None
) -> tuple[set[object], list[object]]:
    plan = AllocationPlan(policy=policy, rules=rules, pass_score=None if mark is None else Fraction(mark))
    answer = allocate(APPLICATIONS, budget, plan)
    assert answer.status is Outcome.INFEASIBLE
    assert answer.awards == {}
    assert answer.conflict is not None
    return (
        {name for name, _ in answer.conflict.rules},
        [(repair.rule, repair.change, repair.to, repair.by) for repair in answer.conflict.repairs],
    )


@pytest.mark.parametrize("policy", POLICIES)
def test_the_budget_is_named_where_it_is_the_matter(policy: Policy) -> None:
    names, repairs = clash((FLOOR, ONE_EACH), 14, policy=policy)

    assert names == {1, "budget"}
    assert repairs == [(1, "won", 14, -1), ("budget", "budget", 16, 2)]


@pytest.mark.parametrize("policy", POLICIES)
def test_the_pass_mark_is_a_rule(policy: Policy) -> None:
    names, repairs = clash((FLOOR,), 30, policy=policy, mark=75)

    assert names == {1, "pass_score"}
    assert repairs == [("pass_score", "pass_score", "70", "-5"), (1, "won", 10, -5)]


@pytest.mark.parametrize("policy", POLICIES)
def test_a_floor_for_nobody_clashes_alone(policy: Policy) -> None:
    names, repairs = clash((Floor(tag="region", value="세종", won=3),), 30, policy=policy)

    assert (names, repairs) == ({1}, [(1, "won", 0, -3)])


@pytest.mark.parametrize("policy", POLICIES)
def test_with_two_clashes_one_is_named_and_its_repairs_say_that_they_are_not_enough(policy: Policy) -> None:
    rules = (Cap(tag="region", value="제주", won=11), FLOOR, Floor(tag="region", value="세종", won=3))
    answer = allocate(APPLICATIONS, 30, AllocationPlan(policy=policy, rules=rules))

    assert answer.conflict is not None
    assert {name for name, _ in answer.conflict.rules} in ({3}, {1, 2})
    assert all(not repair.enough for repair in answer.conflict.repairs)
    assert answer.conflict.repairs


@pytest.mark.parametrize("policy", POLICIES)
def test_a_pin_brings_what_it_needs_or_clashes(policy: Policy) -> None:
    rules = (Pin("J1", 10, "위원회", "의결"), Requires("J1", "J2"))

    assert allocate(APPLICATIONS, 22, AllocationPlan(policy=policy, rules=rules)).awards == {"J1": 10, "J2": 12}
    names, repairs = clash(rules, 21, policy=policy)
    assert names == {1, 2, "budget"}
    assert ("budget", "budget", 22, 1) in repairs


def test_serving_the_best_first_is_given_up_where_it_cannot_keep_the_floor() -> None:
    # J1 alone would be served first, and then no other of its organisation: 10 + 4 < 15. J2 and J3 keep the floor.
    answer = allocate(APPLICATIONS, 30, AllocationPlan(rules=(FLOOR, ONE_EACH)))

    assert answer.status is Outcome.OK
    assert answer.awards == {"J2": 12, "J3": 4}


RULES = st.lists(
    st.one_of(
        st.builds(Cap, tag=st.just("region"), value=st.sampled_from(["제주", None]), won=st.integers(0, 20)),
        st.builds(MaxAwards, tag=st.just("org"), value=st.none(), count=st.integers(0, 2)),
        st.builds(Floor, tag=st.just("region"), value=st.sampled_from(["제주", "부산"]), won=st.integers(1, 30)),
        st.builds(Requires, application=st.just("A"), needs=st.sampled_from(["J1", "J3"])),
    ),
    min_size=1,
    max_size=4,
).map(tuple)


@settings(max_examples=60)
@given(RULES, st.integers(0, 40), st.sampled_from([None, Fraction(65), Fraction(85)]), st.sampled_from(POLICIES))
def test_a_clash_is_minimal_and_its_repairs_repair(
    rules: tuple[Rule, ...], budget: int, mark: Fraction | None, policy: Policy
) -> None:
    plan = AllocationPlan(policy=policy, rules=rules, pass_score=mark)
    answer = allocate(APPLICATIONS, budget, plan, explain=False)
    if answer.status is not Outcome.INFEASIBLE:
        return
    assert answer.conflict is not None
    names = [name for name, _ in answer.conflict.rules]

    def can(kept: list[int | str]) -> bool:
        few = tuple(rule for place, rule in enumerate(rules, start=1) if place in kept)
        part = replace(plan, rules=few, pass_score=mark if "pass_score" in kept else None)
        return (
            allocate(APPLICATIONS, budget if "budget" in kept else 100, part, explain=False).status
            is not Outcome.INFEASIBLE
        )

    assert not can(names)
    assert all(can([other for other in names if other != name]) for name in names)
    for repair in answer.conflict.repairs:
        if isinstance(repair.rule, int) and repair.change in {"won", "count"} and repair.enough:
            changed = list(rules)
            changed[repair.rule - 1] = replace(changed[repair.rule - 1], **{repair.change: repair.to})
            repaired = allocate(APPLICATIONS, budget, replace(plan, rules=tuple(changed)), explain=False)
            assert repaired.status is not Outcome.INFEASIBLE
