from __future__ import annotations

import pytest

from auditor.findings import Flag

KIND = "control-cases"


def test_without_records_of_reviews_it_is_not_evaluated_and_holds_back(review, evidence):
    said = list(review(KIND).check(evidence(3)))

    assert [(item.reason, item.required) for item in said] == [("no-review-records", True)]
    assert "on the ledger of reviews" in said[0].says


def test_no_decision_is_flagged(review, evidence):
    assert [item for item in review(KIND).check(evidence(3)) if isinstance(item, Flag)] == []


@pytest.mark.parametrize("share", ["0", "0.51", "-0.1"])
def test_a_share_that_cannot_be_is_refused(review, share):
    with pytest.raises(ValueError, match="share"):
        review(KIND, share=share)
