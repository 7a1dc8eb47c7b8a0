"""``flags.csv``: the file made for reviewers, one line per decision and rule."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterable
from dataclasses import dataclass, fields

_RISKY = ("=", "+", "-", "@", "\t", "\r")


@dataclass(frozen=True, slots=True, kw_only=True)
class FlagRow:
    """One line of ``flags.csv``. Holds the export's own id and no protected attribute."""

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


COLUMNS = tuple(field.name for field in fields(FlagRow))


def flags_csv(rows: Iterable[FlagRow]) -> str:
    """Text of ``flags.csv``: comma, quotes where needed, CRLF line ends (RFC 4180).

    Cells that a spreadsheet would run as a formula get an apostrophe in front.
    """
    out = io.StringIO(newline="")
    writer = csv.writer(out, lineterminator="\r\n")
    writer.writerow(COLUMNS)
    for row in rows:
        cells = [getattr(row, name) for name in COLUMNS]
        writer.writerow([_safe(_text(cell)) for cell in cells])
    return out.getvalue()


def mandatory_decisions(text: str) -> int:
    """Decisions with at least one mandatory line in the text of a ``flags.csv``."""
    reader = csv.DictReader(io.StringIO(text, newline=""))
    return len({row["identity"] for row in reader if row["mandatory"] == "yes"})


def _text(cell: object) -> str:
    if isinstance(cell, bool):
        return "yes" if cell else "no"
    return str(cell)


def _safe(text: str) -> str:
    return f"'{text}" if text.startswith(_RISKY) else text
