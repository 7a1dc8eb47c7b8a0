"""Records of a delimited text with the very letters of their cells: blanks, quotes, line ends."""

from __future__ import annotations

import csv
import re
from collections.abc import Iterable, Iterator
from typing import NamedTuple


class RawRecord(NamedTuple):
    """One record: the blank lines in front, its cells as read and as they stand, and its end.

    The last one has no cells where blank lines end the text.
    """

    blank: str
    cells: list[str]
    raw: list[str]
    end: str


def raw_records(lines: Iterable[str], delimiter: str, *, quotes: bool) -> Iterator[RawRecord]:
    r"""Read records as `auditor.ingest.files.records.records` does, and keep how they stand there.

    Parameters
    ----------
    lines : physical lines with their line ends
    delimiter : str
    quotes : whether there is any quote in the text; else a delimiter always parts two cells

    Raises
    ------
    csv.Error
        At a quote that is closed in mid-cell, or never.

    Examples
    --------
    >>> [r.raw for r in raw_records(['a, "b"\n', "\n", ' 1,"2\n', '"",3"\n'], ",", quotes=True)]
    [['a', ' "b"'], [' 1', '"2\n"",3"']]
    """
    taken: list[str] = []
    read: Iterable[list[str]]
    if quotes:
        read = csv.reader(
            _taken(lines, taken), delimiter=delimiter, strict=True, skipinitialspace=True
        )
    else:
        read = (line.rstrip("\r\n").split(delimiter) for line in _taken(lines, taken))
    cell = re.compile(rf' *"(?:[^"]|"")*"(?={re.escape(delimiter)}|\Z)|[^{re.escape(delimiter)}]*')
    for cells in read:
        text = "".join(taken)
        said = text.lstrip("\r\n")
        if not said:
            continue
        last = taken[-1]
        end = last[len(last.rstrip("\r\n")) :]
        taken.clear()
        yield RawRecord(
            text[: len(text) - len(said)],
            cells,
            list(_cut(said[: len(said) - len(end)], cell)),
            end,
        )
    if taken:
        yield RawRecord("".join(taken), [], [], "")


def _taken(lines: Iterable[str], taken: list[str]) -> Iterator[str]:
    for line in lines:
        taken.append(line)
        yield line


def _cut(text: str, cell: re.Pattern[str]) -> Iterator[str]:
    at = 0
    while (found := cell.match(text, at)) is not None:
        yield found[0]
        at = found.end() + 1
        if at > len(text):
            return
