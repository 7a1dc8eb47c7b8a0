"""What opens a case counts whatever the day; only what settles it is cut at the day asked about."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta

import pytest

from tests.unit.review.office import ADA, BEN, CLEO, CORA, LEA, Office, ring

APPEAL = "p/appeal-clock"
FAR = datetime(2031, 1, 1, tzinfo=UTC)


def test_a_day_in_the_past_hides_no_request_that_is_on_record(office):
    office.review(who=ADA)
    settled = office.now.date()
    office.later(days=3)
    office.request()

    assert office.item(0, settled).decisions[0].pending
    assert office.queue(settled).reviews_open == 2
    office.review(who=BEN, rules=[APPEAL])
    assert office.item(0, settled).decisions[0].pending  # its answer came later
    assert not office.item(0).decisions[0].pending


@pytest.mark.parametrize("signed", [True, False])
def test_a_request_that_is_dated_ahead_is_open_today(office, signed):
    office.review(who=ADA)
    office.request()
    draft = office.entries.pop().draft
    office.put(draft if signed else office.draft("requested", dict(draft.body)), at=FAR)

    assert office.item().decisions[0].pending
    assert office.item(0, FAR.date()).decisions[0].pending
    office.review(who=BEN, rules=[APPEAL])
    assert office.item().decisions[0].pending != signed  # it can be answered, if somebody asked


def test_an_answer_from_before_a_request_that_is_dated_ahead_is_none(office):
    office.review(who=ADA)
    early = office.draft("reviewed", office.body(0, BEN, rules=[APPEAL])).signed(BEN.private)
    office.later(hours=1)
    office.request()
    office.put(office.entries.pop().draft, at=FAR)
    office.put(early)
    assert office.why() == (f"it was said before {APPEAL} was asked for",)


def test_an_escalation_that_is_dated_ahead_holds_today():
    office = Office(keyring=ring(ADA, BEN, CLEO, LEA))
    office.review(who=ADA, outcome="kept")
    office.review(who=BEN, outcome="changed")
    office.escalate(who=CLEO)
    office.put(office.entries.pop().draft, at=FAR)
    office.review(who=CLEO, outcome="changed")

    assert office.item().state == "escalated"
    assert office.item(0, FAR.date()).decisions[0].final is None
    office.review(who=LEA, outcome="changed")
    assert office.item().decisions[0].final == "favorable"


def test_a_review_after_the_day_settles_nothing_on_it(office):
    """Negative control: what settles is cut."""
    yesterday = office.now.date() - timedelta(days=1)
    office.review(who=ADA)
    assert office.item(0, yesterday).decisions[0].pending
    assert not office.item().decisions[0].pending


def test_a_request_that_is_due_on_no_day_opens_and_is_answered_by_nobody(office):
    office.review(who=ADA)
    office.request(by=CORA, due="soon")
    assert office.why() == (
        "it does not say on which day it is due, so it is open and cannot be answered",
    )
    office.review(who=BEN, rules=[APPEAL])
    assert office.item().decisions[0].pending
    assert office.item().due is None

    office.request(by=CORA)
    office.review(who=BEN, rules=[f"{APPEAL}/2"])
    assert not office.item().decisions[0].pending
    assert office.item(0, date(2026, 11, 25)).decisions[0].final == "unfavorable"
