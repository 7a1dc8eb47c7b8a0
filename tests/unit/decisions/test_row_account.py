from __future__ import annotations

import pytest

from auditor.decisions import RowAccount


def test_an_account_that_balances_tells_what_was_left_out():
    account = RowAccount(read=10, used=6, buckets={"withdrawn": 3, "duplicates": 1})

    assert account.left_out == 4


def test_rows_without_buckets_are_all_used():
    assert RowAccount(read=3, used=3).left_out == 0


@pytest.mark.parametrize(
    ("read", "used", "buckets"),
    [
        (10, 6, {"withdrawn": 3}),  # one row lost
        (10, 6, {"withdrawn": 5}),  # one counted twice
        (10, 6, {}),
        (10, 11, {"withdrawn": -1}),  # balances, but no bucket holds fewer than nobody
        (1, -1, {"withdrawn": 2}),
    ],
)
def test_an_account_that_lost_or_doubled_a_row_is_refused(read, used, buckets):
    with pytest.raises(ValueError, match="does not balance"):
        RowAccount(read=read, used=used, buckets=buckets)
