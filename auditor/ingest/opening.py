"""The door for export files: CSV, Parquet and XLSX, told apart by their content."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterator
from contextlib import contextmanager
from pathlib import Path

from auditor.errors import AuditorError, Where
from auditor.ingest.delimited.opening import open_delimited
from auditor.ingest.files.guard import Guarded, guard
from auditor.ingest.files.workspace import Workspace
from auditor.ingest.header import clean_name
from auditor.ingest.parquet.opening import open_parquet
from auditor.ingest.raw import RawTable, Request
from auditor.ingest.table.export import Export
from auditor.ingest.workbook.opening import open_workbook

_NAMED = {
    ".csv": "text",
    ".txt": "text",
    ".tsv": "text",
    ".xlsx": "workbook",
    ".parquet": "parquet",
}
_KINDS = {"text": "delimited text", "workbook": "an Excel workbook", "parquet": "Parquet"}


def read_file(path: str | Path, request: Request) -> RawTable:
    """Read what is requested of an export file, or refuse the file.

    Every row of it ends in a line of the table or in ``dropped``.

    Parameters
    ----------
    path : str or Path
        Delimited text, Parquet or an Excel workbook; the content decides, not the name.
    request : Request

    Raises
    ------
    PathError
        When it cannot be opened or is no regular file, or a private copy cannot be written.
    UsageError
        When the declared encoding is not known.
    ExportError
        When its content cannot be read as a table with the requested columns, in whole.
    DecisionError
        When rows have no id, or the id of another row.
    """
    needed = dict.fromkeys(request.columns)
    with open_export(path, encoding=request.encoding, needed=tuple(needed)) as export:
        return export.read(request, _locator(path, request.encoding, tuple(needed), export))


@contextmanager
def open_export(
    path: str | Path, *, encoding: str | None = None, needed: Collection[str] = ()
) -> Iterator[Export]:
    """Open an export file to ask for its names, rows and values.

    Private copies of it are removed at the end.

    Parameters
    ----------
    path : str or Path
    encoding : declared encoding of a text
    needed : names of columns that it must have; in a workbook they also find the header

    Raises
    ------
    PathError, UsageError, ExportError
        As `read_file`.
    """
    guarded = guard(path, encoding)
    workspace = Workspace()
    try:
        yield _opened(guarded, needed, workspace)
    except BaseException:
        workspace.close()
        raise
    # The connection lives on with the ids of a table that was read.
    workspace.drop_copies()


def _opened(guarded: Guarded, needed: Collection[str], workspace: Workspace) -> Export:
    notes = []
    named = _NAMED.get(guarded.path.suffix.lower(), guarded.kind)
    if named != guarded.kind:
        notes.append(
            f"The name ends in {guarded.path.suffix}, but the content is {_KINDS[guarded.kind]}."
        )
    if guarded.text is not None:
        return open_delimited(guarded, guarded.text, needed, workspace, notes=tuple(notes))
    if guarded.kind == "parquet":
        return open_parquet(guarded, needed, workspace, notes=tuple(notes))
    return open_workbook(guarded, needed, workspace, notes=tuple(notes))


def _locator(
    path: str | Path, encoding: str | None, needed: Collection[str], export: Export
) -> Callable[[str, str | None], Where]:
    """Find raw values by opening the file again; once for each column that is asked about."""
    sha256, shown = export.guarded.sha256, export.guarded.shown
    found: dict[str, dict[str | None, Where]] = {}

    def locate(column: str, value: str | None) -> Where:
        name = clean_name(column)
        if name not in found:
            found[name] = {}
            try:
                with open_export(path, encoding=encoding, needed=needed) as again:
                    if again.guarded.sha256 == sha256:
                        found[name] = again.first_places(name)
            except AuditorError:
                # The place only helps; what the message is about stands without it.
                return Where(shown)
        return found[name].get(value, Where(shown))

    return locate
