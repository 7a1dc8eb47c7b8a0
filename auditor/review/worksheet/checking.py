"""A saved worksheet beside the ledger: every row known again, every cell that is wrong named."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING, Any

from auditor.errors import Problem, UsageError, Where
from auditor.policy.people import same_name
from auditor.review.showing import scale_of
from auditor.review.worksheet.cells import UnusableCellError, value_of
from auditor.review.worksheet.changed import cell_problem, of_a_mark, of_a_row
from auditor.review.worksheet.choosing import Line, waiting_for
from auditor.review.worksheet.known import Known, known
from auditor.review.worksheet.marks import cell_text, identity_in
from auditor.review.worksheet.showing import lead_of

if TYPE_CHECKING:
    from auditor.review.authority import Person
    from auditor.review.desk import Desk
    from auditor.review.queue import Item, Queue
    from auditor.review.worksheet.saved_rows import Saved, SavedRow


@dataclass(frozen=True, slots=True, kw_only=True)
class FilledRow:
    """A row that is known again and filled in: its decision, and what its cells mean.

    ``unusable`` are columns to fill in of which nothing is known, because their cells are refused.
    """

    row: SavedRow
    item: Item
    line: Line
    said: Known
    values: Mapping[str, Any]
    unusable: frozenset[str] = frozenset()


@dataclass(slots=True, kw_only=True)
class CheckedRows:
    """Rows of a worksheet, and everything that is wrong with it.

    ``faulty`` are filled in as well, but a cell of them is refused: nothing is made of them, and
    what else is wrong with them is still to be told.
    """

    filled: list[FilledRow] = field(default_factory=list)
    faulty: list[FilledRow] = field(default_factory=list)
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
        found.problems += self._sheet.problems
        for row in self._sheet.rows:
            found.problems += self._row(row)
        found.blank = len(self._blank)
        found.missing = max(self._sheet.exported - len(self._seen), 0)
        found.problems += self._in_part()
        return found

    def _row(self, row: SavedRow) -> list[Problem]:
        sheet = self._sheet
        if sheet.mark_column in row.refused:
            return []
        problems = list(of_a_mark(sheet, row))
        if problems:
            return problems
        at = self._place(row)
        if at not in self._cases:
            return [cell_problem("the row and its mark are of no decision here", sheet.at(row))]
        if at in self._seen:
            message = f"the row stands here twice, first as row {self._seen[at].number}"
            return [cell_problem(message, sheet.at(row))]
        self._seen[at] = row
        made = self._known_again(row, at)
        if sheet.layout.step == "reveal" and made.line.judged is None and not row.is_blank:
            message = "no first judgement of yours on this decision is on record"
            return [cell_problem(message, sheet.at(row))]
        problems = list(of_a_row(sheet, row, made.line, lead_of(made.line, self._scale)))
        if row.is_blank:
            self._blank[at] = row
            return problems
        values, wrong = _values(sheet, row)
        one = replace(made, values=values, unusable=frozenset(wrong))
        whole = not problems and not wrong and not row.refused
        (self._found.filled if whole else self._found.faulty).append(one)
        return [*problems, *(problem for problem in wrong.values() if problem is not None)]

    def _place(self, row: SavedRow) -> tuple[str, str]:
        """Case and identity of a row: of its case the name that was written, if it is known."""
        copy = self._sheet.copy
        was = None if copy is None else copy.rows.get(row.mark)
        return (was or row.shown)[0], identity_in(row.mark) or ""

    def _known_again(self, row: SavedRow, at: tuple[str, str]) -> FilledRow:
        item, decision = self._cases[at]
        if item.case.id not in self._known:
            self._known[item.case.id] = known(item, self._reader)
        said = self._known[item.case.id]
        judged = said.judged(decision.identity) if self._sheet.layout.step == "reveal" else None
        line = Line(case=item.case, decision=decision, judged=judged)
        return FilledRow(row=row, item=item, line=line, said=said, values={})

    def _in_part(self) -> Iterator[Problem]:
        """Cases that were answered for some of their decisions only."""
        sheet = self._sheet
        said_of = sorted(
            (*self._found.filled, *self._found.faulty), key=lambda one: -one.row.number
        )
        answered = {one.item.case.id: one for one in said_of}
        for one in reversed(answered.values()):
            name, role = cell_text(one.item.case.id), sheet.origin.role
            waiting = waiting_for(one.item, role, self._reader, sheet.layout.step, self._desk)
            for decision in one.item.case.decisions:
                at = (name, decision.identity)
                if at in self._blank:
                    yield cell_problem(
                        f"the case is filled in in part: row {one.row.number} is about it too",
                        sheet.at(self._blank[at]),
                        "fill in all rows of a case, or none",
                    )
                elif at not in self._seen and decision.identity in waiting:
                    yield cell_problem(
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
        another = (
            Problem(
                message=message,
                slug="another-worksheet",
                where=Where(sheet.path),
                hint="name the result, the ledger and the key that it was made for",
            )
            for message in problems
        )
        raise UsageError.of([*sheet.problems, *another])


def _values(sheet: Saved, row: SavedRow) -> tuple[dict[str, Any], dict[str, Problem | None]]:
    """Read what was filled in: values, and what is wrong by column; None where that is said."""
    values: dict[str, Any] = {}
    wrong: dict[str, Problem | None] = {}
    for column in sheet.layout.asked:
        cell, where = row.filled[column.name], sheet.at(row, column.name)
        if sheet.column(column.name) in row.refused:
            wrong[column.name] = None
        elif isinstance(cell, str) and not cell.strip():
            if column.needed:
                choices = f": {', '.join(column.choices)}" if column.choices else ""
                hint = f"fill in {column.title!r}{choices}, or clear the whole row"
                message = "the row is filled in, and this cell is blank"
                wrong[column.name] = cell_problem(message, where, hint)
        else:
            try:
                values[column.name] = value_of(cell, column)
            except UnusableCellError as cause:
                wrong[column.name] = cell_problem(str(cause), where, cause.hint)
    return values, wrong
