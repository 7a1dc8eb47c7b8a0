"""How a text separates its columns, found by what its first records agree on."""

from __future__ import annotations

import csv
import io
from collections import Counter
from collections.abc import Collection, Mapping
from dataclasses import dataclass
from typing import TypeAlias

from auditor.errors import ExportError, Where
from auditor.ingest.files.recode import PlainText
from auditor.ingest.files.records import Record, opened_text, records
from auditor.ingest.header import clean_name, looks_like_data

SAMPLE = 200
DELIMITERS = {",": "commas", ";": "semicolons", "\t": "tabs", "|": "vertical bars"}

_HEAD = 1 << 20
_LONGEST_HEADER = 64 << 10
_TITLE_ROWS = 20

_Samples: TypeAlias = Mapping[str, list[Record]]


@dataclass(frozen=True, slots=True, kw_only=True)
class Head:
    """The first records of a text under its delimiter.

    ``blank_lines`` counts those of the physical lines down to the header's last one.
    """

    delimiter: str
    header: Record
    rows: tuple[Record, ...]
    blank_lines: int


def read_head(text: PlainText, needed: Collection[str]) -> Head:
    """Find the delimiter and read the header.

    A delimiter fits when the first ``SAMPLE`` records agree on at least two columns. If several
    fit, the needed names decide, then the number of columns. If none fits, the one that the header
    and most records agree on is taken, and the data pass says which lines do not.

    Parameters
    ----------
    text : PlainText
    needed : names of columns; only used where the records leave a doubt

    Raises
    ------
    ExportError
        When the delimiter is unclear or mixed, lines stand above the header, or the header cannot
        be read.
    """
    with opened_text(text.path) as file:
        head = file.read(_HEAD)
        samples = {d: _sample(head, d, complete=len(head) < _HEAD) for d in DELIMITERS}
    samples = {d: sample for d, sample in samples.items() if sample}
    wanted = {clean_name(name) for name in needed}
    delimiter = _agreed(samples, wanted, text) or _likely(samples, text)
    _check_titles(samples, delimiter, wanted, text)
    header, *rows = samples[delimiter]
    if sum(map(len, header.cells)) > _LONGEST_HEADER:
        raise _refused(
            text,
            "the line of column names is longer than 64 KiB",
            "unreadable-header",
            "export only the columns that the audit reads",
        )
    above = io.StringIO(head, newline="").readlines()[: header.last_line]
    return Head(
        delimiter=delimiter,
        header=header,
        rows=tuple(rows),
        blank_lines=sum(not line.strip("\r\n") for line in above),
    )


def _sample(head: str, delimiter: str, *, complete: bool) -> list[Record]:
    """First records up to one that cannot be read, without one that the sample cuts off."""
    found: list[Record] = []
    try:
        for record in records(io.StringIO(head, newline=""), delimiter):
            found.append(record)
            if len(found) == SAMPLE:
                return found
    except csv.Error:
        return found
    return found if complete else found[:-1]


def _agreed(samples: _Samples, wanted: Collection[str], text: PlainText) -> str | None:
    """Delimiter under which all records have the same number of columns, two or more."""
    fits = [d for d, found in samples.items() if _width(found) > 1 and _share(found) == 1]
    named = [d for d in fits if _has(samples[d][0], wanted)]
    fits = named or fits
    widest = max((_width(samples[d]) for d in fits), default=0)
    fits = [d for d in fits if _width(samples[d]) == widest]
    if len(fits) > 1:
        words = " and ".join(DELIMITERS[d] for d in fits)
        raise _refused(
            text,
            f"the columns could be separated by {words} alike",
            "delimiter-unclear",
            "export it again, separated by commas, with quotes around cells that hold one",
        )
    return fits[0] if fits else None


def _likely(samples: _Samples, text: PlainText) -> str:
    """Delimiter to read a text with whose records do not agree; comma for a single column."""
    several = [d for d, found in samples.items() if _width(found) > 1]
    if not several and "," in samples:
        return ","
    if not several:
        raise _refused(
            text,
            "the line of column names cannot be read: it is too long, or a quote is not closed",
            "unreadable-header",
            "export the file again, separated by commas",
        )
    best = max(several, key=lambda d: (_share(samples[d]), _width(samples[d])))
    if _share(samples[best]) < 1 / 2:
        for other, found in samples.items():
            usual = Counter(len(row.cells) for row in found[1:]).most_common(1)
            if other != best and usual and usual[0][0] == _width(samples[best]):
                raise _refused(
                    text,
                    f"the column names are separated by {DELIMITERS[best]}, "
                    f"the rows by {DELIMITERS[other]}",
                    "delimiter-mixed",
                    "export it again with one delimiter",
                    line=samples[best][0].line,
                )
    return best


def _check_titles(
    samples: _Samples, delimiter: str, wanted: Collection[str], text: PlainText
) -> None:
    """Refuse a text whose column names stand below titles."""
    if wanted and _has(samples[delimiter][0], wanted):
        return
    for found in samples.values():
        for row in found[1:_TITLE_ROWS]:
            if (wanted and _has(row, wanted)) or _first_of_a_table(row, found, samples[delimiter]):
                raise _refused(
                    text,
                    f"the column names seem to stand in line {row.line}, below a title",
                    "title-rows",
                    f"delete the lines above line {row.line}",
                    line=samples[delimiter][0].line,
                )


def _first_of_a_table(row: Record, found: list[Record], chosen: list[Record]) -> bool:
    """Whether a table starts here, below lines that have no columns under any delimiter."""
    rest = found[found.index(row) :]
    return (
        _width(chosen) == 1
        and _width(rest) > 1
        and len(rest) > 1
        and _share(rest) == 1
        and all(cell.strip() for cell in row.cells)
        and not looks_like_data(row.cells, (below.cells for below in rest[1:]))
    )


def _width(found: list[Record]) -> int:
    return len(found[0].cells)


def _share(found: list[Record]) -> float:
    """Share of the records below the first that are as wide as it; 1 when there are none."""
    rows = found[1:]
    return sum(len(row.cells) == _width(found) for row in rows) / len(rows) if rows else 1


def _has(record: Record, wanted: Collection[str]) -> bool:
    return set(wanted) <= {clean_name(cell) for cell in record.cells}


def _refused(
    text: PlainText, message: str, slug: str, hint: str, line: int | None = None
) -> ExportError:
    return ExportError(message, slug=slug, where=Where(text.shown, line), hint=hint)
