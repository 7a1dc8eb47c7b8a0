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
    repeated = _repeated(survey.id_hash)
    if not repeated.size:
        return nobody
    at = np.searchsorted(repeated, survey.id_hash)
    at[at == len(repeated)] = 0
    suspects = np.flatnonzero(repeated[at] == survey.id_hash)
    _store_twins(relation, request, repeated)
    if request.duplicates == "refuse":
        _refuse(relation, suspects, places, "later > first", _TWICE)
        return nobody
    _refuse(relation, suspects, places, "same > first", _DIFFERS)
    relation.run(
        "CREATE TEMP TABLE dropped AS SELECT * EXCLUDE (content) FROM twins"
        " WHERE rowid IN (SELECT later FROM pairs WHERE later > first)"
    )
    later = relation.arrays("SELECT later FROM pairs WHERE later > first ORDER BY later")["later"]
    relation.run("DROP TABLE twins")
    relation.run("DROP TABLE pairs")
    dropped: IntArray = suspects[later]
    return dropped


def _repeated(hashes: NDArray[np.uint64]) -> NDArray[np.uint64]:
    """Hashes that occur more than once, sorted."""
    ordered = np.sort(hashes)
    return np.unique(ordered[1:][ordered[1:] == ordered[:-1]])


def _store_twins(relation: Relation, request: Request, repeated: NDArray[np.uint64]) -> None:
    """Put the suspects into ``twins``, in the order of the file, and into ``pairs`` their matches.

    Of each suspect, ``first`` is the first one with its id and ``same`` the first one that also
    has its content; all are positions among the suspects.
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
        f"CREATE TEMP TABLE twins AS SELECT {wanted} FROM source"
        f" WHERE hash({key}) IN (SELECT hash FROM repeated)"
    )
    relation.run(
        "CREATE TEMP TABLE pairs AS SELECT rowid AS later,"
        " min(rowid) OVER (PARTITION BY id_text) AS first,"
        " min(rowid) OVER (PARTITION BY id_text, content) AS same FROM twins"
    )


def _refuse(
    relation: Relation, suspects: IntArray, places: Places, wrong: str, said: Problem
) -> None:
    """Refuse the pairs that meet a condition, naming both places; no pairs, no error."""
    found = relation.arrays(f"SELECT first, later FROM pairs WHERE {wrong} ORDER BY later")
    first, later = suspects[found["first"]], suspects[found["later"]]
    if not len(later):
        return
    listed = min(len(later), LISTED)
    both = places(np.concatenate([first[:listed], later[:listed]]), None)
    problems = [
        replace(said, message=said.message.format(_named(before)), where=where, hint=None)
        for before, where in zip(both[:listed], both[listed:], strict=True)
    ]
    problems[0] = replace(problems[0], hint=said.hint)
    if len(later) > listed:
        problems.append(Problem(message=f"and {len(later) - listed:,} more rows", slug=said.slug))
    raise DecisionError.of(problems)


def _named(where: Where) -> str:
    """Name a place in the same file: ``line 7``, or the address of a cell in a workbook."""
    return f"line {where.line}" if where.line else where.path.rpartition(":")[2]
