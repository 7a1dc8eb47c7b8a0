"""Worksheets of the small office: written, filled in by another program, and taken over."""

from __future__ import annotations

import io
import random
import zipfile
from collections.abc import Callable, Mapping
from datetime import date
from pathlib import Path
from typing import Any

import openpyxl

from auditor.ledger import Entry, Words
from auditor.review.worksheet.columns import LAYOUTS, Step
from auditor.review.worksheet.making import made
from auditor.review.worksheet.reading import saved
from auditor.review.worksheet.taking import Taken, taken
from auditor.review.worksheet.writing import workbook
from tests.unit.review.office import ADA, Member, Office, case

JUDGED = {"judged": "favorable", "confidence": "high", "conflict": "no"}
REVIEWED = {
    "outcome": "kept",
    "considered": "CV; work sample",
    "takes_effect": date(2026, 11, 30),
    "statement": "none given",
    "rationale": "The work sample is weak.",
}


class Sheet:
    """A worksheet open in another spreadsheet program."""

    def __init__(self, path: Path, step: Step) -> None:
        self.path, self.book = path, openpyxl.load_workbook(path)
        self.cells = self.book[step]
        self._columns = {cell.value: cell.column for cell in self.cells[1]}
        self._titles = {column.name: column.title for column in LAYOUTS[step].asked}

    @property
    def rows(self) -> range:
        return range(2, self.cells.max_row + 1)

    def at(self, row: int, name: str) -> Any:
        """Cell of a column by its title, or by the name of what is asked."""
        return self.cells.cell(row, self._columns[self._titles.get(name, name)])

    def fill(self, row: int, **said: Any) -> None:
        for name, value in said.items():
            cell = self.at(row, name)
            cell.value = value
            if isinstance(value, str):
                cell.data_type = "s"  # as in a cell that is formatted as text

    def save(self) -> Path:
        self.book.save(self.path)
        return self.path


def export(office: Office, path: Path, step: Step, **said: Any) -> Path:
    """Write a worksheet for Ada unless it says otherwise."""
    sheet = made(office.desk, office.queue(), step, **{"role": "recruiter", "reader": "Ada"} | said)
    path.write_bytes(workbook(sheet))
    return path


def filled(path: Path, step: Step, answers: Callable[[int], Mapping[str, Any] | None]) -> Path:
    """Fill in rows, by their number from 0; None leaves one blank."""
    sheet = Sheet(path, step)
    for n, row in enumerate(sheet.rows):
        sheet.fill(row, **(answers(n) or {}))
    return sheet.save()


def take(
    office: Office,
    path: Path,
    who: Member = ADA,
    words: Mapping[tuple[str, str], Words] | None = None,
    **said: Any,
) -> Taken:
    """Check a worksheet and put what is new into the ledger."""
    found = taken(
        saved(path), office.desk, words or {}, private=who.private, now=office.now, **said
    )
    for draft in found.drafts:
        office.put(draft)
    return found


def judge(office: Office, tmp_path: Path, who: Member = ADA, **said: Any) -> Taken:
    """Judge everything that waits, through a first worksheet."""
    path = export(office, tmp_path / f"first-{who.name}.xlsx", "first", reader=who.name)
    return take(office, filled(path, "first", lambda _: JUDGED | said), who)


def several(count: int, **said: Any) -> Office:
    """An office with so many cases of one decision."""
    return Office(cases=tuple(case(n, **said) for n in range(1, count + 1)))


def entries(office: Office, kind: str) -> list[Entry]:
    return [entry for entry in office.entries if entry.draft.kind == kind]


def parts(content: Path | bytes) -> dict[str, str]:
    """Every part of a workbook as text."""
    source = io.BytesIO(content) if isinstance(content, bytes) else content
    with zipfile.ZipFile(source) as archive:
        return {name: archive.read(name).decode() for name in archive.namelist()}


def some_text(draw: random.Random, length: int = 20) -> str:
    signs = "abcdefghij ÄÖüß漢字=+-@'\"<&>;\n"
    return "".join(draw.choice(signs) for _ in range(draw.randint(1, length)))
