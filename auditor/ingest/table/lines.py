"""From the rows of an export to lines of codes and numbers, without a Python object per row."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np

from auditor.errors import ExportError, Where
from auditor.ingest.raw import NumberColumn, Request, TextColumn
from auditor.ingest.table.columns import Column
from auditor.ingest.table.relation import Relation
from auditor.ingest.table.survey import Survey, id_text
from auditor.ingest.values import value_text

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from auditor.vocabulary import IntArray

MAX_LEVELS = 1_000_000
"""More distinct texts than any column of groups, outcomes or strata has."""

_SAMPLE = 1_000_000
"""Rows that say whether combinations are fewer than rows; a smaller file has few anyway."""


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Lines:
    """The requested columns, one entry a line; ``ids`` and ``persons`` only when lines are rows."""

    rows: IntArray
    texts: dict[str, TextColumn]
    numbers: dict[str, NumberColumn | TextColumn]
    ids: Callable[[IntArray], Sequence[str]] | None
    persons: NDArray[np.uint64] | None = None


def read_lines(relation: Relation, request: Request, survey: Survey, dropped: IntArray) -> Lines:
    """Read the requested columns.

    The values go into a table of DuckDB first: one line a row, or one for each distinct
    combination with its count. So the file is read once, and texts become codes there. Rows that
    are nearly all different (a score with all its digits) stay rows, which is faster.

    Parameters
    ----------
    relation : Relation
    request : Request
    survey : of the same request
    dropped : rows to leave out, which also stand in the table ``dropped``

    Raises
    ------
    ExportError
        When the file cannot be read to its end, or a column holds more than ``MAX_LEVELS`` texts.
    """
    texts = {name: (f"t{n}", relation.column(name)) for n, name in enumerate(request.texts)}
    numbers = {name: (f"n{n}", relation.column(name)) for n, name in enumerate(request.numbers)}
    typed = {name for name in numbers if _is_typed(relation.column(name), name, survey)}
    wanted = [f"{column.value} AS {cell}" for cell, column in texts.values()]
    for name, (cell, column) in numbers.items():
        wanted.append(f"{column.number if name in typed else column.value} AS {cell}")
    if request.person is not None:
        wanted.append(f"{relation.column(request.person).same} AS person")
    if request.rows or request.person or _nearly_all_differ(relation, survey, wanted):
        _store_rows(relation, request, wanted, survey, dropped)
    else:
        _store_combinations(relation, wanted, dropped)
    lines = Lines(
        rows=relation.arrays("SELECT n FROM lines")["n"],
        texts={name: _texts(relation, name, *found) for name, found in texts.items()},
        numbers={
            name: _numbers(relation, *found) if name in typed else _any_texts(relation, *found)
            for name, found in numbers.items()
        },
        ids=_ids(relation) if request.rows and request.ids else None,
        persons=relation.arrays("SELECT person FROM lines")["person"] if request.person else None,
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


def _is_typed(column: Column, name: str, survey: Survey) -> bool:
    """Whether every cell of a column of numbers is one, or missing."""
    return column.is_numeric or (column.is_text and name not in survey.not_numbers)


def _nearly_all_differ(relation: Relation, survey: Survey, wanted: Sequence[str]) -> bool:
    if survey.rows <= _SAMPLE:
        return False
    sample = f"SELECT {', '.join(wanted)} FROM source LIMIT {_SAMPLE}"
    distinct = relation.fetch(f"SELECT count(*) FROM (SELECT DISTINCT * FROM ({sample}))")
    return int(distinct[0][0]) > _SAMPLE / 2


def _store_rows(
    relation: Relation,
    request: Request,
    wanted: Sequence[str],
    survey: Survey,
    dropped: IntArray,
) -> None:
    cells = [*wanted, "CAST(1 AS BIGINT) AS n"]
    if request.ids:
        key = id_text(relation, request)
        cells += [f"{key} AS id"] if request.rows else []
        cells += [f"hash({key}) AS id_hash"] if dropped.size else []
    relation.run(f"CREATE TEMP TABLE lines AS SELECT {', '.join(cells)} FROM source")
    if dropped.size:
        # Rows are left out by position: they must stand where the survey has seen them.
        stored = relation.arrays("SELECT id_hash FROM lines")["id_hash"]
        if survey.id_hash is None or not np.array_equal(stored, survey.id_hash):
            raise ExportError(
                "the rows came in another order when they were read again",
                slug="rows-lost",
                where=Where(relation.shown),
            )
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


def _any_texts(relation: Relation, cell: str, column: Column) -> TextColumn:
    """Texts of a column in which numbers were expected, however many there are."""
    _store_levels(relation, cell)
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


def _numbers(relation: Relation, cell: str, column: Column) -> NumberColumn:
    values = relation.arrays(f"SELECT {cell} FROM lines")[cell]
    return NumberColumn(values=values.astype(np.float64), single=column.type == "FLOAT")


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
