"""Rows inside a cell: two stray quotes make one cell of all that stands between them.

No reader sees that, and the lines still add up. What gives it away is the shape of the cell: its
first and last line have as many delimiters as are left and right of it in a row, and what stands
between them are values that the columns hold elsewhere.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING

import numpy as np

from auditor.errors import ExportError, Problem
from auditor.ingest.columns import literal
from auditor.ingest.relation import Relation

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from auditor.ingest.survey import Places

_LOOKED_AT = 50
_ROWS_OF_A_CELL = 20


def refuse_swallowed(
    relation: Relation, breaks: NDArray[np.uint32], places: Places
) -> tuple[str, ...]:
    """Refuse a text in which cells hold rows; say what other cells with line breaks there are.

    Parameters
    ----------
    relation : Relation of a delimited text
    breaks : line breaks in the cells of each row
    places : Places

    Raises
    ------
    ExportError
    """
    n_rows = int(np.count_nonzero(breaks))
    notes: tuple[str, ...] = (f"Rows with line breaks inside a cell: {n_rows:,}; each is one row.",)
    shape = " OR ".join(f"({_shape(relation, n)})" for n in range(len(relation.cells)))
    suspects = relation.fetch(f"SELECT * FROM source WHERE {shape} LIMIT {_LOOKED_AT}")
    inside = [list(_inside(relation, cells)) for cells in suspects]
    known = _known(relation, {pair for pairs in inside for pair in pairs})
    guilty = [n for n, pairs in enumerate(inside) if known.intersection(pairs)]
    if not guilty:
        if suspects:
            notes += (
                "Cells with a line break and as many delimiters as a row has were read as cells: "
                f"{len(suspects)}{' or more' if len(suspects) == _LOOKED_AT else ''}.",
            )
        return notes
    rows = np.flatnonzero(relation.arrays(f"SELECT {shape} AS shape FROM source")["shape"])
    raise ExportError.of(
        Problem(
            message="a cell of the row that starts here holds whole rows",
            slug="swallowed-rows",
            where=where,
            hint='a stray quote opens it and another closes it; write a quote inside a cell as ""',
        )
        for where in places(rows[guilty], None)
    )


def _shape(relation: Relation, n: int) -> str:
    """Condition that cell ``n`` begins like the end of a row and ends like the start of one."""
    cell, last = relation.cells[n], len(relation.cells) - 1
    first = _delimiters(f"split_part({cell}, chr(10), 1)", relation)
    end = _delimiters(f"split_part({cell}, chr(10), -1)", relation)
    return f"contains({cell}, chr(10)) AND {first} = {last - n} AND {end} = {n}"


def _delimiters(text: str, relation: Relation) -> str:
    without = f"replace({text}, {literal(relation.delimiter or '')}, '')"
    return f"strlen({text}) - strlen({without})"


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
