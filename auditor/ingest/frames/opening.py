"""Frames in memory: pandas, Polars, Arrow and whatever else narwhals holds in memory."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Callable, Iterable, Mapping
from typing import TYPE_CHECKING, Any, TypeAlias

import numpy as np

from auditor.decisions import InputFile
from auditor.documents import shown
from auditor.errors import DecisionError, ExportError, UsageError, Where
from auditor.ingest.frames.columns import ColumnRefused, number_column, text_column
from auditor.ingest.frames.id_texts import FRAME
from auditor.ingest.frames.ids import chunks_of, id_series, keep_mask, texts_of
from auditor.ingest.frames.persons import persons_of
from auditor.ingest.header import clean_name, require_columns
from auditor.ingest.raw import NumberColumn, RawTable, Request, TextColumn

if TYPE_CHECKING:
    import narwhals as nw
    from numpy.typing import NDArray

    from auditor.vocabulary import IntArray

    _Persons: TypeAlias = tuple[NDArray[np.uint64], Iterable[bytes]]

_CHUNK = 1 << 20


def read_frame(frame: Any, request: Request) -> RawTable:
    """Read the requested columns of a frame, one line a row.

    Parameters
    ----------
    frame : pandas, Polars or Arrow frame
        Column names that are no texts stand as their texts: ``0`` is ``"0"``.
    request : Request

    Raises
    ------
    UsageError
        When it is no frame, or a lazy one.
    ExportError
        When it has no rows, a column is missing or occurs twice.
    DecisionError
        When an id is missing, not exact or occurs twice, or a column cannot be read as asked.
    """
    everything = _opened(frame)
    names = _names(everything, request, frame)
    ids = kept = None
    if request.ids:
        ids = id_series([everything.get_column(names[name]) for name in request.ids])
        kept = keep_mask(ids, request.duplicates, everything)
    texts, numbers, persons = _columns(everything, names, request, kept)
    places = np.arange(len(everything))
    if ids is not None and kept is not None:
        places = np.flatnonzero(kept.to_numpy())
        ids = ids.filter(kept)
    return RawTable(
        # one number for all rows: an array of ones would cost as much as a column of scores
        rows=np.broadcast_to(np.int64(1), len(places)),
        texts=texts,
        numbers=numbers,
        file=InputFile(
            path=FRAME, sha256=_sha256(texts, numbers, ids, persons), rows=len(everything)
        ),
        locate=_locator(texts, numbers, places),
        dropped=len(everything) - len(places),
        ids=texts_of(ids) if ids is not None and request.rows else None,
        persons=None if persons is None else persons[0],
    )


def _opened(frame: Any) -> nw.DataFrame[Any]:
    import narwhals as nw

    try:
        opened = nw.from_native(frame)
    except nw.exceptions.DuplicateError:
        names = getattr(frame, "column_names", None) or list(frame.columns)
        raise _columns_twice([clean_name(str(name)) for name in names]) from None
    except TypeError:
        raise UsageError(
            f"a {type(frame).__name__} cannot be audited",
            slug="not-an-export",
            hint="give a path, a pandas, Polars or Arrow frame, or what auditor.counts returns",
        ) from None
    if isinstance(opened, nw.LazyFrame):
        raise UsageError(
            f"a lazy {type(frame).__name__} cannot be audited",
            slug="lazy-frame",
            hint="select the columns you need and collect it into memory first",
        )
    return nw.maybe_reset_index(opened)


def _names(frame: nw.DataFrame[Any], request: Request, native: Any) -> dict[str, Any]:
    """Names of the requested columns in the frame, where they may be no texts."""
    if len(frame) == 0:
        raise ExportError("the frame has no rows", slug="no-rows", where=Where(FRAME))
    texts = [clean_name(str(name)) for name in frame.columns]
    if len(set(texts)) < len(texts):
        raise _columns_twice(texts)
    wanted = request.columns
    index = [str(name) for name in getattr(getattr(native, "index", None), "names", ())]
    in_index = sorted({*index} & {*wanted} - {*texts})
    hint = f"{shown(in_index[0])} is the index: call reset_index() first" if in_index else None
    require_columns(wanted, texts, Where(FRAME), hint)
    found = dict(zip(texts, frame.columns, strict=True))
    return {name: found[clean_name(name)] for name in wanted}


def _columns_twice(names: list[str]) -> ExportError:
    twice = sorted({name for name in names if names.count(name) > 1})
    return ExportError(
        f"more than one column is called {', '.join(map(shown, twice))}",
        slug="duplicate-column",
        where=Where(FRAME),
        hint="keep one column of each name",
    )


def _columns(
    frame: nw.DataFrame[Any],
    names: Mapping[str, Any],
    request: Request,
    kept: nw.Series[Any] | None,
) -> tuple[dict[str, TextColumn], dict[str, NumberColumn | TextColumn], _Persons | None]:
    texts: dict[str, TextColumn] = {}
    numbers: dict[str, NumberColumn | TextColumn] = {}
    persons = None
    problems = []
    asked = (*request.texts, *request.numbers, *([request.person] if request.person else []))
    for name in dict.fromkeys(asked):
        series = frame.get_column(names[name])
        if kept is not None:
            series = series.filter(kept)
        try:
            if name in request.texts:
                texts[name] = text_column(name, series)
            if name in request.numbers:
                numbers[name] = number_column(name, series)
            if name == request.person:
                persons = persons_of(name, series)
        except ColumnRefused as refused:
            problems.append(refused.problem)
    if problems:
        raise DecisionError.of(dict.fromkeys(problems))
    return texts, numbers, persons


def _locator(
    texts: Mapping[str, TextColumn],
    numbers: Mapping[str, NumberColumn | TextColumn],
    places: IntArray,
) -> Callable[[str, str | None], Where]:
    def locate(name: str, raw: str | None) -> Where:
        column = texts.get(name) or numbers[name]
        if isinstance(column, TextColumn):
            found = column.codes == column.levels.index(raw)
        else:
            value = float("nan") if raw is None else float(raw)
            value = float(np.float32(value)) if column.single else value
            found = np.isnan(column.values) if raw is None else column.values == value
        return Where(FRAME, int(places[found.argmax()]) + 1)

    return locate


def _sha256(
    texts: Mapping[str, TextColumn],
    numbers: Mapping[str, NumberColumn | TextColumn],
    ids: nw.Series[Any] | None,
    persons: _Persons | None,
) -> str:
    """Checksum of what was read: levels and codes, numbers, ids; the same in every library."""
    digest = hashlib.sha256()
    for role, columns in (("texts", texts), ("numbers", numbers)):
        for name, column in columns.items():
            if isinstance(column, TextColumn):
                digest.update(json.dumps([role, name, column.levels]).encode())
                digest.update(column.codes.astype("<i4").tobytes())
                continue
            digest.update(json.dumps([role, name, column.single]).encode())
            for start in range(0, len(column.values), _CHUNK):
                part = column.values[start : start + _CHUNK]
                # one bit pattern for what is missing
                digest.update(np.where(np.isnan(part), np.nan, part).astype("<f8").tobytes())
    for chunk in () if ids is None else chunks_of(ids):
        digest.update(chunk)
    for chunk in () if persons is None else (b"persons", *persons[1]):
        digest.update(chunk)
    return digest.hexdigest()
