"""What a reviewer can do to a worksheet: each slip is named with its cell, and nothing is kept."""

from __future__ import annotations

import io
import random
import re
import zipfile
from collections.abc import Callable
from datetime import datetime
from pathlib import Path

import openpyxl
import pytest

from auditor.errors import AuditorError, PathError, UsageError
from auditor.review.worksheet.making import made
from auditor.review.worksheet.reading import saved
from auditor.review.worksheet.writing import workbook
from tests.unit.review.office import BEN, Office
from tests.unit.review.worksheet.sheets import (
    JUDGED,
    REVIEWED,
    Sheet,
    export,
    filled,
    judge,
    several,
    take,
)  # fmt: skip

Edit = Callable[[Sheet], None]


@pytest.fixture(scope="module")
def masters(tmp_path_factory) -> dict[str, tuple[Office, bytes]]:
    """Both worksheets of one reader, every row of them filled in as it should be."""
    tmp_path = tmp_path_factory.mktemp("masters")
    office = several(12)
    values = {f"{n:032x}": (("years", str(n)), ("skill", "0.5")) for n in range(1, 13)}
    found = {}
    for step, said in (("first", JUDGED | {"judged": "unfavorable"}), ("reveal", REVIEWED)):
        path = tmp_path / f"{step}.xlsx"
        sheet = made(
            office.desk, office.queue(), step, role="recruiter", reader="Ada", evidence=values
        )
        path.write_bytes(workbook(sheet))
        filled(path, step, lambda _, said=said: said)
        before = Office(cases=office.cases, entries=[])
        before.entries[:] = office.entries
        found[step] = (before, path.read_bytes())
        if step == "first":
            take(office, path)
    return found


@pytest.fixture
def edited(masters, tmp_path):
    """Change a worksheet, and give everything that is refused about it; nothing may be kept."""

    def change(step: str, *edits: Edit, only: str = "") -> list[tuple[str, str]]:
        """``only`` names a cell: all rows but its own are left blank, which is quicker."""
        office, content = masters[step]
        path = tmp_path / "sheet.xlsx"
        path.write_bytes(content)
        sheet = Sheet(path, step)
        kept = re.findall(r"\d+", only)
        for row in sheet.rows if kept else ():
            if str(row) not in kept:
                sheet.fill(row, **dict.fromkeys(JUDGED if step == "first" else REVIEWED))
        for edit in edits:
            edit(sheet)
        sheet.save()
        size = len(office.entries)
        try:
            with pytest.raises(UsageError) as caught:
                take(office, path)
        finally:
            stored, office.entries[size:] = office.entries[size:], []
        assert stored == []
        return [(re.split("[!/]", str(p.where))[-1], p.message) for p in caught.value.problems]

    return change


def put(row: int, name: str, value: object) -> Edit:
    return lambda sheet: sheet.fill(row, **{name: value})


def both(*edits: Edit) -> Edit:
    return lambda sheet: [edit(sheet) for edit in edits] and None


def copy_row(sheet: Sheet) -> None:
    for place, cell in enumerate(sheet.cells[5], start=1):
        sheet.cells.cell(20, place).value = cell.value


def swap(name: str) -> Edit:
    def edit(sheet: Sheet) -> None:
        one, other = sheet.at(6, name), sheet.at(7, name)
        one.value, other.value = other.value, one.value

    return edit


def formula(row: int, name: str) -> Edit:
    def edit(sheet: Sheet) -> None:
        sheet.at(row, name).value = f"=A{row}"

    return edit


def general(row: int, value: float) -> Edit:
    def edit(sheet: Sheet) -> None:
        sheet.fill(row, takes_effect=value)
        sheet.at(row, "takes_effect").number_format = "General"

    return edit


def error(sheet: Sheet) -> None:
    sheet.at(4, "outcome").value, sheet.at(4, "outcome").data_type = "#N/A", "e"


def of_read_me(name: str, value: str) -> Edit:
    def edit(sheet: Sheet) -> None:
        for first, second in sheet.book["Read me"].iter_rows(max_col=2):
            if first.value == name:
                second.value = value

    return edit


REVEAL_EDITS: dict[str, tuple[Edit, str, str]] = {
    "another word": (put(2, "outcome", "approve"), "K2", "is none of the choices"),
    "a truth value": (put(2, "outcome", True), "K2", "is none of the choices"),
    "blank among others": (put(3, "outcome", None), "K3", "this cell is blank"),
    "only blanks in a cell": (put(3, "statement", " \n "), "Q3", "this cell is blank"),
    "no such final": (put(4, "final", "yes"), "L4", "is none of the choices"),
    "kept and the other": (
        both(put(5, "final", "favorable")), "L5", "'favorable' is not what 'kept' comes to",
    ),
    "changed and the same": (
        both(put(5, "outcome", "changed"), put(5, "final", "unfavorable")),
        "L5", "'unfavorable' is not what 'changed' comes to",
    ),
    "not used and no final": (
        put(6, "outcome", "not used"), "L6", "does not say what was decided in the end",
    ),
    "departs from the model without words": (
        both(put(7, "outcome", "changed"), put(7, "rationale", None)),
        "R7", "the final outcome is not the model's, and no words say why",
    ),
    "no label": (put(8, "considered", " ; ;"), "N8", "names no label"),
    "a label that is a text": (put(8, "considered", "x" * 81), "N8", "longer than 80 letters"),
    "a tab in a label": (put(8, "reason_codes", "a\tb"), "M8", "no line of plain signs"),
    "five reasons": (put(9, "reason_codes", "a;b;c;d;e"), "M9", "names 5 labels"),
    "many labels": (
        put(9, "considered", ";".join(map(str, range(41)))), "N9", "names 41 labels",
    ),
    "a day in another form": (put(10, "takes_effect", "1/12/2026"), "P10", "is no day"),
    "a day that is none": (put(10, "takes_effect", "2026-02-30"), "P10", "is no day"),
    "a number for a day": (general(10, 46000.5), "P10", "is no day"),
    "no day": (put(10, "takes_effect", None), "P10", "this cell is blank"),
    "another statement": (put(11, "statement", "maybe"), "Q11", "is none of the choices"),
    "time before nothing": (put(12, "seconds", -1), "S12", "is no number of minutes"),
    "time in words": (put(12, "seconds", "a while"), "S12", "is no number of minutes"),
    "more than a day": (put(12, "seconds", 1441), "S12", "is no number of minutes"),
    "a truth value for a time": (put(12, "seconds", True), "S12", "is no number of minutes"),
    "a row twice": (copy_row, "A20", "stands here twice, first as row 5"),
    "no mark": (put(6, "Mark of the row", None), "T6", "was changed"),
    "a mark of nothing": (put(6, "Mark of the row", "x.y"), "T6", "was changed"),
    "a row of nothing": (
        both(put(6, "Mark of the row", "x.y"), put(6, "years", "99")), "A6", "of no decision here",
    ),
    "another case": (put(6, "Case", "A"), "A6", "was changed"),
    "another decision": (put(6, "Decision", "A-99"), "B6", "was changed"),
    "another first judgement": (
        put(6, "Your first judgement", "favorable"), "C6", "was changed",
    ),
    "another outcome of the model": (
        put(6, "The model's outcome", "favorable"), "D6", "was changed",
    ),
    "another band": (put(6, "The score lies in", "0 to 0.1"), "E6", "was changed"),
    "another reason": (put(6, "Why a person decides", "."), "H6", "was changed"),
    "no evidence": (put(6, "years", None), "I6", "was changed"),
    "other evidence": (put(6, "years", "99"), "I6", "was changed"),
    "a number for a text": (put(6, "skill", 0.25), "J6", "was changed"),
    "a title of the evidence": (put(1, "skill", "age"), "J1", "was changed"),
    "titles of the evidence swapped": (
        both(put(1, "skill", "years"), put(1, "years", "skill")),
        "I1", "not in the order",
    ),
    "another title": (
        put(1, "outcome", "Decision"), "sheet.xlsx:reveal", "columns are not those",
    ),
    "a column of one's own": (
        lambda sheet: setattr(sheet.cells.cell(4, 25), "value", "note"), "Y4", "beside the table",
    ),
    "a row of one's own": (
        lambda sheet: setattr(sheet.cells.cell(30, 11), "value", "kept"), "A30",
        "of no decision here",
    ),
    "a formula": (formula(4, "outcome"), "K4", "holds a formula"),
    "a formula in a locked cell": (formula(4, "years"), "I4", "holds a formula"),
    "an error": (error, "K4", "holds an error"),
    "merged cells": (lambda sheet: sheet.cells.merge_cells("K4:K5"), "K4", "merged into one"),
    "a day that has passed": (
        put(2, "takes_effect", datetime(2026, 11, 24)), "A2",  # noqa: DTZ001
        "would count for nothing: it was made after the decision took effect",
    ),
    "a statement that was not read": (
        put(2, "statement", "not considered"), "A2", "what the person concerned had to say",
    ),
    "another result": (of_read_me("Result", "b" * 64), "B24", "was changed"),
    "another ledger": (of_read_me("Ledger", "other"), "B23", "was changed"),
    "another reader": (of_read_me("Made for", "Ben"), "B20", "was changed"),
    "another role": (of_read_me("Role", "lead"), "B19", "was changed"),
    "another step": (of_read_me("Step", "first"), "sheet.xlsx", "this is no worksheet"),
}  # fmt: skip
ROW_OF_ITS_OWN = [
    "another word",
    "blank among others",
    "no such final",
    "kept and the other",
    "not used and no final",
    "departs from the model without words",
    "no label",
    "five reasons",
    "a day in another form",
    "another statement",
    "time in words",
]
ANYWHERE = [
    *ROW_OF_ITS_OWN, "a formula in a locked cell", "other evidence", "a title of the evidence",
    "a column of one's own", "a row of one's own", "another role", "another result",
]  # fmt: skip


def matches(found: list[tuple[str, str]], cell: str, message: str) -> bool:
    return any(at == cell and message in said for at, said in found)


@pytest.mark.parametrize("name", REVEAL_EDITS)
def test_a_slip_in_a_reveal_is_named_with_its_cell(edited, name):
    edit, cell, message = REVEAL_EDITS[name]
    found = edited("reveal", edit, only=cell)
    assert matches(found, cell, message), found
    assert len(found) == 1, found


def test_a_worksheet_without_slips_is_taken(masters, tmp_path):
    """The negative control of all edits."""
    for office, content in masters.values():
        path = tmp_path / "sheet.xlsx"
        path.write_bytes(content)
        size = len(office.entries)
        assert take(office, path).filled == 12
        del office.entries[size:]


def test_all_slips_are_named_in_one_run(edited):
    found = edited("reveal", *(REVEAL_EDITS[name][0] for name in ROW_OF_ITS_OWN))
    assert len(found) == len(ROW_OF_ITS_OWN)
    for name in ROW_OF_ITS_OWN:
        assert matches(found, *REVEAL_EDITS[name][1:]), name


def test_a_formula_keeps_no_other_slip_back(edited):
    """Nobody mends a formula to be told of the next slip only then, wherever that is."""
    found = edited("reveal", *(REVEAL_EDITS[name][0] for name in ANYWHERE))
    assert len(found) == len(ANYWHERE)
    for name in ANYWHERE:
        assert matches(found, *REVEAL_EDITS[name][1:]), name


def test_what_a_row_says_against_itself_is_told_beside_its_formula(edited):
    found = edited(
        "reveal",
        *(formula(4, "considered"), put(4, "outcome", "not used"), put(5, "outcome", "changed")),
        *(put(5, "final", "unfavorable"), formula(5, "rationale"), formula(6, "outcome")),
        put(6, "final", "favorable"),
    )
    assert matches(found, "L4", "does not say what was decided in the end")
    assert matches(found, "L5", "'unfavorable' is not what 'changed' comes to")
    assert sorted(at for at, _ in found) == ["K6", "L4", "L5", "N4", "R5"]


def test_a_formula_and_a_worksheet_of_somebody_else_are_told_at_once(masters, tmp_path):
    office, content = masters["reveal"]
    path = tmp_path / "sheet.xlsx"
    path.write_bytes(content)
    sheet = Sheet(path, "reveal")
    formula(4, "outcome")(sheet)
    with pytest.raises(UsageError) as caught:
        take(office, sheet.save(), BEN)
    said = [problem.message for problem in caught.value.problems]
    assert [text.split(" than ")[0] for text in said] == [
        "the cell holds a formula", "this worksheet was made for another person",
    ]  # fmt: skip


def without_copy(sheet: Sheet) -> None:
    sheet.book.remove(sheet.book["As exported"])


def changed_copy(sheet: Sheet) -> None:
    """The copy says now what somebody wants to have been shown; its marks fit it no more."""
    for row in sheet.book["As exported"].iter_rows(min_row=3):
        row[9].value = "99"


@pytest.mark.parametrize("gone", [None, without_copy])
@pytest.mark.parametrize(("step", "asked"), [("first", JUDGED), ("reveal", REVIEWED)])
def test_no_message_repeats_what_a_cell_holds_or_held(edited, step, asked, gone):
    wrote = f"John Doe, 46000, rang me{'!' * 80}"
    columns = [name for name in asked if name != "rationale"] + ["Decision", "years", "Case"]
    cells = [put(row, name, wrote) for row, name in enumerate(columns, start=2)]
    found = edited(step, *cells, *([] if gone is None else [gone]))

    assert len(found) >= len(columns)
    assert len({cell for cell, _ in found}) >= len(columns)
    for _, message in found:
        assert "John" not in message
        assert "46000" not in message
        assert not re.search(r"A-\d|[0-9a-f]{31}", message)


@pytest.mark.parametrize("gone", [without_copy, changed_copy])
@pytest.mark.parametrize(
    ("edit", "cell", "message"),
    [
        (put(6, "years", "99"), "T6", "not what its mark was made for"),
        (put(6, "Decision", "A-99"), "B6", "does not show what is on record"),
        (put(6, "Mark of the row", "x.y"), "A6", "of no decision here"),
    ],
)
def test_a_changed_cell_is_refused_without_the_hidden_sheet_too(edited, gone, edit, cell, message):
    found = edited("reveal", gone, edit)
    assert len(found) == 1
    assert matches(found, cell, message), found


def test_a_worksheet_without_its_hidden_sheet_is_taken(masters, tmp_path):
    """Some programs drop hidden sheets; the marks still say whether anything was changed."""
    for office, content in masters.values():
        path = tmp_path / "sheet.xlsx"
        path.write_bytes(content)
        sheet = Sheet(path, "first" if "first" in openpyxl.load_workbook(path) else "reveal")
        without_copy(sheet)
        size = len(office.entries)
        assert take(office, sheet.save()).filled == 12
        del office.entries[size:]


FIRST_EDITS: dict[str, tuple[Edit, str, str]] = {
    "another word": (put(2, "judged", "maybe"), "E2", "is none of the choices"),
    "no confidence": (put(3, "confidence", None), "F3", "this cell is blank"),
    "a number for a confidence": (put(3, "confidence", 5), "F3", "is none of the choices"),
    "no word on a conflict": (put(4, "conflict", None), "G4", "this cell is blank"),
    "a truth value": (put(4, "conflict", True), "G4", "is none of the choices"),
    "time in words": (put(5, "seconds", "5 min"), "H5", "is no number of minutes"),
    "another case": (put(6, "Case", "c" * 32), "A6", "was changed"),
    "marks swapped": (swap("Mark of the row"), "I6", "was changed"),
    "cases swapped": (swap("Case"), "A6", "was changed"),
    "decisions swapped": (swap("Decision"), "B7", "was changed"),
    "evidence swapped": (swap("years"), "C7", "was changed"),
    "for nobody": (of_read_me("Made for", ""), "B15", "was changed"),
}


@pytest.mark.parametrize("name", FIRST_EDITS)
def test_a_slip_in_a_first_worksheet_is_named_with_its_cell(edited, name):
    edit, cell, message = FIRST_EDITS[name]
    found = edited("first", edit, only=cell)
    assert matches(found, cell, message), found


def test_following_the_model_against_one_s_own_judgement_needs_words(tmp_path):
    office = several(1)
    judge(office, tmp_path, judged="favorable")
    path = export(office, tmp_path / "r.xlsx", "reveal")
    said = REVIEWED | {"rationale": " "}
    with pytest.raises(UsageError, match="not that of the first judgement, and no words say why"):
        take(office, filled(path, "reveal", lambda _: said), anyway=True)


def test_a_worksheet_of_a_first_judgement_is_no_reveal(masters, tmp_path):
    """Rows of one step are no rows of the other, also where somebody renames the sheet."""
    office, content = masters["first"]
    path = tmp_path / "sheet.xlsx"
    path.write_bytes(content)
    sheet = Sheet(path, "first")
    sheet.cells.title = "reveal"
    of_read_me("Step", "reveal")(sheet)
    sheet.save()
    with pytest.raises(UsageError, match="columns are not those"):
        take(office, path)


def archive(content: bytes, extra: dict[str, bytes]) -> bytes:
    out = io.BytesIO(content)
    with zipfile.ZipFile(out, "a", zipfile.ZIP_DEFLATED) as file:
        for name, added in extra.items():
            file.writestr(name, added)
    return out.getvalue()


def another_workbook() -> bytes:
    out = io.BytesIO()
    book = openpyxl.Workbook()
    book.active["A1"] = "id"
    book.save(out)
    return out.getvalue()


@pytest.mark.parametrize(
    ("change", "message"),
    [
        (lambda content: archive(content, {"xl/vbaProject.bin": b"x"}), "has macros"),
        (lambda content: archive(content, {"xl/x.xml": b"0" * (16 << 20)}), "times its size"),
        (lambda content: content[: len(content) // 2], "damaged"),
        (lambda _: b"Case,Decision\n1,2\n", "no Excel workbook"),
        (lambda _: b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"\0" * 5_000, "an old workbook"),
        (lambda _: archive(b"", {"a.txt": b"x"}), "a zip archive"),
        (lambda _: another_workbook(), "no worksheet of a review"),
        (lambda _: b"", "the file is empty"),
        (lambda _: b"%PDF-1.7", "a PDF"),
    ],
)
def test_what_is_no_worksheet_is_refused_as_a_whole(masters, tmp_path, change, message):
    path = tmp_path / "sheet.xlsx"
    path.write_bytes(change(masters["first"][1]))
    with pytest.raises(UsageError, match=message) as caught:
        saved(path)
    hint = caught.value.problems[0].hint or ""
    assert "Excel workbook" in hint or "--worksheet" in hint


@pytest.mark.parametrize("name", ["not-there.xlsx", "."])
def test_a_worksheet_that_cannot_be_opened_is_a_path_error(tmp_path, name):
    with pytest.raises(PathError):
        saved(tmp_path / name)


@pytest.mark.parametrize("seed", range(4))
def test_damage_is_refused_and_never_a_crash(masters, tmp_path, seed):
    draw = random.Random(seed)  # noqa: S311 - examples
    office, content = masters["reveal"]
    for _ in range(8):
        broken = bytearray(content)
        for _ in range(draw.randint(1, 40)):
            broken[draw.randrange(len(broken))] = draw.randrange(256)
        path = Path(tmp_path / "sheet.xlsx")
        path.write_bytes(bytes(broken))
        size = len(office.entries)
        try:
            take(office, path)
        except AuditorError:
            assert len(office.entries) == size
        del office.entries[size:]
