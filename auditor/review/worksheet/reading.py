"""A worksheet as a spreadsheet program saved it: its origin and its rows, nothing checked yet."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from itertools import islice
from pathlib import Path
from typing import TYPE_CHECKING

from auditor.errors import Problem, UsageError, Where
from auditor.ingest.workbook.sheet_rows import SheetRow, sheet_rows
from auditor.review.worksheet.cells import text_of
from auditor.review.worksheet.changed import AGAIN, of_the_whole
from auditor.review.worksheet.columns import FORMAT, LAYOUTS, README
from auditor.review.worksheet.copying import COPY, read_copy
from auditor.review.worksheet.marks import Origin, cell_text
from auditor.review.worksheet.opening import (
    address,
    as_usage,
    refused_cells,
    refused_columns,
    scanned,
)
from auditor.review.worksheet.saved_rows import Saved, SavedRow

if TYPE_CHECKING:
    from auditor.ingest.files.guard import Guarded
    from auditor.ingest.workbook.sheet_scan import SheetScan
    from auditor.review.worksheet.columns import Layout, Step
    from auditor.review.worksheet.copying import Copy

_HEADER_WITHIN = 20
"""Rows in which the titles are looked for: a program may write the name of a table above."""


def saved(path: str | Path) -> Saved:
    """Read a worksheet.

    Raises
    ------
    PathError
        When it cannot be opened.
    UsageError
        When it is no workbook, encrypted, damaged, far too large, has macros, or is no worksheet
        of ours. What is wrong with single cells stands in its ``problems``.
    """
    with as_usage():
        guarded, scans = scanned(path)
        found = _saved(guarded, scans)
        guarded.check_unchanged()
    if found.copy is None:
        return found
    # what it was written for is what its rows are about, whatever the first sheet says by now
    problems = (*found.problems, *of_the_whole(found))
    return replace(found, origin=found.copy.origin, problems=problems)


def _saved(guarded: Guarded, scans: Mapping[str, SheetScan]) -> Saved:
    steps = [name for name in scans if name in LAYOUTS]
    if README not in scans or len(steps) > 1:
        raise _no_worksheet(guarded, README if len(steps) == 1 else None)
    said = dict(_pairs(guarded, scans[README]))
    step = said.get("Step")
    if said.get("Worksheet") != FORMAT or step not in LAYOUTS:
        raise _no_worksheet(guarded)
    if steps != [step]:
        raise _no_worksheet(guarded, None if steps else step)
    layout = LAYOUTS[steps[0]]
    scan = scans[layout.step]
    problems = list(refused_cells(guarded, scan))
    rows = iter(sheet_rows(guarded, scan))
    header, features = _features(guarded, scan, layout, rows, problems)
    table: list[SavedRow] = []
    for row in rows:
        if not row.is_blank:
            table.append(_row(scan, layout, len(features), row))
            width = len(features) + len(layout.lead) + len(layout.asked) + 1
            problems += _beside(guarded, scan, row, width, table[-1].refused)
    return Saved(
        path=guarded.shown,
        sheet=scan.part.name,
        origin=_origin(said, layout.step),
        layout=layout,
        features=features,
        exported=int(said["Rows"]) if said.get("Rows", "").isdecimal() else 0,
        rows=tuple(table),
        header=header,
        lines=_lines(guarded, scans[README]),
        copy=_copy(guarded, scans.get(COPY), layout),
        problems=tuple(problems),
    )


def _row(scan: SheetScan, layout: Layout, features: int, row: SheetRow) -> SavedRow:
    before = len(layout.lead) + features
    width = before + len(layout.asked) + 1
    padded = [*row.cells, *[""] * (width - len(row.cells))]
    return SavedRow(
        number=row.number,
        shown=tuple(cell_text(text_of(cell)) for cell in padded[:before]),
        filled={
            column.name: cell
            for column, cell in zip(layout.asked, padded[before : width - 1], strict=True)
        },
        mark=text_of(padded[width - 1]).strip(),
        refused=refused_columns(scan, row.number),
    )


def _beside(
    guarded: Guarded, scan: SheetScan, row: SheetRow, width: int, refused: frozenset[int]
) -> Iterator[Problem]:
    for column, cell in enumerate(row.cells[width:], start=width + 1):
        if cell != "" and column not in refused:
            yield Problem(
                message="a value stands beside the table",
                slug="worksheet-columns",
                where=address(guarded.shown, scan.part.name, row.number, column),
                hint="write it into the cells of the row, or clear it",
            )


def _copy(guarded: Guarded, scan: SheetScan | None, layout: Layout) -> Copy | None:
    if scan is None:
        return None
    return read_copy((row.cells for row in sheet_rows(guarded, scan)), len(layout.lead))


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


def _lines(guarded: Guarded, scan: SheetScan) -> dict[str, Where]:
    return {
        name: address(guarded.shown, scan.part.name, number, 2)
        for number, (name, _) in enumerate(_pairs(guarded, scan), start=1)
    }


def _features(
    guarded: Guarded,
    scan: SheetScan,
    layout: Layout,
    rows: Iterator[SheetRow],
    problems: Sequence[Problem],
) -> tuple[int, tuple[str, ...]]:
    """Row of the titles, and those between ours; what stands above them is skipped.

    Raises
    ------
    UsageError
        When ours are not there, with what was found so far.
    """
    before = len(layout.lead)
    for row in islice(rows, _HEADER_WITHIN):
        titles = tuple(cell_text(text_of(cell)) for cell in row.cells)
        if titles[:before] != tuple(layout.lead):
            continue
        while titles and not titles[-1]:
            titles = titles[:-1]
        after = len(titles) - len(layout.tail)
        if after >= before and titles[after:] == layout.tail:
            return row.number, titles[before:after]
        break
    columns = Problem(
        message="the columns are not those that were exported",
        slug="worksheet-columns",
        where=Where(f"{guarded.shown}:{scan.part.name}"),
        hint=AGAIN,
    )
    raise UsageError.of([*problems, columns])


def _no_worksheet(guarded: Guarded, lost: str | None = None) -> UsageError:
    """Refuse a workbook; ``lost`` is the one sheet that it lacks by its name."""
    if lost is not None:
        return UsageError(
            f"the sheet {lost!r} is gone or has another name",
            slug="no-worksheet",
            where=Where(guarded.shown),
            hint=f"give it the name {lost!r} again, or export the worksheet again",
        )
    return UsageError(
        "this is no worksheet of a review, or its first sheet was changed",
        slug="no-worksheet",
        where=Where(guarded.shown),
        hint="name a file that 'auditor review export --worksheet' wrote",
    )
