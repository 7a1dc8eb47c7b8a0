"""``flags.csv``: the file made for reviewers, one line per decision and rule."""

from __future__ import annotations

import csv
import io
from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass, fields
from typing import TypedDict

from auditor.result.cells import csv_text

_LONGEST = 2**31 - 1


@dataclass(frozen=True, slots=True, kw_only=True)
class FlagRow:
    """One line of ``flags.csv``. Holds the export's own id and no protected attribute.

    ``case`` names what one person looks at in one go; it stays when the outcome, the score or the
    version of the model changes, and with them the identity. These three stand here as they were
    hashed into it.
    """

    identity: str
    decision: str
    policy: str
    rule: str
    mandatory: bool
    reason: str
    evidence: str
    factors: str
    reviewer: str
    due: str
    case: str
    outcome: str
    score: str
    model_version: str


COLUMNS = tuple(field.name for field in fields(FlagRow))


def flags_csv(rows: Iterable[FlagRow]) -> str:
    """Text of ``flags.csv``.

    Cells that a spreadsheet would run as a formula get an apostrophe in front, and so do those that
    start with one: taking one away gives every cell back.
    """
    return csv_text(COLUMNS, ([_text(getattr(row, name)) for name in COLUMNS] for row in rows))


def read_flags(text: str) -> list[dict[str, str]]:
    """Lines of the text of a ``flags.csv``, every cell as it was before it was written.

    Raises
    ------
    ValueError
        When the text is none.

    Examples
    --------
    >>> row = FlagRow(
    ...     identity="a1", decision="-17", policy="p", rule="r", mandatory=True,
    ...     reason="", evidence="", factors="", reviewer="", due="",
    ...     case="", outcome="", score="", model_version="",
    ... )
    >>> text = flags_csv([row])
    >>> "'-17" in text, read_flags(text)[0]["decision"]
    (True, '-17')
    """
    before = csv.field_size_limit(_LONGEST)
    try:
        header, *lines = csv.reader(io.StringIO(text, newline=""), strict=True)
    except csv.Error as cause:
        raise ValueError(f"it is no CSV: {cause}") from cause
    finally:
        csv.field_size_limit(before)
    if header != list(COLUMNS) or any(len(line) != len(COLUMNS) for line in lines):
        raise ValueError("its columns are not those of flags.csv")
    return [
        {name: cell.removeprefix("'") for name, cell in zip(COLUMNS, line, strict=True)}
        for line in lines
    ]


class FlagCounts(TypedDict):
    """What a result keeps of its ``flags.csv``: decisions, lines by rule, mandatory reviews."""

    count: int
    by_rule: dict[str, int]
    mandatory_open: int


NO_FLAGS: FlagCounts = {"count": 0, "by_rule": {}, "mandatory_open": 0}


def flag_counts(text: str) -> FlagCounts:
    """Count the lines of the text of a ``flags.csv``; a ValueError when it is none."""
    rows = read_flags(text)
    return {
        "count": len({row["identity"] for row in rows}),
        "by_rule": dict(Counter(f"{row['policy']}/{row['rule']}" for row in rows)),
        "mandatory_open": len({row["identity"] for row in rows if row["mandatory"] == "yes"}),
    }


def _text(cell: object) -> str:
    if isinstance(cell, bool):
        return "yes" if cell else "no"
    return str(cell)
