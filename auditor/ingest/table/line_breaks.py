"""Line breaks inside cells: how many lines they take up, and which cells look like rows."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from auditor.ingest.table.columns import joined, literal
from auditor.ingest.table.relation import Relation

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from auditor.vocabulary import IntArray

ROW_LIKE = 2**42
"""In the number of a row: how many of its cells have the shape of rows. Below it stand, in 21 bits
each, its blank lines and its line breaks; a record is shorter than 2,000,000 bytes."""

_BLANK = 2**21
_FEW = 40
"""Columns up to which one expression for each is fastest; beyond, it takes minutes to plan."""

_END = "chr(10)"


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class LineBreaks:
    """Line breaks inside the cells of a text.

    Parameters
    ----------
    rows : how many rows have one
    total : how many there are
    blank_lines : how many physical lines inside cells hold nothing
    row_like : rows with a cell that begins like the end of a row and ends like the start of one:
        its first line has as many delimiters as a row has right of the cell, its last line as
        many as a row has left of it
    """

    rows: int
    total: int
    blank_lines: int
    row_like: IntArray


def line_breaks_sql(relation: Relation) -> str:
    """One number a row that holds everything about its line breaks; 0 without any."""
    cells = relation.cells
    if len(cells) <= _FEW:
        total = joined("+", [_of_cell(cell, str(n), relation) for n, cell in enumerate(cells)])
    else:
        each = _of_cell("cell", "(n - 1)", relation)
        total = f"list_sum(list_transform([{', '.join(cells)}], lambda cell, n: {each}))"
    return f"CAST({total} AS UBIGINT)"


def line_breaks_of(numbers: NDArray[np.uint64]) -> LineBreaks:
    """Take those numbers apart."""
    rows = np.flatnonzero(numbers)
    found = numbers[rows]
    return LineBreaks(
        rows=len(rows),
        total=int((found % _BLANK).sum()),
        blank_lines=int((found // _BLANK % _BLANK).sum()),
        row_like=rows[found >= ROW_LIKE],
    )


def _of_cell(cell: str, n: str, relation: Relation) -> str:
    """Make the number of a single cell in column ``n`` (from 0)."""
    plain = f"replace({cell}, chr(13), '')"
    once = f"regexp_replace({plain}, '\\n+', {_END}, 'g')"
    parts = [
        f"strlen({cell}) - strlen(replace({cell}, {_END}, ''))",
        f"(strlen({plain}) - strlen({once})) * {_BLANK}",
    ]
    last = len(relation.cells) - 1
    if relation.delimiter and last:
        first_line = _delimiters(f"split_part({cell}, {_END}, 1)", relation.delimiter)
        last_line = _delimiters(f"split_part({cell}, {_END}, -1)", relation.delimiter)
        shape = f"{first_line} = {last} - {n} AND {last_line} = {n}"
        parts.append(f"CAST(({shape}) AS BIGINT) * {ROW_LIKE}")
    return f"(CASE WHEN contains({cell}, {_END}) THEN {' + '.join(parts)} ELSE 0 END)"


def _delimiters(text: str, delimiter: str) -> str:
    return f"strlen({text}) - strlen(replace({text}, {literal(delimiter)}, ''))"
