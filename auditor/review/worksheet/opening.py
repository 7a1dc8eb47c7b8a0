"""The file of a worksheet: what kind it is, which sheets are ours, and cells that are refused."""

from __future__ import annotations

import zipfile
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path

from auditor.errors import ExportError, Problem, UsageError, Where
from auditor.ingest.files.guard import Guarded, guard
from auditor.ingest.workbook.parts import SheetPart, sheet_parts, workbook_archive
from auditor.ingest.workbook.sheet_scan import LISTED, SheetScan, letters, scan_sheet
from auditor.review.worksheet.columns import LAYOUTS, README
from auditor.review.worksheet.copying import COPY

_MOST_CELLS = 5_000_000
_MACROS = "xl/vbaProject.bin"
_SAVE = "save the worksheet as an Excel workbook (.xlsx), without a password and without macros"


def scanned(path: str | Path) -> tuple[Guarded, dict[str, SheetScan]]:
    """Open a workbook, and scan the sheets of it that are ours, by what we called them.

    Raises
    ------
    PathError
        When it cannot be opened.
    ExportError, UsageError
        When it is no workbook, encrypted, damaged, far too large, or has macros.
    """
    guarded = guard(path)
    if guarded.kind != "workbook":
        raise _refused(guarded, "this is no Excel workbook")
    with workbook_archive(guarded) as archive:
        if _MACROS in archive.namelist():
            raise _refused(guarded, "the workbook has macros")
        return guarded, {
            name: _scanned(archive, part, guarded)
            for part in sheet_parts(archive, guarded)
            if (name := _ours(part.name)) is not None
        }


@contextmanager
def as_usage() -> Iterator[None]:
    """Say of a file that is no export how to mend it as a worksheet.

    Raises
    ------
    UsageError
        For every ExportError inside.
    """
    try:
        yield
    except ExportError as cause:
        raise UsageError.of(replace(one, hint=_SAVE) for one in cause.problems) from None


def refused_cells(guarded: Guarded, scan: SheetScan) -> Iterator[Problem]:
    """Name cells whose value is not what somebody wrote into them."""
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
                where=address(guarded.shown, scan.part.name, *place),
                hint="write the value itself, one a cell",
            )


def refused_columns(scan: SheetScan, row: int) -> frozenset[int]:
    """Columns of a row, from 1, whose cells `refused_cells` names, or that are part of a range."""
    found = {column for at, column in (*scan.errors, *scan.formulas) if at == row}
    for (top, left), (bottom, right) in scan.merged:
        if top <= row <= bottom:
            found.update(range(left, right + 1))
    return frozenset(found)


def _scanned(archive: zipfile.ZipFile, part: SheetPart, guarded: Guarded) -> SheetScan:
    scan = scan_sheet(archive, part, guarded)
    if scan.last_row * scan.last_column > _MOST_CELLS:
        raise _refused(guarded, f"the sheet {part.name!r} reaches further than any worksheet")
    return scan


def address(path: str, sheet: str, row: int, column: int) -> Where:
    """Place of a cell by its row and column, from 1, as spreadsheets write it."""
    name = sheet if sheet.isalnum() else "'" + sheet.replace("'", "''") + "'"
    return Where(f"{path}:{name}!{letters(column)}{row}")


def _ours(name: str) -> str | None:
    """Say what we called a sheet; Numbers adds the name of the table in it."""
    return next(
        (own for own in (README, COPY, *LAYOUTS) if f"{name} - ".startswith(f"{own} - ")), None
    )


def _refused(guarded: Guarded, message: str) -> UsageError:
    return UsageError(message, slug="worksheet-unreadable", where=Where(guarded.shown), hint=_SAVE)
