"""Raw values that stop a run: each one with its rows and its first place."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from auditor.documents import shown
from auditor.errors import Problem, Where

if TYPE_CHECKING:
    from auditor.ingest.raw import RawTable, TextColumn
    from auditor.vocabulary import IntArray

MAX_LISTED = 200
"""More unexpected values than this in one column: it is another column than it was taken for."""

MAX_PLACED = 10
"""Values of a column whose first place is looked up; each may cost a second reading."""


@dataclass(frozen=True, slots=True)
class Cell:
    """A raw value as it stands, the text that it is taken for, and how many rows hold it."""

    raw: str | None
    text: str
    rows: int


def row_counts(column: TextColumn, rows: IntArray) -> IntArray:
    """Rows that hold each level of a column."""
    counts = np.zeros(len(column.levels), dtype=np.int64)
    np.add.at(counts, column.codes, rows)
    return counts


def refusals(
    raw: RawTable,
    column: str,
    cells: Iterable[Cell],
    why: Callable[[str], tuple[str, str | None]],
    *,
    slug: str,
) -> Iterator[Problem]:
    """One problem for each distinct text, the most frequent first.

    Parameters
    ----------
    raw : RawTable
    column : name of the column
    cells : what is refused
    why : end of the message, and hint, for a text
    slug : of the problems
    """
    spellings: dict[str, list[Cell]] = {}
    for cell in cells:
        spellings.setdefault(cell.text, []).append(cell)
    ordered = sorted(
        ((sum(cell.rows for cell in same), text) for text, same in spellings.items()),
        key=lambda entry: (-entry[0], entry[1]),
    )
    for n, (rows, text) in enumerate(ordered[:MAX_LISTED]):
        end, hint = why(text)
        where = Where(raw.file.path)
        if n < MAX_PLACED:
            where = raw.locate(column, max(spellings[text], key=lambda cell: cell.rows).raw)
        yield Problem(
            message=f"column {column!r} holds {shown(text) if text else 'a blank'}, {end} "
            f"({count_of(rows)})",
            slug=slug,
            where=where,
            hint=hint,
        )
    if len(ordered) > MAX_LISTED:
        rest = ordered[MAX_LISTED:]
        yield Problem(
            message=f"column {column!r} holds {len(rest):,} more such values "
            f"({count_of(sum(rows for rows, _ in rest))})",
            slug=slug,
            where=Where(raw.file.path),
            hint="so many different values: is it the right column?",
        )


def count_of(rows: int) -> str:
    """``1 row``, ``1,200 rows``."""
    return f"{rows:,} row{'' if rows == 1 else 's'}"
