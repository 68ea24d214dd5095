"""`agreement` on files."""

from __future__ import annotations

import json
from pathlib import Path
from xml.etree import ElementTree as ET

import pytest
from click.testing import CliRunner, Result

from evalcomm.cli import main

HEADER = "application,evaluator,score\n"
SHROUT_FLEISS = [[9, 2, 5, 8], [6, 1, 3, 2], [8, 4, 6, 8], [7, 1, 2, 6], [10, 5, 6, 9], [6, 2, 4, 7]]


def write(folder: Path, text: str, name: str = "scores.csv") -> str:
    path = folder / name
    path.write_text(text, encoding="utf-8")
    return str(path)


def run(*arguments: str) -> Result:
    return CliRunner().invoke(main, ["agreement", *arguments])


def document(*arguments: str) -> dict[str, object]:
    result = run(*arguments, "--format", "json")
    assert result.exit_code == 0, result.output
    found = json.loads(result.stdout, parse_constant=lambda word: pytest.fail(f"{word} is no JSON"))
    assert isinstance(found, dict)
    return found


def table_of(matrix: list[list[int]]) -> str:
    return HEADER + "".join(f"A{i},E{j},{score}\n" for i, row in enumerate(matrix) for j, score in enumerate(row))


def test_shrout_and_fleiss(tmp_path: Path) -> None:
    found = document(write(tmp_path, table_of(SHROUT_FLEISS)))

    icc, variance = found["icc"], found["variance"]
    assert isinstance(icc, dict)
    assert isinstance(variance, dict)
    assert {name: round(value, 2) for name, value in icc.items()} == {
        "ICC1": 0.17, "ICC2": 0.29, "ICC3": 0.71, "ICC1k": 0.44, "ICC2k": 0.62, "ICC3k": 0.91,
    }  # fmt: skip
    assert found["kendall_w"] == pytest.approx(0.887037037)
    # (MSB − MSE)/4, (MSJ − MSE)/6, MSE of the published table of mean squares: 11.24, 32.49, 1.02
    assert variance == pytest.approx({"application": 2.5556, "evaluator": 5.2444, "residual": 1.0194}, rel=1e-3)
    assert found["reason"] == {}
    assert found["warnings"] == []
    reliability = found["reliability"]
    assert isinstance(reliability, list)
    assert [row["evaluators"] for row in reliability] == [3, 5, 7, 9]


def test_gaps_have_no_icc_but_alpha_and_variance(tmp_path: Path) -> None:
    found = document(write(tmp_path, table_of(SHROUT_FLEISS).replace("A2,E1,4", "A2,E1,")))

    assert found["icc"] is None
    assert found["kendall_w"] is None
    reasons = found["reason"]
    assert isinstance(reasons, dict)
    assert set(reasons) == {"icc", "kendall_w"}
    assert "1 of 24 cells" in reasons["icc"]
    assert isinstance(found["variance"], dict)
    assert all(isinstance(value, float) for value in found["alpha"].values())  # type: ignore[attr-defined]


def test_repeats_are_measured(tmp_path: Path) -> None:
    found = document(write(tmp_path, table_of(SHROUT_FLEISS) + "A0,E0,8\n"))
    assert found["icc"] is None
    assert "more than once" in found["reason"]["icc"]  # type: ignore[index]
    assert found["scores"] == 25
    assert isinstance(found["reml_deviance"], float)


def test_labels_have_a_nominal_alpha_only(tmp_path: Path) -> None:
    rows = "A,E,우수\nA,F,우수\nB,E,보통\nB,F,우수\nC,E,미흡\nC,F,미흡\n"
    found = document(write(tmp_path, HEADER + rows))

    alpha = found["alpha"]
    assert isinstance(alpha, dict)
    assert alpha["nominal"] == pytest.approx(1 - (2 / 6) / (22 / 30))
    assert alpha["ordinal"] is None
    assert found["variance"] is None
    assert "labels" in found["reason"]["alpha_interval"]  # type: ignore[index]
    assert any("labels" in text for text in found["warnings"])  # type: ignore[attr-defined]


def test_numbers_may_be_labels_too(tmp_path: Path) -> None:
    found = document(write(tmp_path, HEADER + "A,E,1\nA,F,1\nB,E,2\nB,F,3\n"), "--nominal")
    assert found["alpha"]["ordinal"] is None  # type: ignore[index]
    assert found["alpha"]["nominal"] == pytest.approx(1 - (2 / 4) / (10 / 12))  # type: ignore[index]


def test_shuffled_rows_give_the_same_bytes(tmp_path: Path) -> None:
    lines = table_of(SHROUT_FLEISS).splitlines()
    one = write(tmp_path, "\n".join(lines), "a.csv")
    other = write(tmp_path, "\n".join([lines[0], *reversed(lines[1:])]), "b.csv")
    for form in ("json", "csv", "table"):
        assert run(one, "--format", form).stdout_bytes == run(other, "--format", form).stdout_bytes


@pytest.mark.parametrize(
    ("rows", "reason"),
    [
        ("A,E,70\nA,F,70\nB,E,70\nB,F,70\n", "all"),
        ("A,E,70\nB,E,75\n", "two evaluators"),
        ("A,E,70\nA,F,75\n", "two applications"),
    ],
)
def test_degenerate_tables_are_answered(tmp_path: Path, rows: str, reason: str) -> None:
    found = document(write(tmp_path, HEADER + rows))
    assert found["icc"] is None
    assert found["variance"] is None
    assert found["reml_deviance"] is None
    assert reason in found["reason"]["icc"]  # type: ignore[index]


def test_full_agreement(tmp_path: Path) -> None:
    found = document(write(tmp_path, HEADER + "A,E,1\nA,F,1\nB,E,2\nB,F,2\nC,E,5\nC,F,5\n"))
    assert set(found["icc"].values()) == {1.0}  # type: ignore[attr-defined]
    assert found["kendall_w"] == 1.0
    assert "no residual variance" in found["reason"]["variance"]  # type: ignore[index]


@pytest.mark.parametrize(
    ("rows", "place"),
    [
        ("A,E,70\nA,F,좋음\n", "row 3, column score"),
        ("A,E,80,5\n", "row 2"),
        ("A,E,inf\nA,F,nan\n", "row 2, column score"),
        ("A,E,=1\n", "row 2, column score"),
        (",E,5\n", "row 2, column application"),
        ("A,E,\n", "there is no score"),
        ("", "no row below"),
    ],
)
def test_refusals_name_the_place(tmp_path: Path, rows: str, place: str) -> None:
    result = run(write(tmp_path, HEADER + rows))
    assert result.exit_code == 1
    assert "scores.csv" in result.stderr
    assert place in result.stderr


def test_a_scale_is_kept(tmp_path: Path) -> None:
    plan = write(tmp_path, 'id = "p"\nversion = 1\n[scale]\nmin = "0"\nmax = "10"\nstep = "1"\n', "plan.toml")
    result = run(write(tmp_path, HEADER + "A,E,5\nA,F,11\n"), "--plan", plan)
    assert result.exit_code == 1
    assert "row 3, column score" in result.stderr


@pytest.mark.parametrize("form", ["table", "csv", "xlsx"])
def test_every_form(tmp_path: Path, form: str) -> None:
    result = run(write(tmp_path, table_of(SHROUT_FLEISS)), "--format", form)
    assert result.exit_code == 0
    assert result.stdout_bytes


def item_rows(item_of: dict[str, list[str]]) -> str:
    rows = ["application,evaluator,item,score"]
    for evaluator, sheets in item_of.items():
        for i, sheet in enumerate(sheets):
            rows += [f"A{i},{evaluator},{item},{score}" for item, score in zip("abc", sheet, strict=True)]
    return "\n".join(rows) + "\n"


@pytest.mark.parametrize("with_rubric", [True, False])
def test_halo_is_measured_where_scores_come_by_item(tmp_path: Path, with_rubric: bool) -> None:
    sheets = {
        "E": ["999", "333", "888", "222", "777"],
        "F": ["567", "465", "576", "654", "645"],
        "G": ["675", "556", "454", "565", "467"],
    }
    items = "".join(
        f'[[criterion]]\nid = "{item}"\ntitle = "{item}"\npoints = "9"\n'
        f'[[criterion.item]]\nid = "{item}"\ntitle = "{item}"\npoints = "9"\n'
        for item in "abc"
    )
    rubric = write(
        tmp_path, f'id = "r"\nversion = 1\ntitle = "r"\ntotal = "27"\n[direct]\nstep = "1"\n{items}', "r.toml"
    )

    found = document(write(tmp_path, item_rows(sheets)), *(["--rubric", rubric] if with_rubric else []))

    by_evaluator = {row["evaluator"]: row for row in found["by_evaluator"]}  # type: ignore[attr-defined]
    assert by_evaluator["E"]["halo"] > 0.8
    assert by_evaluator["E"]["same_share"] == 1.0
    assert by_evaluator["F"]["halo"] < 0.8
    assert by_evaluator["F"]["same_share"] == 0.0
    warnings = found["warnings"]
    assert isinstance(warnings, list)
    assert any("halo" in text and text.endswith(": E") for text in warnings)
    assert any("in every item of nearly every sheet: E" in text for text in warnings)


def test_without_items_there_is_no_halo(tmp_path: Path) -> None:
    found = document(write(tmp_path, table_of(SHROUT_FLEISS)))
    assert {(row["halo"], row["same_share"]) for row in found["by_evaluator"]} == {(None, None)}  # type: ignore[attr-defined]


def test_labels_do_not_say_whether_evaluators_are_connected(tmp_path: Path) -> None:
    found = document(write(tmp_path, HEADER + "A,E,상\nA,F,중\nB,E,상\n"))
    assert found["connected"] is None


def test_words_among_numbers_are_pointed_to_nominal(tmp_path: Path) -> None:
    result = run(write(tmp_path, HEADER + "A,E,상\nA,F,5\n"))
    assert result.exit_code == 1
    assert "row 2, column score" in result.stderr
    assert "--nominal" in result.stderr


def test_the_plot_is_the_same_every_time_and_holds_every_score(tmp_path: Path) -> None:
    scores = write(tmp_path, table_of(SHROUT_FLEISS).replace("A2,E1,4", "A2,E1,"))
    plots = []
    for name in ("one.svg", "two.svg"):
        assert run(scores, "--plot", str(tmp_path / name)).exit_code == 0
        plots.append((tmp_path / name).read_bytes())
    assert plots[0] == plots[1]
    assert ET.fromstring(plots[0]).tag.endswith("svg")
    assert run(scores, "--plot", str(tmp_path / "one.png")).exit_code == 2
    labels = write(tmp_path, HEADER + "A,E,상\nA,F,중\nB,E,상\n", "labels.csv")
    result = run(labels, "--plot", str(tmp_path / "none.svg"))
    assert result.exit_code == 1
    assert not (tmp_path / "none.svg").exists()


def test_an_outlying_sheet_is_named(tmp_path: Path) -> None:
    matrix = [[70 + 3 * i + j + (i * j) % 3 for j in range(4)] for i in range(6)]
    matrix[2][1] = 20
    found = document(write(tmp_path, table_of(matrix)))
    outlying = found["outlying"]
    assert isinstance(outlying, list)
    assert (outlying[0]["application"], outlying[0]["evaluator"], outlying[0]["score"]) == ("A2", "E1", 20)
    assert outlying[0]["z"] < -3
    assert document(write(tmp_path, table_of(SHROUT_FLEISS)))["outlying"] == []
