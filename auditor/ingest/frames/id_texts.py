"""Ids of a frame as texts or whole numbers: each has one text, exactly, and none is blank."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np

from auditor.errors import DecisionError, Where
from auditor.ingest.values import EXACT_FLOAT, is_unicode, value_text

if TYPE_CHECKING:
    import narwhals as nw

    from auditor.vocabulary import BoolArray, FloatArray, IntArray

FRAME = "frame"
"""What messages and results call data in memory; its rows are counted from 1."""

_EXACT = {"Float16": 2**11, "Float32": 2**24, "Float64": EXACT_FLOAT}
_SHOWN = 5


def exact_ids(column: nw.Series[Any]) -> nw.Series[Any]:
    """Column of ids in which every id has its one text."""
    import narwhals as nw

    kind = type(column.dtype).__name__
    missing = column.is_null() | column.is_nan() if kind in _EXACT else column.is_null()
    _refuse_missing(mask_of(missing))
    if column.dtype.is_integer():
        return column
    if kind in _EXACT:
        values = np.asarray(column.to_numpy(), dtype=np.float64)
        _refuse_inexact(_inexact(values, _EXACT[kind]))
        return column.cast(nw.Int64)
    texts = column
    if str(getattr(column.to_native(), "dtype", "")) == "object":
        cells = _texts_of_objects(column.to_list())
        texts = nw.new_series(column.name, cells, nw.String, backend=column.implementation)
    elif kind != "String":
        texts = column.cast(nw.String)
    elif not (in_arrow(column) or column.implementation.is_polars()):
        _refuse_surrogates(column.to_list())
    _refuse_missing(_blank(texts))
    return texts


def _blank(texts: nw.Series[Any]) -> BoolArray:
    # A text that starts with a visible ASCII character is not blank; the rest is looked at.
    doubtful = (texts < "!") | (texts >= "\x7f")
    blank = mask_of(doubtful).copy()
    if blank.any():
        blank[blank] = [not text.strip() for text in texts.filter(doubtful).to_list()]
    return blank


def _texts_of_objects(cells: list[Any]) -> list[Any]:
    if all(type(cell) is str for cell in cells):
        _refuse_surrogates(cells)
        return cells
    floats = np.array([cell if isinstance(cell, float) else 0.0 for cell in cells])
    _refuse_inexact(_inexact(floats, EXACT_FLOAT))
    try:
        return [value_text(cell) for cell in cells]
    except TypeError as error:
        raise DecisionError(
            f"an id is no single value: {error}",
            slug="id-not-exact",
            where=Where(FRAME),
            hint="give the ids as text or whole numbers",
        ) from None


def _inexact(values: FloatArray, limit: int) -> BoolArray:
    wrong: BoolArray = ~(np.abs(values) < limit) | (values != np.floor(values))
    return wrong


def _refuse_missing(missing: BoolArray) -> None:
    if missing.any():
        rows = np.flatnonzero(missing)
        raise DecisionError(
            f"{len(rows):,} {'rows have' if len(rows) > 1 else 'row has'} no id: {rows_told(rows)}",
            slug="id-missing",
            where=Where(FRAME, int(rows[0]) + 1),
            hint="every row needs the id that the decision has in the system it comes from",
        )


def _refuse_surrogates(texts: list[str]) -> None:
    if is_unicode("".join(texts)):
        return
    row = next(n for n, text in enumerate(texts) if not is_unicode(text))
    raise DecisionError(
        f"the id of row {row + 1:,} is no Unicode text",
        slug="id-not-exact",
        where=Where(FRAME, row + 1),
        hint="read the file again with the encoding that it has",
    )


def _refuse_inexact(wrong: BoolArray) -> None:
    if wrong.any():
        rows = np.flatnonzero(wrong)
        raise DecisionError(
            f"the ids are stored as decimal numbers and {len(rows):,} of them may have lost "
            f"digits: {rows_told(rows)}",
            slug="id-not-exact",
            where=Where(FRAME, int(rows[0]) + 1),
            hint="read the column as text, such as dtype=str, before it becomes a float",
        )


def in_arrow(ids: nw.Series[Any]) -> bool:
    """Whether the texts lie in Arrow's memory, where none need become a Python object."""
    if ids.implementation.is_pyarrow():
        return True
    kind = getattr(ids.to_native(), "dtype", None)
    return getattr(kind, "storage", None) == "pyarrow" or hasattr(kind, "pyarrow_dtype")


def rows_told(rows: IntArray) -> str:
    """``rows 1, 5 and 9``, counted from 1; at most a few of them."""
    numbers = [f"{row + 1:,}" for row in rows[:_SHOWN].tolist()]
    if len(rows) > _SHOWN:
        return f"rows {', '.join(numbers)} and {len(rows) - _SHOWN:,} more"
    if len(numbers) == 1:
        return f"row {numbers[0]}"
    return f"rows {', '.join(numbers[:-1])} and {numbers[-1]}"


def mask_of(series: nw.Series[Any]) -> BoolArray:
    """Rows for which a series of booleans without nulls is true."""
    mask: BoolArray = np.asarray(series.to_numpy(), dtype=np.bool_)
    return mask
