from __future__ import annotations

import pytest

from auditor.documents import check
from auditor.rules.kinds.record_recent import RecordRecentOptions


@pytest.mark.parametrize(
    ("day", "verdict"),
    [
        ("2026-11-22", "pass"),  # the day of the audit itself
        ("2025-11-22", "pass"),  # 365 days before it
        ("2025-11-21", "fail"),
        ("2026-11-23", "no_verdict"),  # not yet
    ],
)
def test_a_date_is_recent_until_the_last_day(one, on_record, day, verdict):
    seen = on_record({"audit": {"by": "A", "on": day}})

    assert one("record-recent", seen, entry="audit", at_most="365 days")[0] == verdict


def test_it_says_how_old(one, on_record):
    seen = on_record({"audit": {"on": "2025-11-21"}})

    _, says = one("record-recent", seen, entry="audit", at_most="365 days")

    assert says == (
        "audit.on is 2025-11-21, 366 days before the audit of 2026-11-22, more than 365 days."
    )


def test_of_several_notices_the_latest_that_was_given_counts(one, on_record):
    notices = [
        {"to": "candidates", "given_on": day} for day in ("2024-01-01", "2026-11-01", "2027-01-01")
    ]
    seen = on_record({"notices": notices})

    assert one("record-recent", seen, entry="notices.candidates", at_most=30)[0] == "pass"
    assert one("record-recent", seen, entry="notices.candidates", at_most=20)[0] == "fail"


def test_a_notice_without_a_date_among_others_has_no_verdict(one, on_record):
    notices = [{"to": "candidates", "given_on": "2026-11-01"}, {"to": "candidates"}]

    found, _ = one(
        "record-recent", on_record({"notices": notices}), entry="notices.candidates", at_most=30
    )

    assert found == "no_verdict"


def test_without_the_date_there_is_no_verdict(one, on_record):
    found, says = one("record-recent", on_record(), entry="audit.on", at_most="1 week")

    assert found == "no_verdict"
    assert says == "The record of Ranker does not say audit.on."


def test_without_a_day_of_the_run_it_is_not_evaluated(one, on_record):
    seen = on_record({"audit": {"on": "2026-11-01"}}, as_of=None)

    assert one("record-recent", seen, entry="audit", at_most=1)[0] == "no-day"
    assert one("record-before-run", seen, entry="audit")[0] == "no-day"


def test_an_entry_that_leads_to_no_date_is_refused():
    _, problems = check({"entry": "questions.model.answer", "at_most": 9}, RecordRecentOptions)

    assert [problem.slug for problem in problems] == ["no-date-entry"]
