"""The first and the last day that a calendar knows: nothing is counted over its ends."""

from __future__ import annotations

from datetime import UTC, date, datetime

import pytest

from auditor.ledger.clocks import went_back
from auditor.review.counting import counted
from tests.unit.review.office import ADA, NOW

LAST = datetime(9999, 12, 31, 23, 59, 59, tzinfo=UTC)


@pytest.mark.parametrize("kind", ["reviewed", "claimed", "escalated", "released", "requested"])
def test_an_entry_of_the_last_second_is_no_traceback_on_any_day(office, kind):
    say = {
        "reviewed": office.review,
        "claimed": office.claim,
        "escalated": office.escalate,
        "released": office.release,
        "requested": office.request,
    }
    say[kind]()
    last = office.entries.pop()
    office.put(last.draft, at=LAST)

    for day in (NOW.date(), LAST.date()):
        assert counted(office.queue(day), office.desk)["entries"] == 2


def test_a_draft_that_was_said_at_the_last_second_was_said_too_late(office):
    office.now = LAST
    draft = office.draft("reviewed", office.body()).signed(ADA.private)
    office.now = NOW
    office.put(draft)

    assert office.why() == ("it was said after the time at which the ledger took it",)


def test_said_and_taken_at_the_last_second_counts_on_the_last_day(office):
    """Negative control: the far day alone is no objection."""
    office.now = LAST
    office.review(takes_effect="9999-12-31")

    assert office.why() == ()
    assert office.item(0, date.max).state == "resolved"


def test_a_clock_at_the_first_second_went_back_by_less_than_it_may():
    assert not went_back("0001-01-01T00:02:00Z", "0001-01-01T00:00:00Z")
    assert went_back("0001-01-01T00:06:00Z", "0001-01-01T00:00:00Z")
