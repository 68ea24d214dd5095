"""Impossible requests: as few as can be are lacking, and every reason holds by arithmetic that anyone can do."""

from __future__ import annotations

from collections import Counter

from hypothesis import given, settings

from evalcomm.engine.assign import Application, Evaluator, Impossible, Request, Statement, assign
from tests.engine.slow_assignment import able, fewest_empty_places, fewest_idle, limits, slow_best
from tests.engine.test_assign import requests


def most_together(request: Request, application: str, evaluators: set[str]) -> int:
    """How many of these could meet on the application, besides those fixed."""
    works = {e.id: e.organisation for e in request.evaluators}
    fixed = {e for a, e in request.fixed if a == application}
    taken = {works[e] for e in fixed} if request.apart else set()
    free = [e for e in able(request, application) if e in evaluators and e not in fixed]
    alone = [e for e in free if works[e] is None]
    employers = {works[e] for e in free if works[e] is not None} - taken
    return len(alone) + (len(employers) if request.apart else len(free) - len(alone))


def has_places(request: Request) -> set[str]:
    held = Counter(e for _, e in set(request.fixed))
    high = limits(request, len(request.applications))
    return {e.id for e in request.evaluators if high[e.id] > held[e.id]}


def assert_holds(request: Request, reason: Statement) -> None:
    """Checks a reason against the request, without looking at how it was found."""
    facts = reason.facts
    fixed = Counter(a for a, _ in set(request.fixed))
    held = Counter(e for _, e in set(request.fixed))
    high = limits(request, len(request.applications))
    wanted = request.per_application or 0
    if reason.code in {"too-few-permitted", "too-few-organisations"}:
        application = facts["application"]
        assert isinstance(application, str)
        found = fixed[application] + most_together(request, application, has_places(request))
        assert (facts["permitted"], facts["wanted"]) == (found, wanted)
        assert found < wanted
    elif reason.code == "crowded":
        applications, evaluators = facts["applications"], facts["evaluators"]
        assert isinstance(applications, tuple)
        assert isinstance(evaluators, tuple)
        others = has_places(request) - set(evaluators)
        needed = 0
        for application in applications:
            possible = min(wanted - fixed[application], most_together(request, application, has_places(request)))
            needed += possible - most_together(request, application, others)
        offered = sum(high[e] - held[e] for e in evaluators)
        assert (facts["needed"], facts["offered"], facts["lacks"]) == (needed, offered, needed - offered)
        assert needed > offered
    else:
        assert reason.code == "minimum-loads"
        evaluators = facts["evaluators"]
        assert isinstance(evaluators, tuple)
        least = {e.id: e.min_load for e in request.evaluators}
        needed = sum(max(least[e] - held[e], 0) for e in evaluators)
        offered = sum(
            min(wanted - fixed[a.id], most_together(request, a.id, set(evaluators))) for a in request.applications
        )
        assert (facts["wanted"], facts["offered"], facts["lacks"]) == (needed, offered, needed - offered)
        assert needed > offered


@settings(max_examples=250)
@given(requests(most=4))
def test_as_few_as_can_be_are_lacking_and_every_reason_holds(request: Request) -> None:
    found = assign(request)
    if not isinstance(found, Impossible):
        return

    assert slow_best(request) is None
    assert found.reasons
    for reason in found.reasons:
        assert_holds(request, reason)
        assert reason.ko
        assert reason.en
    empty = fewest_empty_places(request, limits(request, len(request.applications)))
    assert sum(one.lacks for one in found.applications) == empty
    assert all(one.wanted == request.per_application and one.lacks > 0 for one in found.applications)
    assert sum(one.lacks for one in found.evaluators) == fewest_idle(request)
    # The reasons account for every place that is lacking, so nothing is left unexplained.
    explained = dict.fromkeys(("applications", "evaluators"), 0)
    for reason in found.reasons:
        if reason.code == "minimum-loads":
            explained["evaluators"] += int(str(reason.facts["lacks"]))
        elif reason.code == "crowded":
            explained["applications"] += int(str(reason.facts["lacks"]))
        else:
            explained["applications"] += int(str(reason.facts["wanted"])) - int(str(reason.facts["permitted"]))
    assert explained == {"applications": empty, "evaluators": fewest_idle(request)}


def named(names: str) -> list[Application]:
    return [Application(name) for name in names]


def test_conflicts_that_leave_too_few() -> None:
    request = Request(named("AB"), [Evaluator("E1"), Evaluator("E2")], 2, conflicts=[("A", "E1")])

    found = assign(request)

    assert isinstance(found, Impossible)
    assert [(one.id, one.wanted, one.found, one.lacks) for one in found.applications] == [("A", 2, 1, 1)]
    assert [reason.en for reason in found.reasons] == ["application A needs 2 evaluators and may have only 1"]
    assert [reason.ko for reason in found.reasons] == ["신청 A에 배정할 수 있는 위원이 1명뿐임(필요 2명)"]


def test_too_few_organisations() -> None:
    people = [Evaluator("E1", "한국대"), Evaluator("E2", "한국대"), Evaluator("E3", "한국대")]

    found = assign(Request(named("A"), people, 2))

    assert isinstance(found, Impossible)
    assert [reason.code for reason in found.reasons] == ["too-few-organisations"]


def test_applications_that_crowd_on_the_same_evaluators() -> None:
    """Only E1 and E2 may judge A, B and C, and each takes one."""
    people = [Evaluator("E1", max_load=1), Evaluator("E2", max_load=1), Evaluator("E3", max_load=9)]
    conflicts = [(a, "E3") for a in "ABC"]

    found = assign(Request(named("ABCD"), people, 1, conflicts=conflicts))

    assert isinstance(found, Impossible)
    assert sum(one.lacks for one in found.applications) == 1
    (reason,) = found.reasons
    assert reason.facts == {
        "applications": ("A", "B", "C"),
        "evaluators": ("E1", "E2"),
        "needed": 3,
        "offered": 2,
        "lacks": 1,
    }


def test_minimum_loads_beyond_the_places_there_are() -> None:
    people = [Evaluator("E1", min_load=2), Evaluator("E2", min_load=2), Evaluator("E3")]

    found = assign(Request(named("ABC"), people, 1))

    assert isinstance(found, Impossible)
    assert found.applications == ()
    assert sum(one.lacks for one in found.evaluators) == 1
    assert [reason.code for reason in found.reasons] == ["minimum-loads"]


def test_a_whole_committee_whose_loads_do_not_fit() -> None:
    people = [Evaluator("E1", max_load=1), Evaluator("E2", min_load=3)]
    conflicts = [("C", "E1"), ("C", "E2"), ("A", "E2")]

    found = assign(Request(named("ABC"), people, None, conflicts=conflicts))

    assert isinstance(found, Impossible)
    assert [reason.code for reason in found.reasons] == ["too-few-permitted", "over-load", "under-load"]
    assert [(one.id, one.lacks) for one in found.applications] == [("C", 1)]
    assert [(one.id, one.lacks) for one in found.evaluators] == [("E2", 2)]


def test_long_lists_are_shown_shortened_and_kept_whole() -> None:
    people = [Evaluator(f"E{j:02}", min_load=2) for j in range(20)]

    found = assign(Request(named("A"), people, 1))

    assert isinstance(found, Impossible)
    (reason,) = found.reasons
    assert len(tuple(reason.facts["evaluators"])) == 20  # type: ignore[arg-type]
    assert "E11 and 8 more" in reason.en
    assert "E11 외 8" in reason.ko


def test_absurd_figures_are_answered_at_once() -> None:
    huge = 10**15
    people = [Evaluator("E1", min_load=huge), Evaluator("E2", max_load=huge)]

    many = assign(Request(named("AB"), people, huge))
    heavy = assign(Request(named("AB"), people, 1))

    assert isinstance(many, Impossible)
    assert [(one.id, one.wanted, one.found) for one in many.applications] == [("A", huge, 2), ("B", huge, 2)]
    assert isinstance(heavy, Impossible)
    assert [(one.id, one.wanted, one.found) for one in heavy.evaluators] == [("E1", huge, 2)]
