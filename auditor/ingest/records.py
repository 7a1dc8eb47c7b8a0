"""Records of a delimited text by the csv module: slow, strict, and with physical lines."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

LONGEST = 2_000_000
"""Bytes of the longest record that is read; DuckDB's own limit, said by name when it is met."""


@dataclass(frozen=True, slots=True)
class Record:
    """Cells of one record and the physical lines (from 1) that it starts and ends in."""

    cells: list[str]
    line: int
    last_line: int


@contextmanager
def text_lines(path: Path) -> Iterator[io.TextIOWrapper]:
    """Physical lines of a text in UTF-8 with their line ends; a byte order mark is left out."""
    # The csv module keeps its limit for the whole process; the default is 131,072.
    limit = csv.field_size_limit(LONGEST)
    try:
        with path.open(encoding="utf-8-sig", newline="") as file:
            yield file
    finally:
        csv.field_size_limit(limit)


def records(lines: Iterable[str], delimiter: str) -> Iterator[Record]:
    """Read records strictly; blank lines are no records, but count as lines.

    Raises
    ------
    csv.Error
        At a quote that is not closed or is closed in mid-cell, and at a cell over ``LONGEST`` when
        the lines come from `text_lines`.

    Examples
    --------
    >>> [(r.cells, r.line) for r in records(["a,b", "", "1,2"], ",")]
    [(['a', 'b'], 1), (['1', '2'], 3)]
    """
    reader = csv.reader(lines, delimiter=delimiter, strict=True)
    before = 0
    for cells in reader:
        if cells:
            yield Record(cells, before + 1, reader.line_num)
        before = reader.line_num
