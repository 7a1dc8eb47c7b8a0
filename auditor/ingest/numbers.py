"""Numbers in columns: typed strictly, because a number that was guessed decides about people."""

from __future__ import annotations

import math
import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from auditor.errors import Problem
from auditor.ingest.raw import NumberColumn, TextColumn
from auditor.ingest.refusals import Cell, count_of, refusals, row_counts
from auditor.ingest.values import NUMBER, trimmed, value_text

if TYPE_CHECKING:
    from auditor.ingest.raw import RawTable
    from auditor.vocabulary import BoolArray, IntArray

LARGEST_COUNT = 2**53
"""Below it every whole number is exact in float64."""

_NOT_A_NUMBER = "nan"
_COMMA = re.compile(r"[+-]?\d+,\d+", re.ASCII)
_THOUSANDS = re.compile(r"[+-]?\d{1,3}(,\d{3})+(\.\d*)?", re.ASCII)
_PER_CENT = re.compile(r"([+-]?\d+([.,]\d+)?) ?%", re.ASCII)
_INFINITE = re.compile(r"[+-]?(inf|infinity|∞)", re.IGNORECASE)


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Numbers:
    """Typed numbers of a column, what is wrong with it, and what a reader should know."""

    column: NumberColumn
    problems: tuple[Problem, ...]
    notes: tuple[str, ...] = ()


def typed_numbers(raw: RawTable, name: str) -> Numbers:
    """Numbers of a column as float64, NaN where the cell is blank or holds NaN.

    A text is a number when it is written as such: plain ASCII digits with a point, perhaps with an
    exponent. Everything else is refused: infinite values, ``80%``, ``0,8``, ``1_000``, ``0x1F``.
    """
    column = raw.numbers[name]
    if isinstance(column, TextColumn):
        return _of_texts(raw, name, column)
    return Numbers(
        column=column,
        problems=tuple(
            refuse_values(
                raw, name, column, np.isinf(column.values), "which is not finite", slug="not-finite"
            )
        ),
    )


def whole_counts(raw: RawTable, name: str, column: NumberColumn) -> tuple[IntArray, list[Problem]]:
    """People that each line's rows stand for: whole numbers, zero or more."""
    values = column.values
    # NaN is unequal to itself, so a count that is missing is wrong as well
    wrong = (values < 0) | (values != np.floor(values)) | (values >= LARGEST_COUNT)
    problems = list(
        refuse_values(raw, name, column, wrong, "which is no number of people", slug="bad-count")
    )
    people = np.where(np.isnan(values) | wrong, 0, values).astype(np.int64)
    return raw.rows * people, problems


def refuse_values(
    raw: RawTable, name: str, column: NumberColumn, wrong: BoolArray, why: str, *, slug: str
) -> Iterator[Problem]:
    """Refuse the cells of some lines of a column of numbers, value by value."""
    if wrong.any():
        yield from refusals(
            raw, name, _cells(raw, name, column, wrong), lambda _: (why, None), slug=slug
        )


def _cells(raw: RawTable, name: str, column: NumberColumn, wrong: BoolArray) -> Iterator[Cell]:
    source, rows = raw.numbers[name], raw.rows[wrong]
    if isinstance(source, TextColumn):
        counts = row_counts(TextColumn(levels=source.levels, codes=source.codes[wrong]), rows)
        for level in np.unique(source.codes[wrong]).tolist():
            text = source.levels[level]
            yield Cell(text, trimmed(text or ""), int(counts[level]))
        return
    values, place = np.unique(column.values[wrong], return_inverse=True)
    counts = np.zeros(len(values), dtype=np.int64)
    np.add.at(counts, place, rows)
    for value, n in zip(values.tolist(), counts.tolist(), strict=True):
        text = value_text(np.float32(value) if column.single else value)
        yield Cell(text, text or "", n)


def _of_texts(raw: RawTable, name: str, column: TextColumn) -> Numbers:
    numbers = np.full(len(column.levels), np.nan)
    refused: list[int] = []
    nan: list[int] = []
    for n, level in enumerate(column.levels):
        text = trimmed(level or "")
        if NUMBER.fullmatch(text) and math.isfinite(float(text)):
            numbers[n] = float(text)
        elif text.lower() == _NOT_A_NUMBER:
            nan.append(n)
        elif text:
            refused.append(n)
    counts = row_counts(column, raw.rows) if refused or nan else None
    problems: list[Problem] = []
    notes: tuple[str, ...] = ()
    if counts is not None and refused:
        levels = ((column.levels[n], int(counts[n])) for n in refused)
        cells = [Cell(level, trimmed(level or ""), rows) for level, rows in levels]
        problems = list(refusals(raw, name, cells, _mend, slug="cell-not-a-number"))
    if counts is not None and nan:
        rows = count_of(int(counts[nan].sum()))
        notes = (f"Column {name!r} holds the text NaN in {rows}, read as missing.",)
    return Numbers(
        column=NumberColumn(values=numbers[column.codes]), problems=tuple(problems), notes=notes
    )


def _mend(text: str) -> tuple[str, str | None]:
    """Why a text is no number, and what to write in its place."""
    if NUMBER.fullmatch(text) or _INFINITE.fullmatch(text):
        return "which is not finite", "leave the cell empty where there is no number"
    if per_cent := _PER_CENT.fullmatch(text):
        share = float(per_cent[1].replace(",", ".")) / 100
        return "which is no plain number", f"write {share:g}, without the per cent sign"
    if _THOUSANDS.fullmatch(text):
        plain = text.replace(",", "")
        return (
            "which can be read in two ways",
            f"write {plain} without separators, or {text.replace(',', '.', 1)} if the comma is "
            "the decimal sign",
        )
    if _COMMA.fullmatch(text):
        return (
            "which has a decimal comma",
            f"write {text.replace(',', '.')}: export the column with a decimal point",
        )
    if any(char.isdigit() and not char.isascii() for char in text):
        return "which is no plain number", "write it with the digits 0 to 9"
    return "which is no number", "write plain digits such as 0.8, or leave the cell empty"
