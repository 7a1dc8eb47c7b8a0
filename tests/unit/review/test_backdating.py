"""An entry dated ahead costs nobody their later word, and an ended key does not come back by it."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, datetime, timedelta

import pytest

from auditor.ledger import time_text
from auditor.review import checked_review
from auditor.review.anchoring import anchor_of
from tests.unit.review.office import (
    ADA,
    BEN,
    CLEO,
    LEA,
    NOW,
    PAGE,
    Member,
    Office,
    case,
    ring,
    said,
)

MONTH = timedelta(days=40)
COME = (NOW + MONTH + timedelta(days=1)).date()
"""A day after that of the entry that was dated ahead."""


def at_a_wrong_clock(office: Office, who: Member = ADA, ahead: timedelta = MONTH):
    """Claim the second case while the clock of the machine runs ahead."""
    office.now += ahead
    office.claim(1, who)
    office.now -= ahead


def late(office: Office, n: int = 0, as_of: date | None = None) -> tuple[str, ...]:
    """Why the last record of a case does not count on a day."""
    return office.item(n, as_of).records[-1].objections


def test_what_is_said_after_an_entry_dated_ahead_counts(office):
    at_a_wrong_clock(office)
    office.review(0, BEN)
    assert (office.item().state, office.why()) == ("resolved", ())


def test_once_its_day_has_come_it_counts_when_the_sayer_has_spoken_since(office):
    at_a_wrong_clock(office)
    office.review(0, BEN)
    assert "its time lies before that of entry 1 in front of it" in late(office, as_of=COME)[0]
    assert office.item(as_of=COME).state == "overdue"  # the negative control

    office.release(1, ADA)
    assert late(office, as_of=COME) == ()
    assert office.item(as_of=COME).state == "resolved"


def test_nobody_takes_back_what_another_one_said(office):
    at_a_wrong_clock(office)
    for who in (BEN, CLEO):
        office.claim(0, who)
    office.review(0, BEN)
    assert "in front of it" in late(office, as_of=COME)[0]


def test_what_nobody_stands_behind_bounds_nothing(office):
    at_a_wrong_clock(office)
    entry = office.entries[-1]
    office.entries[-1] = replace(entry, draft=replace(entry.draft, signature=None, by=None))
    office.review(0, BEN)
    assert late(office, as_of=COME) == ()


def backdated(office: Office, who: Member, at: datetime, n: int = 0) -> None:
    draft = office.draft("reviewed", office.body(n, who, takes_effect="2027-12-31"))
    office.put(replace(draft, said_at=time_text(at)).signed(who.private), at=at)


GONE = replace(BEN, until=date(2026, 11, 27))


@pytest.mark.parametrize("others", [False, True])
def test_a_key_that_ended_comes_back_by_no_entry_dated_ahead(office, others):
    office.keyring = ring(ADA, GONE, CLEO)
    if others:
        office.later(days=4)
        office.claim(1, CLEO)  # the day after Ben's key ended
    at_a_wrong_clock(office)
    backdated(office, GONE, NOW + timedelta(days=1))
    found = office.item(as_of=COME).records[-1]
    assert not found.counts
    office.now = NOW + timedelta(days=5)
    office.claim(1, ADA)  # takes her own time back, and not Cleo's
    assert office.item(as_of=COME).records[-1].counts != others


def test_a_key_that_ended_takes_nothing_back_that_its_person_said_with_a_new_one(office):
    new = Member("Ben anew", ("recruiter",), same_as="Ben")
    office.keyring = ring(ADA, GONE, new)
    office.later(days=10)
    office.claim(1, new)
    for n in (1, 0):
        backdated(office, GONE, NOW + timedelta(days=1), n)
    assert "in front of it" in late(office)[0]


@pytest.mark.parametrize("ended", [False, True])
def test_a_service_whose_key_ended_takes_nothing_back_for_anybody(ended):
    page = replace(PAGE, until=date(2026, 11, 27) if ended else None)
    office = Office(keyring=ring(ADA, BEN, page))
    office.later(days=10)
    office.claim(1, ADA)
    at = NOW + timedelta(days=1)
    for who, kind in ((ADA, "claimed"), (BEN, "reviewed")):
        body = {"case": office.cases[1].id, "role": "recruiter"}
        if kind == "reviewed":
            body = office.body(0, who, takes_effect="2027-12-31")
        draft = replace(office.draft(kind, body), by=who.key, said_at=time_text(at))
        office.put(draft.signed(page.private), at=at)
    assert bool(late(office)) == ended


def test_an_old_word_that_is_said_again_takes_nothing_back(office):
    office.claim(1, ADA)
    old = office.entries[-1].draft
    office.later(days=10)
    office.claim(1, ADA)
    office.put(old, at=NOW)
    backdated(office, GONE, NOW + timedelta(days=1))
    assert "in front of it" in late(office)[0]


def test_a_desk_of_one_case_judges_times_as_the_whole_one_does():
    office = Office(cases=(case(1), case(2)))
    office.later(days=10)
    office.claim(1, CLEO)
    office.now -= timedelta(days=10)
    one = office.cases[0]
    for desk in (office.desk, office.desk.apart(office.now.date())[one.id]):
        made = checked_review(desk, said(one), private=ADA.private, now=office.now)
        assert made.reasons == ()  # the tenth day has not come yet

    day = office.now + timedelta(days=11)
    early = office.draft("reviewed", office.body()).signed(ADA.private)
    office.put(early)
    for desk in (office.desk, office.desk.apart(day.date())[one.id]):
        assert "in front of it" in desk.item(one.id, day.date()).records[-1].objections[0]


def test_who_records_behind_an_entry_dated_ahead_is_told(office):
    one = office.cases[0]
    assert checked_review(office.desk, said(one), private=ADA.private, now=NOW).cautions == ()
    at_a_wrong_clock(office, ahead=timedelta(minutes=6))
    (says,) = checked_review(office.desk, said(one), private=ADA.private, now=NOW).cautions
    assert "2026-11-25T09:06:00Z, ahead of this machine's clock" in says


def test_no_gate_rests_on_entries_of_which_nobody_knows_the_age(office):
    office.claim(0, LEA)
    assert not anchor_of(office.entries, 1, NOW.date())["too_old"]
    at_a_wrong_clock(office)
    assert anchor_of(office.entries, 1, NOW.date())["ahead_open"]
    assert not anchor_of(office.entries, 3, NOW.date())["ahead_open"]  # a checkpoint covers it

    office.entries.reverse()  # the first that none covers is not the oldest
    assert anchor_of(office.entries, 0, COME)["too_old"]
    assert anchor_of(office.entries, 0, COME)["since"] == "2026-11-25"


@pytest.mark.parametrize("text", ["soon", "1999"])
def test_an_entry_without_a_time_bounds_nothing_and_is_bound_by_nothing(office, text):
    office.claim(1, ADA)
    office.entries[-1] = replace(office.entries[-1], at=text)
    office.review(0, BEN)
    assert late(office) == ()
    assert late(office, 1) == ("it has no time",)
