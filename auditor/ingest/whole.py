"""Whether an export is whole, as far as the number of its rows can tell."""

from __future__ import annotations

from typing import TYPE_CHECKING

from auditor.errors import ExportError, Where

if TYPE_CHECKING:
    from auditor.decisions import InputFile

SHEET_ENDS = (65_536, 1_048_576)
"""Rows of a spreadsheet, old and new. What came through one may have lost everything below."""


def check_rows(file: InputFile, expected: int | None) -> None:
    """Refuse an export with another number of rows than expected, or that ends where sheets end.

    Raises
    ------
    ExportError
        ``rows-not-expected``, or ``rows-cut-off`` where nobody said how many are expected.
    """
    rows = file.rows
    if expected is not None and rows != expected:
        raise ExportError(
            f"the export has {rows:,} rows, and the profile expects {expected:,}",
            slug="rows-not-expected",
            where=Where(file.path),
            hint="export it again, or correct expected_rows in the profile",
        )
    if expected is None and (rows in SHEET_ENDS or rows + 1 in SHEET_ENDS):
        raise ExportError(
            f"the export has {rows:,} rows, where a spreadsheet ends: what followed may be lost",
            slug="rows-cut-off",
            where=Where(file.path),
            hint="export it in another form; if these are all rows, say so in the profile with "
            f"expected_rows: {rows}",
        )
