"""Rows inside a cell: two stray quotes make one cell of all that stands between them.

No reader sees that, and the lines still add up. What gives it away is the shape of the cell: its
first and last line have as many delimiters as are left and right of it in a row, and what stands
between them are values that the columns hold elsewhere.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING

from auditor.errors import ExportError, Problem
from auditor.ingest.table.columns import literal
from auditor.ingest.table.line_breaks import ROW_LIKE, LineBreaks, line_breaks_sql
from auditor.ingest.table.relation import Relation

if TYPE_CHECKING:
    from auditor.ingest.table.survey import Places

_LOOKED_AT = 50
_ROWS_OF_A_CELL = 20


def refuse_swallowed(
    relation: Relation, line_breaks: LineBreaks, places: Places
) -> tuple[str, ...]:
    """Refuse a text in which cells hold rows; say what other cells with line breaks there are.

    Parameters
    ----------
    relation : Relation of a delimited text
    line_breaks : those inside its cells
    places : Places

    Raises
    ------
    ExportError
    """
    notes = (f"Rows with line breaks inside a cell: {line_breaks.rows:,}; each is one row.",)
    suspects = line_breaks.row_like[:_LOOKED_AT]
    if not suspects.size:
        return notes
    row_like = f"{line_breaks_sql(relation)} >= {ROW_LIKE}"
    found = relation.fetch(f"SELECT * FROM source WHERE {row_like} LIMIT {_LOOKED_AT}")
    inside = [list(_inside(relation, cells)) for cells in found]
    known = _known(relation, {pair for pairs in inside for pair in pairs})
    guilty = [n for n, pairs in enumerate(inside) if known.intersection(pairs)]
    if not guilty:
        return (
            *notes,
            "Rows with a cell that is shaped like rows but holds other values, read as cells: "
            f"{len(line_breaks.row_like):,}.",
        )
    raise ExportError.of(
        Problem(
            message="a cell of the row that starts here holds whole rows",
            slug="swallowed-rows",
            where=where,
            hint='a stray quote opens it and another closes it; write a quote inside a cell as ""',
        )
        for where in places(suspects[guilty], None)
    )


def _inside(relation: Relation, cells: Sequence[str]) -> Iterator[tuple[int, str]]:
    """Column and value of the cells that the lines inside a cell would be, were they rows."""
    width = len(cells)
    for n, cell in enumerate(cells):
        if "\n" not in cell:
            continue
        first, *middle, last = cell.replace("\r\n", "\n").split("\n")
        yield from enumerate(_split(first, relation)[1:], start=n + 1)
        yield from enumerate(_split(last, relation)[:-1])
        for line in middle[:_ROWS_OF_A_CELL]:
            if len(row := _split(line, relation)) == width:
                yield from enumerate(row)


def _split(line: str, relation: Relation) -> list[str]:
    return line.split(relation.delimiter)


def _known(relation: Relation, pairs: set[tuple[int, str]]) -> set[tuple[int, str]]:
    """Those of the values that are a cell of their column somewhere."""
    values: dict[int, list[str]] = {}
    for n, value in sorted(pairs):
        if value.strip() and n < len(relation.cells):
            values.setdefault(n, []).append(literal(value))
    if not values:
        return set()
    wanted = ", ".join(
        f"list(DISTINCT {relation.cells[n]}) FILTER ({relation.cells[n]} IN ({', '.join(found)}))"
        for n, found in values.items()
    )
    (lists,) = relation.fetch(f"SELECT {wanted} FROM source")
    return {(n, text) for n, found in zip(values, lists, strict=True) for text in found or ()}
