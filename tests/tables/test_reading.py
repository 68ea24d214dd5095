"""Tables as the file commands read and write them."""

from __future__ import annotations

import io
import json
import zipfile
from fractions import Fraction
from pathlib import Path

import openpyxl
import pytest
from hypothesis import given
from hypothesis import strategies as st

from evalcomm.tables.reading import InputError, Table, read_table
from evalcomm.tables.writing import Answer, Sheet, csv_bytes, harmless, json_bytes, rendered


def table(tmp_path: Path, text: str) -> Table:
    path = tmp_path / "t.csv"
    path.write_text(text, encoding="utf-8")
    return read_table(path)


def test_rows_carry_the_numbers_of_a_spreadsheet(tmp_path: Path) -> None:
    found = table(tmp_path, 'id,note\n\n"A","two\nlines"\n,\nB\n')

    assert [(row.number, row.text("id"), row.optional_text("note")) for row in found] == [
        (3, "A", "two\nlines"),
        (5, "B", None),
    ]
    found.check()


def test_typed_getters_collect_their_problems(tmp_path: Path) -> None:
    found = table(tmp_path, "id,won,points,lot,blank\nA,1500,69.5,2,\nB,-5,x,0,\n")

    first, second = found.rows
    assert (first.won("won"), first.decimal("points"), first.positive("lot")) == (1500, Fraction(139, 2), 2)
    assert (first.optional_won("blank"), first.optional_decimal("blank"), first.optional_positive("none")) == (
        None,
    ) * 3
    found.check()
    second.won("won"), second.decimal("points"), second.positive("lot"), second.text("blank")
    with pytest.raises(InputError) as refusal:
        found.check()
    assert refusal.value.problems == (
        "t.csv: row 3, column won: '-5' is negative; an amount is whole won, digits only",
        "t.csv: row 3, column points: 'x' is not a number; write digits such as 84 or 69.5",
        "t.csv: row 3, column lot: '0' is not a positive whole number; write 1, 2, 3 …",
        "t.csv: row 3, column blank: is blank; write a value",
    )


def test_columns_that_must_be_there_and_rows_that_must_differ(tmp_path: Path) -> None:
    found = table(tmp_path, "application,item\nA,x\nA,y\n\nA,x\n")
    found.unique("application", "item")
    with pytest.raises(InputError, match="row 5, column item: application A, item x stands in row 2 already"):
        found.check()
    with pytest.raises(
        InputError,
        match="row 1, column aplication: the header has no such column; rename 'application' to 'aplication'",
    ):
        table(tmp_path, "application\nA\n").require("aplication")


@given(st.text())
def test_no_text_runs_in_a_spreadsheet(text: str) -> None:
    assert harmless(text)[:1] not in {"=", "+", "-", "@", "\t", "\r"}
    assert harmless(text).removeprefix("'") == text.removeprefix("'")


def test_numbers_stay_numbers_and_negative_ones_are_no_formula() -> None:
    sheet = Sheet("t", ["name", "figure", "count"], [["-A", Fraction(-5, 2), -3], ["B", Fraction(1, 3), None]])

    assert csv_bytes(sheet).decode() == "name,figure,count\n'-A,-2.5,-3\nB,1/3,\n"
    page = openpyxl.load_workbook(io.BytesIO(rendered(Answer({}, [sheet]), "xlsx"))).active
    assert page is not None
    assert [[cell.value for cell in row] for row in page.iter_rows()] == [
        ["name", "figure", "count"],
        ["-A", -2.5, -3],
        ["B", "1/3", None],
    ]


def test_a_figure_that_a_double_would_cut_is_written_as_text() -> None:
    sheet = Sheet("t", ["x"], [[Fraction("0.1234567890123456789")]])
    page = openpyxl.load_workbook(io.BytesIO(rendered(Answer({}, [sheet]), "xlsx"))).active
    assert page is not None
    assert page["A2"].value == "0.1234567890123456789"


def test_the_document_is_json_with_exact_figures_and_never_nan() -> None:
    document = {
        "figure": Fraction(1, 3),
        "list": ({"a": Fraction(7, 2)}, {"a": None}),
        "names": ("가", "나"),
        "none": [],
    }

    assert json.loads(json_bytes(document)) == {
        "figure": "1/3",
        "list": [{"a": "3.5"}, {"a": None}],
        "names": ["가", "나"],
        "none": [],
    }
    with pytest.raises(ValueError, match="JSON compliant"):
        json_bytes({"x": float("nan")})


def test_a_workbook_that_unpacks_to_too_much_is_refused(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("evalcomm.tables.workbook.MAX_UNPACKED", 1000)
    path = tmp_path / "bomb.xlsx"
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("xl/workbook.xml", b" " * 100_000)
    with pytest.raises(InputError, match="unpacks to more than"):
        read_table(path)


def test_a_file_that_is_too_large_is_refused(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("evalcomm.tables.reading.MAX_BYTES", 5)
    with pytest.raises(InputError, match="is larger than"):
        table(tmp_path, "application\n")
