"""Excel workbooks: the cells of one sheet, written as text and read like any other text."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Sequence
from dataclasses import replace

from auditor.errors import ExportError, Problem, Where
from auditor.ingest.delimited.dialect import Head
from auditor.ingest.delimited.opening import account, text_relation
from auditor.ingest.files.guard import Guarded, text_facts
from auditor.ingest.files.recode import PlainText
from auditor.ingest.files.records import Record
from auditor.ingest.files.workspace import Workspace
from auditor.ingest.table.columns import Column
from auditor.ingest.table.export import Export
from auditor.ingest.table.relation import Relation
from auditor.ingest.table.survey import Survey
from auditor.ingest.workbook.parts import sheet_parts, workbook_archive
from auditor.ingest.workbook.sheet_scan import LISTED, SheetScan, letters, scan_sheet
from auditor.ingest.workbook.sheet_table import SheetColumn, SheetTable, write_table

_COPY = "sheet"


def open_workbook(
    guarded: Guarded,
    needed: Collection[str],
    workspace: Workspace,
    notes: tuple[str, ...] = (),
) -> Export:
    """Open the one sheet of a workbook that holds data.

    The header is the first row that has all needed names; rows above it are titles.

    Parameters
    ----------
    guarded : Guarded
    needed : names of the columns that will be asked for
    workspace : Workspace
    notes : what was found before

    Raises
    ------
    ExportError
        When it is damaged or too large, several sheets hold data, no row has the needed names, or
        there are error cells, formulas without a stored result or merged cells in the table.
    """
    with workbook_archive(guarded) as archive:
        scans = [scan_sheet(archive, part, guarded) for part in sheet_parts(archive, guarded)]
    scan = _chosen(scans, guarded)
    table = write_table(guarded, scan, needed, workspace, _COPY)
    if problems := list(_problems(scan, table)):
        raise ExportError.of(problems)
    path = workspace.directory / _COPY
    text = PlainText(path=path, shown=guarded.shown, facts=text_facts(path, guarded.shown))
    header = Record(["header"] * len(table.columns), 1, 1)
    head = Head(delimiter=",", header=header, rows=(), blank_lines=0)
    relation = _typed(text_relation(text, head, _names(table), workspace), table.columns)

    def settle(survey: Survey) -> tuple[str, ...]:
        account(relation, text, head, survey)
        return ()

    return Export(
        guarded=guarded,
        relation=relation,
        settle=settle,
        places=table.places,
        notes=(*notes, *_notes(scan, scans, table)),
    )


def _names(table: SheetTable) -> tuple[str, ...]:
    return tuple(column.name for column in table.columns)


def _typed(relation: Relation, columns: Sequence[SheetColumn]) -> Relation:
    """Say of each column what its cells were before they became text."""
    found: dict[str, Column] = {}
    for column in columns:
        found[column.name] = replace(
            relation.columns[column.name],
            typed=not column.has_text,
            refused="it holds durations" if column.has_durations else None,
            inexact_rows=tuple(column.inexact),
        )
    return replace(relation, columns=found)


def _chosen(scans: Sequence[SheetScan], guarded: Guarded) -> SheetScan:
    """Take the only sheet with data; of several, the only one that is not hidden."""
    filled = [scan for scan in scans if scan.last_row]
    visible = [scan for scan in filled if not scan.part.hidden] or filled
    if len(visible) == 1:
        return visible[0]
    if not visible:
        raise ExportError(
            "the workbook holds no data",
            slug="empty-file",
            where=Where(guarded.shown),
            hint="export it again",
        )
    names = ", ".join(repr(scan.part.name) for scan in visible)
    raise ExportError(
        f"{len(visible)} sheets hold data: {names}",
        slug="several-sheets",
        where=Where(guarded.shown),
        hint="save the sheet with the decisions as a file of its own",
    )


def _problems(scan: SheetScan, table: SheetTable) -> Iterator[Problem]:
    """Cells that would read as empty, or stand for more than one row."""
    for places, message, hint in (
        (
            scan.errors,
            "the cell holds an error such as #N/A",
            "mend the formula, or clear the cell",
        ),
        (
            scan.unfinished,
            "the cell holds a formula without a stored result",
            "open the workbook in a spreadsheet program and save it",
        ),
    ):
        slug = "error-cell" if places is scan.errors else "formula-without-result"
        for place in places[:LISTED]:
            yield Problem(message=message, slug=slug, where=table.address(*place), hint=hint)
        if len(places) > LISTED:
            yield Problem(message=f"only the first {LISTED} are listed", slug=slug)
    for first, (row, column) in scan.merged:
        if row >= table.header_row:
            yield Problem(
                message=f"cells down to {letters(column)}{row} are merged into one",
                slug="merged-cells",
                where=table.address(*first),
                hint="unmerge them and fill in every cell",
            )


def _notes(scan: SheetScan, scans: Sequence[SheetScan], table: SheetTable) -> Iterator[str]:
    yield f"The sheet {scan.part.name!r} was read; its column names are in row {table.header_row}."
    if scan.part.hidden:
        yield "That sheet is hidden."
    if table.title_rows:
        yield f"Rows above the column names, taken for titles: {table.title_rows}."
    if table.blank_rows:
        yield f"Rows without any value, skipped: {table.blank_rows:,}."
    if scan.hidden_rows:
        yield f"Hidden rows, read like all others: {scan.hidden_rows:,}."
    if scan.hidden_columns:
        yield f"Hidden columns, read like all others: {scan.hidden_columns:,}."
    for other in scans:
        if other is not scan and other.last_row:
            yield f"The hidden sheet {other.part.name!r} holds data too and was not read."
