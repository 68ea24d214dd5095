"""Rights come from phases as data, and a deadline's last second is wholly in."""

from datetime import UTC, datetime, timedelta
from types import SimpleNamespace
from typing import Any

import pytest
from flask import Flask
from hypothesis import given
from hypothesis import strategies as st

from evalcomm.programs import policies, queries
from evalcomm.programs.models import Call, CallState, Phase, PhaseKind, Right, Visibility
from evalcomm.web import words
from tests.factories import NOW, PHASE_LENGTH, make_call

instants = st.integers(0, 365 * 24 * 3600).map(
    lambda seconds: datetime(2026, 1, 1, tzinfo=UTC) + timedelta(seconds=seconds)
)


def bare_call(*phases: Phase, state: CallState = CallState.PUBLISHED) -> Call:
    return Call(state=state, phases=list(phases))


def phase(kind: PhaseKind, opens_at: datetime, closes_at: datetime, **granted: Any) -> Phase:
    facts = {
        "round_id": None,
        "may_submit": False,
        "may_score": False,
        "members_see_other_scores": Visibility.NEVER,
        "members_see_applicant_names": True,
        "secretariat_sees_figures": False,
        **granted,
    }
    return Phase(kind=kind, opens_at=opens_at, closes_at=closes_at, **facts)


@given(instants, st.integers(0, 999_999))
def test_the_last_second_is_wholly_in_and_the_next_is_out(deadline: datetime, microsecond: int) -> None:
    closes_at = deadline.replace(microsecond=0)
    window = SimpleNamespace(opens_at=closes_at - timedelta(days=1), closes_at=closes_at)

    assert queries.is_open(window, closes_at.replace(microsecond=microsecond))  # type: ignore[arg-type]
    assert not queries.is_open(window, closes_at + timedelta(seconds=1, microseconds=microsecond))  # type: ignore[arg-type]
    assert queries.is_open(window, window.opens_at)  # type: ignore[arg-type]
    assert not queries.is_open(window, window.opens_at - timedelta(microseconds=1))  # type: ignore[arg-type]


def test_each_right_is_granted_in_its_own_phase_only(app: Flask) -> None:
    expected = {
        PhaseKind.APPLICATION: {Right.SUBMIT, Right.SEE_APPLICANT_NAMES},
        PhaseKind.SCREENING: {Right.SEE_APPLICANT_NAMES},
        PhaseKind.DECLARATION: {Right.SEE_APPLICANT_NAMES},
        PhaseKind.SCORING: {Right.SCORE, Right.SEE_APPLICANT_NAMES},
        PhaseKind.DELIBERATION: {Right.SEE_FIGURES, Right.SEE_APPLICANT_NAMES},
    }
    for kind, rights in expected.items():
        call = queries.get_call(make_call(phase=kind).id)
        assert {right for right in Right if policies.phase_allows(call, right, NOW)} == rights, kind
        found = queries.open_phase(call, kind, NOW)
        assert found is not None
        assert found.kind == kind


def test_a_refusal_says_from_when_to_when(app: Flask) -> None:
    call = queries.get_call(make_call(phase=PhaseKind.SCREENING).id)

    verdict = policies.phase_allows(call, Right.SUBMIT, NOW)
    assert verdict.code == "phase_submit_over"
    assert "마감 뒤에는" in words.explain(verdict)
    assert "2026. 11. 21. 15:20" in words.explain(verdict)
    verdict = policies.phase_allows(call, Right.SCORE, NOW)
    assert verdict.code == "phase_score_not_yet"
    assert all(
        f"phase_{right.value.removeprefix('may_')}_{end}" in words.known_codes()
        for right in Right
        for end in ("not_yet", "over")
    )


@pytest.mark.parametrize("state", [CallState.DRAFT, CallState.CANCELLED])
def test_a_call_that_is_not_published_grants_nothing(app: Flask, state: CallState) -> None:
    call = queries.get_call(make_call(state=state).id)

    assert queries.open_phase(call, PhaseKind.APPLICATION, NOW) is None
    assert not queries.rights_at(call, NOW).may_submit
    assert policies.phase_allows(call, Right.SUBMIT, NOW).code == "call_not_published"


def test_figures_stay_open_once_they_were_opened(app: Flask) -> None:
    call = queries.get_call(make_call(phase=PhaseKind.DELIBERATION).id)
    opened = queries.phase_of(call, PhaseKind.DELIBERATION)
    assert opened is not None

    assert not queries.rights_at(call, opened.opens_at - timedelta(microseconds=1)).secretariat_sees_figures
    assert queries.rights_at(call, opened.opens_at).secretariat_sees_figures
    assert queries.rights_at(call, NOW + 10 * PHASE_LENGTH).secretariat_sees_figures


@given(st.lists(st.tuples(st.booleans(), st.booleans(), st.sampled_from(list(Visibility))), min_size=1, max_size=4))
def test_of_several_open_phases_the_strictest_decides_what_is_seen(
    granted: list[tuple[bool, bool, Visibility]],
) -> None:
    start, end = NOW - timedelta(days=1), NOW + timedelta(days=1)
    kinds = list(PhaseKind)
    call = bare_call(
        *(
            phase(
                kinds[place],
                start,
                end,
                may_score=scores,
                members_see_applicant_names=names,
                members_see_other_scores=others,
            )
            for place, (scores, names, others) in enumerate(granted)
        )
    )

    rights = queries.rights_at(call, NOW)

    order = [Visibility.NEVER, Visibility.AFTER_OWN, Visibility.ALWAYS]
    scoring = [order.index(others) for scores, _names, others in granted if scores]
    assert rights.may_score == bool(scoring)
    assert rights.members_see_applicant_names == all(names for _scores, names, _others in granted)
    assert rights.members_see_other_scores == (order[min(scoring)] if scoring else Visibility.NEVER)


def test_a_round_has_its_own_window(app: Flask) -> None:
    early = phase(PhaseKind.SCORING, NOW - timedelta(days=2), NOW - timedelta(days=1), may_score=True)
    late = phase(PhaseKind.SCORING, NOW - timedelta(hours=1), NOW + timedelta(hours=1), may_score=True)
    early.round_id, late.round_id = 1, 2
    call = bare_call(early, late)

    assert queries.open_phase(call, PhaseKind.SCORING, NOW, round_id=1) is None
    assert queries.open_phase(call, PhaseKind.SCORING, NOW, round_id=2) is late
    assert queries.rights_at(call, NOW, round_id=2).may_score
    assert not queries.rights_at(call, NOW, round_id=1).may_score


def test_no_open_phase_shows_no_names(app: Flask) -> None:
    call = queries.get_call(make_call().id)
    assert not queries.rights_at(call, NOW + 20 * PHASE_LENGTH).members_see_applicant_names
