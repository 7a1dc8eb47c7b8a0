"""A sheet that was renamed is called by its name, not by that of another one."""

from __future__ import annotations

import openpyxl
import pytest

from auditor.errors import UsageError
from tests.unit.review.office import Office
from tests.unit.review.worksheet.sheets import JUDGED, export, filled, take


@pytest.mark.parametrize("lost", ["first", "Read me"])
def test_a_renamed_sheet_is_named(tmp_path, lost):
    office = Office()
    path = filled(export(office, tmp_path / "first.xlsx", "first"), "first", lambda _: JUDGED)
    book = openpyxl.load_workbook(path)
    book[lost].title = "My list"
    book.save(path)
    with pytest.raises(UsageError) as caught:
        take(office, path)

    (problem,) = caught.value.problems
    assert problem.message == f"the sheet {lost!r} is gone or has another name"
    book["My list"].title = lost
    book.save(path)
    assert take(office, path).drafts


def test_a_workbook_of_another_kind_is_no_worksheet(tmp_path):
    path = tmp_path / "other.xlsx"
    openpyxl.Workbook().save(path)
    with pytest.raises(UsageError) as caught:
        take(Office(), path)

    assert "this is no worksheet of a review" in caught.value.problems[0].message
