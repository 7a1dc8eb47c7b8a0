"""Rows whose id occurred before: refused, or left out when they are equal in every column."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

import numpy as np

from auditor.errors import DecisionError, Problem, Where
from auditor.ingest.raw import Request
from auditor.ingest.relation import Relation
from auditor.ingest.survey import LISTED, Places, Survey, id_text

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from auditor.vocabulary import IntArray


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
    repeated = _repeated(survey.id_hash)
    if not repeated.size:
        return nobody
    # Rows of ``twins`` are in the order of the file, so their rowid says which row each one is.
    at = np.searchsorted(repeated, survey.id_hash)
    at[at == len(repeated)] = 0
    suspects = np.flatnonzero(repeated[at] == survey.id_hash)
    cells = ", ".join(relation.cells) if request.duplicates == "drop-identical" else "1 AS c"
    key = id_text(relation, request)
    relation.workspace.con.register("repeated", {"hash": repeated})
    relation.run(
        f"CREATE OR REPLACE TEMP TABLE twins AS SELECT {key} AS id_text, {cells} FROM source"
        f" WHERE hash({key}) IN (SELECT hash FROM repeated)"
    )
    if request.duplicates == "refuse":
        _refuse(relation, suspects, places)
        return nobody
    return _identical(relation, suspects, places)


def _repeated(hashes: NDArray[np.uint64]) -> NDArray[np.uint64]:
    """Hashes that occur more than once, sorted."""
    ordered = np.sort(hashes)
    return np.unique(ordered[1:][ordered[1:] == ordered[:-1]])


def _refuse(relation: Relation, suspects: IntArray, places: Places) -> None:
    found = relation.arrays(
        "SELECT first, later FROM (SELECT rowid AS later, min(rowid) OVER (PARTITION BY id_text)"
        " AS first FROM twins) WHERE later > first ORDER BY later"
    )
    _raise_pairs(
        suspects[found["first"]],
        suspects[found["later"]],
        places,
        message="the id of this row occurs before, in {}",
        slug="duplicate-id",
        hint="one row must be one decision; if equal rows were exported twice, declare "
        "duplicates: drop-identical",
    )


def _identical(relation: Relation, suspects: IntArray, places: Places) -> IntArray:
    cells = ", ".join(relation.cells)
    relation.run(
        "CREATE OR REPLACE TEMP TABLE pairs AS SELECT rowid AS later,"
        " min(rowid) OVER (PARTITION BY id_text) AS first,"
        f" min(rowid) OVER (PARTITION BY id_text, {cells}) AS equal FROM twins"
    )
    differ = relation.arrays("SELECT first, later FROM pairs WHERE equal != first ORDER BY later")
    _raise_pairs(
        suspects[differ["first"]],
        suspects[differ["later"]],
        places,
        message="the id of this row occurs before, in {}, with other values",
        slug="duplicate-id-differs",
        hint="drop-identical leaves out only rows that are equal in every column",
    )
    relation.run(
        f"CREATE OR REPLACE TEMP TABLE dropped AS SELECT {cells} FROM twins"
        " WHERE rowid IN (SELECT later FROM pairs WHERE later > first)"
    )
    later = relation.arrays("SELECT later FROM pairs WHERE later > first ORDER BY later")["later"]
    relation.run("DROP TABLE twins")
    relation.run("DROP TABLE pairs")
    dropped: IntArray = suspects[later]
    return dropped


def _raise_pairs(
    first: IntArray, later: IntArray, places: Places, *, message: str, slug: str, hint: str
) -> None:
    """Refuse pairs of rows, naming both places; no pairs, no error."""
    if not len(later):
        return
    listed = min(len(later), LISTED)
    found = places(np.concatenate([first[:listed], later[:listed]]), None)
    problems = [
        Problem(message=message.format(_named(before)), slug=slug, where=where)
        for before, where in zip(found[:listed], found[listed:], strict=True)
    ]
    # The hint once is enough.
    problems[0] = replace(problems[0], hint=hint)
    if len(later) > listed:
        problems.append(Problem(message=f"and {len(later) - listed:,} more rows", slug=slug))
    raise DecisionError.of(problems)


def _named(where: Where) -> str:
    """Name a place in the same file: ``line 7``, or the address of a cell in a workbook."""
    return f"line {where.line}" if where.line else where.path.rpartition(":")[2]
