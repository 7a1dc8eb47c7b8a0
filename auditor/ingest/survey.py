"""One look at every row of an export: how many there are, and which of them are in doubt."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from auditor.errors import DecisionError, Problem, Where
from auditor.ingest.raw import Request
from auditor.ingest.relation import Relation
from auditor.ingest.row_checks import RowCheck, inexact_id, row_checks

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from auditor.vocabulary import IntArray

Places = Callable[["IntArray", str | None], list[Where]]
"""Places of rows (counted from 0), in the order given; of the cell of a column where that helps."""

LISTED = 20
"""How many rows with the same trouble are named."""

_BREAKS = (
    "(CASE WHEN contains({0}, chr(10)) "
    "THEN strlen({0}) - strlen(replace({0}, chr(10), '')) ELSE 0 END)"
)
_BLANK_LINES = (
    "(CASE WHEN contains({0}, chr(10)) THEN strlen(replace({0}, chr(13), '')) - "
    "strlen(regexp_replace(replace({0}, chr(13), ''), '\\n+', chr(10), 'g')) ELSE 0 END)"
)


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Survey:
    """What one pass over all rows found.

    Parameters
    ----------
    rows : int
    id_hash : uint64 array with a hash of each row's id, or None without ids
    doubts : rows that meet each check, by check; empty ones are left out
    breaks : line breaks in the cells of each row, or None where there can be none
    blank_lines : physical lines inside cells that hold nothing
    """

    rows: int
    id_hash: NDArray[np.uint64] | None
    doubts: tuple[tuple[RowCheck, IntArray], ...]
    breaks: NDArray[np.uint32] | None
    blank_lines: int

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
        for name, sql in (("breaks", _BREAKS), ("blank_lines", _BLANK_LINES)):
            total = " + ".join(sql.format(cell) for cell in relation.cells)
            wanted.append(f"CAST({total} AS UINTEGER) AS {name}")
    found = relation.arrays(f"SELECT {', '.join(wanted)} FROM source")
    blank_lines = found.get("blank_lines")
    return Survey(
        rows=len(found["bits"]),
        id_hash=found.get("id_hash"),
        doubts=(*_doubts(checks, found["bits"]), *_inexact(relation, request)),
        breaks=found.get("breaks"),
        blank_lines=0 if blank_lines is None else int(blank_lines.sum()),
    )


def id_text(relation: Relation, request: Request) -> str:
    """Expression of the id of a row: its columns, joined with ``/``."""
    return " || '/' || ".join(relation.column(name).id_text for name in request.ids)


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
