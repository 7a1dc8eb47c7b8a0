"""Persons of the rows of a frame: numbers to tell them apart by, and bytes for a checksum."""

from __future__ import annotations

import json
from collections.abc import Iterable
from typing import TYPE_CHECKING, Any

import numpy as np

from auditor.ingest.frames.columns import text_column
from auditor.ingest.frames.id_texts import in_arrow
from auditor.ingest.frames.ids import chunks_of
from auditor.ingest.table.columns import SPACES, Column
from auditor.ingest.values import trimmed

if TYPE_CHECKING:
    import narwhals as nw
    from numpy.typing import NDArray

    from auditor.ingest.raw import TextColumn


def persons_of(name: str, series: nw.Series[Any]) -> tuple[NDArray[np.uint64], Iterable[bytes]]:
    """One number a row, the same where the person is; 0 where nobody is named.

    Texts that the library stores as such are told apart by a hash; there may be as many as rows.

    Returns
    -------
    uint64 array, and bytes that are the same in every library

    Raises
    ------
    ColumnRefused
        When cells are no single values.
    """
    if type(series.dtype).__name__ == "String":
        filled = series.fill_null("")
        if series.implementation.is_polars():
            return _hashed_by_polars(filled), chunks_of(filled)
        if in_arrow(series):
            return _hashed_by_duckdb(filled), chunks_of(filled)
    column = text_column(name, series)
    if not column.typed:
        return _numbered(column), chunks_of(series.fill_null(""))
    levels = json.dumps(column.levels).encode()
    return _numbered(column), (levels, column.codes.astype("<i4").tobytes())


def _numbered(column: TextColumn) -> NDArray[np.uint64]:
    places = {"": 0}
    of_level = [places.setdefault(trimmed(text or ""), len(places)) for text in column.levels]
    return np.array(of_level, dtype=np.uint64)[column.codes]


def _hashed_by_polars(filled: nw.Series[Any]) -> NDArray[np.uint64]:
    texts = filled.to_native().str.normalize("NFC").str.strip_chars(SPACES)
    hashes: NDArray[np.uint64] = texts.hash().to_numpy() | np.uint64(1)
    return np.where((texts == "").to_numpy(), np.uint64(0), hashes)


def _hashed_by_duckdb(filled: nw.Series[Any]) -> NDArray[np.uint64]:
    import duckdb

    with duckdb.connect(
        config={"autoinstall_known_extensions": False, "autoload_known_extensions": False}
    ) as engine:
        engine.register("persons", filled.alias("person").to_frame().to_arrow())
        found = engine.execute(f"SELECT {Column(sql='person').same} AS same FROM persons")
        return np.asarray(found.fetchnumpy()["same"], dtype=np.uint64)
