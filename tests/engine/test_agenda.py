"""The agenda against every order there is; its walk through the door recounted by a plain loop."""

from __future__ import annotations

import random
from collections.abc import Mapping, Sequence
from itertools import permutations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from evalcomm.engine import tour
from evalcomm.engine.agenda import MOST, best_agenda

Recused = Mapping[str, frozenset[str]]

recusals = st.dictionaries(
    st.integers(1, 30).map("A{:02}".format), st.frozensets(st.sampled_from("abcdef"), max_size=4), max_size=6
)


def doors(order: Sequence[str], recused: Recused) -> int:
    """How often somebody goes out, everybody being there before the first item."""
    outside: set[str] = set()
    times = 0
    for application in order:
        times += len(recused[application] - outside)
        outside = set(recused[application])
    return times


@settings(max_examples=200)
@given(recusals)
def test_no_order_makes_fewer_people_leave(recused: Recused) -> None:
    agenda = best_agenda(recused)

    order = [item.application for item in agenda.items]
    assert sorted(order) == sorted(recused)
    assert len(agenda.absences) == agenda.bound == min(doors(some, recused) for some in permutations(recused))
    assert doors(order, recused) == len(agenda.absences)
    assert agenda.by_id == doors(sorted(recused), recused)


@settings(max_examples=100)
@given(recusals)
def test_the_walk_through_the_door_adds_up(recused: Recused) -> None:
    agenda = best_agenda(recused)

    outside: set[str] = set()
    left: list[tuple[str, str]] = []
    back: list[tuple[str, str | None]] = []
    for item in agenda.items:
        assert set(item.come_back) <= outside
        assert not set(item.leave) & outside
        outside = (outside - set(item.come_back)) | set(item.leave)
        assert outside == set(item.recused) == set(recused[item.application])
        left += [(person, item.application) for person in item.leave]
        back += [(person, item.application) for person in item.come_back]
    back += [(person, None) for person in outside]
    assert [(one.person, one.applications[0]) for one in agenda.absences] == left
    assert sorted((one.person, one.until or "") for one in agenda.absences) == sorted((p, a or "") for p, a in back)
    assert sum(len(one.applications) for one in agenda.absences) == sum(map(len, recused.values()))


@settings(max_examples=40)
@given(recusals, st.randoms(use_true_random=False))
def test_the_order_of_the_input_decides_nothing(recused: Recused, source: random.Random) -> None:
    shuffled = {
        key: source.sample(sorted(recused[key]), len(recused[key]))
        for key in source.sample(list(recused), len(recused))
    }

    assert best_agenda(shuffled) == best_agenda(recused)


def meeting(applications: int, people: int, share: float, seed: int) -> dict[str, frozenset[str]]:
    source = random.Random(seed)
    return {
        f"A{i:03}": frozenset(f"E{j:02}" for j in range(people) if source.random() < share) for i in range(applications)
    }


@pytest.mark.parametrize("seed", range(6))
def test_thirty_applications_and_fifteen_people_are_proved(seed: int) -> None:
    agenda = best_agenda(meeting(30, 15, 0.1, seed))

    assert agenda.proved
    assert len(agenda.absences) < agenda.by_id


def test_ordering_the_obvious_meeting() -> None:
    """Two experts with three applications each, one of them shared: each leaves once."""
    recused = {"A1": ["x"], "A2": [], "A3": ["y"], "A4": ["x", "y"], "A5": ["y"], "A6": ["x"]}

    agenda = best_agenda(recused)

    assert [item.application for item in agenda.items] == ["A2", "A1", "A6", "A4", "A3", "A5"]
    assert [(one.person, one.applications, one.until) for one in agenda.absences] == [
        ("x", ("A1", "A6", "A4"), "A3"),
        ("y", ("A4", "A3", "A5"), None),
    ]
    assert (agenda.bound, agenda.by_id) == (2, 4)


def test_a_meeting_too_large_to_prove_says_what_is_known(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(tour, "_NODES", 500)

    agenda = best_agenda(meeting(70, 25, 0.15, 1))

    assert not agenda.proved
    assert agenda.bound <= len(agenda.absences) <= 1.1 * agenda.bound
    assert len(agenda.absences) < agenda.by_id


def test_nobody_recused_and_everybody_recused() -> None:
    assert best_agenda({}).items == ()
    assert [item.application for item in best_agenda({"B": [], "A": []}).items] == ["A", "B"]
    everybody = best_agenda({"A": ["x", "y"], "B": ["x", "y"]})
    assert [one.until for one in everybody.absences] == [None, None]


def test_a_meeting_beyond_all_reason_is_refused() -> None:
    with pytest.raises(ValueError, match="more than 1000 applications"):
        best_agenda({str(i): ["x"] for i in range(MOST + 1)})
