"""Delimited text written again: same delimiter, encoding and line ends, no cell touched but one."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import TYPE_CHECKING, TypeAlias

from auditor.errors import ExportError, Where
from auditor.ingest.files.records import LONGEST, physical_lines
from auditor.ingest.rewriting.raw_records import raw_records
from auditor.ingest.values import trimmed

if TYPE_CHECKING:
    from auditor.ingest.files.guard import Guarded
    from auditor.ingest.rewriting.raw_records import RawRecord

Changes: TypeAlias = Iterator[tuple[str, str | None, tuple[str, ...]]]


@dataclass(frozen=True, slots=True, kw_only=True)
class Plan:
    """Which cells stay, which one changes, and what is added; places from 0."""

    names: tuple[str, ...]
    outcome: int
    kept: tuple[int, ...]
    added: tuple[str, ...]
    delimiter: str


def text_bytes(guarded: Guarded, plan: Plan, changes: Changes, rows: int) -> bytes:
    """Bytes of the text.

    Raises
    ------
    ExportError
        When its rows are not those that were read, or a new cell cannot be written in its encoding.
    """
    facts = guarded.text
    if facts is None:
        raise ValueError("this is no text")
    out: list[str] = []
    written = -1  # the header is no row
    limit = csv.field_size_limit(LONGEST)
    try:
        with guarded.path.open(encoding=facts.encoding, newline="") as file:
            for record in raw_records(
                physical_lines(file), plan.delimiter, quotes=facts.quotes > 0
            ):
                out.append(record.blank)
                if record.cells:
                    line = _line(record, plan, None if written < 0 else next(changes))
                    if line is None:
                        raise _lost(guarded)
                    out += (line, record.end)
                    written += 1
    except StopIteration:
        raise _lost(guarded) from None
    finally:
        csv.field_size_limit(limit)
    if written != rows:
        raise _lost(guarded)
    try:
        return "".join(out).encode(facts.encoding)
    except UnicodeEncodeError:
        raise ExportError(
            f"a new cell cannot be written in {facts.encoding}",
            slug="cell-not-in-encoding",
            where=Where(guarded.shown),
            hint="write the profile's outcomes and the names of roles in letters that it has",
        ) from None


def _line(
    record: RawRecord, plan: Plan, change: tuple[str, str | None, tuple[str, ...]] | None
) -> str | None:
    """One line without its end, every cell that stays as it stands; None where rows went astray."""
    raw, more = list(record.raw), plan.added
    if len(raw) != len(record.cells):
        return None
    if change is not None:
        was, new, more = change
        if trimmed(record.cells[plan.outcome]) != trimmed(was):
            return None
        if new is not None:
            raw[plan.outcome] = _quoted(new, plan.delimiter)
    return plan.delimiter.join([*_kept(raw, plan), *(_quoted(one, plan.delimiter) for one in more)])


def _quoted(cell: str, delimiter: str) -> str:
    """Cell as it is written: in quotes where it could be taken for something else."""
    if cell.startswith(" ") or any(sign in cell for sign in (delimiter, '"', "\r", "\n")):
        return '"' + cell.replace('"', '""') + '"'
    return cell


def table_bytes(plan: Plan, table: Iterable[tuple[str, ...]], changes: Changes) -> bytes:
    """Bytes of a CSV file in UTF-8 of the rows of another kind of file."""
    out = io.StringIO(newline="")
    writer = csv.writer(out, lineterminator="\r\n")
    writer.writerow([*_kept(list(plan.names), plan), *plan.added])
    for row, (_, new, more) in zip(table, changes, strict=True):
        cells = list(row)
        if new is not None:
            cells[plan.outcome] = new
        writer.writerow([*_kept(cells, plan), *more])
    return out.getvalue().encode()


def _kept(cells: list[str], plan: Plan) -> list[str]:
    """Cells that stay; those at the right end without a name as well."""
    return [cells[n] for n in plan.kept] + cells[len(plan.names) :]


def _lost(guarded: Guarded) -> ExportError:
    return ExportError(
        "the rows came out otherwise when they were written again",
        slug="rows-lost",
        where=Where(guarded.shown),
    )
