"""What may be wrong with single rows of an export, as conditions that DuckDB evaluates."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass

from auditor.ingest.files.records import LONGEST
from auditor.ingest.raw import Request
from auditor.ingest.table.columns import Column, is_blank, joined, literal
from auditor.ingest.table.relation import Relation

_LOOKED_AT = 5
"""Columns in which a repeated header is looked for when a request names none."""

_TOTALS = ("total", "totals", "total:", "totals:", "subtotal", "grand total", "sum")
_SCIENTIFIC = r"\s*\d([.,]\d+)?E\+\d+\s*"


@dataclass(frozen=True, slots=True, kw_only=True)
class RowCheck:
    """A condition that no row may meet, and what to say of a row that does."""

    sql: str
    message: str
    slug: str
    hint: str
    column: str | None = None


def row_checks(relation: Relation, request: Request) -> Iterator[RowCheck]:
    """Conditions for the columns of a request; a row is reported under the first that it meets."""
    if relation.unnamed:
        yield RowCheck(
            sql=_any(f"NOT {is_blank(cell)}" for cell in relation.unnamed),
            message="a value stands in a column that has no name",
            slug="empty-column-name",
            hint="name the column, or leave it out of the export",
        )
    if repeated := _repeated_header(relation, request):
        yield RowCheck(
            sql=repeated,
            message="the column names are repeated here",
            slug="repeated-header",
            hint="several exports were joined; audit them one by one, or delete the line",
        )
    asked = [relation.column(name) for name in request.columns]
    if relation.delimiter is None and (long := [c.sql for c in asked if c.is_text]):
        # A text has its longest record; in other files a cell may be written small and read huge.
        yield RowCheck(
            sql=_any(f"strlen({cell}) > {LONGEST}" for cell in dict.fromkeys(long)),
            message=f"a cell of the row is longer than {LONGEST:,} bytes",
            slug="row-too-long",
            hint="name columns that hold groups, outcomes and numbers",
        )
    if request.ids:
        yield from _id_checks(request.ids[0], [relation.column(name) for name in request.ids])


def inexact_id(name: str, sql: str = "false") -> RowCheck:
    """Say that a number is no id: the file does not keep its last digits."""
    return RowCheck(
        sql=sql,
        message="the id is stored as a decimal number that cannot hold every digit",
        slug="id-not-exact",
        hint="write the id column as text",
        column=name,
    )


def _id_checks(name: str, columns: Sequence[Column]) -> Iterator[RowCheck]:
    texts = [column.id_text for column in columns]
    as_text = [column.id_text for column in columns if column.is_text]
    if floats := [column.inexact for column in columns if column.is_float]:
        yield inexact_id(name, _any(floats))
    yield RowCheck(
        sql=_any(map(is_blank, texts)),
        message="the row has no id",
        slug="id-missing",
        hint="delete lines of totals and footers; every other row needs the id of its decision",
        column=name,
    )
    if not as_text:
        return
    totals = ", ".join(map(literal, _TOTALS))
    yield RowCheck(
        # Totals begin with g, s or t; lower() on every id would cost more than all else here.
        sql=_any(
            f"CASE WHEN {text} < 'G' OR {text} >= 'u' THEN false "
            f"ELSE lower({text}) IN ({totals}) END"
            for text in as_text
        ),
        message="this is a line of totals, not a decision",
        slug="total-row",
        hint="delete it",
        column=name,
    )
    yield RowCheck(
        sql=_any(
            f"CASE WHEN contains({text}, 'E+') "
            f"THEN regexp_full_match({text}, {literal(_SCIENTIFIC)}) ELSE false END"
            for text in as_text
        ),
        message="a spreadsheet has cut the digits of this id (such as 1.23E+15)",
        slug="id-not-exact",
        hint="export the id column as text",
        column=name,
    )


def _any(conditions: Iterable[str]) -> str:
    return joined("OR", [f"({condition})" for condition in conditions])


def _repeated_header(relation: Relation, request: Request) -> str | None:
    """Condition that a row holds column names, in this order or another, where values belong."""
    # The first decides for nearly all rows, so it is no id: no two of those are the same text.
    asked = [*request.texts, *request.numbers, *request.ids]
    texts = [column for name in asked if (column := relation.column(name)).is_text]
    if len(texts) < 2:
        texts = [column for column in relation.columns.values() if column.is_text][:_LOOKED_AT]
    if len(texts) < 2:
        return None
    names = ", ".join(map(literal, sorted({*relation.columns, *relation.header})))
    first, *rest = (f"{column.sql} IN ({names})" for column in texts)
    return f"(CASE WHEN {first} THEN {joined('AND', rest)} ELSE false END)"
