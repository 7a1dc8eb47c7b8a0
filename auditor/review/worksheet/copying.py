"""A hidden sheet that repeats the locked cells: what stood in one that somebody changed."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import astuple, dataclass, fields
from itertools import islice
from typing import TYPE_CHECKING, Any

from auditor.review.worksheet.cells import text_of
from auditor.review.worksheet.columns import FORMAT, STEPS
from auditor.review.worksheet.marks import Origin, cell_text, identity_in, mark_of

if TYPE_CHECKING:
    from auditor.review.worksheet.making import Made

COPY = "As exported"

_BEGINS_WITHIN = 20
"""Rows in which it begins: a program may write the name of a table above."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Copy:
    """What a worksheet showed when it was written: its rows by their marks, and the other way.

    A row counts only where its mark fits it: this sheet can be changed as well.
    """

    origin: Origin
    features: tuple[str, ...]
    rows: Mapping[str, tuple[str, ...]]
    marks: Mapping[tuple[str, ...], str]


def copied(made: Made) -> Iterator[tuple[str, ...]]:
    """Rows of the hidden sheet."""
    yield FORMAT, *astuple(made.origin)
    yield FORMAT, *made.features
    for cells, mark in made.rows:
        yield mark, *cells


def read_copy(rows: Iterable[list[Any]], lead: int) -> Copy | None:
    """Read the cells of a hidden sheet; None where it is no such sheet any more.

    Parameters
    ----------
    rows : of its cells
    lead : int
        How many locked columns stand in front of the evidence.
    """
    lines = (tuple(cell_text(text_of(cell)) for cell in row) for row in rows)
    first = next((line for line in islice(lines, _BEGINS_WITHIN) if line[:1] == (FORMAT,)), ())
    _, step, role, reader, ledger, result = _wide(first, 1 + len(fields(Origin)))
    begin, *features = _trimmed(next(lines, ()))
    if begin != FORMAT or step not in STEPS:
        return None
    origin = Origin(step=step, role=role, reader=reader, ledger=ledger, result=result)
    titles = tuple(features)
    found = {}
    for line in lines:
        mark, *cells = _wide(line, 1 + lead + len(titles))
        if mark == mark_of(origin, identity_in(mark) or "", titles, cells):
            found[mark] = tuple(cells)
    marks = {cells: mark for mark, cells in found.items()}
    return Copy(origin=origin, features=titles, rows=found, marks=marks) if found else None


def _wide(line: tuple[str, ...], width: int) -> tuple[str, ...]:
    return (*line, *[""] * (width - len(line)))[:width]


def _trimmed(line: tuple[str, ...]) -> tuple[str, ...]:
    while len(line) > 1 and not line[-1]:
        line = line[:-1]
    return line or ("",)
