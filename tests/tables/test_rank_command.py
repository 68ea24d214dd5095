"""`evalcomm rank` as a secretary and a script use it."""

from __future__ import annotations

import csv
import io
import os
import random
import subprocess
import sys
from decimal import Decimal
from pathlib import Path

import openpyxl
import pytest

from tests.engine.documents import PLAN, RUBRIC
from tests.tables.commands import evalcomm

SCORES = """application,evaluator,score
A,E1,90
A,E2,80
A,E3,70
B,E1,84
B,E2,84
B,E3,84
C,E1,
C,E2,회피
C,E3,60
"""


@pytest.fixture(autouse=True)
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.chdir(tmp_path)
    return tmp_path


def write(name: str, text: str) -> Path:
    path = Path(name)
    path.write_text(text, encoding="utf-8")
    return path


def test_the_plain_ranking_needs_nothing_but_scores() -> None:
    said = evalcomm("rank", write("scores.csv", SCORES), "--format", "json")

    assert said.code == 0
    document = said.document
    assert (document["status"], document["method"], document["plan"]) == ("ok", "mean", None)
    assert [(a["application"], a["rank"], a["mean"], a["final"]) for a in document["applications"]] == [
        ("B", 1, "84", "84"),
        ("A", 2, "80", "80"),
        ("C", 3, "60", "60"),
    ]
    last = document["applications"][2]
    assert (last["valid"], last["missing"], last["recused"]) == (1, ["E1"], ["E2"])
    assert document["warnings"] == ["the sheet of E1 on C is missing"]
    assert said.err == "warning: the sheet of E1 on C is missing\n"


def test_without_a_plan_the_trimmed_mean_drops_one_and_one_from_three_sheets_up() -> None:
    said = evalcomm("rank", write("scores.csv", SCORES), "--method", "trimmed-mean", "--format", "json")

    by_id = {a["application"]: a for a in said.document["applications"]}
    assert by_id["A"]["dropped"] == [
        {"evaluator": "E1", "score": "90", "why": "highest"},
        {"evaluator": "E3", "score": "70", "why": "lowest"},
    ]
    assert by_id["B"]["dropped"] == [
        {"evaluator": "E1", "score": "84", "why": "highest"},
        {"evaluator": "E2", "score": "84", "why": "lowest"},
    ]
    assert by_id["C"]["fallback"] == "mean"
    assert "C has 1 valid sheet, fewer than 3: the mean is taken instead of the trimmed mean" in said.err


def test_figures_without_a_finite_decimal_are_reduced_fractions() -> None:
    write("scores.csv", "application,evaluator,score\nA,E1,1\nA,E2,1\nA,E3,2\n")
    assert evalcomm("rank", "scores.csv", "--format", "json").document["applications"][0]["mean"] == "4/3"


@pytest.mark.parametrize("form", ["table", "json", "csv", "xlsx"])
@pytest.mark.parametrize("method", ["mean", "trimmed-mean", "median", "z", "t-score", "least-squares"])
def test_shuffled_rows_give_the_same_bytes(form: str, method: str) -> None:
    head, *rows = SCORES.replace("C,E2,회피", "C,E2,60").splitlines()
    said = []
    for seed in range(3):
        random.Random(seed).shuffle(rows)
        write("scores.csv", "\n".join([head, *rows]))
        said.append(evalcomm("rank", "scores.csv", "--method", method, "--format", form))
    assert said[0].code == 0
    assert said[0] == said[1] == said[2]


def with_rubric() -> list[str]:
    """A plan with a rubric, a tie on the final figure, and a bonus."""
    write("small.toml", RUBRIC)
    write(
        "plan.toml",
        'rubric = "small.toml"\n'
        + PLAN
        + '[cut]\ntotal_ratio = "0.6"\n[ties]\nkeys = ["base", "requested-asc", "lot"]\n',
    )
    rows = ["application,evaluator,item,score"]
    for application in ("A1", "A2", "A3"):
        for evaluator in ("E1", "E2", "E3"):
            rows += [
                f"{application},{evaluator},goal,상",
                f"{application},{evaluator},jobs,6",
                f"{application},{evaluator},ready,예",
            ]
    rows += ["A4,E1,goal,하", "A4,E1,jobs,2", "A4,E1,ready,no", "A4,E2,,recused"]
    write("scores.csv", "\n".join(rows))
    write("fixed.csv", "application,item,points\nA1,site,5\nA2,site,5\nA3,site,4\nA3,reuse,1\nA4,site,10\n")
    write("applications.csv", "application,requested,lot\nA1,500,\nA2,500,\nA3,100,\nA4,,\n")
    return ["rank", "scores.csv", "--plan", "plan.toml", "--fixed", "fixed.csv", "--applications", "applications.csv"]


def test_a_plan_with_rubric_fixed_points_bonus_ties_and_a_lot() -> None:
    command = with_rubric()

    waiting = evalcomm(*command, "--format", "json")
    assert (waiting.code, waiting.document["status"], waiting.document["needs_lot"]) == (0, "needs-lot", [["A1", "A2"]])

    write("lots.csv", "application,lot\nA1,2\nA2,1\n")
    document = evalcomm(*command, "--lots", "lots.csv", "--format", "json").document
    assert document["status"] == "ok"
    figures = [
        (a["application"], a["rank"], a["mean"], a["base"], a["final"], a["passed"]) for a in document["applications"]
    ]
    assert figures == [
        ("A2", 1, "36", "41", "41", True),
        ("A1", 2, "36", "41", "41", True),
        ("A3", 3, "36", "40", "41", True),
        ("A4", None, "6", "16", "16", False),
    ]
    ties = {a["application"]: a["tie"] and (a["tie"]["key"], a["tie"]["with"]) for a in document["applications"]}
    assert ties == {"A1": ("lot", ["A2", "A3"]), "A2": ("lot", ["A1", "A3"]), "A3": ("base", ["A1", "A2"]), "A4": None}
    assert document["applications"][3]["failed"] == [
        {"cut": "total", "value": "16", "threshold": "30"},
    ]
    assert document["plan"]["sha256"] == evalcomm("plan", "check", "plan.toml", "--format", "json").document["sha256"]


def test_lots_may_stand_in_the_applications() -> None:
    command = with_rubric()
    write("applications.csv", "application,requested,lot\nA1,500,1\nA2,500,2\nA3,100,\nA4,,\n")
    assert [a["application"] for a in evalcomm(*command, "--format", "json").document["applications"]][:2] == [
        "A1",
        "A2",
    ]

    write("lots.csv", "application,lot\nA1,2\n")
    said = evalcomm(*command, "--lots", "lots.csv")
    assert (said.code, said.err) == (1, "error: lots.csv: A1 has lot 2, but 1 in applications.csv\n")


def test_a_table_for_people_a_csv_and_a_workbook() -> None:
    command = [*with_rubric(), "--output"]

    table = evalcomm(*command[:-1]).out.decode()
    assert "A1, A2 are equal by every key" in table
    assert "추첨 필요: A1, A2 동점" in table
    assert evalcomm(*command, "out.csv").code == 0
    rows = list(csv.DictReader(io.StringIO(Path("out.csv").read_text(encoding="utf-8"))))
    assert [(row["application"], row["rank"], row["failed"]) for row in rows][-1] == ("A4", "", "total 16 < 30")
    assert evalcomm(*command, "out.xlsx").code == 0
    book = openpyxl.load_workbook("out.xlsx")
    assert book.sheetnames == ["ranking", "scores", "criteria"]
    assert [cell.value for cell in book["ranking"][2]][:5] == [1, "A1", 36, 41, 41]


def test_text_that_looks_like_a_formula_does_not_run() -> None:
    write("scores.csv", "application,evaluator,score\n\"=cmd|' /C calc'!A0\",E1,5\n@b,E1,4\n-c,E1,3\n+d,E1,2\n")

    out = evalcomm("rank", "scores.csv", "--format", "csv").out.decode()
    assert [row["application"] for row in csv.DictReader(io.StringIO(out))] == [
        "'=cmd|' /C calc'!A0",
        "'@b",
        "'-c",
        "'+d",
    ]
    assert evalcomm("rank", "scores.csv", "-o", "out.xlsx").code == 0
    cells = [row[1] for row in openpyxl.load_workbook("out.xlsx")["ranking"].iter_rows(min_row=2)]
    assert [(cell.data_type, cell.quotePrefix) for cell in cells] == [("s", True)] * 4


def test_xlsx_scores_are_read_exactly() -> None:
    book = openpyxl.Workbook()
    page = book.active
    assert page is not None
    page.append(["application", "evaluator", "score"])
    for row in (["A", "E1", 69.995], ["A", "E2", 70], [1, 2, 0.1]):
        page.append(row)
    other = book.create_sheet("둘째")
    other.append(["application", "evaluator", "score"])
    other.append(["B", "E1", Decimal("12.5")])
    book.save("scores.xlsx")

    document = evalcomm("rank", "scores.xlsx", "--format", "json").document
    assert [(a["application"], a["mean"]) for a in document["applications"]] == [("A", "69.9975"), ("1", "0.1")]
    document = evalcomm("rank", "scores.xlsx", "--sheet", "둘째", "--format", "json").document
    assert [(a["application"], a["mean"]) for a in document["applications"]] == [("B", "12.5")]
    said = evalcomm("rank", "scores.xlsx", "--sheet", "셋째")
    assert (said.code, said.err) == (1, "error: scores.xlsx: has no sheet '셋째'; it has 'Sheet', '둘째'\n")


HEAD = "application,evaluator,score\n"


@pytest.mark.parametrize(
    ("content", "message"),
    [
        ("", "scores.csv: is empty; the first row must name the columns"),
        ("\n\n", "scores.csv: is empty; the first row must name the columns"),
        (HEAD, "scores.csv: there is a header but no row below it"),
        ("\n" + HEAD, "scores.csv: row 1 is blank"),
        ("application,evaluator\nA,E1\n", "scores.csv: row 1, column score: the header has no such column"),
        ("application,evaluator,scores\nA,E1,5\n", "rename 'scores' to 'score'"),
        (
            "Application,EVALUATOR,score\nA,E1,5\n",
            "row 1, column evaluator: the header has no such column; rename 'EVALUATOR' to 'evaluator'",
        ),
        ("application,score,score\n", "scores.csv: row 1, column score: stands in the header 2 times"),
        ("application;evaluator;score\nA;E1;5\n", "scores.csv: row 1: cells are separated by semicolons"),
        (
            HEAD + "A,E1,80\n\nA,E1,81\n",
            "scores.csv: row 4, column score: the sheet of E1 on A stands in row 2 already",
        ),
        (HEAD + "A,E1,80\nA,E2,여든\n", "scores.csv: row 3, column score: '여든' is not a number"),
        (HEAD + "A,E1,80,5\n", "scores.csv: row 2, column score: '80' is followed by '5'"),
        (HEAD + 'A,E1,"80,5"\n', "scores.csv: row 2, column score: '80,5' has a decimal comma; write '80.5'"),
        (HEAD + "A,E1,=40+40\n", "scores.csv: row 2, column score: '=40+40' is a formula; write its value"),
        (HEAD + "A,E1,NaN\n", "scores.csv: row 2, column score: 'NaN' is not a number"),
        (HEAD + "A,E1,1e999999999\n", "scores.csv: row 2, column score: '1e999999999' is in exponent notation"),
        (HEAD + ",E1,5\n", "scores.csv: row 2, column application: is blank; write a value"),
        (HEAD + "A,,5\n", "scores.csv: row 2, column evaluator: is blank; write a value"),
        (HEAD + '"A,E1,5\nB,E1,6\n', "scores.csv: row 2: is not CSV: a cell opens with a quote that is never closed"),
    ],
)
def test_bad_input_is_refused_with_file_row_and_column(content: str, message: str) -> None:
    said = evalcomm("rank", write("scores.csv", content), "--format", "json")
    assert (said.code, said.out) == (1, b"")
    assert message in said.err


def test_every_problem_is_told_at_once() -> None:
    said = evalcomm("rank", write("scores.csv", HEAD + "A,E1,x\n,E2,5\nB,E1,80%\n" + "C,E1,?\n" * 60))
    assert said.err.count("error: ") == 51
    assert said.err.endswith("error: … and 13 more problems\n")


@pytest.mark.parametrize(
    ("rows", "message"),
    [
        ("A,E1,gaol,20\n", "scores.csv: row 2, column item: the rubric has no item 'gaol'; did you mean 'goal'?"),
        ("A,E1,site,5\n", "scores.csv: row 2, column item: 'site' is a fixed item"),
        ("A,E1,reuse,1\n", "scores.csv: row 2, column item: 'reuse' is a bonus or penalty"),
        (
            "A,E1,goal,13\n",
            "scores.csv: row 2, column score: '13' is not the value of a grade; possible: 상 (20), 중 (12), 하 (4)",
        ),
        ("A,E1,goal,최상\n", "scores.csv: row 2, column score: '최상' is neither a grade nor a number"),
        ("A,E1,,20\n", "scores.csv: row 2, column item: is blank; name the item that was scored"),
        (
            "A,E1,goal,상\nA,E1,goal,중\n",
            "row 3, column score: item goal of the sheet of E1 on A stands in row 2 already",
        ),
        ("A,E1,goal,상\nA,E1,jobs,recused\n", "row 3, column score: says E1 is recused on A, but row 2 has a score"),
    ],
)
def test_bad_items_are_refused_at_their_row(rows: str, message: str) -> None:
    command = with_rubric()
    write("scores.csv", "application,evaluator,item,score\n" + rows)
    said = evalcomm(*command)
    assert said.code == 1
    assert message in said.err


@pytest.mark.parametrize(
    ("name", "content", "message"),
    [
        ("fixed.csv", "application,item,points\nA1,site,1\n", "fixed.csv: row 2, column points: '1' is off the scale; possible: 2 to 10"),
        ("fixed.csv", "application,item,points\nA1,goal,1\n", "fixed.csv: row 2, column item: 'goal' is scored by evaluators"),
        ("fixed.csv", "application,item,points\nA1,siet,1\n", "the rubric has no fixed item, bonus or penalty 'siet'; did you mean 'site'?"),
        ("fixed.csv", "application,item,points\nA1,site,5\nA1,site,5\n", "fixed.csv: row 3, column item: application A1, item site stands in row 2"),
        ("fixed.csv", "application,item,points\nA1,site,5\nA11,site,5\n", "fixed.csv: row 3, column application: nobody scored 'A11'"),
        ("fixed.csv", "application,item,points\nA1,site,5\n", "fixed.csv: A2 has no points for the fixed item 'site'"),
        ("applications.csv", "application,requested\nA1,1.5\n", "applications.csv: row 2, column requested: '1.5' is not an amount"),
        ("applications.csv", "application,lot\nA1,1\n", "applications.csv: row 1, column requested: the header has no such column"),
        ("applications.csv", "application,requested,lot\nA1,1,0\n", "applications.csv: row 2, column lot: '0' is not a positive whole number"),
        ("applications.csv", "application,requested\nA1,\nA2,1\n", "applications.csv: A1 has no requested, which the tie among A1, A2 needs"),
    ],
)  # fmt: skip
def test_bad_side_tables_are_refused_at_their_row(name: str, content: str, message: str) -> None:
    command = with_rubric()
    write(name, content)
    said = evalcomm(*command)
    assert said.code == 1
    assert message in said.err


def test_a_key_without_its_column_and_fixed_items_without_their_file_are_refused() -> None:
    command = with_rubric()
    said = evalcomm(*command[:4])
    assert said.code == 1
    assert "the plan's tie keys need the column requested; add --applications FILE" in said.err
    said = evalcomm(*command[:4], *command[6:])
    assert said.code == 1
    assert (
        "the rubric has fixed items (site), which the secretariat enters once per application; add --fixed FILE"
        in said.err
    )


def test_half_a_sheet_is_a_warning_or_in_an_official_run_an_error() -> None:
    command = with_rubric()
    with Path("scores.csv").open("a") as file:
        file.write("\nA4,E3,goal,상\n")

    said = evalcomm(*command, "--format", "json")
    assert "the sheet of E3 on A4 has no points for 'jobs', 'ready'; it counts as missing" in said.document["warnings"]
    assert said.document["applications"][-1]["mean"] == "6"
    assert evalcomm(*command, "--official").code == 1


def test_items_without_a_rubric_are_summed_and_half_sheets_are_seen() -> None:
    write("scores.csv", "application,evaluator,item,score\nA,E1,x,3\nA,E1,y,4\nA,E2,x,9\nA,E2,y,\n")
    said = evalcomm("rank", "scores.csv", "--format", "json")
    assert said.document["applications"][0]["mean"] == "7"
    assert "the total of a sheet is the sum of its items (x, y)" in said.err
    assert "the sheet of E2 on A has no score for y; it counts as missing" in said.err


def test_encodings() -> None:
    text = SCORES.replace("A,", "가나다,")
    Path("scores.csv").write_bytes(b"\xef\xbb\xbf" + text.replace("\n", "\r\n").encode())
    bom = evalcomm("rank", "scores.csv", "--format", "json")
    assert [a["application"] for a in bom.document["applications"]] == ["B", "가나다", "C"]
    assert "cp949" not in bom.err

    Path("scores.csv").write_bytes(text.encode("cp949"))
    said = evalcomm("rank", "scores.csv", "--format", "json")
    assert said.document["applications"] == bom.document["applications"]
    assert any("read as cp949" in warning for warning in said.document["warnings"])

    Path("scores.csv").write_bytes(HEAD.encode() + b"A,E1,5\n\xff\xfeB,E1,5\n")
    assert "scores.csv: line 3: byte 0xff is neither UTF-8 nor cp949" in evalcomm("rank", "scores.csv").err
    Path("scores.csv").write_bytes(HEAD.encode("utf-16"))
    assert "UTF-16" in evalcomm("rank", "scores.csv").err
    # The same letters, composed and decomposed, are one application.
    write("scores.csv", HEAD + "\uac00,E1,5\n\u1100\u1161,E1,6\n")
    assert "stands in row 2 already" in evalcomm("rank", "scores.csv").err


@pytest.mark.parametrize("what", ["folder", "binary", "missing", "zip", "old"])
def test_what_is_no_table_is_refused(what: str, folder: Path) -> None:
    path = folder / "scores"
    if what == "folder":
        path.mkdir()
    elif what != "missing":
        path.write_bytes(
            {"binary": b"\x89PNG\r\n\x1a\n\x00", "zip": b"PK\x03\x04rest", "old": b"\xd0\xcf\x11\xe0"}[what]
        )
    said = evalcomm("rank", path)
    assert said.code == 1
    assert said.err.startswith("error: ")


def test_a_formula_in_a_workbook_is_refused() -> None:
    book = openpyxl.Workbook()
    page = book.active
    assert page is not None
    page.append(["application", "evaluator", "score"])
    page.append(["A", "E1", "=40+40"])
    page.append(["=A2", "E1", 0.8])
    page["C3"].number_format = "0%"
    book.save("scores.xlsx")
    err = evalcomm("rank", "scores.xlsx").err
    assert "scores.xlsx: row 2, column score: '=40+40' is a formula" in err
    assert "scores.xlsx: row 3, column application: '=A2' is a formula" in err
    assert "scores.xlsx: row 3, column score: '80%' is a percentage" in err


@pytest.mark.parametrize(
    "arguments",
    [
        ["rank"],
        ["rank", "scores.csv", "--methd", "mean"],
        ["rank", "scores.csv", "--method", "average"],
        ["rank", "scores.csv", "--top", "3"],
        ["rank", "scores.csv", "--method", "bayes", "--top", "0"],
        ["rank", "scores.csv", "--method", "bayes", "--official"],
        ["rank", "scores.csv", "--plot", "out.png"],
        ["nonsense"],
    ],
)
def test_wrong_usage_is_2(arguments: list[str]) -> None:
    write("scores.csv", SCORES)
    assert evalcomm(*arguments).code == 2


def test_a_broken_plan_is_told_with_its_lines() -> None:
    write("scores.csv", SCORES)
    write("plan.toml", 'id = "p"\nversion = 1\n[cut]\ntotal_ratio = "0.7"\n[aggregat]\nmethod = "z"\n')
    said = evalcomm("rank", "scores.csv", "--plan", "plan.toml")
    assert said.code == 1
    assert (
        "plan.toml: line 4, key cut.total_ratio: is a share of a total, but there is neither a rubric nor a [scale]"
        in said.err
    )
    assert "plan.toml: line 5, key aggregat: is not a known key (did you mean 'aggregate'?)" in said.err


def test_an_answer_never_overwrites_its_question() -> None:
    write("scores.csv", SCORES)
    said = evalcomm("rank", "scores.csv", "-o", "./scores.csv")
    assert said.code == 1
    assert Path("scores.csv").read_text(encoding="utf-8") == SCORES
    assert evalcomm("rank", "scores.csv", "-o", "no/such/folder.csv").code == 1


def test_one_evaluator_and_equal_scores_have_a_defined_result() -> None:
    write("scores.csv", HEAD + "A,E1,5\nB,E1,5\n")
    for method, mean in {
        "mean": "5",
        "trimmed-mean": "5",
        "median": "5",
        "z": "0",
        "t-score": "50",
        "least-squares": "5",
    }.items():
        document = evalcomm("rank", "scores.csv", "--method", method, "--format", "json").document
        assert [(a["rank"], a["mean"], a["tie"]["key"]) for a in document["applications"]] == [(1, mean, None)] * 2


def test_a_plot_is_the_same_every_time() -> None:
    write("scores.csv", SCORES)
    for name in ("one.svg", "two.svg"):
        assert evalcomm("rank", "scores.csv", "--plot", name).code == 0
    assert Path("one.svg").read_bytes() == Path("two.svg").read_bytes()
    assert b"<svg" in Path("one.svg").read_bytes()


def test_the_plain_methods_load_nothing_heavy() -> None:
    write("scores.csv", SCORES)
    program = (
        "import sys; from evalcomm.cli import main\n"
        "try: main(['rank', 'scores.csv', '--method', 'trimmed-mean'])\n"
        "except SystemExit as done: assert not done.code\n"
        "heavy = {'numpy', 'scipy', 'openpyxl', 'flask', 'sqlalchemy', 'matplotlib', 'weasyprint'} & set(sys.modules)\n"
        "assert not heavy, heavy\n"
    )
    subprocess.run([sys.executable, "-c", program], check=True, capture_output=True)


def test_a_lot_that_nobody_waits_for_is_told() -> None:
    write("scores.csv", SCORES)
    write("lots.csv", "application,lot\nA,1\nNobody,2\n")
    said = evalcomm("rank", "scores.csv", "--lots", "lots.csv", "--format", "json")
    assert said.code == 0
    assert "lots.csv: nobody scored Nobody, which has a lot" in said.document["warnings"]
    assert "lots.csv: has no effect, since the plan's tie keys do not end with lot" in said.document["warnings"]


def test_the_table_has_korean_headings_above_the_english_ones() -> None:
    table = evalcomm("rank", write("scores.csv", SCORES)).out.decode().splitlines()
    assert table[1].split()[:3] == ["순위", "과제", "평균"]
    assert table[2].split()[:3] == ["rank", "application", "mean"]
    assert "신청 3건 중 3건 통과; 산술평균" in table
    csv_header = evalcomm("rank", "scores.csv", "--format", "csv").out.decode().splitlines()[0]
    assert csv_header.startswith("rank,application,mean,base,final,passed,")


def test_sensitivity_says_whose_sheet_and_which_weight_decide() -> None:
    command = [*with_rubric(), "--sensitivity", "--top", "3", "--format"]
    write("lots.csv", "application,lot\nA1,2\nA2,1\n")

    document = evalcomm(*command, "json", "--lots", "lots.csv").document

    found = document["sensitivity"]
    assert found["top"] == 3
    by_id = {one["application"]: one for one in found["applications"]}
    # A4 has 16 of the 30 points that pass; its only sheet is that of E1
    assert (by_id["A4"]["outcome"], by_id["A4"]["margin"]) == ("not-selected", "-14")
    assert by_id["A4"]["statements"][0]["ko"] == "최저기준에 14점 미달: 총점 16점, 기준 30점"
    assert by_id["A1"]["outcome"] == "selected"
    assert [one["evaluator"] for one in found["influence"]] == ["E1", "E2", "E3"]
    assert all(not one["changes"] for one in found["influence"])
    table = evalcomm(*command, "table").out.decode()
    assert "A4: 최저기준에 14점 미달" in table
    assert evalcomm(*command, "xlsx", "-o", "out.xlsx").code == 0
    assert openpyxl.load_workbook("out.xlsx").sheetnames == ["ranking", "sensitivity", "in words", "scores", "criteria"]


def test_an_evaluator_whose_sheet_decides_is_named_to_the_secretariat_alone() -> None:
    rows = "A,E1,90\nA,E2,70\nB,E1,60\nB,E2,80\nC,E1,50\nC,E2,50\n"
    write("scores.csv", "application,evaluator,score\n" + rows)

    found = evalcomm("rank", "scores.csv", "--sensitivity", "--top", "1", "--format", "json").document["sensitivity"]

    assert found["influence"] == [
        {
            "evaluator": "E1",
            "changes": [
                {"application": "A", "outcome": "not-selected"},
                {"application": "B", "outcome": "selected"},
            ],
        },
        {"evaluator": "E2", "changes": []},
    ]
    first, second, last = found["applications"]
    assert (first["application"], first["margin"], first["without"]) == ("A", "10", ["E1"])
    assert (second["application"], second["margin"], second["without"]) == ("B", "-10", ["E1"])
    assert (last["margin"], last["without"]) == ("-30", [])
    assert not any("E1" in said["ko"] + said["en"] for one in found["applications"] for said in one["statements"])


def test_top_needs_a_question_that_it_answers() -> None:
    said = evalcomm("rank", write("scores.csv", SCORES), "--top", "1")
    assert said.code == 2
    assert evalcomm("rank", "scores.csv", "--method", "bayes", "--sensitivity").code == 2


def test_a_plot_does_not_replace_what_is_read() -> None:
    path = write("scores.svg", SCORES)
    said = evalcomm("rank", path, "--plot", path)
    assert (said.code, said.err) == (1, "error: scores.svg: is read by this command; write to another file\n")
    assert path.read_text(encoding="utf-8") == SCORES


@pytest.mark.skipif(not Path("/dev/full").exists(), reason="a device that is always full")
def test_an_answer_that_finds_no_room_is_a_sentence() -> None:
    write("scores.csv", SCORES)
    buffered = {name: value for name, value in os.environ.items() if name != "PYTHONUNBUFFERED"}
    with Path("/dev/full").open("wb") as full:
        said = subprocess.run(
            [sys.executable, "-m", "evalcomm", "rank", "scores.csv"],
            stdout=full,
            stderr=subprocess.PIPE,
            env=buffered,
            check=False,
        )
    assert said.returncode == 1
    assert said.stderr.decode().splitlines()[-1].startswith("error: the answer cannot be written")
