"""The terms of a call: what may be announced, what an amendment may change, and the list of what it changes."""

from collections.abc import Callable
from dataclasses import replace
from datetime import datetime, timedelta
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from evalcomm.programs import changes, standard, terms
from evalcomm.programs.forms import LEAST, MOST
from evalcomm.programs.models import CallKind, PhaseKind, Visibility
from evalcomm.programs.terms import CallTerms, PlanTerms, RoundTerms, TrackTerms
from evalcomm.web import words
from tests.factories import NOW
from tests.programs.calls import DAY, OPENS

PLAN = PlanTerms(1, "small-plan", 1, "0" * 64, "작은 평가계획")


def some_terms(**given: Any) -> CallTerms:
    facts: dict[str, Any] = {
        "number": "2026-1",
        "title": "제1차",
        "kind": CallKind.FUNDING,
        "is_demonstration": False,
        "budget_won": 1000,
        "description": "",
        "authority": "국토교통부장관",
        "contact": "사무국",
        "texts": dict.fromkeys(terms.SECTIONS, ()),
        "tracks": (TrackTerms("main", "전체", 1000, PLAN),),
        "rounds": (RoundTerms(1, "서면평가"),),
        "phases": standard.phases_from(OPENS),
        **given,
    }
    return CallTerms(**facts)


def codes(wanted: CallTerms, *, budget: int = 1000, before: CallTerms | None = None) -> dict[str, str]:
    return {fault.place: fault.code for fault in terms.faults(wanted, program_budget_won=budget, at=NOW, before=before)}


def moved(kind: PhaseKind, *, opens: float = 0, closes: float = 0) -> CallTerms:
    base = some_terms()
    phase = base.phase(kind)
    assert phase is not None
    return terms.with_dates(base, {phase.key: (phase.opens_at + opens * DAY, phase.closes_at + closes * DAY)})


def test_the_standard_terms_are_without_fault() -> None:
    assert codes(some_terms()) == {}


@pytest.mark.parametrize(
    ("wanted", "place", "code"),
    [
        (some_terms(title=" "), "title", "call_text_missing"),
        (some_terms(budget_won=1001), "budget_won", "call_budget_over_program"),
        (some_terms(budget_won=0, tracks=()), "budget_won", "call_budget_positive"),
        (some_terms(tracks=()), "tracks", "call_without_track"),
        (some_terms(tracks=(TrackTerms("main", "전체", 1001, PLAN),)), "tracks", "tracks_over_budget"),
        (some_terms(tracks=(TrackTerms("main", "전체", 0, PLAN),)), "track-main_budget_won", "track_budget_positive"),
        (some_terms(rounds=()), "rounds", "call_without_round"),
        (some_terms(rounds=(RoundTerms(1, "서면", 99),)), "rounds", "round_weights"),
        (some_terms(rounds=(RoundTerms(1, "서면", 50), RoundTerms(2, "발표", 50))), "rounds", "round_multiple_missing"),
        (some_terms(phases=standard.phases_from(OPENS)[:4]), "deliberation_opens_at", "phase_dates_missing"),
        (moved(PhaseKind.APPLICATION, opens=40), "application_closes_at", "phase_closes_before_opening"),
        (moved(PhaseKind.APPLICATION, opens=-20), "application_opens_at", "date_in_the_past"),
        (moved(PhaseKind.APPLICATION, closes=2), "screening_opens_at", "screening_after_application"),
        (moved(PhaseKind.DECLARATION, opens=-9), "declaration_opens_at", "declaration_after_application"),
        (moved(PhaseKind.SCORING, opens=-2), "scoring_opens_at", "scoring_after_declaration"),
        (moved(PhaseKind.DELIBERATION, opens=-1), "deliberation_opens_at", "deliberation_after_scoring"),
    ],
)
def test_a_fault_stands_at_its_field(wanted: CallTerms, place: str, code: str) -> None:
    assert codes(wanted)[place] == code
    assert code in words.known_codes()


def test_rounds_follow_one_another() -> None:
    base = some_terms()
    scoring = base.phase(PhaseKind.SCORING)
    assert scoring is not None
    rounds = (RoundTerms(1, "서면", 40, "2"), RoundTerms(2, "발표", 60))
    first = (scoring.opens_at, scoring.opens_at + DAY)
    second = (scoring.opens_at + 2 * DAY, scoring.closes_at)

    assert codes(terms.with_rounds(base, rounds, {1: first, 2: second})) == {}
    assert codes(terms.with_rounds(base, rounds, {1: second, 2: first}))["scoring-2_opens_at"] == "rounds_out_of_order"
    assert codes(terms.with_rounds(base, rounds, {1: first}))["rounds"] == "round_without_dates"
    back = terms.with_rounds(terms.with_rounds(base, rounds, {1: first, 2: second}), base.rounds, {})
    assert back == base


@given(st.integers(1, 10**12), st.integers(1, 10**12))
def test_the_ceiling_of_an_only_track_follows_the_budget(before: int, after: int) -> None:
    whole = some_terms(budget_won=before, tracks=(TrackTerms("main", "전체", before, PLAN),))
    assert terms.with_budget(whole, after).tracks[0].budget_won == after
    own = replace(whole, tracks=(replace(whole.tracks[0], budget_won=before + 1),))
    assert terms.with_budget(own, after).tracks[0].budget_won == before + 1


@given(st.lists(st.integers(1, 10**12), min_size=1, max_size=6), st.integers(1, 10**12))
def test_ceilings_never_exceed_the_budget(ceilings: list[int], budget: int) -> None:
    tracks = tuple(TrackTerms(f"t{n}", f"분야 {n}", won, PLAN) for n, won in enumerate(ceilings))
    found = codes(some_terms(budget_won=budget, tracks=tracks), budget=budget)
    assert ("tracks" in found) == (sum(ceilings) > budget)


def test_the_snapshot_is_the_same_whatever_the_order_and_the_zone() -> None:
    base = some_terms()
    other = replace(
        base,
        phases=tuple(
            replace(
                phase, opens_at=phase.opens_at.astimezone(NOW.tzinfo), closes_at=phase.closes_at.astimezone(NOW.tzinfo)
            )
            for phase in reversed(base.phases)
        ),
    )
    one, two = (terms.fingerprint(terms.content(value, program="p")) for value in (base, other))
    assert one == two


FIELDS: dict[str, Any] = {
    "title": "다른 이름",
    "budget_won": 999,
    "description": "다른 내용",
    "authority": "기획재정부장관",
    "contact": "다른 문의처",
    "texts": {**some_terms().texts, "notes": ("새 항목",)},
    "tracks": (TrackTerms("main", "전체", 999, replace(PLAN, version=2, sha256="1" * 64)),),
    "rounds": (RoundTerms(1, "발표평가"),),
    "phases": moved(PhaseKind.DELIBERATION, closes=1).phases,
    "number": "2026-2",
    "kind": CallKind.AWARDS,
    "is_demonstration": True,
}


@pytest.mark.parametrize("name", sorted(FIELDS))
def test_every_part_of_the_terms_is_in_the_snapshot(name: str) -> None:
    base = some_terms()
    changed = replace(base, **{name: FIELDS[name]})
    assert terms.content(changed, program="p") != terms.content(base, program="p")


@pytest.mark.parametrize("name", sorted(set(FIELDS) - {"number", "kind", "is_demonstration"}))
def test_every_change_that_an_amendment_may_make_is_listed(name: str) -> None:
    base = some_terms()
    found = changes.between(base, replace(base, **{name: FIELDS[name]}))
    assert found
    assert all(change.before != change.after and change.before and change.after for change in found)


def test_a_right_that_changes_is_listed() -> None:
    base = some_terms()
    phases = tuple(
        replace(phase, members_see_other_scores=Visibility.ALWAYS) if phase.kind is PhaseKind.SCORING else phase
        for phase in base.phases
    )
    (change,) = changes.between(base, replace(base, phases=phases))
    assert changes.between(base, base) == []
    assert change.what == "평가 기간의 권한"
    assert "항상 볼 수 있음" in change.after


@given(st.integers(-40, 40), st.sampled_from(list(PhaseKind)), st.booleans())
def test_nothing_is_moved_into_the_past(days: int, kind: PhaseKind, at_opening: bool) -> None:
    """Whatever is amended, at whatever moment: an opening that has happened stays, and no end is set before now."""
    base = some_terms()
    phase = base.phase(kind)
    assert phase is not None
    shift = timedelta(days=days)
    wanted = terms.with_dates(
        base,
        {
            phase.key: (phase.opens_at + shift, phase.closes_at)
            if at_opening
            else (phase.opens_at, phase.closes_at + shift)
        },
    )
    at = phase.opens_at + timedelta(hours=1)

    found = {f.place for f in terms.faults(wanted, program_budget_won=1000, at=at, before=base)}

    if at_opening and days:
        assert f"{phase.key}_opens_at" in found
    if not at_opening and phase.closes_at + shift <= at:
        assert f"{phase.key}_closes_at" in found


ENDS = ("opens_at", "closes_at")
HOURS = st.integers(-2_000, 4_000).map(lambda hours: NOW + timedelta(hours=hours))


@given(st.data())
def test_what_is_told_beside_an_unread_field_is_wrong_whatever_it_holds(data: st.DataObject) -> None:
    """Nothing is guessed of a date that can't be read: a fault elsewhere stands under every value that it may have."""
    windows = {phase.key: (data.draw(HOURS), data.draw(HOURS)) for phase in some_terms().phases}
    typed = terms.with_dates(terms.with_budget(some_terms(), data.draw(st.integers(0, 2_000))), windows)
    fields = ["budget_won", *(f"{key}_{end}" for key in windows for end in ENDS)]
    unread = data.draw(st.sets(st.sampled_from(fields), min_size=1))

    def holding(value: Callable[[], datetime], won: int) -> CallTerms:
        whole = terms.with_budget(typed, won) if "budget_won" in unread else typed
        return terms.with_dates(
            whole,
            {
                key: (
                    value() if f"{key}_opens_at" in unread else opens,
                    value() if f"{key}_closes_at" in unread else closes,
                )
                for key, (opens, closes) in windows.items()
            },
        )

    def faults(one: CallTerms) -> list[terms.Fault]:
        return list(terms.faults(one, program_budget_won=1_000, at=NOW))

    least, most = holding(lambda: LEAST.instant, LEAST.won), holding(lambda: MOST.instant, MOST.won)
    told = {(one.place, one.code) for one in terms.certain(faults(least), faults(most)) if one.place not in unread}
    whatever = holding(lambda: data.draw(HOURS), data.draw(st.integers(0, 2_000)))
    assert told <= {(one.place, one.code) for one in faults(whatever)}
