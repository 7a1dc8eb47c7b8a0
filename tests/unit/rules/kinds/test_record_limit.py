from __future__ import annotations

import pytest
from pydantic import ValidationError

from auditor.documents import check
from auditor.rules.kinds.record_limit import RecordLimitOptions


@pytest.mark.parametrize(
    ("months", "limits", "verdict"),
    [
        (48, {"at_least": 48}, "pass"),
        (47, {"at_least": 48}, "fail"),
        (48, {"at_most": 48}, "pass"),
        (49, {"at_most": 48}, "fail"),
        (0, {"at_most": 0}, "pass"),
        (36, {"at_least": 24, "at_most": 48}, "pass"),
        (12, {"at_least": 24, "at_most": 48}, "fail"),
        (60, {"at_least": 24, "at_most": 48}, "fail"),
    ],
)
def test_a_limit_is_inside(one, on_record, months, limits, verdict):
    seen = on_record({"retention": {"months": months}})

    assert one("record-limit", seen, entry="retention", **limits)[0] == verdict


def test_it_says_the_number_and_both_limits(one, on_record):
    seen = on_record({"questions": {"explanation": {"steps_to_person": 5}}})

    _, says = one("record-limit", seen, entry="questions.explanation", at_least=1, at_most=3)

    assert says == (
        "questions.explanation.steps_to_person is 5; this rule asks for at least 1 and at most 3."
    )


def test_a_number_that_is_not_on_record_has_no_verdict(one, on_record):
    assert one("record-limit", on_record(), entry="logs.months", at_least=6)[0] == "no_verdict"


@pytest.mark.parametrize("limits", [{}, {"at_least": 3, "at_most": 2}, {"at_least": -1}])
def test_limits_that_limit_nothing_are_refused(limits):
    with pytest.raises(ValidationError):
        RecordLimitOptions.model_validate({"entry": "retention.months", **limits})


@pytest.mark.parametrize(
    ("entry", "slug"),
    [("dpia", "no-number-entry"), ("retention.month", "unknown-entry"), ("x", "unknown-entry")],
)
def test_an_entry_without_a_number_is_refused(entry, slug):
    _, problems = check({"entry": entry, "at_least": 1}, RecordLimitOptions)

    assert [problem.slug for problem in problems] == [slug]
