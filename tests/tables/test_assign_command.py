"""`evalcomm assign` as a secretary and a script use it."""

from __future__ import annotations

import csv
import io
import random
from pathlib import Path

import openpyxl
import pytest

from tests.tables.commands import Said, evalcomm

APPLICATIONS = "application,organisation,field\nA1,한국대,주거\nA2,,교통\nA3,행복시,주거\nA4,,교통\n"
EVALUATORS = "evaluator,organisation,min_load,max_load,age\nE1,한국대,,,50\nE2,LH,1,3,40\nE3,LH,,,\nE4,,,,60\n"
AFFINITY = "application,evaluator,affinity\nA1,E4,0.75\nA1,E1,9\nA2,E2,0.35\nA3,E1,0.5\nA3,E2,-0.2\nA4,E3,1\n"
CONFLICTS = "application,evaluator,reason\nA2,E4,제척\nA2,E4,회피\n"


@pytest.fixture(autouse=True)
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    for name, text in (("a.csv", APPLICATIONS), ("e.csv", EVALUATORS), ("f.csv", AFFINITY), ("c.csv", CONFLICTS)):
        write(name, text)


def write(name: str, text: str) -> None:
    Path(name).write_text(text, encoding="utf-8")


def assign(*options: str) -> Said:
    return evalcomm("assign", "a.csv", "e.csv", *options)


def test_the_document_says_who_judges_what_and_proves_it() -> None:
    said = assign("--per-application", "2", "--conflicts", "c.csv", "--affinity", "f.csv", "--format", "json")

    assert (said.code, said.err) == (0, "")
    document = said.document
    assert list(document) == [
        "status",
        "objective",
        "per_application",
        "assignments",
        "loads",
        "worst",
        "total",
        "proved",
        "bounds",
        "greatest_total",
        "prices",
        "even_load",
        "excluded",
        "warnings",
    ]
    assert (document["status"], document["objective"], document["per_application"]) == ("ok", "worst-then-total", 2)
    pairs = [(one["application"], one["evaluator"], one["affinity"]) for one in document["assignments"]]
    assert pairs == [
        ("A1", "E2", "0"),
        ("A1", "E4", "0.75"),
        ("A2", "E1", "0"),
        ("A2", "E2", "0.35"),
        ("A3", "E1", "0.5"),
        ("A3", "E3", "0"),
        ("A4", "E3", "1"),
        ("A4", "E4", "0"),
    ]
    assert document["loads"] == {"E1": 2, "E2": 2, "E3": 2, "E4": 2}
    assert (document["worst"], document["total"]) == ({"application": "A2", "affinity": "0.35"}, "2.6")
    assert (document["proved"], document["bounds"]) == (True, {"worst": "0.35", "total": "2.6"})
    assert document["excluded"] == {"declared": 1, "own_organisation": 1}
    assert document["even_load"] == 2
    assert set(document["prices"].values()) == {"0"}


def test_the_worst_application_first_or_the_total_alone() -> None:
    write("a.csv", "application\nA\nB\n")
    write("e.csv", "evaluator\nE1\nE2\n")
    write("f.csv", "application,evaluator,affinity\nA,E1,9\nA,E2,3\nB,E1,4\nB,E2,1\n")

    fair = assign("--per-application", "1", "--affinity", "f.csv", "--format", "json").document
    rich = assign("--per-application", "1", "--affinity", "f.csv", "--objective", "total", "--format", "json").document

    assert (fair["worst"]["affinity"], fair["total"]) == ("3", "7")
    assert (fair["greatest_total"], rich["greatest_total"]) == ("10", "10")
    shown = assign("--per-application", "1", "--affinity", "f.csv").out.decode()
    assert "the total alone could be 10: putting the worst application first costs 3" in shown
    assert (rich["objective"], rich["worst"]["affinity"], rich["total"]) == ("total", "1", "10")
    assert rich["proved"] is True
    assert rich["bounds"] == {"worst": None, "total": "10"}


def test_impossible_is_an_answer_that_says_who_lacks_how_many() -> None:
    said = assign("--per-application", "3", "--conflicts", "c.csv", "--format", "json")

    assert said.code == 0
    document = said.document
    assert (document["status"], document["assignments"]) == ("infeasible", [])
    assert document["lacks"]["applications"] == [
        {"application": "A1", "wanted": 3, "found": 2, "lacks": 1},
        {"application": "A2", "wanted": 3, "found": 2, "lacks": 1},
    ]
    assert [reason["code"] for reason in document["reasons"]] == ["too-few-organisations", "too-few-organisations"]
    shown = assign("--per-application", "3", "--conflicts", "c.csv").out.decode()
    assert "배정할 수 없음: 신청에 2자리 부족" in shown
    assert "application A1 needs 3 evaluators of different organisations and may have only 2" in shown


def test_colleagues_may_meet_where_a_person_says_so() -> None:
    together = ("--per-application", "3", "--conflicts", "c.csv", "--colleagues", "together", "--format", "json")

    document = assign(*together).document

    assert document["status"] == "ok"
    assert {one["evaluator"] for one in document["assignments"] if one["application"] == "A1"} == {"E2", "E3", "E4"}


def test_the_whole_committee() -> None:
    document = assign("--per-application", "all", "--conflicts", "c.csv", "--format", "json").document

    assert document["per_application"] == "all"
    # E2 may take three at most, and nobody may judge for E2 in his place.
    assert (document["status"], document["reasons"][0]["code"]) == ("infeasible", "over-load")
    write("e.csv", "evaluator,organisation\nE1,한국대\nE2,LH\nE3,LH\nE4,\n")
    document = assign("--per-application", "all", "--conflicts", "c.csv", "--format", "json").document
    assert (document["status"], document["loads"]) == ("ok", {"E1": 3, "E2": 4, "E3": 4, "E4": 3})


def test_the_pairs_of_a_csv_answer_can_be_fixed_or_stand() -> None:
    first = assign("--per-application", "2", "--affinity", "f.csv", "--output", "first.csv")
    assert (first.code, first.out) == (0, b"")

    again = assign(
        "--per-application",
        "2",
        "--affinity",
        "f.csv",
        "--fixed",
        "first.csv",
        "--standing",
        "first.csv",
        "--format",
        "json",
    ).document

    assert (again["changes"]["added"], again["changes"]["removed"]) == ([], [])
    assert len(again["changes"]["kept"]) == 8
    assert again["prices"] is None
    assert again["proved"] is True


def test_the_preview_against_what_stands() -> None:
    write("standing.csv", "application,evaluator\nA1,E2\nA1,E4\nA9,E4\nA3,E1\n")

    said = assign("--per-application", "2", "--conflicts", "c.csv", "--standing", "standing.csv", "--format", "json")
    changes = said.document["changes"]

    now = {(one["application"], one["evaluator"]) for one in said.document["assignments"]}
    before = {("A1", "E2"), ("A1", "E4"), ("A9", "E4"), ("A3", "E1")}
    for key, pairs in (("added", now - before), ("removed", before - now), ("kept", now & before)):
        assert [(one["application"], one["evaluator"]) for one in changes[key]] == sorted(pairs)
    warning = "standing.csv: 1 pair names an application or evaluator that is not there any more"
    assert said.document["warnings"] == [warning]
    shown = assign("--per-application", "2", "--conflicts", "c.csv", "--standing", "standing.csv").out.decode()
    assert f"추가 {len(now - before)}, 제외 {len(before - now)}, 유지 {len(now & before)}" in shown


@pytest.mark.parametrize("form", ["table", "json", "csv", "xlsx"])
def test_shuffled_rows_give_the_same_bytes(form: str) -> None:
    said = []
    for seed in range(3):
        source = random.Random(seed)
        for name, text in (("a.csv", APPLICATIONS), ("e.csv", EVALUATORS), ("f.csv", AFFINITY), ("c.csv", CONFLICTS)):
            head, *rows = text.splitlines()
            write(name, "\n".join([head, *source.sample(rows, len(rows))]))
        said.append(
            assign(
                "--per-application",
                "2",
                "--conflicts",
                "c.csv",
                "--affinity",
                "f.csv",
                "--standing",
                "c.csv",
                "--format",
                form,
            )
        )
    assert said[0].code == 0
    assert said[0].out == said[1].out == said[2].out


def test_csv_and_workbook_hold_the_same_pairs() -> None:
    options = ("--per-application", "2", "--affinity", "f.csv", "--standing", "c.csv")
    text = assign(*options, "--format", "csv").out.decode()
    assign(*options, "--output", "x.xlsx")

    rows = list(csv.reader(io.StringIO(text)))
    book = openpyxl.load_workbook("x.xlsx")

    assert book.sheetnames == ["assignment", "applications", "evaluators", "changes"]
    assert rows[0] == ["application", "evaluator", "affinity"]
    assert [[str(cell) for cell in row] for row in book["assignment"].values] == rows
    assert next(book["evaluators"].values)[:3] == ("evaluator", "organisation", "load")


def test_a_workbook_and_cp949_are_read() -> None:
    book = openpyxl.Workbook()
    for row in (["application", "organisation"], ["과제가", "한국대"], ["과제나", None]):
        book.active.append(row)
    book.save("a.xlsx")
    Path("e.csv").write_bytes("evaluator,organisation\n김위원,한국대\n이위원,행복대\n".encode("cp949"))

    said = evalcomm("assign", "a.xlsx", "e.csv", "--per-application", "1", "--format", "json")

    assert [(one["application"], one["evaluator"]) for one in said.document["assignments"]] == [
        ("과제가", "이위원"),
        ("과제나", "김위원"),
    ]
    assert said.document["warnings"] == [
        "e.csv: is not UTF-8 (line 2); read as cp949. Check the names, or save it as CSV UTF-8"
    ]


@pytest.mark.parametrize(
    ("name", "text", "sentence"),
    [
        ("a.csv", "", "a.csv: is empty"),
        ("a.csv", "application\n", "a.csv: there is a header but no row below it"),
        ("e.csv", "evaluator,max_load\n", "e.csv: there is a header but no row below it"),
        ("a.csv", "id\nA1\n", "a.csv: row 1, column application: the header has no such column"),
        ("e.csv", "name\nE1\n", "e.csv: row 1, column evaluator: the header has no such column"),
        ("a.csv", "application\nA1\nA2\n\nA1\n", "a.csv: row 5, column application: application A1 stands in row 2"),
        ("e.csv", "evaluator\nE1\nE1\n", "e.csv: row 3, column evaluator: evaluator E1 stands in row 2"),
        ("a.csv", "application,organisation\nA1,x\n,y\n", "a.csv: row 3, column application: is blank"),
        (
            "e.csv",
            "evaluator,min_load,max_load\nE1,3,2\n",
            "e.csv: row 2, column max_load: 2 is less than the min_load of 3",
        ),
        ("e.csv", "evaluator,min_load\nE1,-1\n", "e.csv: row 2, column min_load: '-1' is not a whole number"),
        ("e.csv", "evaluator,max_load\nE1,2.5\n", "e.csv: row 2, column max_load: '2.5' is not a whole number"),
        ("e.csv", "evaluator,max_load\nE1,many\n", "e.csv: row 2, column max_load: 'many' is not a whole number"),
        ("e.csv", "evaluator,max_load\nE1,٣\n", "e.csv: row 2, column max_load: '٣' is not a whole number"),
        ("c.csv", "application,evaluator\nA1,E9\n", "c.csv: row 2, column evaluator: 'E9' is no evaluator of e.csv"),
        (
            "c.csv",
            "application,evaluator\nA9,E1\n",
            "c.csv: row 2, column application: 'A9' is no application of a.csv",
        ),
        ("c.csv", "application,evaluator\nA1,\n", "c.csv: row 2, column evaluator: is blank"),
        ("c.csv", "application,judge\nA1,E1\n", "c.csv: row 1, column evaluator: the header has no such column"),
        (
            "f.csv",
            "application,evaluator,affinity\nA1,E1,NaN\n",
            "f.csv: row 2, column affinity: 'NaN' is not a number",
        ),
        ("f.csv", "application,evaluator,affinity\nA1,E1,\n", "f.csv: row 2, column affinity: a number is missing"),
        ("f.csv", "application,evaluator,affinity\nA1,E1,1e9\n", "f.csv: row 2, column affinity: '1e9' is in exponent"),
        (
            "f.csv",
            "application,evaluator,affinity\nA1,E1,1\nA1,E1,2\n",
            "f.csv: row 3, column evaluator: application A1",
        ),
        ("x.csv", "application,evaluator\nA2,E4\n", "x.csv: row 2, column evaluator: E4 has a conflict with A2"),
        ("x.csv", "application,evaluator\nA1,E1\n", "x.csv: row 2, column evaluator: E1 and the applicant of A1 both"),
        (
            "x.csv",
            "application,evaluator\nA2,E2\nA2,E3\n",
            "x.csv: row 3, column evaluator: E2 is fixed for A2 already",
        ),
        (
            "x.csv",
            "application,evaluator\nA2,E2\nA2,E2\n",
            "x.csv: row 3, column evaluator: application A2, evaluator E2",
        ),
        ("x.csv", "application,evaluator\nA8,E2\n", "x.csv: row 2, column application: 'A8' is no application"),
        ("s.csv", "application,evaluator\n,E2\n", "s.csv: row 2, column application: is blank"),
        ("a.csv", "application\n\x00\n", "a.csv: is a binary file"),
    ],
)
def test_bad_tables_are_refused_with_their_place(name: str, text: str, sentence: str) -> None:
    write("x.csv", "application,evaluator\n")
    write("s.csv", "application,evaluator\n")
    write(name, text)

    files = ("--conflicts", "c.csv", "--affinity", "f.csv", "--fixed", "x.csv", "--standing", "s.csv")
    said = assign("--per-application", "2", *files)

    assert (said.code, said.out) == (1, b"")
    assert f"error: {sentence}" in said.err


def test_too_many_fixed_pairs_are_refused_with_their_place() -> None:
    write("x.csv", "application,evaluator\nA4,E1\nA4,E2\n\nA4,E4\n")
    write("y.csv", "application,evaluator\nA1,E2\nA2,E2\nA3,E2\nA4,E2\n")

    many = assign("--per-application", "2", "--fixed", "x.csv")
    heavy = assign("--per-application", "2", "--fixed", "y.csv")

    assert (many.code, heavy.code) == (1, 1)
    assert many.err == "error: x.csv: row 5, column evaluator: more than 2 evaluators are fixed for A4\n"
    assert heavy.err == (
        "error: y.csv: row 5, column evaluator: E2 has more fixed applications than the maximum load of 3\n"
    )


@pytest.mark.parametrize(
    "options",
    [
        (),
        ("--per-application", "0"),
        ("--per-application", "-2"),
        ("--per-application", "two"),
        ("--per-application", "2.0"),
        ("--per-application", "2", "--objective", "fair"),
        ("--per-application", "2", "--colleagues", "no"),
        ("--per-application", "2", "--seed", "4"),
    ],
)
def test_wrong_usage_is_code_2(options: tuple[str, ...]) -> None:
    assert assign(*options).code == 2


def test_missing_files_and_folders_are_code_1() -> None:
    Path("folder").mkdir()

    for name in ("folder", "nothing.csv", "a\nb.csv"):
        said = assign("--per-application", "2", "--conflicts", name)
        assert (said.code, said.out) == (1, b"")
    assert assign("--per-application", "2", "--output", "a.csv").code == 1


def test_more_evaluators_than_there_are_is_impossible_and_no_error() -> None:
    said = assign("--per-application", "999999999", "--format", "json")

    assert (said.code, said.document["status"]) == (0, "infeasible")
    assert said.document["lacks"]["applications"][0]["wanted"] == 999_999_999


def test_more_pairs_than_memory_holds_are_refused() -> None:
    write("a.csv", "application\n" + "".join(f"A{i}\n" for i in range(6_400)))
    write("e.csv", "evaluator\n" + "".join(f"E{i}\n" for i in range(6_400)))

    said = assign("--per-application", "1")

    assert said.code == 1
    assert said.err == ("error: a.csv and e.csv: 40,960,000 pairs are more than 40,000,000; assign field by field\n")


def test_ids_that_look_like_formulas_do_not_run() -> None:
    write("a.csv", "application\n=1+1\n")
    write("e.csv", "evaluator\n@SUM(A1)\n")

    text = assign("--per-application", "1", "--format", "csv").out.decode()

    assert text.splitlines()[1] == "'=1+1,'@SUM(A1),0"
