"""What a saved worksheet holds: its origin, its rows, and the places of its cells."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from auditor.review.worksheet.opening import address

if TYPE_CHECKING:
    from auditor.errors import Problem, Where
    from auditor.review.worksheet.columns import Layout
    from auditor.review.worksheet.copying import Copy
    from auditor.review.worksheet.marks import Origin


@dataclass(frozen=True, slots=True, kw_only=True)
class SavedRow:
    """One row as it was saved: its number, the texts that it shows, the values filled in.

    ``refused`` are columns, from 1, whose cells hold no value of their own: what they show is
    nobody's word, and `Saved.problems` name them.
    """

    number: int
    shown: tuple[str, ...]
    filled: Mapping[str, Any]
    mark: str
    refused: frozenset[int] = frozenset()

    @property
    def is_blank(self) -> bool:
        """Whether nothing was filled in."""
        return all(isinstance(value, str) and not value.strip() for value in self.filled.values())


@dataclass(frozen=True, slots=True, kw_only=True)
class Saved:
    """A worksheet as it was saved; ``rows`` without those in which nothing stands at all.

    ``sheet`` is what its program calls the sheet with the rows, ``header`` the row of its titles,
    ``lines`` the places of the values of the first sheet. ``copy`` is what it showed when it was
    written, where that still is in it. Nothing may be taken of a worksheet with ``problems``.
    """

    path: str
    sheet: str
    origin: Origin
    layout: Layout
    features: tuple[str, ...]
    exported: int
    rows: tuple[SavedRow, ...]
    header: int
    lines: Mapping[str, Where]
    copy: Copy | None
    problems: tuple[Problem, ...]

    @property
    def mark_column(self) -> int:
        """Column of the marks, from 1."""
        return len(self.layout.lead) + len(self.features) + len(self.layout.asked) + 1

    def at(self, row: SavedRow, name: str | None = None) -> Where:
        """Place of the cell that a column asks for; of the first cell of the row without one."""
        return self.cell(row, 1 if name is None else self.column(name))

    def column(self, name: str) -> int:
        """Place of a column that is to be filled in, from 1."""
        names = [column.name for column in self.layout.asked]
        return self.mark_column - len(names) + names.index(name)

    def cell(self, row: SavedRow, column: int) -> Where:
        """Place of the cell in a column, from 1."""
        return self.in_row(row.number, column)

    def in_row(self, row: int, column: int) -> Where:
        """Place of a cell by the numbers of its row and column, from 1."""
        return address(self.path, self.sheet, row, column)
