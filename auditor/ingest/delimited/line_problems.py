"""Lines of a text that are no rows, found one by one after DuckDB refused some."""

from __future__ import annotations

import csv
import itertools
from collections.abc import Iterable, Iterator
from contextlib import suppress

from auditor.errors import Problem, Where
from auditor.ingest.delimited.dialect import DELIMITERS, Head
from auditor.ingest.files.recode import PlainText
from auditor.ingest.files.records import (
    LONGEST,
    TOO_LONG,
    Record,
    opened_text,
    physical_lines,
    records,
)

LISTED = 100
_WINDOW = 1_000
"""Physical lines in which an opening quote is looked for."""


def line_problems(text: PlainText, head: Head) -> list[Problem]:
    """List the lines that are no rows, at most ``LISTED``.

    After a broken quote nothing below it can be told apart, so the list ends there.
    """
    with opened_text(text.path) as file:
        found = list(itertools.islice(_problems(physical_lines(file), text, head), LISTED + 1))
    if len(found) > LISTED:
        found[LISTED] = Problem(
            message=f"only the first {LISTED} problems are listed", slug=found[0].slug
        )
    return found


def _problems(lines: Iterable[str], text: PlainText, head: Head) -> Iterator[Problem]:
    last = 0
    try:
        for record in records(lines, head.delimiter):
            last = record.last_line
            if record.line > head.header.last_line and (wrong := _wrong(record, text, head)):
                yield wrong
    except csv.Error as error:
        yield _broken_quote(str(error), last, text, head)


def _wrong(record: Record, text: PlainText, head: Head) -> Problem | None:
    """Say what is wrong with one record."""
    cells, width = record.cells, len(head.header.cells)
    where = Where(text.shown, record.line)
    if sum(len(cell.encode()) for cell in cells) > LONGEST:
        return _too_long(where)
    if len(cells) == width:
        return None
    first = cells[0].strip()
    if len(cells) == 1 and not first:
        return Problem(
            message="the line holds only white space",
            slug="short-row",
            where=where,
            hint="delete it",
        )
    if first.startswith("#"):
        return Problem(
            message="the line starts with '#', like a comment",
            slug="short-row" if len(cells) < width else "long-row",
            where=where,
            hint="delete it; every line below the header must be a row",
        )
    if other := _other_delimiter(cells, head):
        return Problem(
            message=f"the row is separated by {DELIMITERS[other]}, the column names by "
            f"{DELIMITERS[head.delimiter]}",
            slug="delimiter-mixed",
            where=where,
            hint="export the file again with one delimiter",
        )
    counted = f"the row has {len(cells)} cells, the header {width}"
    if len(cells) > width:
        return Problem(
            message=counted,
            slug="long-row",
            where=where,
            hint=f"a cell that holds {head.delimiter!r} must stand in double quotes",
        )
    cut = record.last_line == text.facts.lines and not text.facts.closed
    return Problem(
        message=f"{counted}; the file may be cut off here" if cut else counted,
        slug="short-row",
        where=where,
        hint="export the file again; a line break inside a cell needs double quotes around it",
    )


def _other_delimiter(cells: list[str], head: Head) -> str | None:
    """Delimiter under which a row would be as wide as the header."""
    line = head.delimiter.join(cells)
    for other in DELIMITERS:
        if other != head.delimiter and line.count(other) + 1 == len(head.header.cells) > 2:
            return other
    return None


def _broken_quote(said: str, last: int, text: PlainText, head: Head) -> Problem:
    """Say what is wrong with the quotes of the row below line ``last``."""
    window: list[str] = []
    with opened_text(text.path) as file:
        lines = physical_lines(file)
        with suppress(csv.Error):
            window.extend(itertools.islice(lines, last, last + _WINDOW))
        blank = sum(1 for _ in itertools.takewhile(lambda line: not line.strip("\r\n"), window))
        first = last + blank + 1
        if "expected after" in said:
            return Problem(
                message="a quoted cell of this row goes on after its closing quote",
                slug="broken-quote",
                where=Where(text.shown, first),
                hint='write a quote inside a quoted cell as ""; nothing below was checked',
            )
        # The cell that is open at the end of the window is the one whose quote is not closed.
        rows = records(window[blank:], head.delimiter, strict=False)
        *before, _ = next(rows, Record([""], 1, 1)).cells
        where = Where(text.shown, first + sum(cell.count("\n") for cell in before))
        if said == TOO_LONG or ("limit" in said and _has_quote(window[blank + 1 :], lines)):
            return _too_long(where)
    return Problem(
        message="a quote opens here and is never closed",
        slug="unclosed-quote",
        where=where,
        hint='close it, or write a quote inside a quoted cell as ""',
    )


def _has_quote(*lines: Iterable[str]) -> bool:
    try:
        return any('"' in line for line in itertools.chain(*lines))
    except csv.Error:
        return True  # a line too long to look into


def _too_long(where: Where) -> Problem:
    return Problem(
        message=f"the row that starts here is longer than {LONGEST:,} bytes",
        slug="row-too-long",
        where=where,
        hint="a quote in it may never be closed; else leave the column with the long text out",
    )
