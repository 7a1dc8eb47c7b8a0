"""Line breaks inside cells: how many lines they take up, and which cells look like rows."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from auditor.ingest.columns import joined, literal
from auditor.ingest.relation import Relation

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from auditor.vocabulary import IntArray

_BITS = 21
"""Enough for the line breaks of a record, which is shorter than 2,000,000 bytes."""

_ROW_LIKE = 2 * _BITS
_END = "chr(10)"


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class LineBreaks:
    """Line breaks inside the cells of a text.

    Parameters
    ----------
    rows : how many rows have one
    total : how many there are
    blank_lines : how many physical lines inside cells hold nothing
    row_like : rows with a cell that has the shape of rows, see `row_like`
    """

    rows: int
    total: int
    blank_lines: int
    row_like: IntArray


def line_breaks_sql(relation: Relation) -> str:
    """One number a row that holds everything about its line breaks; 0 without any."""
    return f"CAST({joined('+', list(_of_cells(relation)))} AS UBIGINT)"


def line_breaks_of(numbers: NDArray[np.uint64]) -> LineBreaks:
    """Take those numbers apart."""
    rows = np.flatnonzero(numbers)
    found = numbers[rows]
    mask = np.uint64(2**_BITS - 1)
    return LineBreaks(
        rows=len(rows),
        total=int((found & mask).sum()),
        blank_lines=int(((found >> np.uint64(_BITS)) & mask).sum()),
        row_like=rows[found >> np.uint64(_ROW_LIKE) > 0],
    )


def row_like(relation: Relation, n: int) -> str:
    """Condition that a cell begins like the end of a row and ends like the start of one.

    Its first line has as many delimiters as a row has right of column ``n`` (from 0), its last
    line as many as a row has left of it.
    """
    cell, last = relation.cells[n], len(relation.cells) - 1
    first = _delimiters(f"split_part({cell}, {_END}, 1)", relation)
    end = _delimiters(f"split_part({cell}, {_END}, -1)", relation)
    return f"(contains({cell}, {_END}) AND {first} = {last - n} AND {end} = {n})"


def _of_cells(relation: Relation) -> Iterator[str]:
    for n, cell in enumerate(relation.cells):
        plain = f"replace({cell}, chr(13), '')"
        once = f"regexp_replace({plain}, '\\n+', {_END}, 'g')"
        parts = [
            f"strlen({cell}) - strlen(replace({cell}, {_END}, ''))",
            f"(strlen({plain}) - strlen({once})) * {2**_BITS}",
        ]
        if relation.delimiter and len(relation.cells) > 1:
            parts.append(f"CAST({row_like(relation, n)} AS BIGINT) * {2**_ROW_LIKE}")
        yield f"(CASE WHEN contains({cell}, {_END}) THEN {' + '.join(parts)} ELSE 0 END)"


def _delimiters(text: str, relation: Relation) -> str:
    without = f"replace({text}, {literal(relation.delimiter or '')}, '')"
    return f"strlen({text}) - strlen({without})"
