"""Columns of a frame as codes and numbers, without one Python object per cell."""

from __future__ import annotations

from collections.abc import Iterable
from typing import TYPE_CHECKING, Any

import numpy as np

from auditor.errors import Problem
from auditor.ingest.raw import NumberColumn, TextColumn
from auditor.ingest.values import value_text

if TYPE_CHECKING:
    import narwhals as nw

    from auditor.vocabulary import CodeArray

_SHORT_FLOATS = {"Float16": np.float16, "Float32": np.float32}
_NO_VALUES = ("List", "Array", "Struct", "Binary", "Duration")
_BY_TEXT = ("String", "Categorical", "Enum", "Object", "Decimal")
"""Typed by their texts; of a decimal 0.7, Polars and Arrow would make 0.7000000000000001."""


class ColumnRefused(Exception):  # noqa: N818 - carries one problem to where all are collected
    """A column whose values cannot be what the profile says."""

    def __init__(self, problem: Problem) -> None:
        super().__init__(problem.message)
        self.problem = problem


def text_column(name: str, series: nw.Series[Any]) -> TextColumn:
    """Distinct values as texts, in order, and one code a row.

    Missing values are one level, None: None, NaN, NaT, pd.NA and Polars null alike.

    Raises
    ------
    ColumnRefused
        When cells hold lists, bytes or anything else that is no single value.
    """
    try:
        values, texts, codes = _values(series)
    except TypeError as error:
        reason = str(error) if str(error).startswith("a ") else f"it holds {series.dtype}"
        raise ColumnRefused(
            Problem(
                message=f"column {name!r} cannot be read as values: {reason}",
                slug="column-type",
                hint="turn it into text, numbers, booleans or dates first",
            )
        ) from None
    return _ordered(texts, codes, typed=not all(isinstance(value, str) for value in values))


def number_column(name: str, series: nw.Series[Any]) -> NumberColumn | TextColumn:
    """Numbers as float64, NaN where missing; a text column stays text, to be typed strictly.

    True and False are 1 and 0.

    Raises
    ------
    ColumnRefused
        When the column holds dates, lists, half-precision floats or anything else.
    """
    import narwhals as nw

    kind = _kind(series)
    if kind in _BY_TEXT:
        return text_column(name, series)
    numeric = series.dtype.is_numeric() or kind == "Boolean"
    if kind == "Float16" or not (numeric or _is_empty(series)):
        hint = "cast it to float32 or float64" if kind == "Float16" else "give it as numbers"
        raise ColumnRefused(
            Problem(
                message=f"column {name!r} holds {series.dtype}, not numbers the audit can compare",
                slug="column-type",
                hint=hint,
            )
        )
    values = np.asarray(series.cast(nw.Float64).to_numpy(), dtype=np.float64)
    return NumberColumn(values=values, single=kind == "Float32")


def _kind(series: nw.Series[Any]) -> str:
    return type(series.dtype).__name__


def _is_empty(series: nw.Series[Any]) -> bool:
    return bool(series.is_null().all())


def _values(series: nw.Series[Any]) -> tuple[list[Any], list[str | None], CodeArray]:
    """Distinct values, the text of each, and codes; TypeError when they are no single values."""
    kind = _kind(series)
    if kind in _NO_VALUES:
        raise TypeError(kind)
    values, codes = _cells(series) if kind == "Object" else _distinct(series)
    if kind == "String" and not all(isinstance(value, str) for value in values):
        # A pandas object column is taken for text by its first hundred cells. Only cell by cell
        # are 1, 1.0 and True in it told apart: they are equal and hash alike.
        kind, (values, codes) = "Object", _cells(series)
    return values, [value_text(_exact(value, kind)) for value in values], codes


def _distinct(series: nw.Series[Any]) -> tuple[list[Any], CodeArray]:
    """Distinct values that are not missing, and codes with -1 where missing."""
    import narwhals as nw

    native = series.to_native()
    if hasattr(native, "factorize"):  # pandas and its kin: six times faster than a join
        found, levels = native.factorize()
        return list(levels), found.astype(np.int32)
    if series.dtype.is_float():
        series = series.fill_nan(None)
    values = series.drop_nulls().unique().to_list()
    if not values:
        return [], np.full(len(series), -1, dtype=np.int32)
    codes = series.replace_strict(
        values, range(len(values)), default=-1, return_dtype=nw.Int32
    ).to_numpy()
    return values, codes.astype(np.int32, copy=False)


def _cells(series: nw.Series[Any]) -> tuple[list[Any], CodeArray]:
    """Distinct values of a column of mixed Python objects, told apart by type as well."""
    places: dict[Any, int] = {}
    cells: Iterable[Any] = series.to_list()
    codes = [places.setdefault((type(cell), cell), len(places)) for cell in cells]
    return [cell for _, cell in places], np.array(codes, dtype=np.int32)


def _exact(value: Any, kind: str) -> Any:
    """Undo the widening of a short float, whose float64 prints as another decimal."""
    return _SHORT_FLOATS[kind](value) if kind in _SHORT_FLOATS else value


def _ordered(texts: list[str | None], codes: CodeArray, *, typed: bool) -> TextColumn:
    """Levels in order, values with equal texts merged, missing last."""
    missing = bool((codes < 0).any()) or None in texts
    levels: list[str | None] = [*sorted({text for text in texts if text is not None})]
    if missing:
        levels.append(None)
    place = {level: n for n, level in enumerate(levels)}
    # The last entry is what -1 picks.
    table = np.array([*(place[text] for text in texts), len(levels) - 1], dtype=np.int32)
    return TextColumn(levels=tuple(levels), codes=table[codes], typed=typed)
