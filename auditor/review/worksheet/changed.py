"""What does not stand in a worksheet as it was written: each cell named, and where to look it up.

What stood there is not repeated: it may be about a person, and messages go to a terminal.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import asdict
from typing import TYPE_CHECKING

from auditor.errors import Problem, Where
from auditor.review.worksheet.columns import MARK
from auditor.review.worksheet.copying import COPY
from auditor.review.worksheet.marks import mark_of

if TYPE_CHECKING:
    from auditor.review.worksheet.choosing import Line
    from auditor.review.worksheet.saved_rows import Saved, SavedRow

AGAIN = "export the worksheet again, and fill in its yellow cells only"
_BACK = f"the hidden sheet {COPY!r} has what stood there; or export the worksheet again"
_OR_CLEAR = "clear the row, or export the worksheet again"

_LINES: Mapping[str, str] = {
    "role": "Role", "reader": "Made for", "ledger": "Ledger", "result": "Result",
}  # fmt: skip
"""What the first sheet calls the fields of an origin."""


def of_the_whole(sheet: Saved) -> Iterator[Problem]:
    """Lines of the first sheet and titles of the evidence that are not those that were written."""
    if sheet.copy is None:
        return
    here, there = asdict(sheet.origin), asdict(sheet.copy.origin)
    for field, name in _LINES.items():
        if here[field] != there[field]:
            yield _changed(name, sheet.lines.get(name, Where(sheet.path)))
    if is_moved(sheet):
        yield cell_problem(
            "the columns of the evidence are not in the order in which they were exported",
            sheet.in_row(sheet.header, len(sheet.layout.lead) + 1),
        )
        return
    for n in sorted(_differing(sheet.features, sheet.copy.features)):
        place = sheet.in_row(sheet.header, len(sheet.layout.lead) + n)
        yield cell_problem("the title was changed", place, _BACK)


def is_moved(sheet: Saved) -> bool:
    """Whether columns of the evidence stand elsewhere: then their cells cannot be compared."""
    if sheet.copy is None or sheet.features == sheet.copy.features:
        return False
    here, there = sheet.features, sheet.copy.features
    return len(here) != len(there) or sorted(here) == sorted(there)


def of_a_mark(sheet: Saved, row: SavedRow) -> Iterator[Problem]:
    """Say where the mark of another row stands."""
    if sheet.copy is not None and row.mark != sheet.copy.marks.get(row.shown, row.mark):
        yield _changed(MARK, sheet.cell(row, sheet.mark_column))


def of_a_row(sheet: Saved, row: SavedRow, line: Line, lead: tuple[str, ...]) -> Iterator[Problem]:
    """Locked cells that somebody changed or that are out of date; blank rows may be the latter.

    Parameters
    ----------
    sheet, row
    line : Line
        The decision of its mark.
    lead : tuple of str
        What the first cells show as the ledger stands.
    """
    was = None if sheet.copy is None else sheet.copy.rows.get(row.mark)
    if was is None:
        yield from _without_copy(sheet, row, line, lead)
        return
    compared = len(lead) if is_moved(sheet) else len(was)
    wrong = _differing(row.shown, was[:compared]) - row.refused
    titles = (*sheet.layout.lead, *sheet.copy.features) if sheet.copy else ()
    for column in sorted(wrong):
        yield _changed(titles[column - 1], sheet.cell(row, column))
    if not row.is_blank:
        yield from _out_of_date(sheet, row, _differing(was, lead) - wrong)


def _without_copy(
    sheet: Saved, row: SavedRow, line: Line, lead: tuple[str, ...]
) -> Iterator[Problem]:
    """Do the same where the hidden sheet is gone: then the mark alone tells that something is."""
    mark = mark_of(sheet.origin, line.decision.identity, sheet.features, row.shown)
    wrong = _differing(row.shown, lead) - row.refused
    if row.mark == mark:
        yield from () if row.is_blank else _out_of_date(sheet, row, wrong)
        return
    for column in sorted(wrong):
        message = "the cell does not show what is on record"
        yield cell_problem(message, sheet.cell(row, column))
    if not wrong and not row.refused & set(range(1, len(row.shown) + 1)):
        yield cell_problem(
            "what the row shows is not what its mark was made for: a locked cell, a title or the "
            "first sheet was changed, and the hidden sheet that tells which is gone",
            sheet.cell(row, sheet.mark_column),
        )


def _differing(here: tuple[str, ...], there: tuple[str, ...]) -> set[int]:
    return {n for n, (a, b) in enumerate(zip(here, there, strict=False), start=1) if a != b}


def _out_of_date(sheet: Saved, row: SavedRow, columns: set[int]) -> Iterator[Problem]:
    for column in sorted(columns):
        message = "what is on record changed since this was exported"
        yield cell_problem(message, sheet.cell(row, column), _OR_CLEAR)


def _changed(title: str, where: Where) -> Problem:
    return cell_problem(f"the cell of {title!r} was changed", where, _BACK)


def cell_problem(message: str, where: Where, hint: str = AGAIN) -> Problem:
    """Say what is wrong with a cell."""
    return Problem(message=message, slug="worksheet-cell", where=where, hint=hint)
