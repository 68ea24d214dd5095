"""The shapes of the papers: whatever does not fit is named with its place, all of it at once."""

import copy
import json
from collections.abc import Iterator
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from evalcomm.documents import papers
from evalcomm.documents.rendering import canonical
from evalcomm.foundation.database import canonical_json
from tests.documents.examples import ALL_EXAMPLES, receipt, score_sheet

Place = tuple[str | int, ...]


def places(value: Any, place: Place = ()) -> Iterator[Place]:
    """Every place inside a model, branches and leaves."""
    entries = value.items() if isinstance(value, dict) else enumerate(value) if isinstance(value, list) else ()
    for key, entry in entries:
        yield (*place, key)
        yield from places(entry, (*place, key))


def written(place: Place) -> str:
    return "".join(f"[{part}]" if isinstance(part, int) else f".{part}" for part in place).removeprefix(".")


def holder(model: Any, place: Place) -> Any:
    for part in place[:-1]:
        model = model[part]
    return model


@pytest.mark.parametrize(("kind", "example"), ALL_EXAMPLES)
def test_every_example_fits_its_paper(kind: str, example: Any) -> None:
    papers.check(kind, example())


def test_every_paper_has_an_example() -> None:
    assert {kind for kind, _ in ALL_EXAMPLES} == set(papers.SHAPES)


@given(st.data())
def test_a_float_is_refused_wherever_it_stands(data: st.DataObject) -> None:
    kind, example = data.draw(st.sampled_from(ALL_EXAMPLES))
    model = example()
    place = data.draw(st.sampled_from(list(places(model))))
    holder(model, place)[place[-1]] = 0.5

    with pytest.raises(papers.BadModel) as refused:
        papers.check(kind, model)

    assert any(problem.startswith(f"{written(place)}: ") for problem in refused.value.problems)


@given(st.data())
def test_a_key_that_is_missing_or_unknown_is_named(data: st.DataObject) -> None:
    kind, example = data.draw(st.sampled_from(ALL_EXAMPLES))
    model = example()
    place = data.draw(st.sampled_from([p for p in places(model) if isinstance(p[-1], str)]))
    record = holder(model, place)
    record["등급"] = record.pop(place[-1])

    with pytest.raises(papers.BadModel) as refused:
        papers.check(kind, model)

    assert f"{written(place)}: 빠졌음" in refused.value.problems
    assert any(problem.startswith(f"{written((*place[:-1], '등급'))}: ") for problem in refused.value.problems)


def test_every_problem_is_told_at_once() -> None:
    model: Any = receipt()
    model["funding"][1]["won"] = -1
    model["received_at"] = "2026-10-30 17:59:58"
    model["application"]["project"] = " "
    model["submission_sha256"] = "abc"
    model["is_deadline_inclusive"] = 1

    with pytest.raises(papers.BadModel) as refused:
        papers.check("receipt", model)

    assert sorted(problem.split(":")[0] for problem in refused.value.problems) == [
        "application.project",
        "funding[1].won",
        "is_deadline_inclusive",
        "received_at",
        "submission_sha256",
    ]


@pytest.mark.parametrize(
    ("mark", "value"), [("scored", None), ("missing", "0"), ("recused", "0.00"), ("not_applicable", "0")]
)
def test_only_a_given_score_has_a_figure(mark: str, value: str | None) -> None:
    model: Any = score_sheet()
    model["total"] = {"mark": mark, "value": value, "dropped": None}

    with pytest.raises(papers.BadModel, match=r"total: 값은 mark가 scored일 때만"):
        papers.check("score_sheet", model)


@pytest.mark.parametrize("figure", ["8 5", "85점", "1e2", "NaN", "80,5", "", "+3", "1/0x"])
def test_a_figure_that_is_not_exact_is_refused(figure: str) -> None:
    model: Any = score_sheet()
    model["points"] = figure

    with pytest.raises(papers.BadModel, match=r"points: "):
        papers.check("score_sheet", model)


@pytest.mark.parametrize(("kind", "example"), ALL_EXAMPLES)
def test_the_hashed_text_is_the_register_s_canonical_text_and_survives_storage(kind: str, example: Any) -> None:
    model = example()
    shuffled = dict(reversed(list(copy.deepcopy(model).items())))

    assert canonical(shuffled) == canonical(model) == canonical_json(model).encode()
    assert json.loads(canonical(model)) == model
