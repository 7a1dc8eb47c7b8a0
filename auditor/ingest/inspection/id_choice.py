"""Which columns say which decision a row is, proven on every row."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace

from auditor.errors import DecisionError
from auditor.ingest.inspection.column_facts import ColumnFacts
from auditor.ingest.inspection.header_words import names_a_requisition
from auditor.ingest.inspection.roles import Guess, Role
from auditor.ingest.table.duplicates import duplicate_rows
from auditor.ingest.table.export import NOTHING, Export


@dataclass(frozen=True, slots=True, kw_only=True)
class IdChoice:
    """Columns that may identify a row together.

    ``repeats`` are the rows that equal an earlier one in every column. ``doubt`` says why an audit
    will refuse these columns; None when no two other rows have the same. ``notes`` are about the
    rows, all of which were read and accounted for; None where they were not.
    """

    columns: tuple[str, ...]
    repeats: int = 0
    doubt: str | None = None
    notes: tuple[str, ...] | None = None


def choose_id(export: Export, columns: Sequence[tuple[ColumnFacts, Guess]]) -> IdChoice | None:
    """Take the first columns that identify every row; else those that should; else none.

    Where a column of ids of applications repeats, nothing else is tried: such a file has several
    rows for one decision, and another id would count each of them.
    """
    first: IdChoice | None = None
    for names in _candidates(columns):
        found = _tried(export, names, {facts.name: facts for facts, _ in columns})
        if found.doubt is None:
            return found
        if first is None:
            first = found
            if _is_of_decisions(names, columns):
                break
    return first


def _candidates(columns: Sequence[tuple[ColumnFacts, Guess]]) -> Iterator[tuple[str, ...]]:
    def of(role: Role, *tiers: int) -> list[str]:
        return [f.name for f, g in columns if g.role is role and g.tier in tiers]

    people = of(Role.PERSON, 0)
    places = [name for name in of(Role.STRATUM, 0, 1) if names_a_requisition(name)]
    yield from ((name,) for name in (*of(Role.ID, 0), *of(Role.ID, 1), *people))
    yield from ((person, place) for person in people for place in places)
    yield from ((name,) for name in (*of(Role.ID, 2), *of(Role.ID, 3)))


def _is_of_decisions(names: tuple[str, ...], columns: Sequence[tuple[ColumnFacts, Guess]]) -> bool:
    return any(f.name in names and g.role is Role.ID and g.tier == 0 for f, g in columns)


def _tried(export: Export, names: tuple[str, ...], facts: dict[str, ColumnFacts]) -> IdChoice:
    many = 1
    for name in names:
        many *= facts[name].distinct
    rows = facts[names[0]].rows
    said = " and ".join(repr(name) for name in names)
    if many * 2 < rows:
        return IdChoice(
            columns=names,
            doubt=f"{said} cannot tell {rows:,} rows apart; one row must be one decision",
        )
    request = replace(NOTHING, ids=names, duplicates="drop-identical")
    try:
        survey, notes = export.survey(request)
        repeats = duplicate_rows(export.relation, request, survey, export.places)
    except DecisionError as error:
        return IdChoice(columns=names, doubt=f"{said} will be refused as id: {_said(error)}")
    return IdChoice(columns=names, repeats=len(repeats), notes=notes)


def _said(error: DecisionError) -> str:
    """Say the first problem, and how many there are; their places name lines, never ids."""
    problem = error.problems[0]
    place = f" ({problem.where})" if problem.where else ""
    more = len(error.problems) - 1
    return f"{problem.message}{place}{f', and {more:,} more like this' if more else ''}"
