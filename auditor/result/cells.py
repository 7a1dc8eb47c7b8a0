"""Cells of a CSV file that a spreadsheet shows and never runs."""

from __future__ import annotations

import csv
import io
import re
from collections.abc import Iterable, Sequence

_RISKY = re.compile(r"[\s\0\ufeff]*[=+\-@\t\r\0'\uff1d\uff0b\uff0d\uff20]")
"""What a spreadsheet may run as a formula, blanks in front of it included; and our own mark."""


def safe_cell(text: str) -> str:
    """Text of a cell, with an apostrophe in front where it could run, or starts with one.

    Taking one away gives every text back.

    Examples
    --------
    >>> safe_cell("=1+1"), safe_cell("17")
    ("'=1+1", '17')
    """
    return f"'{text}" if _RISKY.match(text) else text


def csv_text(header: Sequence[str], rows: Iterable[Sequence[str]]) -> str:
    """Text of a CSV file of safe cells: comma, quotes where needed, CRLF line ends (RFC 4180)."""
    out = io.StringIO(newline="")
    writer = csv.writer(out, lineterminator="\r\n")
    writer.writerows([safe_cell(cell) for cell in row] for row in (header, *rows))
    return out.getvalue()
