"""Tables from CSV and XLSX files, with every refusal naming file, row and column.

    table = read_table(path)
    table.require("application", "requested")
    for row in table.rows:
        amounts[row.text("application")] = row.won("requested")
    table.check()

Rows carry the number that a spreadsheet shows: the header is row 1 and blank rows count. Getters collect problems and return a neutral
value, so that one run reports them all; `check` raises what was collected. Cells are stripped and put into Unicode's composed
form (NFC), since two Korean ids that look the same must be the same.
"""

from __future__ import annotations

import csv
import io
import unicodedata
from collections.abc import Iterable, Iterator, Sequence
from difflib import get_close_matches
from fractions import Fraction
from pathlib import Path

from evalcomm.engine.exact import NotExact, parse_decimal, parse_won

MAX_BYTES = 256 * 2**20
MAX_SHOWN = 50


class InputError(Exception):
    """What was given cannot be used; `problems` are sentences that name file, row and column or key."""

    def __init__(self, problems: str | Iterable[str]) -> None:
        self.problems: tuple[str, ...] = (problems,) if isinstance(problems, str) else tuple(problems)
        super().__init__("\n".join(self.problems[:MAX_SHOWN]))


class Formula(str):
    """The text of a formula in a workbook: what the cell shows is not what it holds, so no getter accepts it."""

    __slots__ = ()


class Row:
    """One row below the header; `number` is the one that a spreadsheet shows."""

    __slots__ = ("cells", "number", "table")

    def __init__(self, table: Table, number: int, cells: Sequence[str]) -> None:
        self.table = table
        self.number = number
        self.cells = cells

    def get(self, column: str) -> str:
        """The cell as text; "" where it is blank or the table has no such column."""
        try:
            return self.cells[self.table.places[column]]
        except (KeyError, IndexError):
            return ""

    def problem(self, column: str, message: str) -> None:
        self.table.problem(self.number, column, message)

    def text(self, column: str) -> str:
        cell = self.optional_text(column)
        if cell is None:
            self.problem(column, "is blank; write a value")
        return cell or ""

    def optional_text(self, column: str) -> str | None:
        """The text, None where blank."""
        cell = self.get(column)
        if isinstance(cell, Formula):
            self.problem(column, f"{cell[:40]!r} is a formula; write its value")
        return cell or None

    def decimal(self, column: str) -> Fraction:
        return self._figure(column, self.get(column)) or Fraction(0)

    def optional_decimal(self, column: str) -> Fraction | None:
        """The exact figure, None where blank."""
        cell = self.get(column)
        return self._figure(column, cell) if cell else None

    def won(self, column: str) -> int:
        return self._won(column, self.get(column)) or 0

    def optional_won(self, column: str) -> int | None:
        """Whole won, None where blank."""
        cell = self.get(column)
        return self._won(column, cell) if cell else None

    def positive(self, column: str) -> int:
        return self._positive(column, self.get(column)) or 0

    def optional_positive(self, column: str) -> int | None:
        """A whole number from 1, None where blank."""
        cell = self.get(column)
        return self._positive(column, cell) if cell else None

    def optional_count(self, column: str) -> int | None:
        """A whole number from 0, None where blank."""
        cell = self.get(column)
        if not cell or (cell.isascii() and cell.isdigit() and len(cell) <= 15):
            return int(cell) if cell else None
        self.problem(column, f"'{cell[:40]}' is not a whole number; write 0, 1, 2 …")
        return None

    def _figure(self, column: str, cell: str) -> Fraction | None:
        try:
            return parse_decimal(cell)
        except NotExact as error:
            self.problem(column, str(error))
            return None

    def _won(self, column: str, cell: str) -> int | None:
        try:
            return parse_won(cell)
        except NotExact as error:
            self.problem(column, str(error))
            return None

    def _positive(self, column: str, cell: str) -> int | None:
        if cell.isascii() and cell.isdigit() and len(cell) <= 15 and int(cell) > 0:
            return int(cell)
        self.problem(column, f"'{cell[:40]}' is not a positive whole number; write 1, 2, 3 …")
        return None


class Table:
    """A header and its rows. `warnings` do not depend on the order of rows."""

    def __init__(
        self, name: str, header: Sequence[str], rows: Iterable[tuple[int, Sequence[str]]], warnings: Sequence[str]
    ) -> None:
        self.name = name
        self.header = tuple(header)
        self.places = {column: place for place, column in enumerate(header) if column}
        self.warnings = list(warnings)
        self.problems: list[str] = []
        self.rows: tuple[Row, ...] = tuple(Row(self, number, cells) for number, cells in rows)

    def __contains__(self, column: str) -> bool:
        return column in self.places

    def __iter__(self) -> Iterator[Row]:
        return iter(self.rows)

    def problem(self, row: int | None, column: str | None, message: str) -> None:
        """Collects a problem; `check` raises it."""
        place = ", ".join(part for part in (f"row {row}" if row else "", f"column {column}" if column else "") if part)
        self.problems.append(f"{self.name}: {place}: {message}" if place else f"{self.name}: {message}")

    def require(self, *columns: str, rows: bool = True) -> None:
        """Raises unless the table has these columns, and (by default) at least one row."""
        for column in columns:
            if column not in self.places:
                self.problem(1, column, f"the header has no such column; {self.hint(column)}")
        if rows and not self.rows and not self.problems:
            self.problems.append(f"{self.name}: there is a header but no row below it")
        self.check()

    def hint(self, column: str) -> str:
        """What to do about a column that is not there."""
        known = [title for title in self.header if title and title != column]
        alike = [title for title in known if title.casefold() == column.casefold()]
        near = alike or get_close_matches(column, known, n=1, cutoff=0.6)
        return f"rename '{near[0]}' to '{column}'" if near else "it has " + ", ".join(known)

    def unique(self, *columns: str) -> None:
        """Collects a problem for every row that repeats the values of an earlier one in these columns."""
        first: dict[tuple[str, ...], int] = {}
        for row in self.rows:
            values = tuple(row.get(column) for column in columns)
            seen = first.setdefault(values, row.number)
            if seen != row.number:
                shown = ", ".join(f"{column} {value}" for column, value in zip(columns, values, strict=True))
                row.problem(columns[-1], f"{shown} stands in row {seen} already; keep one of the two")

    def check(self) -> None:
        """Raises InputError with everything collected so far."""
        if self.problems:
            raise InputError(self.problems)


def read_bytes(path: str | Path) -> bytes:
    """The content of a file that a person named; InputError instead of OSError."""
    try:
        with Path(path).open("rb") as file:
            data = file.read(MAX_BYTES + 1)
    except IsADirectoryError:
        raise InputError(f"{path}: is a folder; name a file in it") from None
    except FileNotFoundError:
        raise InputError(f"{path}: there is no such file") from None
    except (OSError, ValueError) as error:
        raise InputError(f"{path}: cannot be read ({getattr(error, 'strerror', None) or error})") from None
    if len(data) > MAX_BYTES:
        raise InputError(f"{path}: is larger than {MAX_BYTES // 2**20} MB")
    return data


def read_table(path: str | Path, *, sheet: str | None = None) -> Table:
    """The table in a CSV file or on a sheet (by default the first) of an XLSX workbook; raises InputError."""
    name = Path(path).name or str(path)
    data = read_bytes(path)
    if not data.strip():
        raise InputError(f"{name}: is empty; the first row must name the columns")
    if data.startswith(b"PK\x03\x04"):
        from evalcomm.tables.workbook import read_sheet

        return _table(name, read_sheet(name, data, sheet), [])
    if sheet is not None:
        raise InputError(f"{name}: is no XLSX workbook, so it has no sheet '{sheet}'")
    warnings: list[str] = []
    text = decode(name, data, warnings)
    return _table(name, _csv_rows(name, text), warnings)


def decode(name: str, data: bytes, warnings: list[str]) -> str:
    """UTF-8 with or without BOM; cp949 with a warning; anything else is refused with the line of the first bad byte."""
    if data.startswith((b"\xff\xfe", b"\xfe\xff")):
        raise InputError(f"{name}: is UTF-16 text; save it as CSV UTF-8")
    if data.startswith(b"\xd0\xcf\x11\xe0"):
        raise InputError(f"{name}: is a workbook in the old XLS format; save it as XLSX or CSV UTF-8")
    if b"\x00" in data:
        raise InputError(f"{name}: is a binary file, no table; save it as XLSX or CSV UTF-8")
    try:
        return data.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        line = data.count(b"\n", 0, error.start) + 1
        try:
            text = data.decode("cp949")
        except UnicodeDecodeError:
            raise InputError(
                f"{name}: line {line}: byte 0x{data[error.start]:02x} is neither UTF-8 nor cp949 text; save the file as CSV UTF-8"
            ) from None
        warnings.append(f"{name}: is not UTF-8 (line {line}); read as cp949. Check the names, or save it as CSV UTF-8")
        return text


def _csv_rows(name: str, text: str) -> Iterator[list[str]]:
    read = 0
    try:
        for cells in csv.reader(io.StringIO(text, newline=""), strict=True):
            read += 1
            yield cells
    except csv.Error as error:
        reason = "a cell opens with a quote that is never closed" if "unexpected end" in str(error) else str(error)
        raise InputError(f"{name}: row {read + 1}: is not CSV: {reason}") from None


def _table(name: str, rows: Iterable[Sequence[str]], warnings: Sequence[str]) -> Table:
    """Takes the first row as the header; drops blank rows but counts them."""
    source = iter(rows)
    header = _cleaned(next(source, []))
    while header and not header[-1]:
        header.pop()
    _check_header(name, header)
    width = len(header)
    kept: list[tuple[int, Sequence[str]]] = []
    problems: list[str] = []
    for number, raw in enumerate(source, start=2):
        cells = _cleaned(raw)
        if not any(cells):
            continue
        if len(cells) > width and any(cells[width:]):
            extra = next(cell for cell in cells[width:] if cell)
            problems.append(
                f"{name}: row {number}, column {header[-1]}: '{cells[width - 1][:40]}' is followed by '{extra[:40]}', which stands "
                "under no header; a decimal has a point (80.5), and a text with a comma is put in quotes"
            )
        kept.append((number, cells))
    if problems:
        raise InputError(problems)
    return Table(name, header, kept, warnings)


def _check_header(name: str, header: Sequence[str]) -> None:
    if not any(header):
        raise InputError(f"{name}: row 1 is blank; the first row must name the columns")
    if len(header) == 1:
        for sign, word in ((";", "semicolons"), ("\t", "tabs"), ("|", "bars")):
            if sign in header[0]:
                raise InputError(f"{name}: row 1: cells are separated by {word}; save it with commas")
    seen: dict[str, int] = {}
    for column in header:
        seen[column] = seen.get(column, 0) + 1
    if twice := [
        f"{name}: row 1, column {column}: stands in the header {count} times"
        for column, count in seen.items()
        if column and count > 1
    ]:
        raise InputError(twice)


def _cleaned(raw: Sequence[str]) -> list[str]:
    cells = [cell if cell.__class__ is Formula else cell.strip() for cell in raw]
    if all(map(str.isascii, cells)):
        return cells
    return [cell if cell.__class__ is Formula else unicodedata.normalize("NFC", cell) for cell in cells]
