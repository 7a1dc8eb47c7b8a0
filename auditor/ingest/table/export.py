"""An export that can be read: its columns, how its rows are asked for, and where they stand."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace

import numpy as np

from auditor.decisions import InputFile
from auditor.errors import ExportError, Where
from auditor.ingest.files.guard import Guarded
from auditor.ingest.raw import RawTable, Request
from auditor.ingest.table.duplicates import duplicate_rows
from auditor.ingest.table.lines import read_lines, texts_of
from auditor.ingest.table.relation import Relation
from auditor.ingest.table.survey import Places, Survey, survey
from auditor.ingest.values import NUMBER, value_text

NOTHING = Request(texts=(), numbers=(), ids=(), rows=False)
"""Asks for no column: a survey of it checks the rows as such."""

CUT_OFF = {65_535: "65,536", 65_536: "65,536", 1_048_575: "1,048,576", 1_048_576: "1,048,576"}
"""Numbers of rows at which spreadsheets stop, with and without the header."""


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Export:
    """An opened export. Use it inside `open_export`; what it returns outlives it.

    Parameters
    ----------
    guarded : Guarded
        The file as it was when it was opened.
    relation : Relation
        Its rows in DuckDB.
    settle : function of Survey
        Refuses the file when its rows do not account for all of its lines; returns notes.
    places : Places
        Where rows stand in the file.
    notes : tuple of str
        Sentences about how the file was read.
    """

    guarded: Guarded
    relation: Relation
    settle: Callable[[Survey], tuple[str, ...]]
    places: Places
    notes: tuple[str, ...] = ()

    @property
    def names(self) -> tuple[str, ...]:
        """Names of the columns, in the order of the file."""
        return tuple(self.relation.columns)

    def survey(self, request: Request = NOTHING) -> tuple[Survey, tuple[str, ...]]:
        """Read every row once, and refuse the file when one is wrong or lost.

        Returns
        -------
        Survey and the notes about the rows

        Raises
        ------
        ExportError, DecisionError
        """
        self.relation.check_types(request)
        found = survey(self.relation, request)
        notes = self.settle(found)
        if not found.rows:
            raise ExportError(
                "the file has column names but no rows",
                slug="no-rows",
                where=Where(self.guarded.shown),
                hint="export it again, with the decisions of a period",
            )
        found.refuse_doubts(self.places)
        if found.rows in CUT_OFF:
            notes = (
                *notes,
                f"The file has exactly {found.rows:,} rows: spreadsheets stop at"
                f" {CUT_OFF[found.rows]}, so it may have been cut off.",
            )
        return found, notes

    def values(self, name: str, limit: int) -> tuple[tuple[str | None, int], ...]:
        """Count the distinct raw values of a column, the most frequent first, at most ``limit``.

        None stands for missing cells of Parquet; in a text the blank cell is a text too.

        Raises
        ------
        ExportError
        """
        self.relation.check_types(replace(NOTHING, texts=(name,)))
        column = self.relation.column(name)
        found = self.relation.fetch(
            f"SELECT {column.value} AS value, count(*) AS n FROM source GROUP BY 1"
            f" ORDER BY n DESC, CAST(value AS VARCHAR) LIMIT {int(limit)}"
        )
        texts = texts_of((value for value, _ in found), column)
        return tuple((text, n) for text, (_, n) in zip(texts, found, strict=True))

    def read(self, request: Request, locate: Callable[[str, str | None], Where]) -> RawTable:
        """Read what is requested and make sure that the file did not change meanwhile.

        Raises
        ------
        ExportError, DecisionError
        """
        found, notes = self.survey(request)
        dropped = duplicate_rows(self.relation, request, found, self.places)
        if not dropped.size:
            found = replace(found, id_hash=None)  # eight bytes a row
        lines = read_lines(self.relation, request, found, dropped)
        self.guarded.check_unchanged()
        if int(lines.rows.sum()) + len(dropped) != found.rows:
            raise ExportError(
                f"{found.rows:,} rows were counted, but {int(lines.rows.sum()):,} were read",
                slug="rows-lost",
                where=Where(self.guarded.shown),
            )
        return RawTable(
            rows=lines.rows,
            texts=lines.texts,
            numbers=lines.numbers,
            file=InputFile(path=self.guarded.shown, sha256=self.guarded.sha256, rows=found.rows),
            locate=locate,
            dropped=len(dropped),
            ids=lines.ids,
            persons=lines.persons,
            notes=(*self.notes, *notes),
        )

    def first_places(self, name: str) -> dict[str | None, Where]:
        """Where each distinct raw value of a column stands first.

        A number is found by its value too, however it is written.
        """
        column = self.relation.column(name)
        self.relation.run(f"CREATE TEMP TABLE cells AS SELECT {column.value} AS value FROM source")
        # The earliest last: of values with equal texts it is the one that stays.
        found = self.relation.fetch(
            "SELECT value, min(rowid) FROM cells GROUP BY value ORDER BY 2 DESC"
        )
        self.relation.run("DROP TABLE cells")
        rows = np.array([row for _, row in found], dtype=np.int64)
        texts = texts_of((value for value, _ in found), column)
        places = dict(zip(texts, self.places(rows, name), strict=True))
        for text, place in reversed(list(places.items())):
            if text is not None and NUMBER.fullmatch(text):
                places.setdefault(value_text(float(text)), place)
        return places
