"""A worksheet as a spreadsheet program saved it: its origin and its rows, nothing checked yet."""

from __future__ import annotations

import zipfile
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, replace
from itertools import islice
from pathlib import Path
from typing import TYPE_CHECKING, Any

from auditor.errors import ExportError, Problem, UsageError, Where
from auditor.ingest.files.guard import Guarded, guard
from auditor.ingest.workbook.parts import SheetPart, sheet_parts, workbook_archive
from auditor.ingest.workbook.sheet_rows import SheetRow, sheet_rows
from auditor.ingest.workbook.sheet_scan import LISTED, SheetScan, letters, scan_sheet
from auditor.review.worksheet.cells import text_of
from auditor.review.worksheet.columns import FORMAT, LAYOUTS, README, Layout
from auditor.review.worksheet.marks import Origin, cell_text

if TYPE_CHECKING:
    from auditor.review.worksheet.columns import Step

_MOST_CELLS = 5_000_000
_HEADER_WITHIN = 20
"""Rows in which the titles are looked for: a program may write the name of a table above."""

_MACROS = "xl/vbaProject.bin"
_SAVE = "save the worksheet as an Excel workbook (.xlsx), without a password and without macros"
_AGAIN = "export the worksheet again, and fill in its yellow cells only"


@dataclass(frozen=True, slots=True, kw_only=True)
class SavedRow:
    """One row as it was saved: its number, the texts that it shows, the values filled in."""

    number: int
    shown: tuple[str, ...]
    filled: Mapping[str, Any]
    mark: str

    @property
    def is_blank(self) -> bool:
        """Whether nothing was filled in."""
        return all(isinstance(value, str) and not value.strip() for value in self.filled.values())


@dataclass(frozen=True, slots=True, kw_only=True)
class Saved:
    """A worksheet as it was saved; ``rows`` without those in which nothing stands at all.

    ``sheet`` is what its program calls the sheet with the rows.
    """

    path: str
    sheet: str
    origin: Origin
    layout: Layout
    features: tuple[str, ...]
    exported: int
    rows: tuple[SavedRow, ...]

    def at(self, row: SavedRow, name: str | None = None) -> Where:
        """Place of the cell that a column asks for; of the first cell of the row without one."""
        names = [column.name for column in self.layout.asked]
        before = len(self.layout.lead) + len(self.features)
        return self.cell(row, 1 if name is None else before + names.index(name) + 1)

    def cell(self, row: SavedRow, column: int) -> Where:
        """Place of the cell in a column, from 1."""
        return _place(self.path, self.sheet, row.number, column)


def saved(path: str | Path) -> Saved:
    """Read a worksheet.

    Raises
    ------
    PathError
        When it cannot be opened.
    UsageError
        When it is no workbook, encrypted, damaged, far too large, has macros, is no worksheet of
        ours, or has formulas, error cells or merged cells in its rows.
    """
    with _as_usage():
        guarded = guard(path)
        if guarded.kind != "workbook":
            raise _refused(guarded, "this is no Excel workbook")
        with workbook_archive(guarded) as archive:
            _refuse_macros(archive, guarded)
            scans = {
                name: _scanned(archive, part, guarded)
                for part in sheet_parts(archive, guarded)
                if (name := _ours(part.name)) is not None
            }
        found = _saved(guarded, scans)
        guarded.check_unchanged()
        return found


def _ours(name: str) -> str | None:
    """Say what we called a sheet; Numbers adds the name of the table in it."""
    return next((own for own in (README, *LAYOUTS) if f"{name} - ".startswith(f"{own} - ")), None)


def _saved(guarded: Guarded, scans: Mapping[str, SheetScan]) -> Saved:
    steps = [name for name in scans if name in LAYOUTS]
    if README not in scans or len(steps) != 1:
        raise _no_worksheet(guarded)
    said = dict(_pairs(guarded, scans[README]))
    if said.get("Worksheet") != FORMAT or said.get("Step") != steps[0]:
        raise _no_worksheet(guarded)
    layout = LAYOUTS[steps[0]]
    scan = scans[layout.step]
    problems = list(_refused_cells(guarded, scan))
    if problems:
        raise UsageError.of(problems)
    rows = iter(sheet_rows(guarded, scan))
    features = _features(guarded, scan, layout, rows)
    return Saved(
        path=guarded.shown,
        sheet=scan.part.name,
        origin=_origin(said, layout.step),
        layout=layout,
        features=features,
        exported=int(said["Rows"]) if said.get("Rows", "").isdecimal() else 0,
        rows=tuple(
            _row(guarded, scan, layout, len(features), row) for row in rows if not row.is_blank
        ),
    )


def _row(
    guarded: Guarded, scan: SheetScan, layout: Layout, features: int, row: SheetRow
) -> SavedRow:
    before = len(layout.lead) + features
    width = before + len(layout.asked) + 1
    padded = [*row.cells, *[""] * (width - len(row.cells))]
    for column, cell in enumerate(padded[width:], start=width + 1):
        if cell != "":
            raise UsageError(
                "a value stands beside the table",
                slug="worksheet-columns",
                where=_place(guarded.shown, scan.part.name, row.number, column),
                hint="write it into the cells of the row, or clear it",
            )
    return SavedRow(
        number=row.number,
        shown=tuple(cell_text(text_of(cell)) for cell in padded[:before]),
        filled={
            column.name: cell
            for column, cell in zip(layout.asked, padded[before : width - 1], strict=True)
        },
        mark=text_of(padded[width - 1]).strip(),
    )


def _origin(said: Mapping[str, str], step: Step) -> Origin:
    return Origin(
        step=step,
        role=said.get("Role", ""),
        reader=said.get("Made for", ""),
        ledger=said.get("Ledger", ""),
        result=said.get("Result", ""),
    )


def _pairs(guarded: Guarded, scan: SheetScan) -> Iterator[tuple[str, str]]:
    for row in sheet_rows(guarded, scan):
        name, said = ([cell_text(text_of(cell)) for cell in row.cells] + ["", ""])[:2]
        yield name, said


def _features(
    guarded: Guarded, scan: SheetScan, layout: Layout, rows: Iterator[SheetRow]
) -> tuple[str, ...]:
    """Titles between ours, from the first row that begins with ours; rows above it are skipped."""
    before = len(layout.lead)
    for row in islice(rows, _HEADER_WITHIN):
        titles = tuple(cell_text(text_of(cell)) for cell in row.cells)
        if titles[:before] != tuple(layout.lead):
            continue
        while titles and not titles[-1]:
            titles = titles[:-1]
        after = len(titles) - len(layout.tail)
        if after >= before and titles[after:] == layout.tail:
            return titles[before:after]
        break
    raise UsageError(
        "the columns are not those that were exported",
        slug="worksheet-columns",
        where=Where(f"{guarded.shown}:{scan.part.name}"),
        hint=_AGAIN,
    )


def _refused_cells(guarded: Guarded, scan: SheetScan) -> Iterator[Problem]:
    """Cells whose value is not what somebody wrote into them."""
    merged = [first for first, _ in scan.merged]
    for places, what in (
        (scan.errors, "the cell holds an error such as #N/A"),
        (scan.formulas, "the cell holds a formula"),
        (merged, "cells are merged into one"),
    ):
        for place in places[:LISTED]:
            yield Problem(
                message=what,
                slug="worksheet-cell",
                where=_place(guarded.shown, scan.part.name, *place),
                hint="write the value itself, one a cell",
            )


def _scanned(archive: zipfile.ZipFile, part: SheetPart, guarded: Guarded) -> SheetScan:
    scan = scan_sheet(archive, part, guarded)
    if scan.last_row * scan.last_column > _MOST_CELLS:
        raise _refused(guarded, f"the sheet {part.name!r} reaches further than any worksheet")
    return scan


def _refuse_macros(archive: zipfile.ZipFile, guarded: Guarded) -> None:
    if _MACROS in archive.namelist():
        raise _refused(guarded, "the workbook has macros")


@contextmanager
def _as_usage() -> Iterator[None]:
    """Say of a file that is no export how to mend it as a worksheet."""
    try:
        yield
    except ExportError as cause:
        raise UsageError.of(replace(one, hint=_SAVE) for one in cause.problems) from None


def _refused(guarded: Guarded, message: str) -> UsageError:
    return UsageError(message, slug="worksheet-unreadable", where=Where(guarded.shown), hint=_SAVE)


def _no_worksheet(guarded: Guarded) -> UsageError:
    return UsageError(
        "this is no worksheet of a review, or its first sheet was changed",
        slug="no-worksheet",
        where=Where(guarded.shown),
        hint="name a file that 'auditor review export --worksheet' wrote",
    )


def _place(path: str, sheet: str, row: int, column: int) -> Where:
    name = sheet if sheet.isalnum() else "'" + sheet.replace("'", "''") + "'"
    return Where(f"{path}:{name}!{letters(column)}{row}")
