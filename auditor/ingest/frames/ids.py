"""Ids of the rows of a frame: every row has one, exactly, and no two rows the same."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from typing import TYPE_CHECKING, Any, Literal

import numpy as np

from auditor.errors import DecisionError, Where
from auditor.ingest.frames.id_texts import FRAME, exact_ids, in_arrow, mask_of, rows_told

if TYPE_CHECKING:
    import narwhals as nw
    from numpy.typing import NDArray

    from auditor.vocabulary import IntArray

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

    exact = [exact_ids(column) for column in columns]
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
        engine.register("ids", table.to_arrow() if in_arrow(ids) else table.to_native())
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
    if in_arrow(ids):
        texts = ids.to_frame().to_arrow().column(0).cast("large_string").combine_chunks()
        _, ends, letters = texts.buffers()
        cuts = np.frombuffer(ends, dtype=np.int64)[texts.offset : texts.offset + len(texts) + 1]
        used = np.frombuffer(letters, dtype=np.uint8)[cuts[0] : cuts[-1]]
        return np.insert(used, cuts[1:-1] - cuts[0], 0).tobytes()
    if ids.implementation.is_polars():
        joined: str = ids.to_native().str.join("\0").item()
        return joined.encode()
    return "\0".join(ids.to_list()).encode()


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
    for row in np.flatnonzero(mask_of(ids.is_in(shown))).tolist():
        rows[ids[row]].append(row)
    places = "; ".join(rows_told(np.array(same)) for same in rows.values())
    more = f" and {len(found) - len(shown):,} more" if len(found) > len(shown) else ""
    number = f"{len(found):,} ids" if len(found) > 1 else "an id"
    return DecisionError(
        f"{number} {what if len(found) > 1 else what.replace('occur', 'occurs', 1)}: "
        f"{places}{more}",
        slug=slug,
        where=Where(FRAME, next(iter(rows.values()))[1] + 1),
        hint=hint,
    )
