"""Ids of the rows of a frame: every row has one, exactly, and no two rows the same."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from typing import TYPE_CHECKING, Any, Literal

import numpy as np

from auditor.errors import DecisionError, Where
from auditor.ingest.values import EXACT_FLOAT, value_text

if TYPE_CHECKING:
    import narwhals as nw
    from numpy.typing import NDArray

    from auditor.vocabulary import BoolArray, FloatArray, IntArray

FRAME = "frame"
"""What messages and results call data in memory; its rows are counted from 1."""

_EXACT = {"Float16": 2**11, "Float32": 2**24, "Float64": EXACT_FLOAT}
_SHOWN = 5
_CHUNK = 1 << 18
_NESTED = ("List", "Array", "Struct", "Object", "Unknown")


def id_series(columns: Sequence[nw.Series[Any]]) -> nw.Series[Any]:
    """Ids of the rows as one column of texts or whole numbers; several columns joined with ``/``.

    Raises
    ------
    DecisionError
        When a cell is missing or blank (``id-missing``), or is a float that does not hold every
        digit of a whole number (``id-not-exact``).
    """
    import narwhals as nw

    exact = [_exact(column) for column in columns]
    if len(exact) == 1:
        return exact[0]
    parts = nw.from_dict({str(n): column.cast(nw.String) for n, column in enumerate(exact)})
    return parts.select(nw.concat_str(parts.columns, separator="/").alias("id"))["id"]


def keep_mask(
    ids: nw.Series[Any],
    duplicates: Literal["refuse", "drop-identical"],
    everything: nw.DataFrame[Any],
) -> nw.Series[Any] | None:
    """Rows to keep: the first of each id; None when no id occurs twice.

    Parameters
    ----------
    ids : series
    duplicates : what the profile says about ids that occur twice
    everything : the whole frame; rows are identical when every column of it is equal

    Raises
    ------
    DecisionError
        When an id occurs twice and the profile does not allow it (``duplicate-id``), or when the
        rows of an id differ (``duplicate-id-differs``).
    """
    if _all_differ(ids):
        return None
    twice = ids.is_duplicated()
    if duplicates == "refuse":
        raise _refused(
            ids,
            ids.filter(twice).unique(maintain_order=True),
            "occur more than once",
            slug="duplicate-id",
            hint="one row must be one decision; if equal rows were exported twice, declare "
            "duplicates: drop-identical",
        )
    differing = _differing(ids.filter(twice), everything.filter(twice))
    if len(differing):
        raise _refused(
            ids,
            differing,
            "occur more than once with rows that differ",
            slug="duplicate-id-differs",
            hint="drop-identical leaves out only rows that are equal in every column",
        )
    return ids.is_first_distinct()


def _all_differ(ids: nw.Series[Any]) -> bool:
    """Whether no id occurs twice: by hashes, which sort fast; only where two meet by the ids."""
    ordered = np.sort(_hashes(ids))
    return not (ordered[1:] == ordered[:-1]).any() or ids.n_unique() == len(ids)


def _hashes(ids: nw.Series[Any]) -> NDArray[Any]:
    """One integer an id, the same for equal ids."""
    if ids.dtype.is_integer():
        return np.asarray(ids.to_numpy())
    if ids.implementation.is_polars():  # DuckDB would need pyarrow for it
        return np.asarray(ids.to_native().hash().to_numpy())
    import duckdb

    with duckdb.connect(
        config={"autoinstall_known_extensions": False, "autoload_known_extensions": False}
    ) as engine:
        table = ids.alias("id").to_frame()
        engine.register("ids", table.to_arrow() if _in_arrow(ids) else table.to_native())
        return np.asarray(engine.execute("SELECT hash(id) AS h FROM ids").fetchnumpy()["h"])


def texts_of(ids: nw.Series[Any]) -> Callable[[IntArray], Sequence[str]]:
    """Text of the id of any rows."""

    def texts(lines: IntArray) -> list[str]:
        return [str(value) for value in ids[lines.tolist()].to_list()]

    return texts


def chunks_of(ids: nw.Series[Any]) -> Iterator[bytes]:
    """Bytes of all ids, for a checksum: the same in every library."""
    for start in range(0, len(ids), _CHUNK):
        part = ids[start : start + _CHUNK]
        if ids.dtype.is_integer():
            yield part.to_numpy().astype("<i8").tobytes()
        else:
            yield _joined(part)


def _joined(ids: nw.Series[Any]) -> bytes:
    if _in_arrow(ids):
        texts = ids.to_frame().to_arrow().column(0).cast("large_string").combine_chunks()
        _, ends, letters = texts.buffers()
        cuts = np.frombuffer(ends, dtype=np.int64)[texts.offset : texts.offset + len(texts) + 1]
        used = np.frombuffer(letters, dtype=np.uint8)[cuts[0] : cuts[-1]]
        return np.insert(used, cuts[1:-1] - cuts[0], 0).tobytes()
    if ids.implementation.is_polars():
        joined: str = ids.to_native().str.join("\0").item()
        return joined.encode()
    return "\0".join(ids.to_list()).encode()


def _in_arrow(ids: nw.Series[Any]) -> bool:
    """Whether the texts lie in Arrow's memory, where none need become a Python object."""
    if ids.implementation.is_pyarrow():
        return True
    kind = getattr(ids.to_native(), "dtype", None)
    return getattr(kind, "storage", None) == "pyarrow" or hasattr(kind, "pyarrow_dtype")


def _exact(column: nw.Series[Any]) -> nw.Series[Any]:
    """Column of ids in which every id has its one text."""
    import narwhals as nw

    kind = type(column.dtype).__name__
    missing = column.is_null() | column.is_nan() if kind in _EXACT else column.is_null()
    _refuse_missing(_array(missing))
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
    _refuse_missing(_blank(texts))
    return texts


def _blank(texts: nw.Series[Any]) -> BoolArray:
    # A text that starts with a visible ASCII character is not blank; the rest is looked at.
    doubtful = (texts < "!") | (texts >= "\x7f")
    blank = _array(doubtful).copy()
    if blank.any():
        blank[blank] = [not text.strip() for text in texts.filter(doubtful).to_list()]
    return blank


def _texts_of_objects(cells: list[Any]) -> list[Any]:
    if all(type(cell) is str for cell in cells):
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
            f"{len(rows):,} {'rows have' if len(rows) > 1 else 'row has'} no id: {_rows(rows)}",
            slug="id-missing",
            where=Where(FRAME, int(rows[0]) + 1),
            hint="every row needs the id that the decision has in the system it comes from",
        )


def _refuse_inexact(wrong: BoolArray) -> None:
    if wrong.any():
        rows = np.flatnonzero(wrong)
        raise DecisionError(
            f"the ids are stored as decimal numbers and {len(rows):,} of them may have lost "
            f"digits: {_rows(rows)}",
            slug="id-not-exact",
            where=Where(FRAME, int(rows[0]) + 1),
            hint="read the column as text, such as dtype=str, before it becomes a float",
        )


def _differing(ids: nw.Series[Any], rows: nw.DataFrame[Any]) -> nw.Series[Any]:
    """Ids that stand on rows which differ somewhere."""
    import narwhals as nw

    columns: dict[str, nw.Series[Any]] = {"id": ids}
    for n, name in enumerate(rows.columns):
        column = rows.get_column(name)
        if type(column.dtype).__name__ in _NESTED:
            cells = [repr(cell) for cell in column.to_list()]
            column = nw.new_series(str(n), cells, nw.String, backend=column.implementation)
        columns[str(n)] = column
    distinct = nw.from_dict(columns).unique(maintain_order=True)["id"]
    return distinct.filter(distinct.is_duplicated()).unique(maintain_order=True)


def _refused(
    ids: nw.Series[Any], found: nw.Series[Any], what: str, *, slug: str, hint: str
) -> DecisionError:
    """Refusal that names rows, never ids."""
    shown = found[:_SHOWN].to_list()
    rows: dict[Any, list[int]] = {value: [] for value in shown}
    for row in np.flatnonzero(_array(ids.is_in(shown))).tolist():
        rows[ids[row]].append(row)
    places = "; ".join(_rows(np.array(same)) for same in rows.values())
    more = f" and {len(found) - len(shown):,} more" if len(found) > len(shown) else ""
    number = f"{len(found):,} ids" if len(found) > 1 else "an id"
    return DecisionError(
        f"{number} {what if len(found) > 1 else what.replace('occur', 'occurs', 1)}: "
        f"{places}{more}",
        slug=slug,
        where=Where(FRAME, next(iter(rows.values()))[1] + 1),
        hint=hint,
    )


def _rows(rows: IntArray) -> str:
    """``rows 1, 5 and 9``, counted from 1; at most a few of them."""
    numbers = [f"{row + 1:,}" for row in rows[:_SHOWN].tolist()]
    if len(rows) > _SHOWN:
        return f"rows {', '.join(numbers)} and {len(rows) - _SHOWN:,} more"
    if len(numbers) == 1:
        return f"row {numbers[0]}"
    return f"rows {', '.join(numbers[:-1])} and {numbers[-1]}"


def _array(series: nw.Series[Any]) -> BoolArray:
    mask: BoolArray = np.asarray(series.to_numpy(), dtype=np.bool_)
    return mask
