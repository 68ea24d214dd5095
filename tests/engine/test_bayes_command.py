"""`rank --method bayes` on files: every form, every option, every refusal."""

from __future__ import annotations

import json
from pathlib import Path
from xml.etree import ElementTree as ET

import pytest
from click.testing import CliRunner, Result

from evalcomm.cli import main

HEADER = "application,evaluator,score\n"


def write(folder: Path, text: str, name: str = "scores.csv") -> str:
    path = folder / name
    path.write_text(text, encoding="utf-8")
    return str(path)


def run(*arguments: str) -> Result:
    return CliRunner().invoke(main, ["rank", *arguments, "--method", "bayes"])


def document(*arguments: str) -> dict[str, object]:
    result = run(*arguments, "--format", "json")
    assert result.exit_code == 0, result.output
    found = json.loads(result.stdout, parse_constant=lambda word: pytest.fail(f"{word} is no JSON"))
    assert isinstance(found, dict)
    return found


ROWS = [
    "과제1,김위원,90", "과제1,이위원,84", "과제1,박위원,88", "과제2,김위원,80", "과제2,이위원,70", "과제2,박위원,recused",
    "과제3,김위원,70", "과제3,이위원,66", "과제3,박위원,71", "과제4,김위원,", "과제4,이위원,55.5", "과제4,박위원,60",
]  # fmt: skip
TABLE = HEADER + "\n".join(ROWS) + "\n"


def test_the_document(tmp_path: Path) -> None:
    found = document(write(tmp_path, TABLE), "--top", "2", "--severity-sd", "10", "--prior-upper", "40", "--gaussian")

    assert found["method"] == "bayes"
    assert found["priors"] == {"upper": 40.0, "severity_sd": 10.0}
    assert found["m"] == pytest.approx((262 / 3 + 75 + 69 + 57.75) / 4)
    applications = found["applications"]
    assert isinstance(applications, list)
    assert [item["application"] for item in applications] == ["과제1", "과제2", "과제3", "과제4"]
    first = applications[0]
    assert first["mean"] == "262/3"
    assert set(first["rank_interval"]) == {"50", "90"}
    assert all(isinstance(bound, int) for bounds in first["rank_interval"].values() for bound in bounds)
    assert first["group"] == "fund"
    assert 0.9 < first["p_top"] <= 1
    assert found["line"] == applications[1]["expected_rank"]
    evaluators = found["evaluators"]
    assert isinstance(evaluators, list)
    severity = {item["evaluator"]: item["severity"] for item in evaluators}
    assert severity["이위원"] == max(severity.values())
    assert found["warnings"] == []


def test_without_top_there_is_no_line(tmp_path: Path) -> None:
    found = document(write(tmp_path, TABLE))
    assert found["line"] is None
    assert found["top"] is None
    applications = found["applications"]
    assert isinstance(applications, list)
    assert {(item["p_top"], item["group"]) for item in applications} == {(None, None)}


def test_shuffled_rows_give_the_same_bytes_in_every_form(tmp_path: Path) -> None:
    one, other = write(tmp_path, TABLE, "a.csv"), write(tmp_path, HEADER + "\n".join(reversed(ROWS)) + "\n", "b.csv")
    for form in ("json", "csv", "table"):
        first, second = (run(path, "--top", "2", "--format", form) for path in (one, other))
        assert first.exit_code == 0
        assert first.stdout_bytes == second.stdout_bytes


def test_lower_is_better_turns_the_order_round(tmp_path: Path) -> None:
    found = document(write(tmp_path, TABLE), "--lower-is-better")
    applications = found["applications"]
    assert isinstance(applications, list)
    assert applications[0]["application"] == "과제4"
    assert applications[0]["mean"] == "57.75"


def test_the_plot_is_the_same_every_time(tmp_path: Path) -> None:
    scores = write(tmp_path, TABLE)
    plots = []
    for name in ("one.svg", "two.svg"):
        assert run(scores, "--top", "2", "--plot", str(tmp_path / name)).exit_code == 0
        plots.append((tmp_path / name).read_bytes())
    assert plots[0] == plots[1]
    assert ET.fromstring(plots[0]).tag.endswith("svg")
    assert b"<dc:date>" not in plots[0]


def test_workbooks_in_and_out(tmp_path: Path) -> None:
    from openpyxl import Workbook, load_workbook

    book = Workbook()
    for line in TABLE.splitlines():
        cells = line.split(",")
        book.active.append([*cells[:2], float(cells[2]) if cells[2][:1].isdigit() else cells[2]])
    book.save(tmp_path / "scores.xlsx")

    result = run(str(tmp_path / "scores.xlsx"), "--output", str(tmp_path / "out.xlsx"))

    assert result.exit_code == 0, result.output
    sheets = load_workbook(tmp_path / "out.xlsx")
    assert sheets.worksheets[0]["B2"].value == "과제1"
    assert len(sheets.worksheets) >= 2


def test_panels(tmp_path: Path) -> None:
    rows = [f"A{i},E{j},{60 + 3 * i + j + 10 * (i > 2)},{'가' if i <= 2 else '나'}" for i in range(6) for j in range(3)]
    found = document(write(tmp_path, "application,evaluator,score,panel\n" + "\n".join(rows)), "--panel", "panel")
    sd = found["sd"]
    assert isinstance(sd, dict)
    assert sd["panel"] > 0
    assert found["warnings"] == []


@pytest.mark.parametrize(
    ("table", "options", "warning"),
    [
        ("A,E,70\nA,F,70\nB,E,70\nB,F,70", (), "all scores are equal"),
        ("A,E,70\nB,E,80\nC,E,75", (), "one evaluator"),
        ("A,E,70\nB,E,80\nC,F,75\nD,F,60", (), "2 groups that share no application"),
        ("A,E,70\nB,E,80\nA,F,75\nB,F,60", ("--top", "5"), "--top 5 is more than the 2 applications"),
        ("A,E,70\nB,E,80\nA,F,75\nB,F,60\nC,E,\nC,F,회피", (), "C has no valid sheet"),
    ],
)
def test_defined_results_with_a_warning(tmp_path: Path, table: str, options: tuple[str, ...], warning: str) -> None:
    found = document(write(tmp_path, HEADER + table + "\n"), *options)
    warnings = found["warnings"]
    assert isinstance(warnings, list)
    assert any(warning in text for text in warnings)


def test_panels_without_a_common_evaluator_warn(tmp_path: Path) -> None:
    rows = "A,E,70,가\nB,E,80,가\nA,F,66,가\nC,G,75,나\nD,G,60,나\nC,H,71,나\n"
    found = document(write(tmp_path, "application,evaluator,score,panel\n" + rows), "--panel", "panel")
    assert any("no evaluator sits in two panels" in text for text in found["warnings"])  # type: ignore[attr-defined]


@pytest.mark.parametrize(
    ("table", "options", "message"),
    [
        ("A,E,80\nA,E,81\n", (), "row 3, column score"),
        ("A,E,80,5\n", (), "row 2"),
        ("A,E,NaN\n", (), "row 2, column score"),
        ("A,E,=1+1\n", (), "row 2, column score"),
        ("A,E,\nB,E,recused\n", (), "there is no score"),
        ("", (), "no row below"),
        ("A,E,80\n", ("--panel", "panel"), "column panel"),
    ],
)
def test_refusals_name_the_place(tmp_path: Path, table: str, options: tuple[str, ...], message: str) -> None:
    result = run(write(tmp_path, HEADER + table), *options)
    assert result.exit_code == 1
    assert "scores.csv" in result.stderr
    assert message in result.stderr


def test_an_application_in_two_panels_is_refused(tmp_path: Path) -> None:
    table = "application,evaluator,score,panel\nA,E,70,가\nA,F,71,나\n"
    result = run(write(tmp_path, table), "--panel", "panel")
    assert result.exit_code == 1
    assert "row 3, column panel" in result.stderr


@pytest.mark.parametrize(
    "options",
    [
        ("--severity-sd", "-1"),
        ("--prior-upper", "0"),
        ("--top", "0"),
        ("--severity-sd", "nan"),
        ("--prior-upper", "inf"),
    ],
)
def test_values_that_an_option_cannot_have(tmp_path: Path, options: tuple[str, str]) -> None:
    assert run(write(tmp_path, TABLE), *options).exit_code == 2


@pytest.mark.parametrize("options", [(), ("--prior-upper", "1000000000")])
def test_severity_zero_is_the_model_without_severity(tmp_path: Path, options: tuple[str, ...]) -> None:
    found = document(write(tmp_path, TABLE), "--severity-sd", "0", "--gaussian", *options)
    assert all(abs(item["severity"]) < 1e-5 for item in found["evaluators"])  # type: ignore[attr-defined]


@pytest.mark.parametrize(
    "options",
    [
        ("--severity-sd", "1000000000", "--gaussian"),
        ("--severity-sd", "1000000000"),
        ("--prior-upper", "0.000001"),
        ("--prior-upper", "1000000000"),
        ("--prior-upper", "1000000000", "--severity-sd", "5", "--gaussian"),
        ("--prior-upper", "0.000001", "--severity-sd", "5", "--gaussian"),
    ],
)
def test_absurd_priors_still_give_numbers(tmp_path: Path, options: tuple[str, ...]) -> None:
    found = document(write(tmp_path, TABLE), *options)
    assert found["applications"][0]["application"] == "과제1"  # type: ignore[index]


@pytest.mark.filterwarnings("error")
@pytest.mark.parametrize("zeros", [36, -40])
@pytest.mark.parametrize(
    "options",
    [
        ("--severity-sd", "0.000000001", "--prior-upper", "0.000001"),
        ("--severity-sd", "1000000", "--prior-upper", "0.000001", "--panel", "panel"),
        ("--severity-sd", "0", "--prior-upper", "2", "--gaussian", "--panel", "panel"),
        ("--prior-upper", "50"),
        (),
    ],
)
def test_priors_far_from_the_scores_are_answered(tmp_path: Path, zeros: int, options: tuple[str, ...]) -> None:
    """Scores of 10⁻³⁶ or 10⁴⁰ points."""
    scores = [[4, 7, 2], [2, 5, 4], [9, 9, 1], [3, 0, 3]]
    rows = [
        f"A{i},E{j},{'0.' + '0' * (zeros - 1) + str(score) if zeros > 0 else str(score) + '0' * -zeros},P{i % 2}"
        for i, row in enumerate(scores)
        for j, score in enumerate(row)
    ]
    found = document(write(tmp_path, "application,evaluator,score,panel\n" + "\n".join(rows)), "--top", "2", *options)
    ranks = [item["expected_rank"] for item in found["applications"]]  # type: ignore[attr-defined]
    assert sum(ranks) == pytest.approx(10)
