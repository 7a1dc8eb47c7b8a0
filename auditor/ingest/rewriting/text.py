"""Delimited text written again: same delimiter, encoding and line ends, no cell touched but one."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import TYPE_CHECKING, TypeAlias

from auditor.errors import ExportError, Where
from auditor.ingest.files.records import LONGEST, physical_lines, records
from auditor.ingest.values import trimmed

if TYPE_CHECKING:
    from auditor.ingest.files.guard import Guarded

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
    end = facts.line_ends[0] if len(facts.line_ends) == 1 else "\r\n"
    out = io.StringIO(newline="")
    writer = csv.writer(out, delimiter=plan.delimiter, lineterminator=end)
    limit = csv.field_size_limit(LONGEST)
    try:
        with guarded.path.open(encoding=facts.encoding, newline="") as file:
            found = _records(file, plan.delimiter, quotes=facts.quotes)
            header = next(found)
            writer.writerow([*_kept(header, plan), *plan.added])
            written = 0
            for cells in found:
                was, new, more = next(changes)
                if trimmed(cells[plan.outcome]) != trimmed(was):
                    raise _lost(guarded)
                if new is not None:
                    cells[plan.outcome] = new
                writer.writerow([*_kept(cells, plan), *more])
                written += 1
    except StopIteration:
        raise _lost(guarded) from None
    finally:
        csv.field_size_limit(limit)
    if written != rows:
        raise _lost(guarded)
    try:
        return out.getvalue().encode(facts.encoding)
    except UnicodeEncodeError:
        raise ExportError(
            f"a new cell cannot be written in {facts.encoding}",
            slug="cell-not-in-encoding",
            where=Where(guarded.shown),
            hint="write the profile's outcomes and the names of roles in letters that it has",
        ) from None


def _records(file: io.TextIOWrapper, delimiter: str, *, quotes: int) -> Iterator[list[str]]:
    """Cells as they stand; only where there are quotes, spaces in front of a cell go."""
    lines = physical_lines(file)
    if quotes:
        yield from (record.cells for record in records(lines, delimiter))
    else:
        bare = (line.rstrip("\r\n") for line in lines)
        yield from (line.split(delimiter) for line in bare if line)


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
