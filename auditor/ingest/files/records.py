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


TOO_LONG = "line larger than field limit"
"""Says the same as the csv module's error at a cell that is too long."""


@dataclass(frozen=True, slots=True)
class Record:
    """Cells of one record and the physical lines (from 1) that it starts and ends in."""

    cells: list[str]
    line: int
    last_line: int


@contextmanager
def opened_text(path: Path) -> Iterator[io.TextIOWrapper]:
    """Open a text in UTF-8 as it stands there, but for a byte order mark."""
    # The csv module keeps its limit for the whole process; the default is 131,072.
    limit = csv.field_size_limit(LONGEST)
    try:
        with path.open(encoding="utf-8-sig", newline="") as file:
            yield file
    finally:
        csv.field_size_limit(limit)


def physical_lines(file: io.TextIOWrapper) -> Iterator[str]:
    """Lines with their line ends.

    Raises
    ------
    csv.Error
        At a line over ``LONGEST``, before it takes memory.
    """
    while line := file.readline(LONGEST + 1):
        if len(line) > LONGEST:
            raise csv.Error(TOO_LONG)
        yield line


def records(lines: Iterable[str], delimiter: str, *, strict: bool = True) -> Iterator[Record]:
    """Read records as DuckDB tells them apart; blank lines are no records, but count as lines.

    Parameters
    ----------
    lines : physical lines with their line ends
    delimiter : str
    strict : whether a quote that is closed in mid-cell, or never, is an error

    Raises
    ------
    csv.Error
        At such a quote, and at a line or cell over ``LONGEST`` that comes from `physical_lines`.

    Examples
    --------
    >>> [(r.cells, r.line) for r in records(["a,b", "", "1,2"], ",")]
    [(['a', 'b'], 1), (['1', '2'], 3)]
    """
    # A quote after spaces opens a cell, as for DuckDB.
    reader = csv.reader(lines, delimiter=delimiter, strict=strict, skipinitialspace=True)
    before = 0
    for cells in reader:
        if cells:
            yield Record(cells, before + 1, reader.line_num)
        before = reader.line_num
