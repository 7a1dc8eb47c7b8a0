"""From the rows of an export to lines of codes and numbers, without a Python object per row."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np

from auditor.errors import ExportError, Where
from auditor.ingest.columns import Column, is_blank, is_number
from auditor.ingest.raw import NumberColumn, Request, TextColumn
from auditor.ingest.relation import Relation
from auditor.ingest.survey import id_text
from auditor.ingest.values import value_text

if TYPE_CHECKING:
    from auditor.vocabulary import IntArray

MAX_LEVELS = 1_000_000
"""More distinct texts than any column of groups, outcomes or strata has."""


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Lines:
    """The requested columns, one entry a line; ``ids`` only when lines are rows."""

    rows: IntArray
    texts: dict[str, TextColumn]
    numbers: dict[str, NumberColumn | TextColumn]
    ids: Callable[[IntArray], Sequence[str]] | None


def read_lines(relation: Relation, request: Request, dropped: IntArray) -> Lines:
    """Read the requested columns.

    The raw values go into a table of DuckDB first: one line a row, or one for each distinct
    combination with its count. So the file is read once, and texts become codes there.

    Parameters
    ----------
    relation : Relation
    request : Request
    dropped : rows to leave out, which also stand in the table ``dropped``

    Raises
    ------
    ExportError
        When the file cannot be read to its end, or a column holds more than ``MAX_LEVELS`` texts.
    """
    texts = {name: (f"t{n}", relation.column(name)) for n, name in enumerate(request.texts)}
    numbers = {name: (f"n{n}", relation.column(name)) for n, name in enumerate(request.numbers)}
    wanted = [f"{column.value} AS {cell}" for cell, column in texts.values()]
    for cell, column in numbers.values():
        wanted.append(f"{column.number if column.is_numeric else column.value} AS {cell}")
    if request.rows:
        _store_rows(relation, request, wanted, dropped)
    else:
        _store_combinations(relation, wanted, dropped)
    lines = Lines(
        rows=relation.arrays("SELECT n FROM lines")["n"],
        texts={name: _texts(relation, name, *found) for name, found in texts.items()},
        numbers={name: _numbers(relation, *found) for name, found in numbers.items()},
        ids=_ids(relation) if request.rows and request.ids else None,
    )
    relation.run("DROP TABLE lines")
    return lines


def texts_of(values: Iterable[Any], column: Column) -> Iterator[str | None]:
    """Texts of values as a profile writes them; of texts, the texts themselves."""
    for value in values:
        if isinstance(value, float) and column.type == "FLOAT":
            # The shortest decimal of the short float, not the long one of its float64.
            yield value_text(np.float16(value) if column.half else np.float32(value))
        else:
            yield value_text(value)


def _store_rows(
    relation: Relation, request: Request, wanted: Iterable[str], dropped: IntArray
) -> None:
    cells = [*wanted, "CAST(1 AS BIGINT) AS n"]
    if request.ids:
        cells.append(f"{id_text(relation, request)} AS id")
    relation.run(f"CREATE TEMP TABLE lines AS SELECT {', '.join(cells)} FROM source")
    if dropped.size:
        relation.workspace.con.register("left_out", {"place": dropped})
        relation.run("DELETE FROM lines WHERE rowid IN (SELECT place FROM left_out)")


def _store_combinations(relation: Relation, wanted: Iterable[str], dropped: IntArray) -> None:
    # Sorted, so that sums over lines do not depend on how threads took turns.
    cells = [*wanted, "CAST(count(*) AS BIGINT) AS n"]
    query = f"SELECT {', '.join(cells)} FROM source GROUP BY ALL"
    if dropped.size:
        cells[-1] = "-CAST(count(*) AS BIGINT) AS n"
        query = (
            "SELECT * EXCLUDE (n), CAST(sum(n) AS BIGINT) AS n FROM"
            f" ({query} UNION ALL SELECT {', '.join(cells)} FROM dropped GROUP BY ALL)"
            " GROUP BY ALL HAVING sum(n) > 0"
        )
    relation.run(f"CREATE TEMP TABLE lines AS {query} ORDER BY ALL")


def _texts(relation: Relation, name: str, cell: str, column: Column) -> TextColumn:
    size = _store_levels(relation, cell)
    if size > MAX_LEVELS:
        raise ExportError(
            f"column {name!r} holds {size:,} different texts, more than {MAX_LEVELS:,}",
            slug="too-many-values",
            where=Where(relation.shown),
            hint="name the column that holds groups, outcomes or strata",
        )
    return _coded(relation, cell, column)


def _store_levels(relation: Relation, cell: str) -> int:
    """Put the distinct values of a stored column into the table ``levels``; say how many."""
    relation.run(
        f"CREATE OR REPLACE TEMP TABLE levels AS SELECT CAST({cell} AS VARCHAR) AS text,"
        f" any_value({cell}) AS value FROM lines WHERE {cell} IS NOT NULL GROUP BY 1"
    )
    return int(relation.fetch("SELECT count(*) FROM levels")[0][0])


def _coded(relation: Relation, cell: str, column: Column) -> TextColumn:
    """Codes of a stored column into its sorted texts, which stand in the table ``levels``."""
    relation.run("CREATE TYPE level AS ENUM (SELECT text FROM levels ORDER BY text)")
    found = [value for (value,) in relation.fetch("SELECT value FROM levels ORDER BY text")]
    codes = relation.arrays(
        f"SELECT coalesce(CAST(enum_code(CAST(CAST({cell} AS VARCHAR) AS level)) AS INTEGER),"
        f" {len(found)}) AS code FROM lines"
    )["code"]
    relation.run("DROP TYPE level")
    texts = [*texts_of(found, column), None]
    present = sorted({text for text in texts[:-1] if text is not None})
    levels: tuple[str | None, ...] = tuple(present)
    if None in texts[:-1] or (codes == len(found)).any():
        levels = (*levels, None)
    if texts[:-1] != present:
        # Values with equal texts are one level: 0.0 and -0.0.
        place = {text: n for n, text in enumerate(levels)}
        codes = np.array([place.get(text, -1) for text in texts], dtype=np.int32)[codes]
    return TextColumn(levels=levels, codes=codes, typed=column.typed)


def _numbers(relation: Relation, cell: str, column: Column) -> NumberColumn | TextColumn:
    """Numbers of a stored column; texts stay texts when one of them is no plain finite number."""
    if column.is_numeric:
        values = relation.arrays(f"SELECT {cell} FROM lines")[cell]
        return NumberColumn(values=values.astype(np.float64), single=column.type == "FLOAT")
    text = f"CAST({cell} AS VARCHAR)"
    other = f"NOT {is_number(text)} AND NOT {is_blank(text)}"
    if relation.fetch(f"SELECT count(*) FROM lines WHERE {other}")[0][0]:
        _store_levels(relation, cell)
        return _coded(relation, cell, column)
    value = f"coalesce(TRY_CAST({text} AS DOUBLE), 'nan'::DOUBLE)"
    return NumberColumn(values=relation.arrays(f"SELECT {value} AS value FROM lines")["value"])


def _ids(relation: Relation) -> Callable[[IntArray], Sequence[str]]:
    """Texts of ids by line; they stay in DuckDB, which lives as long as this function does."""
    workspace = relation.workspace
    relation.run("CREATE TEMP TABLE ids AS SELECT id FROM lines")

    def ids(lines: IntArray) -> list[str]:
        """Ids of lines, in their order; a line that does not exist is an error."""
        workspace.con.register("asked", {"line": np.asarray(lines, dtype=np.int64)})
        found = workspace.con.execute(
            "SELECT id FROM (SELECT line, row_number() OVER () AS place FROM asked)"
            " JOIN ids ON ids.rowid = line ORDER BY place"
        ).fetchall()
        if len(found) != len(lines):
            raise IndexError(f"The table has no line {max(lines)}.")
        return [text for (text,) in found]

    return ids
