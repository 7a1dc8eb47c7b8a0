"""A worksheet as a spreadsheet program saved it: its origin and its rows, nothing checked yet."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from itertools import islice
from pathlib import Path
from typing import TYPE_CHECKING, Any

from auditor.errors import UsageError, Where
from auditor.ingest.workbook.sheet_rows import SheetRow, sheet_rows
from auditor.review.worksheet.cells import text_of
from auditor.review.worksheet.columns import FORMAT, LAYOUTS, README, Layout
from auditor.review.worksheet.marks import Origin, cell_text
from auditor.review.worksheet.opening import address, as_usage, refused_cells, scanned

if TYPE_CHECKING:
    from auditor.ingest.files.guard import Guarded
    from auditor.ingest.workbook.sheet_scan import SheetScan
    from auditor.review.worksheet.columns import Step

_HEADER_WITHIN = 20
"""Rows in which the titles are looked for: a program may write the name of a table above."""

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
        return address(self.path, self.sheet, row.number, column)


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
    with as_usage():
        guarded, scans = scanned(path)
        found = _saved(guarded, scans)
        guarded.check_unchanged()
        return found


def _saved(guarded: Guarded, scans: Mapping[str, SheetScan]) -> Saved:
    steps = [name for name in scans if name in LAYOUTS]
    if README not in scans or len(steps) != 1:
        raise _no_worksheet(guarded)
    said = dict(_pairs(guarded, scans[README]))
    if said.get("Worksheet") != FORMAT or said.get("Step") != steps[0]:
        raise _no_worksheet(guarded)
    layout = LAYOUTS[steps[0]]
    scan = scans[layout.step]
    problems = list(refused_cells(guarded, scan))
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
                where=address(guarded.shown, scan.part.name, row.number, column),
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


def _no_worksheet(guarded: Guarded) -> UsageError:
    return UsageError(
        "this is no worksheet of a review, or its first sheet was changed",
        slug="no-worksheet",
        where=Where(guarded.shown),
        hint="name a file that 'auditor review export --worksheet' wrote",
    )
