"""XLSX in and out: cells as the exact text they stand for, and workbooks whose bytes depend on their content alone."""

from __future__ import annotations

import io
import re
import warnings
import zipfile
from collections.abc import Sequence
from decimal import Decimal
from typing import TYPE_CHECKING, Any

from evalcomm.tables.reading import Formula, InputError

if TYPE_CHECKING:
    from evalcomm.tables.writing import Cell, Sheet

MAX_UNPACKED = 2**30


def read_sheet(name: str, data: bytes, sheet: str | None) -> list[list[str]]:
    """The rows of a sheet (by default the first) as text; row 1 of the sheet comes first, blank rows included."""
    try:
        with warnings.catch_warnings():
            warnings.simplefilter(
                "ignore"
            )  # openpyxl tells of styles and extensions that it drops; we read values only
            return _rows(name, data, sheet)
    except InputError:
        raise
    except Exception as error:  # noqa: BLE001 - a damaged workbook fails anywhere inside zipfile, the XML parser or openpyxl
        raise InputError(
            f"{name}: is no readable XLSX workbook ({type(error).__name__}); save it again or as CSV UTF-8"
        ) from None


def _rows(name: str, data: bytes, sheet: str | None) -> list[list[str]]:
    import openpyxl

    with zipfile.ZipFile(io.BytesIO(data)) as archive:
        if sum(part.file_size for part in archive.infolist()) > MAX_UNPACKED:
            raise InputError(f"{name}: unpacks to more than {MAX_UNPACKED // 2**20} MB")
    book = openpyxl.load_workbook(io.BytesIO(data), read_only=True)
    pages = {page.title: page for page in book.worksheets}
    if not pages:
        raise InputError(f"{name}: the workbook has no sheet with cells")
    title = next(iter(pages)) if sheet is None else sheet
    if title not in pages:
        titles = ", ".join(f"'{title}'" for title in pages)
        raise InputError(f"{name}: has no sheet '{sheet}'; it has {titles}")
    page = pages[title]
    page.reset_dimensions()  # the size that a file states may be wrong; the cells are what counts
    rows = [[_text(cell) for cell in row] for row in page.iter_rows()]
    book.close()
    return rows


def _text(cell: Any) -> str:
    """What the cell stands for. Numbers keep every digit that the file holds (the shortest decimal of its double)."""
    value = cell.value
    if cell.data_type == "f":
        return Formula(value if isinstance(value, str) else getattr(value, "text", None) or "=…")
    if isinstance(value, int | float) and not isinstance(value, bool):
        number = Decimal(repr(value))
        # Shown as a percentage, stored as a share: whoever needs a number must decide.
        return f"{_plain(number * 100)}%" if "%" in (cell.number_format or "") else _plain(number)
    if value is None:
        return ""
    return str(value).upper() if isinstance(value, bool) else str(value)


def _plain(number: Decimal) -> str:
    text = format(number, "f")
    return text.rstrip("0").rstrip(".") if "." in text else text


def workbook_bytes(sheets: Sequence[Sheet]) -> bytes:
    """An XLSX workbook of these sheets; the same sheets give the same bytes whenever it is written."""
    import openpyxl
    from openpyxl.cell.cell import WriteOnlyCell
    from openpyxl.styles import Font
    from openpyxl.utils import get_column_letter

    from evalcomm.tables.writing import column_widths

    book = openpyxl.Workbook(write_only=True)
    bold = Font(bold=True)
    for sheet in sheets:
        page = book.create_sheet(sheet.title)
        page.freeze_panes = "A2"
        for place, width in enumerate(column_widths(sheet), start=1):
            page.column_dimensions[get_column_letter(place)].width = min(width + 2, 60)
        head = []
        for title in sheet.header:
            cell = _safe(WriteOnlyCell(page, None), title)
            cell.font = bold
            head.append(cell)
        page.append(head)
        for row in sheet.rows:
            page.append([_safe(WriteOnlyCell(page, None), value) for value in row])
    raw = io.BytesIO()
    book.save(raw)
    return _without_clock(raw.getvalue())


def _safe(cell: Any, value: Cell) -> Any:
    """Fills a cell; text stays text even if it looks like a formula."""
    from evalcomm.tables.writing import printed, spreadsheet_number, starts_like_formula

    number = spreadsheet_number(value)
    if number is not None:
        cell.value = number
        return cell
    text = printed(value)
    # XLSX cannot hold other control characters at all.
    text = "".join(c for c in text if c >= " " or c in "\t\n")[:32_767]
    cell.value = text
    if text:
        cell.data_type = "s"
        if starts_like_formula(text):
            cell.quotePrefix = True
    return cell


def _without_clock(data: bytes) -> bytes:
    """The same workbook without the time of its writing, which openpyxl puts into every file."""
    result = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(data)) as source, zipfile.ZipFile(result, "w", zipfile.ZIP_DEFLATED) as target:
        for part in source.infolist():
            content = source.read(part)
            if part.filename == "docProps/core.xml":
                content = re.sub(rb">\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ<", b">2020-09-25T00:00:00Z<", content)
            info = zipfile.ZipInfo(part.filename, (1980, 1, 1, 0, 0, 0))
            info.compress_type = zipfile.ZIP_DEFLATED
            target.writestr(info, content)
    return result.getvalue()
