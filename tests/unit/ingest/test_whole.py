from __future__ import annotations

import pandas as pd
import pytest

from auditor.errors import ExportError
from auditor.ingest import profile_of, read


def whole(rows: int, **said):
    frame = pd.DataFrame({"id": range(rows), "sex": "F", "status": "yes"})
    profile = profile_of(
        id="id", outcome="status", favorable="yes", unfavorable="no", groups=["sex"], **said
    )
    return read(frame, profile, rows=False).account.read


@pytest.mark.parametrize("rows", [65_535, 65_536, 1_048_575, 1_048_576])
def test_an_export_that_ends_where_a_sheet_ends_has_to_be_confirmed(rows):
    with pytest.raises(ExportError, match=f"has {rows:,} rows, where a spreadsheet ends") as caught:
        whole(rows)

    assert f"expected_rows: {rows}" in caught.value.problems[0].hint
    assert whole(rows, expected_rows=rows) == rows


@pytest.mark.parametrize("rows", [65_534, 65_537])
def test_a_row_more_or_less_is_no_sign_of_a_cut(rows):
    assert whole(rows) == rows


def test_another_number_than_expected_is_refused():
    with pytest.raises(ExportError, match="has 9 rows, and the profile expects 10"):
        whole(9, expected_rows=10)
