"""The table in a worksheet: where it starts, its cells as text, and the address of each."""

from __future__ import annotations

import csv
import itertools
from array import array
from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass, field
from datetime import timedelta
from typing import TYPE_CHECKING, Any

from auditor.errors import ExportError, Problem, Where
from auditor.ingest.files.guard import Guarded
from auditor.ingest.files.workspace import Workspace
from auditor.ingest.header import (
    clean_name,
    column_names,
    refuse_person_as_header,
    require_columns,
)
from auditor.ingest.values import EXACT_FLOAT, value_text
from auditor.ingest.workbook.sheet_rows import SheetRow, sheet_rows
from auditor.ingest.workbook.sheet_scan import SheetScan, letters

if TYPE_CHECKING:
    from auditor.vocabulary import IntArray

_HEADER_WITHIN = 100
"""Rows in which the header is looked for."""

_LISTED = 20


@dataclass(slots=True, kw_only=True)
class SheetColumn:
    """A named column of the table and what its cells turned out to be.

    Parameters
    ----------
    name : str
    place : column of the sheet, from 1
    has_text : whether a cell holds text, not a number, a date or nothing
    has_durations : whether a cell holds a length of time
    inexact : rows of the table (from 0) whose number has more digits than the workbook keeps
    """

    name: str
    place: int
    has_text: bool = False
    has_durations: bool = False
    inexact: list[int] = field(default_factory=list)


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class SheetTable:
    """What was written of a sheet, and how to find it there again.

    ``rows`` is the row of the sheet (from 1) of each row of the table; ``blank_rows`` counts rows
    between them that hold nothing.
    """

    shown: str
    sheet: str
    header_row: int
    columns: tuple[SheetColumn, ...]
    rows: Sequence[int]
    title_rows: int
    blank_rows: int

    def address(self, row: int, column: int) -> Where:
        """Place of a cell by its row and column in the sheet, from 1."""
        name = self.sheet if self.sheet.isalnum() else "'" + self.sheet.replace("'", "''") + "'"
        return Where(f"{self.shown}:{name}!{letters(column)}{row}")

    def places(self, rows: IntArray, column: str | None) -> list[Where]:
        """Places of rows of the table: of the cell of a column, or of the first cell."""
        found = next((c for c in self.columns if c.name == column), self.columns[0])
        return [self.address(self.rows[row], found.place) for row in rows.tolist()]


def write_table(
    guarded: Guarded, scan: SheetScan, needed: Collection[str], workspace: Workspace, copy: str
) -> SheetTable:
    """Write the rows below the header as comma-separated text into the workspace.

    Rows and columns that hold nothing are left out. Numbers that are whole are written without a
    point, days as 2026-01-02, truth values as True and False.

    Parameters
    ----------
    guarded : Guarded
    scan : of the sheet
    needed : names that the header must have
    workspace : Workspace
    copy : name of the file to write there

    Raises
    ------
    ExportError
        When there is no such header, or a column without a name holds values.
    """
    rows = sheet_rows(guarded, scan)
    above = list(itertools.islice(rows, _HEADER_WITHIN))
    header, titles = _header(above, needed, guarded, scan)
    columns = tuple(
        SheetColumn(name=clean_name(_text(cell)), place=place)
        for place, cell in enumerate(header.cells, start=1)
        if clean_name(_text(cell))
    )
    writer = _Writer(columns, width=len(header.cells))
    below = itertools.chain(above[above.index(header) + 1 :], rows)
    with workspace.text_file(copy) as file:
        out = csv.writer(file, lineterminator="\n")
        out.writerow(["header"] * len(columns))
        out.writerows(writer.texts(below))
    table = SheetTable(
        shown=guarded.shown,
        sheet=scan.part.name,
        header_row=header.number,
        columns=columns,
        rows=writer.rows,
        title_rows=titles,
        blank_rows=writer.blank_rows,
    )
    if writer.unnamed:
        raise ExportError.of(
            Problem(
                message="a value stands in a column that has no name",
                slug="empty-column-name",
                where=table.address(row, column),
                hint="name the column, or delete what stands in it",
            )
            for row, column in writer.unnamed
        )
    return table


def _header(
    rows: list[SheetRow], needed: Collection[str], guarded: Guarded, scan: SheetScan
) -> tuple[SheetRow, int]:
    """Find the header: the first row with all needed names; and count the rows above it.

    Without needed names it is the first row that is no title.
    """
    filled = [row for row in rows if not row.is_blank]
    wanted = {clean_name(name) for name in needed}

    widest = max(row.filled for row in filled)

    def matches(row: SheetRow) -> int:
        if not wanted:  # nothing is known of the table but that a title is no row as wide as it
            return 2 * row.filled > widest
        return len(wanted & {clean_name(_text(cell)) for cell in row.cells})

    # Of rows that match equally well, max gives the first.
    header = max(filled, key=matches)
    texts = [_text(cell) for cell in header.cells]
    named = [text for text in texts if clean_name(text)]
    where = Where(f"{guarded.shown}:{scan.part.name}!{header.number}")
    below = [[_text(cell) for cell in row.cells] for row in filled if row.number > header.number]
    hint = refuse_person_as_header(texts, below, needed, where, "row")
    names = column_names(named, where, hint)
    require_columns(needed, names, where, hint)
    return header, filled.index(header)


class _Writer:
    """Turns rows of cells into texts and keeps what is found on the way."""

    def __init__(self, columns: tuple[SheetColumn, ...], width: int) -> None:
        self._columns = columns
        named = {column.place for column in columns}
        self._unnamed = [place for place in range(1, width + 1) if place not in named]
        self.rows = array("l")
        self.blank_rows = 0
        self.unnamed: list[tuple[int, int]] = []

    def texts(self, rows: Iterator[SheetRow]) -> Iterator[list[str]]:
        blank = 0
        for row in rows:
            if row.is_blank:
                blank += 1
                continue
            self.blank_rows += blank
            blank = 0
            if len(self.unnamed) < _LISTED:
                self.unnamed += [
                    (row.number, place) for place in self._unnamed if row.cells[place - 1] != ""
                ]
            yield [self._cell(row.cells[column.place - 1], column) for column in self._columns]
            self.rows.append(row.number)

    def _cell(self, cell: Any, column: SheetColumn) -> str:
        if isinstance(cell, str):
            column.has_text = column.has_text or cell != ""
            return cell.replace("\r\n", "\n").replace("\r", "\n") if "\r" in cell else cell
        if isinstance(cell, float) and abs(cell) >= EXACT_FLOAT:
            column.inexact.append(len(self.rows))
        column.has_durations = column.has_durations or isinstance(cell, timedelta)
        return _text(cell)


def _text(cell: Any) -> str:
    """Text of a cell; of plain floats without the detour that `value_text` takes."""
    if isinstance(cell, float) and 1e-4 <= abs(cell) < EXACT_FLOAT:
        return repr(cell).removesuffix(".0")
    return str(cell) if isinstance(cell, timedelta) else value_text(cell) or ""
