"""A saved worksheet beside the ledger: every row known again, every cell that is wrong named."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from auditor.errors import Problem, UsageError, Where
from auditor.policy.people import same_name
from auditor.review.showing import scale_of
from auditor.review.worksheet.cells import UnusableCellError, value_of
from auditor.review.worksheet.choosing import Line, waiting_for
from auditor.review.worksheet.known import Known, known
from auditor.review.worksheet.marks import cell_text, identity_in, mark_of
from auditor.review.worksheet.showing import lead_of

if TYPE_CHECKING:
    from auditor.review.authority import Person
    from auditor.review.desk import Desk
    from auditor.review.queue import Item, Queue
    from auditor.review.worksheet.reading import Saved, SavedRow

_AGAIN = "export the worksheet again, and fill in its yellow cells only"
_OR_CLEAR = "clear the row, or export the worksheet again"


@dataclass(frozen=True, slots=True, kw_only=True)
class FilledRow:
    """A row that is known again and filled in: its decision, and what its cells mean."""

    row: SavedRow
    item: Item
    line: Line
    said: Known
    values: Mapping[str, Any]


@dataclass(slots=True, kw_only=True)
class CheckedRows:
    """Rows of a worksheet, and everything that is wrong with it."""

    filled: list[FilledRow] = field(default_factory=list)
    blank: int = 0
    missing: int = 0
    problems: list[Problem] = field(default_factory=list)


def checked_rows(sheet: Saved, desk: Desk, queue: Queue, reader: Person) -> CheckedRows:
    """Find the decision of each row, and read what was filled in.

    Parameters
    ----------
    sheet : Saved
    desk : Desk
    queue : of that desk
    reader : Person
        Whose key signs.

    Raises
    ------
    UsageError
        When the whole worksheet is of another result, ledger or person.
    """
    _must_belong(sheet, desk, reader)
    return _Checking(sheet, desk, queue, reader).run()


class _Checking:
    """One pass over the rows of a worksheet."""

    def __init__(self, sheet: Saved, desk: Desk, queue: Queue, reader: Person) -> None:
        self._sheet, self._desk, self._reader = sheet, desk, reader
        self._cases = {
            (cell_text(item.case.id), one.identity): (item, one)
            for item in queue.items
            for one in item.case.decisions
        }
        self._scale = scale_of(desk.cases)
        self._known: dict[str, Known] = {}
        self._seen: dict[tuple[str, str], SavedRow] = {}
        self._blank: dict[tuple[str, str], SavedRow] = {}
        self._found = CheckedRows()

    def run(self) -> CheckedRows:
        found = self._found
        for row in self._sheet.rows:
            found.problems += self._row(row)
        found.blank = len(self._blank)
        found.missing = max(self._sheet.exported - len(self._seen), 0)
        found.problems += self._in_part()
        return found

    def _row(self, row: SavedRow) -> list[Problem]:
        sheet = self._sheet
        at = (row.shown[0], identity_in(row.mark) or "")
        if at not in self._cases:
            return [_problem("the row and its mark are of no decision here", sheet.at(row))]
        if at in self._seen:
            message = f"the row stands here twice, first as row {self._seen[at].number}"
            return [_problem(message, sheet.at(row))]
        self._seen[at] = row
        item, decision = self._cases[at]
        if item.case.id not in self._known:
            self._known[item.case.id] = known(item, self._reader)
        said = self._known[item.case.id]
        judged = said.judged(decision.identity) if sheet.layout.step == "reveal" else None
        line = Line(case=item.case, decision=decision, judged=judged)
        problems = list(_changed(sheet, row, line, lead_of(line, self._scale)))
        if row.is_blank:
            self._blank[at] = row
            return problems
        values, wrong = _values(sheet, row)
        if not problems and not wrong:
            made = FilledRow(row=row, item=item, line=line, said=said, values=values)
            self._found.filled.append(made)
        return [*problems, *wrong]

    def _in_part(self) -> Iterator[Problem]:
        """Cases that were answered for some of their decisions only."""
        sheet = self._sheet
        answered = {one.item.case.id: one for one in reversed(self._found.filled)}
        for one in answered.values():
            name, role = cell_text(one.item.case.id), sheet.origin.role
            waiting = waiting_for(one.item, role, self._reader, sheet.layout.step, self._desk)
            for decision in one.item.case.decisions:
                at = (name, decision.identity)
                if at in self._blank:
                    yield _problem(
                        f"the case is filled in in part: row {one.row.number} is about it too",
                        sheet.at(self._blank[at]),
                        "fill in all rows of a case, or none",
                    )
                elif at not in self._seen and decision.identity in waiting:
                    yield _problem(
                        "the case has another decision that waits, and its row is not here",
                        sheet.at(one.row),
                    )


def _must_belong(sheet: Saved, desk: Desk, reader: Person) -> None:
    origin, problems = sheet.origin, []
    for what, here, there in (
        ("result", origin.result, desk.result),
        ("ledger", origin.ledger, desk.ledger),
    ):
        if here != there:
            problems.append(f"this worksheet was made from another {what}")
    if origin.reader and same_name(origin.reader) != reader.self:
        problems.append("this worksheet was made for another person than the one whose key signs")
    if problems:
        raise UsageError.of(
            Problem(
                message=message,
                slug="another-worksheet",
                where=Where(sheet.path),
                hint="name the result, the ledger and the key that it was made for",
            )
            for message in problems
        )


def _changed(sheet: Saved, row: SavedRow, line: Line, lead: tuple[str, ...]) -> Iterator[Problem]:
    """Locked cells that somebody changed or that are out of date; blank rows may be the latter."""
    as_exported = row.mark == mark_of(
        sheet.origin, line.decision.identity, sheet.features, row.shown
    )
    if as_exported and row.is_blank:
        return
    if sheet.layout.step == "reveal" and line.judged is None:
        yield _problem("no first judgement of yours on this decision is on record", sheet.at(row))
        return
    wrong = [n for n, (a, b) in enumerate(zip(row.shown, lead, strict=False), start=1) if a != b]
    for column in wrong:
        if as_exported:
            message, hint = "what is on record changed since this was exported", _OR_CLEAR
        else:
            message, hint = "the cell does not show what is on record: it was changed", _AGAIN
        yield _problem(message, sheet.cell(row, column), hint)
    if not wrong and not as_exported:
        yield _problem(
            "what the row shows is not what its mark was made for: a locked cell, a title or the "
            "first sheet was changed",
            sheet.at(row),
        )


def _values(sheet: Saved, row: SavedRow) -> tuple[dict[str, Any], list[Problem]]:
    values: dict[str, Any] = {}
    problems: list[Problem] = []
    for column in sheet.layout.asked:
        cell, where = row.filled[column.name], sheet.at(row, column.name)
        if isinstance(cell, str) and not cell.strip():
            if column.needed:
                choices = f": {', '.join(column.choices)}" if column.choices else ""
                hint = f"fill in {column.title!r}{choices}, or clear the whole row"
                problems.append(
                    _problem("the row is filled in, and this cell is blank", where, hint)
                )
            continue
        try:
            values[column.name] = value_of(cell, column)
        except UnusableCellError as cause:
            problems.append(_problem(str(cause), where, cause.hint))
    return values, problems


def _problem(message: str, where: Where, hint: str = _AGAIN) -> Problem:
    return Problem(message=message, slug="worksheet-cell", where=where, hint=hint)
