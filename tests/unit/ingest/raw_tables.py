"""Raw tables as a reader would hand them over, written by hand."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import numpy as np

from auditor.decisions import Decisions, InputFile
from auditor.errors import Where
from auditor.ingest import profile_of
from auditor.ingest.mapping import map_table
from auditor.ingest.raw import NumberColumn, RawTable, TextColumn
from auditor.ingest.reading import request_of

SEXES = {"sex": {"column": "sex", "values": {"F": ["F"], "M": ["M"]}, "unknown": ["", "?"]}}
OUTCOME = {"outcome": "status", "favorable": ["Yes"], "unfavorable": ["No"]}


def text_column(cells: Sequence[str | None], *, typed: bool = False) -> TextColumn:
    levels = tuple(dict.fromkeys(cells))
    codes = np.array([levels.index(cell) for cell in cells], dtype=np.int32)
    return TextColumn(levels=levels, codes=codes, typed=typed)


def raw_table(
    texts: Mapping[str, Sequence[str | None]],
    numbers: Mapping[str, Sequence[str | None] | Sequence[float]] | None = None,
    *,
    rows: Sequence[int] | None = None,
    typed: Sequence[str] = (),
    single: bool = False,
    dropped: int = 0,
) -> RawTable:
    """Lines of an export ``x.csv``; the first line of values stands in line 2."""
    n = len(next(iter(texts.values())))
    weights = np.ones(n, dtype=np.int64) if rows is None else np.array(rows, dtype=np.int64)
    columns: dict[str, NumberColumn | TextColumn] = {}
    for name, cells in (numbers or {}).items():
        if any(isinstance(cell, str) for cell in cells):
            columns[name] = text_column(cells)
        else:
            stored = np.array(cells, dtype=np.float32 if single else np.float64)
            columns[name] = NumberColumn(values=stored.astype(np.float64), single=single)

    def locate(column: str, raw: str | None) -> Where:
        cells = texts.get(column) or (numbers or {})[column]
        found = [n for n, cell in enumerate(cells) if cell == raw or str(cell) == raw]
        return Where("x.csv", found[0] + 2) if found else Where("x.csv")

    return RawTable(
        rows=weights,
        texts={name: text_column(cells, typed=name in typed) for name, cells in texts.items()},
        numbers=columns,
        file=InputFile(path="x.csv", sha256="0" * 64, rows=int(weights.sum()) + dropped),
        locate=locate,
        dropped=dropped,
        ids=lambda lines: [f"id{line}" for line in lines.tolist()],
        notes=("Separated by commas.",),
    )


def mapped(raw: RawTable, *, with_rows: bool = True, **columns: object) -> Decisions:
    """Decisions of a raw table under a profile of keyword arguments."""
    columns.setdefault("groups", SEXES)
    if "count" not in columns:
        columns.setdefault("id", "id")
    profile = profile_of(**columns)
    return map_table(raw, profile, request_of(profile, rows=with_rows))
