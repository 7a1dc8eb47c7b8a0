"""Parquet written again: same columns and types, but for the outcome, which becomes text."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from auditor.ingest.rewriting.text import Plan
    from auditor.ingest.table.export import Export


def parquet_bytes(
    export: Export, plan: Plan, changes: list[tuple[str, str | None, tuple[str, ...]]]
) -> bytes:
    """Bytes of the file."""
    import pandas as pd

    con, columns = export.relation.workspace.con, list(export.relation.columns.items())
    made = pd.DataFrame(
        {
            "outcome": pd.Series([new for _, new, _ in changes], dtype="object"),
            **{
                f"added{n}": pd.Series([more[n] for _, _, more in changes], dtype="object")
                for n in range(len(plan.added))
            },
        }
    )
    con.register("made", made)
    con.execute("CREATE TEMP TABLE changed AS SELECT * FROM made")
    con.execute("CREATE TEMP TABLE whole AS SELECT * FROM source")
    cells = []
    for n in plan.kept:
        name, column = columns[n]
        cell = f"whole.{column.sql}"
        if n == plan.outcome:
            cell = f"coalesce(changed.outcome, CAST({cell} AS VARCHAR))"
        cells.append(f"{cell} AS {_quoted(name)}")
    cells += [f"changed.added{n} AS {_quoted(name)}" for n, name in enumerate(plan.added)]
    path = export.relation.workspace.directory / "written.parquet"
    con.execute(
        f"COPY (SELECT {', '.join(cells)} FROM whole JOIN changed ON whole.rowid = changed.rowid"
        " ORDER BY whole.rowid) TO ? (FORMAT parquet)",
        [str(path)],
    )
    return path.read_bytes()


def _quoted(name: str) -> str:
    return '"' + name.replace('"', '""') + '"'
