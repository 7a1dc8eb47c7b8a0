from __future__ import annotations

import difflib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np

from auditor.errors import ModelError, Problem

if TYPE_CHECKING:
    from auditor.vocabulary import FloatArray


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Features:
    """What the model is given: one row a decision, one column a feature, NaN where missing."""

    names: tuple[str, ...]
    matrix: FloatArray


def from_columns(columns: Mapping[str, FloatArray], names: Sequence[str] | None = None) -> Features:
    """Features from columns that were already read as numbers.

    Parameters
    ----------
    columns : mapping of name to float64 array, all of one length
    names : features to take, in the model's order; all columns when None

    Raises
    ------
    ModelError
        When a named feature was not read (``feature-missing``).

    Examples
    --------
    >>> from_columns({"a": np.array([1.0, 2.0]), "b": np.array([3.0, 4.0])}, ["b", "a"]).matrix
    array([[3., 1.],
           [4., 2.]])
    """
    chosen = tuple(columns) if names is None else tuple(names)
    missing = [_missing(name, columns) for name in chosen if name not in columns]
    if missing:
        raise ModelError.of(missing)
    arrays = [np.asarray(columns[name], dtype=np.float64) for name in chosen]
    matrix = np.column_stack(arrays) if arrays else np.empty((0, 0), dtype=np.float64)
    return Features(names=chosen, matrix=matrix)


def from_frame(frame: Any, names: Sequence[str] | None = None, *, like: Any = None) -> Features:
    """Features from a pandas, Polars or Arrow frame; every column must hold numbers.

    True and False count as 1 and 0; a null is NaN.

    Parameters
    ----------
    frame : eager data frame
    names : features to take, in the model's order; all columns when None
    like : the frame that is audited, if any; both must have the same rows in the same order

    Raises
    ------
    ModelError
        When ``frame`` is no frame (``features-not-a-frame``), a column is missing
        (``feature-missing``), occurs twice (``feature-twice``) or holds no numbers
        (``feature-not-numeric``), or when the rows are not those of ``like``
        (``features-other-rows``).
    """
    import narwhals as nw

    try:
        table = nw.from_native(frame, eager_only=True)
    except TypeError as error:
        raise ModelError(
            f"the features are a {type(frame).__name__}, not a data frame",
            slug="features-not-a-frame",
            hint="give column names of the export, or a pandas, Polars or Arrow frame",
        ) from error
    except nw.exceptions.DuplicateError as error:
        twice = sorted({str(c) for c in frame.columns if list(frame.columns).count(c) > 1})
        raise ModelError(
            f"the feature frame has the column {', '.join(map(repr, twice))} more than once",
            slug="feature-twice",
            hint="keep one column of each name",
        ) from error
    _same_rows(frame, like)

    chosen = tuple(table.columns) if names is None else tuple(names)
    problems = [_missing(name, table.columns) for name in chosen if name not in table.columns]
    problems += [
        Problem(
            message=f"feature {name!r} holds {table.schema[name]}, not numbers",
            slug="feature-not-numeric",
            hint="give the columns as the model itself takes them, encoded as numbers",
        )
        for name in chosen
        if name in table.columns and not _numeric(table.schema[name])
    ]
    if problems:
        raise ModelError.of(problems)
    return from_columns({name: _floats(table[name]) for name in chosen}, chosen)


def _numeric(dtype: Any) -> bool:
    import narwhals as nw

    return bool(dtype.is_numeric()) or dtype == nw.Boolean


def _floats(column: Any) -> FloatArray:
    import narwhals as nw

    values: FloatArray = np.asarray(column.cast(nw.Float64).to_numpy(), dtype=np.float64)
    return values


def _missing(name: str, known: Sequence[str] | Mapping[str, Any]) -> Problem:
    close = difflib.get_close_matches(name, [str(k) for k in known], n=1)
    return Problem(
        message=f"the feature {name!r} is not among the columns",
        slug="feature-missing",
        hint=f"did you mean {close[0]!r}?" if close else f"columns: {', '.join(map(str, known))}",
    )


def _same_rows(frame: Any, like: Any) -> None:
    if like is None:
        return
    ours: Any = getattr(frame, "index", None)
    theirs: Any = getattr(like, "index", None)
    if len(frame) != len(like):
        reason = f"the feature frame has {len(frame)} rows, the audited frame {len(like)}"
    elif hasattr(ours, "equals") and hasattr(theirs, "equals") and not ours.equals(theirs):
        reason = "the feature frame has another index than the audited frame"
    else:
        return
    raise ModelError(
        reason,
        slug="features-other-rows",
        hint="give features of the same decisions in the same order, with the identical index",
    )
