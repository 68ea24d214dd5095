"""Rank order, bands and proportional on cases small enough to be checked by hand."""

from fractions import Fraction

import pytest

from evalcomm.engine.allocate import (
    AllocationError,
    AllocationPlan,
    Application,
    Band,
    Cap,
    Exclusive,
    Floor,
    Matching,
    MaxAwards,
    NeedsLot,
    Outcome,
    Pin,
    Policy,
    Requires,
    Shortfall,
    TiesAtLine,
    allocate,
)


def apply(name: str, score: str, requested: int, **facts: object) -> Application:
    return Application(id=name, score=Fraction(score), requested=requested, **facts)  # type: ignore[arg-type]


FOUR = [apply("A", "90", 10), apply("B", "85", 8), apply("C", "80", 5), apply("D", "70", 2)]


@pytest.mark.parametrize(
    ("shortfall", "ratio", "awards", "unspent"),
    [
        (Shortfall.STOP, "0", {"A": 10}, 5),
        (Shortfall.SKIP, "0", {"A": 10, "C": 5}, 0),
        (Shortfall.CUT_LAST, "0.625", {"A": 10, "B": 5}, 0),  # 5 of 8 is exactly 0.625: allowed
        (Shortfall.CUT_LAST, "0.6250001", {"A": 10}, 5),  # refused, and the walk ends
    ],
)
def test_shortfall(shortfall: Shortfall, ratio: str, awards: dict[str, int], unspent: int) -> None:
    answer = allocate(FOUR, 15, AllocationPlan(shortfall=shortfall, min_award_ratio=Fraction(ratio)))

    assert (answer.awards, answer.unspent) == (awards, unspent)


def test_every_line_says_why_and_what_would_change_it() -> None:
    answer = allocate(FOUR, 15, AllocationPlan(shortfall=Shortfall.STOP))

    told = [
        (line.application.id, line.rank, line.status, line.budget_left, line.reason.code, line.would_change.facts)
        for line in answer.lines
    ]
    assert told == [
        ("A", 1, "funded", 15, "funded", {"budget_below": 9, "requested": 16, "score": "85", "score_strict": 1}),
        ("B", 2, "reserve", 5, "budget-short", {"budget_above": 18, "score": "90", "score_strict": 1, "requested": 5}),
        ("C", 3, "reserve", 5, "after-line", {"budget_above": 23, "score": "85", "score_strict": 1}),
        ("D", 4, "reserve", 5, "after-line", {"budget_above": 25, "score": "85", "score_strict": 1}),
    ]
    assert answer.lines[1].reason.ko == "8원이 필요하나 차례가 되었을 때 남은 예산이 5원"
    assert answer.reserve == ("B", "C", "D")


TIED = [apply("A", "90", 10), apply("B", "80", 8), apply("C", "80", 6), apply("D", "70", 3)]


@pytest.mark.parametrize(
    ("shortfall", "ties", "awards"),
    [
        (Shortfall.STOP, TiesAtLine.ALL_OR_NONE, {"A": 10}),
        (Shortfall.SKIP, TiesAtLine.ALL_OR_NONE, {"A": 10, "D": 3}),
        (Shortfall.CUT_LAST, TiesAtLine.ALL_OR_NONE, {"A": 10}),
        (Shortfall.STOP, TiesAtLine.SHARE, {"A": 10, "B": 4, "C": 4}),
    ],
)
def test_ties_at_the_line(shortfall: Shortfall, ties: TiesAtLine, awards: dict[str, int]) -> None:
    answer = allocate(TIED, 19, AllocationPlan(shortfall=shortfall, ties_at_line=ties))

    assert (answer.status, answer.awards) == (Outcome.OK, awards)


def test_a_tie_at_the_line_waits_for_the_lot_and_awards_what_the_lot_cannot_change() -> None:
    answer = allocate(TIED, 19, AllocationPlan(shortfall=Shortfall.STOP))

    assert answer.status is Outcome.NEEDS_LOT
    assert answer.needs_lot == NeedsLot(applications=("B", "C"), slots=1, budget_left=9)
    assert answer.awards == {"A": 10}


def test_under_skip_whoever_every_outcome_of_the_lot_funds_is_awarded() -> None:
    # B first leaves 2 for D (2 fits), C first leaves 4: D is funded either way.
    applications = [apply("A", "90", 10), apply("B", "80", 7), apply("C", "80", 5), apply("D", "70", 2)]

    answer = allocate(applications, 19, AllocationPlan(shortfall=Shortfall.SKIP))

    assert answer.needs_lot == NeedsLot(applications=("B", "C"), slots=1, budget_left=9)
    assert answer.awards == {"A": 10, "D": 2}


def test_a_lot_that_changes_nothing_is_not_asked_for() -> None:
    answer = allocate([apply("A", "90", 10), apply("B", "80", 8), apply("C", "80", 8)], 15, AllocationPlan())

    assert (answer.status, answer.awards) == (Outcome.OK, {"A": 10})


def test_the_drawn_lot_decides_and_half_a_draw_does_not() -> None:
    plan = AllocationPlan(tie_keys=("lot",))
    drawn = [apply("A", "80", 8, lot=2), apply("B", "80", 8, lot=1)]

    assert allocate(drawn, 8, plan).awards == {"B": 8}
    assert allocate([drawn[0], apply("B", "80", 8)], 8, plan).status is Outcome.NEEDS_LOT


def test_declared_tie_keys_decide_before_the_lot() -> None:
    applications = [apply("A", "80", 8, keys={"base": Fraction(70)}), apply("B", "80", 8, keys={"base": Fraction(71)})]

    assert allocate(applications, 8, AllocationPlan(tie_keys=("base",))).awards == {"B": 8}
    assert allocate(TIED, 16, AllocationPlan(tie_keys=("requested-asc",))).awards == {"A": 10, "C": 6}


def test_ranks_decided_outside_are_taken_as_they_are() -> None:
    applications = [
        apply("A", "70", 8, rank=1, eligible=True),
        apply("B", "99", 8, rank=2, eligible=True),
        apply("C", "99", 8, eligible=False),
    ]

    answer = allocate(applications, 8, AllocationPlan(pass_score=Fraction(80)))

    assert answer.awards == {"A": 8}
    assert [(line.application.id, line.rank, line.status) for line in answer.lines] == [
        ("A", 1, "funded"),
        ("B", 2, "reserve"),
        ("C", None, "rejected"),
    ]


def test_the_unit_rounds_down_and_a_request_below_it_gets_nothing() -> None:
    applications = [apply("A", "90", 1_999_999), apply("B", "80", 999_999)]

    answer = allocate(applications, 5_000_000, AllocationPlan(unit_won=1_000_000))

    assert answer.awards == {"A": 1_000_000}
    assert answer.lines[1].reason.code == "below-unit"
    assert answer.reserve == ("B",)


def test_rules_pass_over_and_name_themselves() -> None:
    applications = [
        apply("A", "95", 6, tags={"region": "부산", "org": "X"}, own_funds=6),
        apply("B", "90", 6, tags={"region": "부산", "org": "Y"}, own_funds=6),
        apply("C", "85", 4, tags={"region": "대구", "org": "X"}, own_funds=6),
        apply("D", "80", 4, tags={"region": "대구", "org": "Z"}, own_funds=1),
        apply("E", "75", 4, tags={"region": "울산", "org": "Z"}, own_funds=2),
        apply("F", "70", 4, tags={"region": "울산", "org": "W"}, own_funds=2),
        apply("G", "65", 4, tags={"region": "제주", "org": "V"}, own_funds=2),
    ]
    rules = (
        Cap(tag="region", value="부산", won=10),
        MaxAwards(tag="org", value=None, count=1),
        Matching(ratio=Fraction(1, 2)),
        Exclusive(applications=("E", "F")),
        Requires(application="G", needs="D"),
    )

    answer = allocate(applications, 100, AllocationPlan(rules=rules))

    assert answer.awards == {"A": 6, "E": 4}
    assert [line.reason.code for line in answer.lines] == [
        "funded",
        "cap",
        "max-awards",
        "matching",
        "funded",
        "exclusive",
        "requires",
    ]


def test_matching_is_checked_again_after_a_cut() -> None:
    applications = [apply("A", "90", 6, own_funds=9), apply("B", "80", 10, own_funds=4)]
    plan = AllocationPlan(shortfall=Shortfall.CUT_LAST, rules=(Matching(ratio=Fraction(1)),))

    assert allocate(applications, 10, plan).awards == {"A": 6, "B": 4}
    assert allocate(applications, 11, plan).awards == {"A": 6}


def test_nobody_is_funded_on_a_promise() -> None:
    applications = [apply("A", "90", 6), apply("B", "80", 6), apply("C", "70", 6)]
    plan = AllocationPlan(rules=(Requires(application="A", needs="C"),))

    assert allocate(applications, 18, plan).awards == {"A": 6, "B": 6, "C": 6}
    assert allocate(applications, 12, plan).awards == {"B": 6, "C": 6}


def test_a_floor_is_served_first_by_the_best_of_its_value() -> None:
    applications = [
        apply("A", "90", 8, tags={"region": "부산"}),
        apply("B", "70", 3, tags={"region": "제주"}),
        apply("C", "60", 3, tags={"region": "제주"}),
    ]

    answer = allocate(applications, 10, AllocationPlan(rules=(Floor(tag="region", value="제주", won=3),)))

    assert answer.awards == {"B": 3}
    assert answer.lines[1].reason.code == "funded-floor"


def test_a_pin_comes_first_with_its_author_and_reason() -> None:
    applications = [apply("A", "90", 8), apply("B", "50", 5)]
    pin = Pin(application="B", won=4, author="선정심의위원회", reason="의결")

    answer = allocate(applications, 12, AllocationPlan(rules=(pin,)))

    assert answer.awards == {"A": 8, "B": 4}
    assert answer.lines[1].reason.facts["author"] == "선정심의위원회"


def test_bands_are_closed_below_and_open_above() -> None:
    plan = AllocationPlan(
        policy=Policy.BANDS,
        bands=(Band(Fraction(90), Fraction(1)), Band(Fraction(80), Fraction("0.85"))),
    )
    applications = [apply("A", "90", 100), apply("B", "89.999", 100), apply("C", "80", 100), apply("D", "79.999", 100)]

    answer = allocate(applications, 1000, plan)

    assert answer.awards == {"A": 100, "B": 85, "C": 85}
    assert answer.lines[3].status == "rejected"
    assert answer.reserve == ()


def test_proportional_goes_to_the_last_won_and_never_over_a_request() -> None:
    applications = [apply("A", "90", 10), apply("B", "85", 20), apply("C", "80", 30), apply("E", "40", 30)]
    plan = AllocationPlan(policy=Policy.PROPORTIONAL, pass_score=Fraction(50))

    short = allocate(applications, 31, plan)
    ample = allocate(applications, 100, plan)

    assert (short.rate, short.awards) == (Fraction(31, 60), {"A": 5, "B": 10, "C": 16})
    assert (ample.rate, ample.awards) == (Fraction(1), {"A": 10, "B": 20, "C": 30})


def test_equal_remainders_of_tied_applications_leave_the_unit_unspent() -> None:
    answer = allocate([apply("A", "80", 3), apply("B", "80", 3)], 5, AllocationPlan(policy=Policy.PROPORTIONAL))

    assert (answer.awards, answer.unspent) == ({"A": 2, "B": 2}, 1)


def test_proportional_holds_a_cap_and_gives_the_rest_to_the_others() -> None:
    applications = [
        apply("A", "90", 50, tags={"region": "부산"}),
        apply("B", "80", 50, tags={"region": "부산"}),
        apply("C", "70", 100, tags={"region": "대구"}, maximum=70),
    ]
    plan = AllocationPlan(policy=Policy.PROPORTIONAL, rules=(Cap(tag="region", value="부산", won=30),))

    assert allocate(applications, 100, plan).awards == {"A": 15, "B": 15, "C": 70}


def test_a_decline_promotes_the_reserve_by_the_same_policy_and_touches_no_award() -> None:
    applications = [apply("A", "90", 10), apply("B", "85", 10), apply("C", "80", 10), apply("D", "70", 5)]
    plan = AllocationPlan(shortfall=Shortfall.CUT_LAST)

    answer = allocate(applications, 25, plan, declined=["A"])

    assert allocate(applications, 25, plan).awards == {"A": 10, "B": 10, "C": 5}
    assert answer.awards == {"B": 10, "C": 5, "D": 5}
    assert answer.promoted == ("D",)
    assert answer.lines[0].reason.code == "declined"


def test_who_has_nothing_cannot_give_it_back() -> None:
    with pytest.raises(AllocationError, match="C has no award"):
        allocate(FOUR, 10, AllocationPlan(), declined=["C"])


@pytest.mark.parametrize(
    ("applications", "message"),
    [
        ([apply("A", "1", 1), apply("A", "2", 1)], "A is there twice"),
        ([apply("A", "1", -1)], "requested must not be negative"),
        ([apply("A", "1", 5, minimum=6)], "minimum 6"),
        ([apply("A", "1", 5, rank=1), apply("B", "1", 5)], "rank decided outside"),
    ],
)
def test_data_that_cannot_be_answered_is_refused(applications: list[Application], message: str) -> None:
    with pytest.raises(AllocationError, match=message):
        allocate(applications, 10, AllocationPlan())


def test_nobody_and_nothing() -> None:
    assert allocate([], 10, AllocationPlan()).unspent == 10
    assert allocate(FOUR, 0, AllocationPlan()).awards == {}
