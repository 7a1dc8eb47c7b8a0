"""Days of decisions: each one read as declared, none outside the declared window."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from typing import TYPE_CHECKING

from auditor.decisions import Period
from auditor.ingest.dates import day_of
from auditor.ingest.refusals import Cell, refusals, row_counts
from auditor.ingest.values import trimmed

if TYPE_CHECKING:
    from auditor.errors import Problem
    from auditor.ingest.profile.model import DateColumn
    from auditor.ingest.raw import RawTable


def period(raw: RawTable, entry: DateColumn) -> tuple[Period, list[Problem]]:
    """First and last day of an export, over all of its rows.

    Parameters
    ----------
    raw : RawTable
    entry : DateColumn

    Returns
    -------
    Period and a problem for each text that is no day in the declared format, or a day outside the
    declared window; where there is one, a blank lies outside too.
    """
    column = raw.texts[entry.column]
    counts = row_counts(column, raw.rows).tolist()
    days: list[date] = []
    missing = 0
    bad: list[Cell] = []
    outside: list[Cell] = []
    for level, rows in zip(column.levels, counts, strict=True):
        text = trimmed(level or "")
        cell = Cell(level, text, rows)
        day = day_of(text, entry.format, typed=column.typed) if text else None
        if text and day is None:
            bad.append(cell)
            continue
        if not _inside(day, entry):
            outside.append(cell)
        if day is None:
            missing += rows
        else:
            days.append(day)
    problems = [*_unreadable(raw, entry, bad), *_outside(raw, entry, outside)]
    first, last = (min(days), max(days)) if days else (None, None)
    return Period(column=entry.column, first=first, last=last, missing=missing), problems


def _inside(day: date | None, entry: DateColumn) -> bool:
    if entry.start is None and entry.until is None:
        return True
    # ISO days are ordered as texts are
    text = "" if day is None else day.isoformat()
    return bool(text) and (entry.start or text) <= text <= (entry.until or text)


def _unreadable(raw: RawTable, entry: DateColumn, cells: list[Cell]) -> Iterator[Problem]:
    hint = "correct the cell, or declare the format in which the column is written"
    why = f"which is no day in the format {entry.format}"
    return refusals(raw, entry.column, cells, lambda _: (why, hint), slug="bad-date")


def _outside(raw: RawTable, entry: DateColumn, cells: list[Cell]) -> Iterator[Problem]:
    ends = [f"from {entry.start}"] * bool(entry.start) + [f"until {entry.until}"] * bool(
        entry.until
    )
    window = " ".join(ends)

    def why(text: str) -> tuple[str, str]:
        said = "which lies outside" if text else "which is not known to lie in"
        return f"{said} the window {window}", "export the decisions of these days and no others"

    return refusals(raw, entry.column, cells, why, slug="date-outside-window")
