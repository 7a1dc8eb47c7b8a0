from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from pathlib import Path
from typing import TypeAlias

from auditor.errors import DecisionError, Where
from auditor.ingest.header import clean_name
from auditor.ingest.opening import open_export
from auditor.ingest.profile.model import Profile
from auditor.ingest.raw import Request
from auditor.ingest.rewriting.parquet import parquet_bytes
from auditor.ingest.rewriting.text import Plan, table_bytes, text_bytes
from auditor.ingest.table.export import NOTHING, Export
from auditor.ingest.table.lines import texts_of
from auditor.ingest.table.survey import id_text

Change: TypeAlias = Callable[[str, str, bool, tuple[str, ...]], tuple[str | None, tuple[str, ...]]]
"""From the id, the text of the changing cell, whether that is the text of a value, and the added
cells as an earlier time left them (empty ones otherwise), to the cell's new text (None: as it is)
and the texts of the added cells."""

_AT_ONCE = 10_000


@dataclass(frozen=True, slots=True, kw_only=True)
class Rewritten:
    """The file that an export became: its bytes, what kind of file that is, and notes."""

    content: bytes
    kind: str
    rows: int
    notes: tuple[str, ...]


def rewrite(
    path: str | Path,
    profile: Profile,
    change: Change,
    added: tuple[str, ...],
    *,
    sha256: str,
    encoding: str | None = None,
) -> Rewritten:
    """Write an export again with the cells of its outcome changed and columns added.

    Delimited text keeps its delimiter, encoding and line ends, Parquet its columns and types but
    for the outcome's, which becomes text; a workbook becomes a CSV file. Columns of the added
    names, from an earlier time, are written anew.

    Parameters
    ----------
    path : of the export
    profile : Profile
        With an outcome column and ids.
    change : see `Change`
    added : names of the new columns
    sha256 : of the export that is meant
    encoding : of a text that is not UTF-8

    Raises
    ------
    DecisionError
        When it is another export.
    ExportError, PathError, UsageError
        As reading raises them.
    """
    outcome = profile.outcome
    if outcome is None:
        raise ValueError("without an outcome column nothing can be written")
    needed = (*profile.ids, outcome.column)
    request = replace(NOTHING, ids=profile.ids, texts=(outcome.column,), rows=True)
    request = replace(request, duplicates=profile.duplicates)
    with open_export(path, encoding=encoding, needed=needed) as export:
        if export.guarded.sha256 != sha256:
            raise DecisionError(
                "this is not the export that the result was made of",
                slug="another-export",
                where=Where(export.guarded.shown),
                hint="name the file that was audited, as it was then",
            )
        found, notes = export.survey(request)
        plan = _plan(export, outcome.column, added)
        changes = _changes(export, request, outcome.column, change, added)
        if export.guarded.text is not None:
            content, kind = text_bytes(export.guarded, plan, changes, found.rows), "text"
        elif export.guarded.kind == "parquet":
            content, kind = parquet_bytes(export, plan, list(changes)), "parquet"
        else:
            cells = _table(export)
            content, kind = table_bytes(plan, cells, changes), "text"
            notes = (*notes, "The workbook is written as a CSV file, in UTF-8 with commas.")
        export.guarded.check_unchanged()
    return Rewritten(content=content, kind=kind, rows=found.rows, notes=(*export.notes, *notes))


def _plan(export: Export, outcome: str, added: tuple[str, ...]) -> Plan:
    names = list(export.names)
    kept = tuple(n for n, name in enumerate(names) if name not in added)
    return Plan(
        names=tuple(names),
        outcome=names.index(clean_name(outcome)),
        kept=kept,
        added=added,
        delimiter=export.relation.delimiter or ",",
    )


def _changes(
    export: Export, request: Request, outcome: str, change: Change, added: tuple[str, ...]
) -> Iterator[tuple[str, str | None, tuple[str, ...]]]:
    """Outcome as it was read, its new text, and the added cells, row by row."""
    relation = export.relation
    column = relation.column(outcome)
    known = {n: relation.columns[name] for n, name in enumerate(added) if name in relation.columns}
    read = ", ".join(one.value for one in (column, *known.values()))
    cursor = relation.workspace.con.execute(
        f"SELECT {id_text(relation, request)} AS id, {read} FROM source"
    )
    while rows := cursor.fetchmany(_AT_ONCE):
        ids, *values = zip(*rows, strict=True)
        texts = list(texts_of(values[0], column))
        before = [[""] * len(rows) for _ in added]
        for (n, one), cells in zip(known.items(), values[1:], strict=True):
            before[n] = [cell or "" for cell in texts_of(cells, one)]
        for decision, text, *earlier in zip(ids, texts, *before, strict=True):
            typed = column.typed or text is None
            new, more = change(decision, text or "", typed, tuple(earlier))
            yield text or "", new, more


def _table(export: Export) -> list[tuple[str, ...]]:
    """Rows of a workbook as texts."""
    relation = export.relation
    columns = list(relation.columns.values())
    rows = relation.fetch(f"SELECT {', '.join(column.value for column in columns)} FROM source")
    parts = [texts_of([row[n] for row in rows], column) for n, column in enumerate(columns)]
    return [tuple(cell or "" for cell in cells) for cells in zip(*parts, strict=True)]
