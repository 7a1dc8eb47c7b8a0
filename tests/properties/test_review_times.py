"""Whoever holds a key that ended gains nothing by a date, and honest people lose nothing by one."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import date, timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from auditor.ledger import Entry, time_text
from auditor.ledger.clocks import PUT_RIGHT
from auditor.ledger.reading import moment
from auditor.review import backdating
from auditor.review.backdating import Backdating
from tests.unit.review.office import ADA, BEN, CLEO, NOW, Member, Office, ring

GONE = Member("Gus", ("recruiter",), until=(NOW + timedelta(days=20)).date())
HONEST = (ADA, BEN, CLEO)
RING = ring(*HONEST, GONE)
LAST = NOW + timedelta(days=60)

honest = st.tuples(st.just("honest"), st.sampled_from(HONEST), st.integers(0, 60))
mistaken = st.tuples(st.just("mistaken"), st.sampled_from(HONEST), st.integers(0, 1500))
dated_back = st.tuples(st.just("dated back"), st.just(GONE), st.integers(-400, 0))
forged = st.tuples(st.just("forged"), st.sampled_from(HONEST), st.integers(0, 2000))
steps = st.lists(st.one_of(honest, honest, mistaken, dated_back, forged), max_size=14)


@dataclass
class Ledger:
    """Honest people say the time as it goes on; others say any."""

    office: Office
    kinds: dict[int, str]

    def of(self, kind: str) -> list[Entry]:
        return [one for one in self.office.entries if self.kinds.get(one.seq) == kind]


def told(done, *, mistakes: bool) -> Ledger:
    ledger = Ledger(Office(keyring=RING), {})
    office, real = ledger.office, NOW
    for kind, who, hours in done:
        if kind == "mistaken" and not mistakes:
            continue
        if kind == "honest":
            real = min(real + timedelta(hours=hours), LAST)
        office.now = real if kind == "honest" else real + timedelta(hours=hours)
        entry = office.claim(0, who)
        if kind == "forged":
            draft = replace(entry.draft, body=entry.draft.body | {"case": "x"})
            office.entries[-1] = replace(entry, draft=draft)
        ledger.kinds[entry.seq] = kind
    return ledger


@settings(max_examples=100)
@given(steps)
def test_no_entry_dated_back_behind_an_honest_one_counts(done):
    ledger = told(done, mistakes=False)
    times = Backdating(ledger.office.entries, RING, LAST.date())
    for entry in ledger.of("dated back"):
        front = [one for one in ledger.of("honest") if one.seq < entry.seq]
        if any(moment(one.at) - moment(entry.at) > PUT_RIGHT for one in front):
            assert times.why_not(entry)


@settings(max_examples=100)
@given(steps, st.integers(0, 500))
def test_honest_people_lose_nothing_by_what_others_forge_or_date_back(done, days):
    ledger = told(done, mistakes=False)
    times = Backdating(ledger.office.entries, RING, LAST.date() + timedelta(days=days))
    assert {times.why_not(entry) for entry in ledger.of("honest")} <= {""}


@settings(max_examples=100)
@given(steps)
def test_a_mistake_costs_nothing_before_its_day_and_nothing_once_it_is_taken_back(done):
    """Everybody says something at the end, at the time that it is then."""
    ledger = told(done, mistakes=True)
    office = ledger.office
    real = max((moment(one.at) for one in ledger.of("honest")), default=NOW)
    now = Backdating(office.entries, RING, real.date())
    ahead = [one for one in ledger.of("mistaken") if moment(one.at).date() > real.date()]
    if len(ahead) == len(ledger.of("mistaken")):
        assert {now.why_not(entry) for entry in ledger.of("honest")} <= {""}
    office.now = real
    for who in HONEST:
        office.claim(0, who)
    later = Backdating(office.entries, RING, date(2036, 1, 1))
    assert {later.why_not(entry) for entry in office.entries[-len(HONEST) :]} == {""}


def test_without_bounds_an_ended_key_would_be_seen_to_come_back(monkeypatch):
    """Negative control of the first law."""
    monkeypatch.setattr(backdating, "PUT_RIGHT", timedelta(days=9999))
    with pytest.raises(AssertionError):
        test_no_entry_dated_back_behind_an_honest_one_counts()


def test_that_a_ledger_was_opened_bounds_what_follows():
    office = Office(keyring=RING)
    office.now -= timedelta(days=2)
    entry = office.claim(0, GONE)
    times = Backdating(office.entries, RING, LAST.date())
    assert f"entry 0 in front of it ({time_text(NOW)})" in times.why_not(entry)
