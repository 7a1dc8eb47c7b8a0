"""Parquet: DuckDB reads it; types come through, and what is no single value is refused."""

from __future__ import annotations

import glob
import re
from collections.abc import Collection, Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING

from auditor.errors import ExportError, Where
from auditor.ingest.files.guard import Guarded
from auditor.ingest.files.workspace import Workspace
from auditor.ingest.header import column_names, require_columns
from auditor.ingest.parquet.arrow_schema import durations
from auditor.ingest.table.columns import Column, literal
from auditor.ingest.table.export import Export
from auditor.ingest.table.relation import Relation
from auditor.ingest.table.survey import Survey

if TYPE_CHECKING:
    from auditor.vocabulary import IntArray

_SINGLE = re.compile(
    r"VARCHAR|JSON|ENUM.*|BOOLEAN|U?(TINY|SMALL|BIG|HUGE)?INT(EGER)?|FLOAT|DOUBLE|DECIMAL\(.*\)"
    r'|DATE|TIME|TIMESTAMP(_S|_MS|_NS)?|TIMESTAMP WITH TIME ZONE|UUID|"NULL"'
)
_PRECISION = re.compile(r"precision=(\d+)")
_EXACT_DIGITS = 38
"""Of DuckDB's decimals; longer ones would arrive as rounded floats."""


def open_parquet(
    guarded: Guarded,
    needed: Collection[str],
    workspace: Workspace,
    notes: tuple[str, ...] = (),
) -> Export:
    """Open a Parquet file.

    Parameters
    ----------
    guarded : Guarded
    needed : names of the columns that will be asked for
    workspace : Workspace
    notes : what was found before

    Raises
    ------
    ExportError
        When it is damaged, two columns have the same name, or a needed column is missing.
    """
    schema = _schema(guarded, workspace)
    where = Where(guarded.shown)
    names = column_names([field.name for field in schema], where)
    require_columns(needed, names, where)
    path = literal(glob.escape(str(guarded.path)))
    cells = ", ".join(f"c{n}" for n in range(len(schema)))
    workspace.con.execute(
        f"CREATE TEMP VIEW source AS SELECT * FROM read_parquet({path},"
        f" hive_partitioning = false, union_by_name = false) AS file({cells})"
    )
    described = workspace.con.execute("DESCRIBE source").fetchall()
    columns = {
        name: _column(f"c{n}", str(described[n][1]), field)
        for n, (name, field) in enumerate(zip(names, schema, strict=True))
        if name
    }
    relation = Relation(
        workspace=workspace,
        shown=guarded.shown,
        columns=columns,
        unnamed=tuple(f"c{n}" for n, name in enumerate(names) if not name),
    )
    (rows,) = workspace.con.execute(
        f"SELECT num_rows FROM parquet_file_metadata({path})"
    ).fetchone() or (0,)

    def settle(survey: Survey) -> tuple[str, ...]:
        if survey.rows != rows:
            raise ExportError(
                f"the file says that it has {rows:,} rows, but {survey.rows:,} were read",
                slug="rows-lost",
                where=where,
                hint="it is damaged; export it again",
            )
        return ()

    def places(rows: IntArray, column: str | None) -> list[Where]:  # noqa: ARG001
        return [Where(guarded.shown, int(row) + 1) for row in rows]

    return Export(guarded=guarded, relation=relation, settle=settle, places=places, notes=notes)


@dataclass(frozen=True, slots=True, kw_only=True)
class _Field:
    """A top-level column as the file's schema has it; DuckDB renames those that look alike."""

    name: str
    logical: str
    is_duration: bool


def _schema(guarded: Guarded, workspace: Workspace) -> list[_Field]:
    import duckdb

    path = literal(glob.escape(str(guarded.path)))
    try:
        found = workspace.con.execute(
            f"SELECT name, coalesce(num_children, 0), coalesce(logical_type, '') "
            f"FROM parquet_schema({path})"
        ).fetchall()
        metadata: Mapping[bytes, bytes] = dict(
            workspace.con.execute(f"SELECT key, value FROM parquet_kv_metadata({path})").fetchall()
        )
        moments = durations(metadata.get(b"ARROW:schema", b""))
    except (duckdb.Error, ValueError):
        raise ExportError(
            "the file starts like Parquet but is damaged or cut off",
            slug="damaged-parquet",
            where=Where(guarded.shown),
            hint="export it again",
        ) from None
    fields, after = [], 1
    while after < len(found):
        name, _, logical = found[after]
        fields.append(_Field(name=name, logical=logical, is_duration=name in moments))
        after = _after(found, after)
    return fields


def _after(found: list[tuple[str, int, str]], at: int) -> int:
    """Position of what follows an entry of the schema and all that is inside it."""
    inside, at = found[at][1], at + 1
    for _ in range(inside):
        at = _after(found, at)
    return at


def _column(sql: str, type_: str, field: _Field) -> Column:
    refused = None
    precision = _PRECISION.search(field.logical)
    if field.is_duration or type_ == "INTERVAL":
        refused = "it holds durations"
    elif type_ == "BLOB":
        refused = "it holds bytes, not text"
    elif not _SINGLE.fullmatch(type_):
        refused = "it holds lists or other nested values"
    elif precision and int(precision[1]) > _EXACT_DIGITS:
        refused = f"it holds decimals of more than {_EXACT_DIGITS} digits"
    return Column(
        sql=sql,
        type=type_,
        typed=not (type_ in ("VARCHAR", "JSON") or type_.startswith("ENUM")),
        refused=refused,
        half=field.logical.startswith("Float16"),
    )
