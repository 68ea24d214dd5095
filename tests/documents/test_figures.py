"""Figures: positions follow the numbers, absent scores have no dot, shapes tell without colour, bytes depend on the model alone."""

import re
from typing import Any
from xml.etree import ElementTree as ET

import pytest
from hypothesis import given
from hypothesis import strategies as st

from evalcomm.documents import figures
from evalcomm.documents.figures import plots
from evalcomm.documents.figures.svg import Sheet, shortened, text_width
from tests.documents import examples
from tests.documents.examples import ALL_EXAMPLES, scored, unscored

SVG = "{http://www.w3.org/2000/svg}"


def drawn(svg: str, tag: str) -> list[ET.Element]:
    return list(ET.fromstring(svg).iter(SVG + tag))


def dots(svg: str) -> list[tuple[float, float, bool]]:
    """x, y and whether it is hollow, without those of the legend."""
    legend = max(float(dot.attrib["cy"]) for dot in drawn(svg, "circle"))
    return [
        (float(dot.attrib["cx"]), float(dot.attrib["cy"]), dot.attrib["fill"] == "#ffffff")
        for dot in drawn(svg, "circle")
        if float(dot.attrib["cy"]) < legend
    ]


def words(svg: str) -> list[str]:
    return [element.text or "" for element in drawn(svg, "text")]


points = st.decimals(min_value=0, max_value=100, places=2).map(str)
marks = st.sampled_from(["missing", "recused", "excluded", "challenged", "not_applicable"])
scores = st.one_of(
    st.builds(scored, points, st.sampled_from([None, "highest", "lowest"])),
    st.builds(unscored, marks),
)


@given(st.lists(scores, min_size=1, max_size=15), st.one_of(st.none(), points))
def test_dots_stand_in_the_order_of_their_scores(given_scores: list[Any], cut: str | None) -> None:
    totals = [{"evaluator": f"위원 {n}", "score": score} for n, score in enumerate(given_scores, 1)]
    present = [score for score in given_scores if score["mark"] == "scored"]

    svg = plots.evaluator_dots(totals, mean="50", cut=cut)

    placed = dots(svg)
    assert [hollow for _, _, hollow in placed] == [score["dropped"] is not None for score in present]
    values = [float(score["value"]) for score in present]
    for (x1, _, _), value1 in zip(placed, values, strict=True):
        for (x2, _, _), value2 in zip(placed, values, strict=True):
            assert (x1 < x2) == (round(value1 - value2, 2) < 0) or abs(x1 - x2) < 0.02


@given(st.lists(scores, min_size=1, max_size=15))
def test_whoever_gave_no_score_is_in_words_and_has_no_dot(given_scores: list[Any]) -> None:
    totals = [{"evaluator": f"위원 {n}", "score": score} for n, score in enumerate(given_scores, 1)]

    shown = words(plots.evaluator_dots(totals, mean=None, cut=None))

    for mark, word in plots.MARKS.items():
        assert shown.count(word) == sum(score["mark"] == mark for score in given_scores)


@given(st.lists(points, min_size=2, max_size=12))
def test_dots_of_one_application_that_would_hide_each_other_step_aside(values: list[str]) -> None:
    svg = plots.application_dots(
        [{"label": "2026-0001 사업", "scores": [scored(v) for v in values[:3]], "mean": None}], cut=None
    )

    placed = [(x, y) for x, y, _ in dots(svg)]
    assert len(placed) == len(values[:3])
    assert len(set(placed)) == len(placed)


@given(st.lists(st.tuples(points, st.sampled_from(["funded", "cut", "reserve", "rejected"])), min_size=1, max_size=20))
def test_every_outcome_of_a_ranking_is_told_in_words_too(lines: list[tuple[str, str]]) -> None:
    rows = [
        {"label": f"2026-{n:04d}", "final": final, "passed": True, "outcome": outcome, "is_this": n == 0}
        for n, (final, outcome) in enumerate(lines)
    ]

    shown = words(plots.ranking(rows, cut=None))

    for final, outcome in lines:
        assert f"{final} {plots.OUTCOMES[outcome]}" in shown
    assert [word for word in shown if word.startswith("▶")] == ["▶ 2026-0000"]


@given(st.lists(st.integers(0, 10**11), min_size=1, max_size=10), st.data())
def test_bars_are_as_long_as_the_money_is_much(requested: list[int], data: st.DataObject) -> None:
    rows = [{"label": "과제", "requested": won, "awarded": data.draw(st.integers(0, won))} for won in requested]

    bars = [float(bar.attrib["width"]) for bar in drawn(plots.money(rows, title="과제별"), "rect")][: 2 * len(rows)]

    longest = max(bars)
    for row, open_bar, filled in zip(rows, bars[::2], bars[1::2], strict=True):
        most = max(requested) or 1
        assert open_bar == pytest.approx(longest * row["requested"] / most, abs=0.02)
        assert filled == pytest.approx(longest * row["awarded"] / most, abs=0.02)


@pytest.mark.parametrize(("kind", "example"), ALL_EXAMPLES)
def test_every_figure_is_well_formed_titled_and_the_same_again(kind: str, example: Any) -> None:
    for name in figures.names(kind, example()):
        svg = figures.draw(kind, name, example())

        assert drawn(svg, "title")[0].text
        assert svg == figures.draw(kind, name, example())
        assert not re.search(r"style=|class=|<script|href", svg)


def test_names_of_people_and_projects_are_words_and_never_markup() -> None:
    model: Any = examples.decision_memo()
    model["ranking"][0]["label"] = '<script>"&'

    assert '<script>"&' in words(figures.draw("decision_memo", "ranking", model))


def test_a_figure_that_does_not_exist_is_refused() -> None:
    with pytest.raises(KeyError):
        figures.draw("receipt", "scores", examples.receipt())
    assert figures.names("receipt", examples.receipt()) == []


def test_a_memo_without_a_single_score_has_no_figure_of_scores() -> None:
    model: Any = examples.rejected_decision_memo()
    model["evaluators"] = [{"evaluator": "위원 1", "score": unscored("missing")}]

    assert figures.names("decision_memo", model) == []


def test_a_long_ranking_is_drawn_around_the_application_in_question() -> None:
    model: Any = examples.decision_memo()
    row = model["ranking"][0]
    model["ranking"] = [{**row, "label": f"2026-{n:04d}", "is_this": n == 70} for n in range(500)]

    labels = [word for word in words(figures.draw("decision_memo", "ranking", model)) if "2026-" in word]

    assert len(labels) == figures.NEIGHBOURS
    assert labels.index("▶ 2026-0070") == figures.NEIGHBOURS // 2


def test_many_applications_make_several_figures_that_miss_none() -> None:
    model: Any = examples.selection_report()
    model["tracks"][0]["scores"] = [
        {"label": f"A{n:03d}", "scores": [scored("80.00")], "mean": "80.00"} for n in range(95)
    ]
    named = [name for name in figures.names("selection_report", model) if name.startswith("scores-")]

    shown = [
        word
        for name in named
        for word in words(figures.draw("selection_report", name, model))
        if re.fullmatch(r"A\d+", word)
    ]

    assert named == ["scores-1-1", "scores-1-2", "scores-1-3"]
    assert shown == [f"A{n:03d}" for n in range(95)]


@given(st.text(alphabet="가나다abcXYZ019 .()", max_size=60), st.floats(20, 300))
def test_a_label_is_cut_to_its_room(text: str, room: float) -> None:
    cut = shortened(text, room)

    assert cut == text or (cut.endswith("…") and text.startswith(cut[:-1]))
    assert text_width(cut) <= max(room, text_width("…"))


@pytest.mark.parametrize(("mean", "cut"), [("80", "70"), ("80", None), (None, "70"), (None, None)])
def test_the_legend_explains_what_is_drawn_and_nothing_else(mean: str | None, cut: str | None) -> None:
    svg = plots.evaluator_dots([{"evaluator": "위원 1", "score": scored("81.00")}], mean=mean, cut=cut)

    assert ("평균" in words(svg)) == (mean is not None)
    assert ("최저기준" in words(svg)) == (cut is not None)
    assert "제외 점수(최고·최저)" not in words(svg)


def test_a_sheet_writes_numbers_shortly() -> None:
    sheet = Sheet(10, 20)
    sheet.line(0, 1 / 3, 2.50, 4)

    assert '<line x1="0" y1="0.33" x2="2.5" y2="4"' in sheet.svg("그림")
