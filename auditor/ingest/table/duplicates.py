"""Rows whose id occurred before: refused, or left out when they are equal in every column."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

import numpy as np

from auditor.errors import DecisionError, Problem, Where
from auditor.ingest.raw import Request
from auditor.ingest.table.relation import Relation
from auditor.ingest.table.survey import LISTED, Places, Survey, id_text

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from auditor.vocabulary import IntArray


_TWICE = Problem(
    message="the id of this row occurs before, in {}",
    slug="duplicate-id",
    hint="one row must be one decision; if equal rows were exported twice, declare "
    "duplicates: drop-identical",
)
_DIFFERS = Problem(
    message="the id of this row occurs before, in {}, with other values",
    slug="duplicate-id-differs",
    hint="drop-identical leaves out only rows that are equal in every column",
)


def duplicate_rows(
    relation: Relation, request: Request, survey: Survey, places: Places
) -> IntArray:
    """Rows to leave out, in order; they stay in the table ``dropped`` of the workspace.

    Rows are first compared by a hash of their ids, which costs eight bytes a row, and only those
    whose hash occurs twice by their texts. Two ids of which one is ``a/b`` and ``c`` and the other
    ``a`` and ``b/c`` are the same.

    Raises
    ------
    DecisionError
        When an id occurs twice and the profile does not say ``drop-identical``
        (``duplicate-id``), or when rows of the same id differ in any column of the export
        (``duplicate-id-differs``). Names lines, never ids.
    """
    nobody = np.array([], dtype=np.int64)
    if survey.id_hash is None:
        return nobody
    later = _later(survey.id_hash)
    if not later.size:
        return nobody
    if request.duplicates == "refuse":
        # The first ones are enough to name; all are only needed should these be equal by chance.
        for some in (later[: LISTED * 2], later):
            _store_twins(relation, request, np.unique(survey.id_hash[some]))
            _refuse(relation, places, "later > first", _TWICE, len(later))
        return nobody
    _store_twins(relation, request, np.unique(survey.id_hash[later]))
    _refuse(relation, places, "same > first", _DIFFERS)
    relation.run(
        "CREATE TEMP TABLE dropped AS SELECT * EXCLUDE (content) FROM twins"
        " WHERE row IN (SELECT later FROM pairs WHERE later > first)"
    )
    found = relation.arrays("SELECT later FROM pairs WHERE later > first ORDER BY later")
    relation.run("DROP TABLE twins")
    relation.run("DROP TABLE pairs")
    dropped: IntArray = found["later"]
    return dropped


def _later(hashes: NDArray[np.uint64]) -> IntArray:
    """Rows whose hash an earlier row has, in order."""
    ordered = np.sort(hashes)
    if not (ordered[1:] == ordered[:-1]).any():
        return np.array([], dtype=np.int64)
    # A stable order: of rows with equal hashes the first one comes first.
    order = np.argsort(hashes, kind="stable")
    ordered = hashes[order]
    return np.sort(order[1:][ordered[1:] == ordered[:-1]])


def _store_twins(relation: Relation, request: Request, repeated: NDArray[np.uint64]) -> None:
    """Put the rows with these hashes into ``twins``, and what they match into ``pairs``.

    Of each row, ``first`` is the first one with its id and ``same`` the first one that also has
    its content.
    """
    key = id_text(relation, request)
    asked = {relation.column(name).sql for name in (*request.texts, *request.numbers)}
    content, cells = "CAST(NULL AS VARCHAR[])", sorted(asked)
    if request.duplicates == "drop-identical":
        # One list, because thousands of columns to compare by would take gigabytes.
        content = f"[{', '.join(f'CAST({cell} AS VARCHAR)' for cell in relation.cells)}]"
    wanted = ", ".join([f"{key} AS id_text", f"{content} AS content", *cells])
    relation.workspace.con.register("repeated", {"hash": repeated})
    relation.run(
        # Rows are numbered before the join, which may put them into another order.
        "CREATE OR REPLACE TEMP TABLE twins AS SELECT * FROM"
        f" (SELECT row_number() OVER () - 1 AS row, {wanted} FROM source)"
        " WHERE hash(id_text) IN (SELECT hash FROM repeated)"
    )
    relation.run(
        "CREATE OR REPLACE TEMP TABLE pairs AS SELECT row AS later,"
        " min(row) OVER (PARTITION BY id_text) AS first,"
        " min(row) OVER (PARTITION BY id_text, content) AS same FROM twins"
    )


def _refuse(
    relation: Relation, places: Places, wrong: str, said: Problem, n_later: int | None = None
) -> None:
    """Refuse the pairs that meet a condition, naming both places; no pairs, no error."""
    found = relation.arrays(f"SELECT first, later FROM pairs WHERE {wrong} ORDER BY later")
    first, later = found["first"][:LISTED], found["later"][:LISTED]
    if not len(later):
        return
    both = places(np.concatenate([first, later]), None)
    problems = [
        replace(said, message=said.message.format(_named(before)), where=where, hint=None)
        for before, where in zip(both[: len(later)], both[len(later) :], strict=True)
    ]
    problems[0] = replace(problems[0], hint=said.hint)
    more = (n_later or len(found["later"])) - len(later)
    if more:
        problems.append(Problem(message=f"and {more:,} more rows", slug=said.slug))
    raise DecisionError.of(problems)


def _named(where: Where) -> str:
    """Name a place in the same file: ``line 7``, or the address of a cell in a workbook."""
    return f"line {where.line}" if where.line else where.path.rpartition(":")[2]
