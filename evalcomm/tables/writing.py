"""Answers as table, JSON, CSV and XLSX: the same content in the form that a person, a script or a spreadsheet wants.

The document of an `Answer` is what `--format json` prints; its sheets are what the other formats show (CSV: the first sheet). Exact
figures may stay `Fraction`: they are printed by `format_figure`. No text cell can run as a formula in a spreadsheet.
"""

from __future__ import annotations

import csv
import io
import json
import unicodedata
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from fractions import Fraction
from functools import cache
from typing import TypeAlias

from evalcomm.engine.exact import decimal_places, format_figure, format_fixed
from evalcomm.tables.words import korean

FORMATS = ("table", "json", "csv", "xlsx")

Cell: TypeAlias = str | int | float | Fraction | bool | None


@dataclass(frozen=True)
class Sheet:
    """A titled table. Text columns hold str, number columns int, float or Fraction; None is a blank.

    A `detail` sheet appears in workbooks only.
    """

    title: str
    header: Sequence[str]
    rows: Sequence[Sequence[Cell]]
    detail: bool = False


@dataclass(frozen=True)
class Answer:
    """What a command answers. `remarks` are sentences under the tables, for people; `exit_code` 1 says "refused" with an answer.

    The document gets `warnings`, unless it has its own.
    """

    document: Mapping[str, object]
    sheets: Sequence[Sheet]
    warnings: Sequence[str] = ()
    remarks: Sequence[str] = ()
    exit_code: int = 0


def rendered(answer: Answer, form: str) -> bytes:
    """The answer in one of FORMATS."""
    if form == "json":
        return json_bytes({**answer.document, "warnings": answer.document.get("warnings", list(answer.warnings))})
    if form == "csv":
        return csv_bytes(answer.sheets[0])
    if form == "xlsx":
        from evalcomm.tables.workbook import workbook_bytes

        return workbook_bytes(answer.sheets)
    parts = [text_table(sheet) for sheet in answer.sheets if not sheet.detail]
    if answer.remarks:
        parts.append("\n".join(visible(remark) for remark in answer.remarks))
    return ("\n\n".join(parts) + "\n").encode()


def json_bytes(document: Mapping[str, object]) -> bytes:
    """One JSON object, the members of its lists one to a line. Fractions become figures; NaN and Infinity are a defect of the caller and
    raise ValueError.
    """
    encode = json.JSONEncoder(ensure_ascii=False, allow_nan=False, default=_json_value).encode
    members = []
    for key, value in document.items():
        if isinstance(value, list | tuple) and any(isinstance(part, Mapping | list | tuple) for part in value):
            inner = ",\n".join(f"    {encode(part)}" for part in value)
            members.append(f"  {encode(key)}: [\n{inner}\n  ]")
        else:
            members.append(f"  {encode(key)}: {encode(value)}")
    return ("{\n" + ",\n".join(members) + "\n}\n").encode()


def _json_value(value: object) -> object:
    if isinstance(value, Fraction):
        return format_figure(value)
    if isinstance(value, Mapping):
        return dict(value)
    if isinstance(value, Sequence):
        return list(value)
    raise TypeError(f"{type(value).__name__} has no JSON form")


def csv_bytes(sheet: Sheet) -> bytes:
    text = io.StringIO(newline="")
    writer = csv.writer(text, lineterminator="\n")
    writer.writerow([harmless(title) for title in sheet.header])
    for row in sheet.rows:
        writer.writerow([harmless(cell) if isinstance(cell, str) else printed(cell) for cell in row])
    return text.getvalue().encode()


def printed(cell: Cell) -> str:
    """The cell as text, with every digit."""
    if cell is None:
        return ""
    if isinstance(cell, bool):
        return "yes" if cell else "no"
    if isinstance(cell, Fraction):
        return format_figure(cell)
    return str(cell)


def starts_like_formula(text: str) -> bool:
    return text[:1] in {"=", "+", "-", "@", "\t", "\r"}


def harmless(text: str) -> str:
    """Text that a spreadsheet opens as text: an apostrophe goes before what would run as a formula."""
    return f"'{text}" if starts_like_formula(text) else text


def spreadsheet_number(cell: Cell) -> int | float | Decimal | None:
    """The cell as a spreadsheet's number, or None where it is text or a double would lose digits of it."""
    if isinstance(cell, bool) or cell is None or isinstance(cell, str):
        return None
    if isinstance(cell, float):
        return cell
    figure = format_figure(cell)
    return Decimal(figure) if "/" not in figure and len(figure) <= 15 else None


def text_table(sheet: Sheet) -> str:
    """The sheet in columns for a terminal; Korean letters count two places. Long fractions are shown shortened, marked '…'."""
    rows = [[_shown(cell) for cell in row] for row in sheet.rows]
    numeric = [
        all(row[place] is None or not isinstance(row[place], str) for row in sheet.rows) and bool(sheet.rows)
        for place in range(len(sheet.header))
    ]
    headings = [line for line in (korean(sheet.header), [visible(title) for title in sheet.header]) if line]
    widths = [max(map(_width, column)) for column in zip(*headings, *rows, strict=True)]

    def line(cells: Sequence[str]) -> str:
        padded = []
        for text, width, right in zip(cells, widths, numeric, strict=True):
            space = " " * (width - _width(text))
            padded.append(space + text if right else text + space)
        return "  ".join(padded).rstrip()

    lines = [*map(line, headings), "  ".join("-" * width for width in widths), *map(line, rows)]
    title = [visible(sheet.title)] if sheet.title else []
    return "\n".join([*title, *lines])


def column_widths(sheet: Sheet) -> list[int]:
    """The widest text of each column, in terminal places."""
    return [
        max(map(_width, column))
        for column in zip(sheet.header, *([printed(cell) for cell in row] for row in sheet.rows), strict=True)
    ]


def _shown(cell: Cell) -> str:
    if cell is None:
        return "-"
    if isinstance(cell, float):
        return f"{cell:.{3 if abs(cell) < 1000 else 1}f}"
    if isinstance(cell, Fraction):
        places = decimal_places(cell)
        return f"{format_fixed(cell, 6)}…" if places is None or places > 6 else format_figure(cell)
    return visible(printed(cell))


def visible(text: str) -> str:
    """Text without characters that steer a terminal."""
    return text if text.isprintable() else "".join(c if c.isprintable() else "�" for c in text)


@cache
def _width(text: str) -> int:
    return sum(
        0 if unicodedata.combining(c) else 2 if unicodedata.east_asian_width(c) in {"W", "F"} else 1 for c in text
    )
