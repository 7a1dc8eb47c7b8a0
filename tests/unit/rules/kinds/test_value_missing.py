from __future__ import annotations

import pytest

from auditor.findings import Flag, NotEvaluated

KIND = "value-missing"
GAPS = {"score": [True, False, False, False], "years": [True, False, True, False]}


def test_decisions_with_a_gap_are_flagged_and_the_gaps_named(review, evidence):
    said = list(review(KIND).check(evidence(missing=GAPS)))

    assert [(flag.line, flag.evidence) for flag in said] == [
        (0, "missing: score, years"),
        (2, "missing: years"),
    ]


def test_complete_decisions_are_not_flagged(review, evidence):
    assert list(review(KIND).check(evidence(missing={"score": [False] * 3}))) == []


def test_only_the_columns_asked_for_are_looked_at(review, evidence):
    said = list(review(KIND, columns=["score"]).check(evidence(missing=GAPS)))

    assert [flag.line for flag in said] == [0]


def test_a_column_that_was_not_read_is_named_and_the_others_still_judged(review, evidence):
    said = list(review(KIND, columns=["skill", "score"]).check(evidence(missing=GAPS)))

    assert [type(item) for item in said] == [NotEvaluated, Flag]
    assert said[0].reason == "column-not-read"
    assert "no score or feature named skill" in said[0].says
    assert said[1].line == 0


def test_columns_that_were_all_not_read_flag_nothing(review, evidence):
    (said,) = review(KIND, columns=["skill"]).check(evidence(missing=GAPS))

    assert said.reason == "column-not-read"


def test_an_export_without_score_and_features_is_not_evaluated(review, evidence):
    (said,) = review(KIND).check(evidence(3))

    assert said.reason == "no-columns"


@pytest.mark.parametrize("outcome", ["withdrawn", "not_considered", "open"])
def test_only_decisions_that_were_taken_are_flagged(review, evidence, outcome):
    found = evidence(outcome=["favorable", outcome], missing={"score": [True, True]})

    assert [flag.line for flag in review(KIND).check(found)] == [0]
