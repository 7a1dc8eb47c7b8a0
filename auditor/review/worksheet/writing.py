"""A worksheet as an Excel workbook: everything locked but the cells to fill in, every cell text."""

from __future__ import annotations

import io
from collections.abc import Iterator, Sequence
from datetime import datetime, time
from typing import TYPE_CHECKING, Any

from auditor.review.worksheet.columns import FORMAT, MOST_MINUTES, README
from auditor.review.worksheet.copying import COPY, copied
from auditor.review.worksheet.explaining import REASONS, lines

if TYPE_CHECKING:
    from auditor.review.worksheet.columns import Column
    from auditor.review.worksheet.making import Made

_EVIDENCE_WIDTH, _MARK_WIDTH = 18, 10
_LINE, _MOST_HEIGHT = 15, 400
"""In points; a spreadsheet program allows 409."""

_LOCKED = {"text_wrap": True, "valign": "top", "num_format": "@", "quote_prefix": True}
_NAME = {**_LOCKED, "text_wrap": False, "align": "fill", "font_color": "#6B7280"}
"""Of keyed names, which nobody reads: cut off at the end of the cell."""

_OPEN = {
    "text_wrap": True,
    "valign": "top",
    "locked": False,
    "bg_color": "#FFF9DB",
    "border": 1,
    "border_color": "#B8A54A",
}
_HEADER = {"bold": True, "text_wrap": True, "valign": "top", "bg_color": "#E3E8EE"}
_FORMATS = {"day": "yyyy-mm-dd", "minutes": "0.##", "choice": "@", "labels": "@", "words": "@"}


def workbook(made: Made) -> bytes:
    """Bytes of the .xlsx file of a worksheet; the same for the same worksheet."""
    import xlsxwriter

    held = io.BytesIO()
    options = {
        "in_memory": True,
        "strings_to_formulas": False,
        "strings_to_urls": False,
        "strings_to_numbers": False,
    }
    with xlsxwriter.Workbook(held, options) as book:
        book.set_properties({"created": datetime.combine(made.day, time())})
        _write_read_me(book, made)
        _write_rows(book, made)
        _write_copy(book, made)
    return held.getvalue()


def origin_lines(made: Made) -> Iterator[tuple[str, str]]:
    """Say what the reading of the file has to know, as names and texts."""
    yield "Worksheet", FORMAT
    yield "Step", made.origin.step
    yield "Role", made.origin.role
    yield "Made for", made.origin.reader
    yield "Made on", made.day.isoformat()
    yield "Rows", str(len(made.rows))
    yield "Ledger", made.origin.ledger
    yield "Result", made.origin.result


def _write_read_me(book: Any, made: Made) -> None:
    sheet = book.add_worksheet(README)
    text, bold = book.add_format(_LOCKED), book.add_format({**_LOCKED, "bold": True})
    sheet.set_column(0, 0, 26)
    sheet.set_column(1, 1, 100)
    for row, (name, said) in enumerate((*lines(made), *origin_lines(made))):
        sheet.write_string(row, 0, name, bold)
        sheet.write_string(row, 1, said, text)
        sheet.set_row(row, _height([(said, 100)]))
    sheet.fit_to_pages(1, 0)
    sheet.protect()


def _write_rows(book: Any, made: Made) -> None:
    sheet = book.add_worksheet(made.layout.step)
    header, locked, name = (book.add_format(form) for form in (_HEADER, _LOCKED, _NAME))
    titles = (*made.layout.lead, *made.features, *made.layout.tail)
    for place, title in enumerate(titles):
        sheet.write_string(0, place, title, header)
    sheet.set_row(0, 3 * _LINE)
    widths = [*made.layout.lead.values(), *(_EVIDENCE_WIDTH for _ in made.features)]
    for row, (cells, mark) in enumerate(made.rows, start=1):
        for place, cell in enumerate(cells):
            sheet.write_string(row, place, cell, locked if place else name)
        sheet.write_string(row, len(titles) - 1, mark, name)
        sheet.set_row(row, _height(list(zip(cells, widths, strict=True))[1:]))
    _lay_out(book, sheet, made, widths)
    sheet.freeze_panes(1, 2)
    sheet.set_landscape()
    sheet.fit_to_pages(1, 0)
    sheet.ignore_errors({"number_stored_as_text": "A1:XFD1048576"})
    sheet.protect(options={"format_columns": True, "format_rows": True})


def _write_copy(book: Any, made: Made) -> None:
    sheet = book.add_worksheet(COPY)
    text = book.add_format({"num_format": "@", "quote_prefix": True})
    for row, cells in enumerate(copied(made)):
        for place, cell in enumerate(cells):
            sheet.write_string(row, place, cell, text)
    sheet.protect()
    sheet.hide()


def _height(cells: Sequence[tuple[str, int]]) -> int:
    """Height of a row that shows all of its texts in columns so wide: not every program fits it."""
    needed = (
        sum(1 + len(line) // max(width - 1, 1) for line in text.split("\n"))
        for text, width in cells
    )
    return min(max(needed, default=1) * _LINE, _MOST_HEIGHT)


def _lay_out(book: Any, sheet: Any, made: Made, widths: Sequence[int]) -> None:
    for place, width in enumerate(widths):
        sheet.set_column(place, place, width)
    for place, column in enumerate(made.layout.asked, start=len(widths)):
        form = book.add_format({**_OPEN, "num_format": _FORMATS[column.kind]})
        sheet.set_column(place, place, column.width)
        for row in range(1, len(made.rows) + 1):
            sheet.write_blank(row, place, None, form)
        sheet.data_validation(1, place, len(made.rows), place, _allowed(column, made))
    last = len(widths) + len(made.layout.asked)
    sheet.set_column(last, last, _MARK_WIDTH)


def _listed(made: Made) -> str:
    """Cells of the first sheet that hold the reason codes; a list in place may not be as long."""
    first = [name for name, _ in lines(made)].index(REASONS) + 2
    return f"='{README}'!$A${first}:$A${first + len(made.reasons) - 1}"


def _allowed(column: Column, made: Made) -> dict[str, Any]:
    """Say what a spreadsheet program lets people write; the import checks it all again."""
    said = {"input_title": column.title[:32], "input_message": column.help[:255]}
    match column.kind:
        case "choice":
            return {"validate": "list", "source": list(column.choices), **said}
        case "day":
            return {"validate": "date", "criteria": ">=", "value": made.day, **said}
        case "labels" if column.name == "reason_codes" and made.reasons:
            # several are typed with ; between, so others are let in here and refused by the import
            return {"validate": "list", "source": _listed(made), "show_error": False, **said}
        case "minutes":
            limits = {"criteria": "between", "minimum": 0, "maximum": MOST_MINUTES}
            return {"validate": "decimal", **limits, **said}
    return {"validate": "any", **said}
