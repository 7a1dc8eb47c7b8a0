"""The cells of a worksheet, row by row, as calamine reads them."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from auditor.errors import ExportError, Where
from auditor.ingest.files.guard import Guarded
from auditor.ingest.workbook.sheet_scan import SheetScan


@dataclass(frozen=True, slots=True)
class SheetRow:
    """One row of a sheet: its number from 1, its cells from column A; ``""`` where nothing is."""

    number: int
    cells: list[Any]

    @property
    def is_blank(self) -> bool:
        """Whether no cell holds anything."""
        return all(cell == "" for cell in self.cells)

    @property
    def filled(self) -> int:
        """How many cells hold something."""
        return sum(cell != "" for cell in self.cells)


def sheet_rows(guarded: Guarded, scan: SheetScan) -> Iterator[SheetRow]:
    """Rows of a sheet from its first; cells from column A.

    Raises
    ------
    ExportError
        When the sheet cannot be read.
    """
    from python_calamine import CalamineError, CalamineWorkbook

    try:
        book = CalamineWorkbook.from_path(str(guarded.path))
        sheet = book.get_sheet_by_name(scan.part.name)
        # Empty columns on the left are cut off from rows, empty rows above them are not.
        left = [""] * (sheet.start[1] if sheet.start else 0)
        for number, cells in enumerate(sheet.iter_rows(), start=1):
            yield SheetRow(number, left + list(cells))
    except (CalamineError, OSError, ValueError):
        raise ExportError(
            f"the sheet {scan.part.name!r} cannot be read",
            slug="damaged-workbook",
            where=Where(guarded.shown),
            hint="open it in a spreadsheet program and save it again",
        ) from None
