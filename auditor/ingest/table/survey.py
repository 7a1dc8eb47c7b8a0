"""One look at every row of an export: how many there are, and which of them are in doubt."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np

from auditor.errors import DecisionError, Problem, Where
from auditor.ingest.raw import Request
from auditor.ingest.table.columns import is_blank, is_number, joined
from auditor.ingest.table.line_breaks import LineBreaks, line_breaks_of, line_breaks_sql
from auditor.ingest.table.relation import Relation
from auditor.ingest.table.row_checks import RowCheck, inexact_id, row_checks

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from auditor.vocabulary import IntArray

Places = Callable[["IntArray", str | None], list[Where]]
"""Places of rows (counted from 0), in the order given; of the cell of a column where that helps."""

_BITS = 60

LISTED = 20
"""How many rows with the same trouble are named."""


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Survey:
    """What one pass over all rows found.

    Parameters
    ----------
    rows : int
    id_hash : uint64 array with a hash of each row's id, or None without ids
    doubts : rows that meet each check, by check; empty ones are left out
    line_breaks : those inside cells, or None where there can be none
    not_numbers : requested columns of numbers that hold a text which is no plain finite number
    """

    rows: int
    id_hash: NDArray[np.uint64] | None
    doubts: tuple[tuple[RowCheck, IntArray], ...]
    line_breaks: LineBreaks | None
    not_numbers: frozenset[str]

    def refuse_doubts(self, places: Places) -> None:
        """Refuse the export when a row met a check.

        Raises
        ------
        DecisionError
            With the first ``LISTED`` rows of each check.
        """
        problems = [
            problem for check, rows in self.doubts for problem in _said(check, rows, places)
        ]
        if problems:
            raise DecisionError.of(problems)


def survey(relation: Relation, request: Request) -> Survey:
    """Read every row once; nothing is refused yet.

    Raises
    ------
    ExportError
        When the file cannot be read to its end.
    """
    checks = tuple(row_checks(relation, request))
    bits = " + ".join(
        f"(CASE WHEN {check.sql} THEN {2**n} ELSE 0 END)" for n, check in enumerate(checks)
    )
    wanted = [f"CAST({bits or 0} AS USMALLINT) AS bits"]
    if request.ids:
        wanted.append(f"hash({id_text(relation, request)}) AS id_hash")
    if relation.multiline:
        wanted.append(f"{line_breaks_sql(relation)} AS line_breaks")
    numbers = [name for name in request.numbers if relation.column(name).is_text]
    wanted += _number_bits(relation, numbers)
    found = relation.arrays(f"SELECT {', '.join(wanted)} FROM source")
    line_breaks = found.get("line_breaks")
    return Survey(
        rows=len(found["bits"]),
        id_hash=found.get("id_hash"),
        doubts=(*_doubts(checks, found["bits"]), *_inexact(relation, request)),
        line_breaks=None if line_breaks is None else line_breaks_of(line_breaks),
        not_numbers=frozenset(_not_numbers(found, numbers)),
    )


def id_text(relation: Relation, request: Request) -> str:
    """Expression of the id of a row: its columns, joined with ``/``."""
    return " || '/' || ".join(relation.column(name).id_text for name in request.ids)


def _number_bits(relation: Relation, names: list[str]) -> Iterator[str]:
    """One bit a row for each column: whether its cell is neither a number nor blank."""
    for start in range(0, len(names), _BITS):
        bits = []
        for n, name in enumerate(names[start : start + _BITS]):
            cell = relation.column(name).sql
            other = f"NOT ({is_number(cell)} OR {is_blank(cell)})"
            bits.append(f"(CASE WHEN {other} THEN {2**n} ELSE 0 END)")
        yield f"CAST({joined('+', bits)} AS UBIGINT) AS number_bits_{start}"


def _not_numbers(found: dict[str, NDArray[Any]], names: list[str]) -> Iterator[str]:
    for start in range(0, len(names), _BITS):
        bits = int(np.bitwise_or.reduce(found[f"number_bits_{start}"], initial=0))
        for n, name in enumerate(names[start : start + _BITS]):
            if bits >> n & 1:
                yield name


def _doubts(
    checks: tuple[RowCheck, ...], bits: NDArray[np.uint16]
) -> Iterator[tuple[RowCheck, IntArray]]:
    if not bits.any():
        return
    lowest = bits & (~bits + 1)
    for n, check in enumerate(checks):
        rows = np.flatnonzero(lowest == 2**n)
        if rows.size:
            yield check, rows


def _inexact(relation: Relation, request: Request) -> Iterator[tuple[RowCheck, IntArray]]:
    """Rows whose id was a number with more digits than the file keeps."""
    for name in request.ids:
        if rows := relation.column(name).inexact_rows:
            yield inexact_id(name), np.array(rows, dtype=np.int64)


def _said(check: RowCheck, rows: IntArray, places: Places) -> Iterator[Problem]:
    listed = rows[:LISTED]
    for number, where in enumerate(places(listed, check.column)):
        yield Problem(
            message=check.message,
            slug=check.slug,
            where=where,
            hint=None if number else check.hint,
        )
    if len(rows) > LISTED:
        yield Problem(message=f"and {len(rows) - LISTED:,} more rows like these", slug=check.slug)
