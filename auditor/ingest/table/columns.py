"""Columns of an export as SQL: how a cell reads as an id, as a number, as a missing value."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass

from auditor.ingest.values import EXACT_FLOAT, NUMBER

_INTEGER = re.compile(r"U?(TINY|SMALL|BIG|HUGE)?INT(EGER)?")
_TEXTS = ("VARCHAR", "JSON")
_BLANK = r"[\s\pZ\x0B\x1C-\x1F\x{0085}]*"
"""What Python strips; SQL's trim knows spaces only."""
_CLEAN = "[!-~]([ -~]*[!-~])?"
SPACES = "".join(c for c in map(chr, range(0x3001)) if c.isspace())
"""Every space that Python strips."""


def literal(text: str) -> str:
    """Text as SQL says it.

    Examples
    --------
    >>> literal("O'Brien")
    "'O''Brien'"
    """
    return "'" + text.replace("'", "''") + "'"


def joined(operator: str, parts: Sequence[str]) -> str:
    """Join expressions pairwise; a chain of a thousand would be too deep for DuckDB.

    Examples
    --------
    >>> joined("+", ["a", "b", "c"])
    '(a + (b + c))'
    """
    if len(parts) == 1:
        return parts[0]
    half = len(parts) // 2
    return f"({joined(operator, parts[:half])} {operator} {joined(operator, parts[half:])})"


def is_blank(text: str) -> str:
    """Condition that a text expression holds nothing but white space, or nothing at all."""
    # A text that starts with a visible ASCII character is not blank; the rest is looked at.
    return (
        f"(CASE WHEN {text} >= '!' AND {text} < chr(127) THEN false"
        f" WHEN {text} IS NULL THEN true"
        f" ELSE regexp_full_match({text}, {literal(_BLANK)}) END)"
    )


def is_number(text: str) -> str:
    """Condition that a text expression is a plain finite number."""
    return (
        f"(regexp_full_match({text}, {literal(NUMBER.pattern)})"
        f" AND coalesce(isfinite(try_cast({text} AS DOUBLE)), false))"
    )


@dataclass(frozen=True, slots=True, kw_only=True)
class Column:
    """One column of the relation.

    Parameters
    ----------
    sql : its name there, such as ``c3``
    type : DuckDB's name of its type
    typed : whether a cell is the text of a value (a number, a date), not a text as such
    refused : why it can be neither text nor id, such as ``it holds lists``; else None
    half : whether it is stored as float16, which DuckDB gives as float32
    inexact_rows : rows whose number has more digits than the file keeps
    """

    sql: str
    type: str = "VARCHAR"
    typed: bool = False
    refused: str | None = None
    half: bool = False
    inexact_rows: tuple[int, ...] = ()

    @property
    def is_text(self) -> bool:
        """Whether cells are texts as they stand in the file."""
        return self.type in _TEXTS or self.type.startswith("ENUM")

    @property
    def is_float(self) -> bool:
        """Whether cells are floating point numbers."""
        return self.type in ("FLOAT", "DOUBLE")

    @property
    def is_numeric(self) -> bool:
        """Whether cells are numbers; True and False are 1 and 0."""
        return (
            self.is_float
            or self.type in ("BOOLEAN", '"NULL"')
            or self.type.startswith("DECIMAL")
            or _INTEGER.fullmatch(self.type) is not None
        )

    @property
    def value(self) -> str:
        """Expression of the cell as a value that Python can take; NULL where it is missing."""
        if self.type == "TIMESTAMP WITH TIME ZONE":
            # As such it would need pytz. The offset stays, so that it is no local time.
            return f"strftime(timezone('UTC', {self.sql}), '%Y-%m-%d %H:%M:%S+00:00')"
        if self.is_float:
            return f"(CASE WHEN isnan({self.sql}) THEN NULL ELSE {self.sql} END)"
        return self.sql

    @property
    def id_text(self) -> str:
        """Expression of the cell as the text of an id; NULL where it is missing or not exact."""
        if self.is_float:
            whole = f"CAST(CAST({self.sql} AS BIGINT) AS VARCHAR)"
            return f"(CASE WHEN isnan({self.sql}) OR {self.inexact} THEN NULL ELSE {whole} END)"
        return self.value if self.is_text else f"CAST({self.value} AS VARCHAR)"

    @property
    def same(self) -> str:
        """Expression of a number that equal cells have alike, spaces around them aside; 0 if blank.

        Two different texts have one number once in 2**63 pairs.
        """
        text = f"CAST({self.value} AS VARCHAR)"
        clean = f"trim(nfc_normalize({text}), {literal(SPACES)})"
        # trimming of all kinds of spaces takes ten times as long as all else here
        return (
            f"CASE WHEN regexp_full_match({text}, {literal(_CLEAN)}) THEN hash({text}) | 1"
            f" WHEN coalesce({clean}, '') = '' THEN 0::UBIGINT ELSE hash({clean}) | 1 END"
        )

    @property
    def inexact(self) -> str:
        """Condition that a floating point cell does not hold every digit of a whole number."""
        limit = 2**11 if self.half else 2**24 if self.type == "FLOAT" else EXACT_FLOAT
        broken = f"abs({self.sql}) >= {limit} OR {self.sql} != trunc({self.sql})"
        return f"(NOT isnan({self.sql}) AND ({broken}))"

    @property
    def number(self) -> str:
        """Expression of a cell as a number: FLOAT as such, all else as DOUBLE; NaN if missing.

        Of texts it is right only where each is a number or blank.
        """
        if self.type == "FLOAT":
            return f"coalesce({self.sql}, 'nan'::FLOAT)"
        return f"coalesce(TRY_CAST({self.sql} AS DOUBLE), 'nan'::DOUBLE)"
