"""Delimited text: DuckDB reads it, and every physical line of it must be accounted for."""

from __future__ import annotations

import csv
import glob
from collections.abc import Collection
from contextlib import suppress
from typing import TYPE_CHECKING

from auditor.errors import ExportError, Where
from auditor.ingest.delimited.dialect import DELIMITERS, Head, read_head
from auditor.ingest.delimited.line_problems import line_problems
from auditor.ingest.delimited.swallowed import refuse_swallowed
from auditor.ingest.files.guard import Guarded, TextFacts
from auditor.ingest.files.recode import PlainText, plain_text
from auditor.ingest.files.records import LONGEST, opened_text, physical_lines, records
from auditor.ingest.files.workspace import Workspace
from auditor.ingest.header import column_names, refuse_person_as_header, require_columns
from auditor.ingest.table.columns import Column, literal
from auditor.ingest.table.export import Export
from auditor.ingest.table.relation import Relation
from auditor.ingest.table.survey import Survey

if TYPE_CHECKING:
    from auditor.vocabulary import IntArray

BUFFER = 8_000_000
"""Bytes that DuckDB reads at once; a quarter of its default takes half the memory."""

_NEVER = "chr(0) || 'x'"
"""Stands for NULL in DuckDB, so that ``NA``, ``null`` and the blank cell stay texts. No cell can
hold it: the guard refuses NUL characters."""


def open_delimited(
    guarded: Guarded,
    facts: TextFacts,
    needed: Collection[str],
    workspace: Workspace,
    notes: tuple[str, ...] = (),
) -> Export:
    """Open a delimited text.

    Parameters
    ----------
    guarded : Guarded
    facts : what its bytes say
    needed : names of the columns that will be asked for
    workspace : Workspace
    notes : what was found before

    Raises
    ------
    ExportError
        When its delimiter or header is refused, or a needed column is missing.
    """
    text = plain_text(guarded, facts, workspace)
    head = read_head(text, needed)
    where = Where(text.shown, head.header.line)
    hint = refuse_person_as_header(
        head.header.cells, [row.cells for row in head.rows], needed, where, "line"
    )
    names = column_names(head.header.cells, where, hint)
    if hint is not None:
        notes = (*notes, f"{hint[0].upper()}{hint[1:]}.")
    if len(names) == 1:
        hint = "only one column was found: separate columns by , ; | or a tab"
    require_columns(needed, names, where, hint)
    said = f"Columns are separated by {DELIMITERS[head.delimiter]}"
    said += "; cells may stand in double quotes." if facts.quotes else "; no cell is quoted."
    return text_export(guarded, text, head, names, workspace, notes=(*notes, said, *text.notes))


def text_export(
    guarded: Guarded,
    text: PlainText,
    head: Head,
    names: tuple[str, ...],
    workspace: Workspace,
    notes: tuple[str, ...],
) -> Export:
    """Put the rows of a text behind the view ``source`` and say how they are accounted for."""
    relation = text_relation(text, head, names, workspace)
    if relation.unnamed:
        notes = (
            *notes,
            f"Columns without a name at the right end: {len(relation.unnamed)}; empty.",
        )

    def places(rows: IntArray, column: str | None) -> list[Where]:  # noqa: ARG001
        return [Where(text.shown, line) for line in _lines_of(rows, text, head)]

    def settle(survey: Survey) -> tuple[str, ...]:
        account(relation, text, head, survey)
        blank = _blank_lines(text, head, survey)
        skipped = (f"Blank lines skipped: {blank:,}.",) if blank else ()
        if survey.line_breaks is None or not survey.line_breaks.rows:
            return skipped
        return (*skipped, *refuse_swallowed(relation, survey.line_breaks, places))

    return Export(guarded=guarded, relation=relation, settle=settle, places=places, notes=notes)


def text_relation(
    text: PlainText, head: Head, names: tuple[str, ...], workspace: Workspace
) -> Relation:
    """Put the rows of a text behind the view ``source``."""
    quoted = text.facts.quotes > 0
    options = {
        "auto_detect": "false",
        "columns": "{" + ", ".join(f"'c{n}': 'VARCHAR'" for n in range(len(names))) + "}",
        "header": "true",
        "skip": str(head.header.line - 1),
        "delim": literal(head.delimiter),
        "quote": "'\"'",
        "escape": "'\"'",
        "comment": "''",
        "nullstr": _NEVER,
        "allow_quoted_nulls": "false",
        "strict_mode": "true",
        "null_padding": "false",
        # It stops at the first bad line: a table of rejects would take a kilobyte for each.
        "ignore_errors": "false",
        "max_line_size": str(LONGEST),
        "buffer_size": str(BUFFER),
        # In parallel, a line inside a quoted cell may be taken for a row.
        "parallel": "false" if quoted else "true",
        # Both would be guessed from the path.
        "compression": "'none'",
        "hive_partitioning": "false",
    }
    path = literal(glob.escape(str(text.path)))
    said = ", ".join(f"{name} = {value}" for name, value in options.items())
    workspace.con.execute(f"CREATE TEMP VIEW source AS SELECT * FROM read_csv({path}, {said})")
    return Relation(
        workspace=workspace,
        shown=text.shown,
        columns={name: Column(sql=f"c{n}") for n, name in enumerate(names) if name},
        unnamed=tuple(f"c{n}" for n, name in enumerate(names) if not name),
        header=tuple(cell for cell in head.header.cells if cell),
        delimiter=head.delimiter,
        multiline=quoted,
        explain=lambda: line_problems(text, head),
    )


def account(relation: Relation, text: PlainText, head: Head, survey: Survey) -> None:
    """Account for every physical line: header, rows, line breaks inside cells, blank lines.

    Raises
    ------
    ExportError
        When a line was lost or read twice.
    """
    breaks = survey.line_breaks.total if survey.line_breaks else 0
    blank = _blank_lines(text, head, survey)
    seen = head.header.last_line + survey.rows + breaks + blank
    if seen == text.facts.lines:
        return
    if problems := relation.explain():
        raise ExportError.of(problems)
    raise ExportError(
        f"the file has {text.facts.lines:,} lines, but {seen:,} were read",
        slug="lines-lost",
        where=Where(text.shown),
        hint="export it again with quotes around every cell",
    )


def _blank_lines(text: PlainText, head: Head, survey: Survey) -> int:
    """Blank lines between rows."""
    inside = survey.line_breaks.blank_lines if survey.line_breaks else 0
    return text.facts.blank_lines - head.blank_lines - inside


def _lines_of(rows: IntArray, text: PlainText, head: Head) -> list[int | None]:
    """Physical lines in which rows start."""
    if not text.facts.quotes and text.facts.blank_lines == head.blank_lines:
        return [int(row) + head.header.last_line + 1 for row in rows]
    wanted = set(map(int, rows))
    last = max(wanted, default=-1)
    found: dict[int, int] = {}
    with opened_text(text.path) as file, suppress(csv.Error):
        # Not strictly: DuckDB has taken spaces between a closing quote and the delimiter.
        rest = records(physical_lines(file), head.delimiter, strict=False)
        for row, record in enumerate(rest, start=-1):
            if row in wanted:
                found[row] = record.line
            if row >= last:
                break
    return [found.get(int(row)) for row in rows]
