"""What the columns of an export hold, counted over every row."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any

from auditor.ingest.table.columns import Column, is_blank, is_number, literal
from auditor.ingest.table.export import Export
from auditor.ingest.table.lines import texts_of
from auditor.ingest.table.relation import Relation
from auditor.ingest.values import NUMBER, trimmed

MAX_LEVELS = 1_000
"""A column with more distinct values is read as one of single values: an id, a number, a text."""

_CODE = re.compile(r"0\d+", re.ASCII)
_LONGEST_LEVEL = 200
_SAMPLE = 1_000


@dataclass(frozen=True, slots=True, kw_only=True)
class ColumnFacts:
    """Counts of one column.

    Parameters
    ----------
    name : str
    rows : int
    blanks : cells that hold nothing but white space, or nothing at all
    distinct : different values as they stand, blanks left out
    longest : bytes of the longest cell
    numbers : cells that are plain finite numbers
    codes : cells of digits that start with 0, which are names and no quantities
    emails : cells with an at sign
    low, high : the least and the greatest number, None without numbers
    levels : values as they are compared (`trimmed`) with their rows, the most frequent first;
        None when there are more than ``MAX_LEVELS``, or one is too long to be a category
    sample : some values, to see what they look like
    refused : why the column cannot be read, else None
    """

    name: str
    rows: int
    blanks: int = 0
    distinct: int = 0
    longest: int = 0
    numbers: int = 0
    codes: int = 0
    emails: int = 0
    low: float | None = None
    high: float | None = None
    # Not in the repr: they may be somebody's name.
    levels: tuple[tuple[str, int], ...] | None = field(default=None, repr=False)
    sample: tuple[str, ...] = field(default=(), repr=False)
    refused: str | None = None

    @property
    def filled(self) -> int:
        """Cells that are not blank."""
        return self.rows - self.blanks

    @property
    def different(self) -> int:
        """Different values; as they are compared, where that is known."""
        return self.distinct if self.levels is None else len(self.levels)

    @property
    def is_number(self) -> bool:
        """Whether every cell that is filled holds a quantity."""
        return self.filled > 0 and self.numbers == self.filled and not self.codes


def column_facts(export: Export) -> tuple[ColumnFacts, ...]:
    """Count what every column holds, in two passes over the file and a look at its start.

    Raises
    ------
    ExportError
        When the file cannot be read to its end.
    """
    relation = export.relation
    readable = {name: c for name, c in relation.columns.items() if not c.refused}
    (rows,) = relation.fetch("SELECT count(*) FROM source")[0]
    counted = _aggregates(relation, readable, _counts_of)
    low = {
        name: column
        for name, column in readable.items()
        if counted[name][1] <= MAX_LEVELS and counted[name][2] <= _LONGEST_LEVEL
    }
    detailed = _aggregates(
        relation, readable, lambda c: _levels_of(c) if c in low.values() else _numbers_of(c)
    )
    samples = _samples(relation, {n: c for n, c in readable.items() if n not in low})
    facts = []
    for name, column in relation.columns.items():
        if column.refused:
            facts.append(ColumnFacts(name=name, rows=rows, refused=column.refused))
            continue
        blanks, distinct, longest = counted[name]
        known: dict[str, Any] = {
            "name": name,
            "rows": rows,
            "blanks": blanks,
            "distinct": distinct,
            "longest": longest,
        }
        if name in low:
            facts.append(_of_levels(known, detailed[name][0], column))
        else:
            keys = ("numbers", "codes", "emails", "low", "high")
            numbers = dict(zip(keys, detailed[name], strict=True))
            facts.append(ColumnFacts(**known, **numbers, sample=samples[name]))
    return tuple(facts)


def text_of(column: Column) -> str:
    """Expression of the cell as text."""
    return column.value if column.is_text else f"CAST({column.value} AS VARCHAR)"


def _aggregates(
    relation: Relation, columns: Mapping[str, Column], of: Callable[[Column], list[str]]
) -> dict[str, tuple[Any, ...]]:
    """Values of the same aggregates for several columns, from one pass over the rows."""
    wanted = {name: of(column) for name, column in columns.items()}
    if not wanted:
        return {}
    cells = ", ".join(cell for cells in wanted.values() for cell in cells)
    found = iter(relation.fetch(f"SELECT {cells} FROM source")[0])
    return {name: tuple(next(found) for _ in cells) for name, cells in wanted.items()}


def _counts_of(column: Column) -> list[str]:
    text = text_of(column)
    blank = is_blank(text)
    return [
        f"count(*) FILTER (WHERE {blank})",
        # Of eight bytes a value, however long the values are.
        f"count(DISTINCT CASE WHEN {blank} THEN NULL ELSE hash({text}) END)",
        f"coalesce(max(strlen({text})), 0)",
    ]


def _levels_of(column: Column) -> list[str]:
    return [f"histogram({column.value})"]


def _numbers_of(column: Column) -> list[str]:
    text = text_of(column)
    number = f"CASE WHEN {is_number(text)} THEN try_cast({text} AS DOUBLE) END"
    return [
        f"count({number})",
        f"count(*) FILTER (WHERE regexp_full_match({text}, {literal(_CODE.pattern)}))",
        f"count(*) FILTER (WHERE contains({text}, '@'))",
        f"min({number})",
        f"max({number})",
    ]


def _of_levels(known: dict[str, Any], found: Mapping[Any, int] | None, column: Column) -> Any:
    raw = found or {}
    counts: Counter[str] = Counter()
    for text, rows in zip(texts_of(raw, column), raw.values(), strict=True):
        counts[trimmed(text or "")] += rows
    del counts[""]
    numbers = {text: float(text) for text in counts if NUMBER.fullmatch(text)}
    return ColumnFacts(
        **known,
        numbers=sum(counts[text] for text in numbers),
        codes=_rows_of(counts, lambda text: _CODE.fullmatch(text) is not None),
        emails=_rows_of(counts, lambda text: "@" in text),
        low=min(numbers.values(), default=None),
        high=max(numbers.values(), default=None),
        levels=tuple(sorted(counts.items(), key=lambda item: (-item[1], item[0]))),
        sample=tuple(sorted(counts))[:_SAMPLE],
    )


def _rows_of(counts: Mapping[str, int], wanted: Callable[[str], bool]) -> int:
    return sum(rows for text, rows in counts.items() if wanted(text))


def _samples(relation: Relation, columns: Mapping[str, Column]) -> dict[str, tuple[str, ...]]:
    """Values of the first rows that have one."""
    if not columns:
        return {}
    cells = ", ".join(column.value for column in columns.values())
    rows = relation.fetch(f"SELECT {cells} FROM source LIMIT {_SAMPLE}")
    turned: Iterable[tuple[Any, ...]] = zip(*rows, strict=True)
    return {
        name: tuple(trimmed(text) for text in texts_of(values, column) if text and trimmed(text))
        for (name, column), values in zip(columns.items(), turned, strict=True)
    }
