"""How long entries stand without a checkpoint, counted from the first that none covers."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta

import pytest

from auditor.ledger import Entry, new_draft, time_text
from auditor.report.reviews import review_lines
from auditor.review.anchoring import anchor_of, told_reviewers, why_not_anchored
from auditor.review.counting import counted
from tests.unit.review.office import Office

TODAY = date(2026, 11, 25)


def entries(*days_ago: int) -> list[Entry]:
    made = []
    for seq, days in enumerate(days_ago):
        at = datetime(2026, 11, 25, 8, 0, tzinfo=UTC) - timedelta(days=days)
        draft = new_draft("l", "claimed", {"case": "c", "role": "r"}, now=at)
        made.append(Entry(seq=seq, at=time_text(at), previous="", draft=draft))
    return made


@pytest.mark.parametrize(
    ("covered", "uncovered", "since", "too_old"),
    [
        (None, 4, "2026-10-26", False),  # nobody ever made a checkpoint
        (0, 4, "2026-10-26", True),
        (1, 3, "2026-11-17", True),  # 8 days
        (2, 2, "2026-11-18", False),  # 7 days
        (3, 1, "2026-11-25", False),
        (4, 0, None, False),  # however old it is, nothing stands behind it
    ],
)
def test_age_is_that_of_the_first_entry_that_no_checkpoint_covers(
    covered, uncovered, since, too_old
):
    found = anchor_of(entries(30, 8, 7, 0), covered, TODAY)

    assert found == {
        "covered": covered, "uncovered": uncovered, "since": since, "too_old": too_old,
        "salvaged": 0, "salvage_open": False, "words_lost": 0, "clock_went_back": 0,
    }  # fmt: skip


def with_salvage(words: int = 0) -> list[Entry]:
    """Two entries, then one that says the ledger was salvaged, and one that was added since."""
    lost = [{"id": "e", "fields": [f"f{n}" for n in range(words)]}] if words else []
    made = entries(3, 3, 2, 1)
    body = {"size": 2, "root": "", "damaged": "", "entries": lost}
    draft = replace(made[2].draft, kind="salvaged", body=body)
    made[2] = replace(made[2], draft=draft)
    return made


@pytest.mark.parametrize(
    ("covered", "still_open"), [(None, True), (2, True), (3, False), (4, False)]
)
def test_a_salvage_is_open_until_a_checkpoint_covers_that_it_was_one(covered, still_open):
    found = {**reviews(covered, 1), "anchor": anchor_of(with_salvage(2), covered, TODAY)}
    said = "the ledger was salvaged, so its newest entries may be lost, with 2 texts beside others"
    more = "; no checkpoint made since covers that"

    assert found["anchor"]["salvage_open"] is still_open
    assert said + (more if still_open else "") in list(review_lines(found))
    assert ("The ledger was salvaged" in why_not_anchored(found)) is still_open


@pytest.mark.parametrize(("seconds", "back"), [(300, 0), (301, 1)])
def test_a_clock_that_went_back_is_said_and_is_no_reason_for_a_gate(seconds, back):
    first, second = entries(1, 1)
    at = datetime(2026, 11, 24, 8, 0, tzinfo=UTC) - timedelta(seconds=seconds)
    anchor = anchor_of([first, replace(second, at=time_text(at))], 2, TODAY)
    found = {**reviews(1, 1), "anchor": anchor}
    says = "the clock went back: 1 entry is dated more than 5 minutes before the one in front"

    assert anchor["clock_went_back"] == back
    assert (says in list(review_lines(found))) is bool(back)
    assert why_not_anchored(found) == ""


def reviews(covered: int | None, *days_ago: int, today: date = TODAY):
    office = Office()
    found = counted(office.queue(), office.desk)
    return {**found, "anchor": anchor_of(entries(*days_ago), covered, today)}


@pytest.mark.parametrize(
    ("given", "says"),
    [
        (reviews(None, 9), "no checkpoint of the ledger was made by somebody with the role "
         "'checkpoint', so an end that was cut off"),
        ({**reviews(None, 9), "keyring": False}, "without a keyring nobody knows who made a "
         "checkpoint of the ledger, so an end that was cut off"),
        (reviews(0, 1), "1 entry of the ledger since 2026-11-24 is covered by no checkpoint"),
        (reviews(1, 30, 9, 1), "2 entries of the ledger since 2026-11-16 are covered by no "
         "checkpoint, which is too long for a gate"),
    ],
    ids=range(4),
)  # fmt: skip
def test_people_read_of_what_no_checkpoint_covers(given, says):
    assert [line for line in review_lines(given) if line.startswith(says)]


def test_nothing_is_said_where_everything_is_covered():
    assert not [line for line in review_lines(reviews(2, 30, 20)) if "checkpoint" in line]
    assert why_not_anchored(reviews(2, 30, 20)) == ""
    assert why_not_anchored(None) == ""


def test_a_gate_is_told_only_of_what_is_too_old():
    assert why_not_anchored(reviews(None, 90)) == ""
    assert why_not_anchored(reviews(1, 90, 2)) == ""
    assert "since 2026-11-15 are covered by no checkpoint" in why_not_anchored(reviews(1, 90, 10))


def test_an_earlier_day_of_the_audit_does_not_make_entries_young():
    office = Office()
    office.now = datetime.now(UTC) - timedelta(days=60)
    office.claim()
    desk = office.desk
    queue = desk.queue(office.now.date())
    assert counted(queue, replace(desk, covered=1))["anchor"]["too_old"]
    assert not counted(queue, replace(desk, covered=2))["anchor"]["too_old"]


def told(made: list[Entry], covered: int | None = None, **said: object) -> list[str]:
    office = Office()
    desk = replace(office.desk, entries=tuple(made), covered=covered, **said)
    return list(told_reviewers(desk, TODAY))


@pytest.mark.parametrize(
    ("days_ago", "covered", "says"),
    [
        ((6, 6, 0), None, "Nobody has made a checkpoint of this ledger for 6 days"),
        ((5, 5, 0), None, ""),
        ((30, 6, 0), 1, "since 2026-11-19, for 6 days, are covered by no checkpoint"),
        ((30, 5, 0), 1, ""),
        ((30, 30, 30), 3, ""),  # however old it is, nothing stands behind it
        ((30, 30, 0), 2, ""),
    ],
)
def test_reviewers_are_told_of_entries_without_a_checkpoint_before_a_gate_stops(
    days_ago, covered, says
):
    found = told(entries(*days_ago), covered)
    assert len(found) == bool(says)
    assert says in " ".join(found)
    if covered is not None and says:
        assert "After 7 days no gate rests on them" in found[0]


def test_reviewers_are_told_that_the_clock_went_back():
    (found,) = told(entries(1, 2, 1, 3), 4)
    assert "2 entries of the ledger are dated more than 5 minutes before" in found
    assert told(entries(3, 2, 1, 0), 4) == []


def test_reviewers_are_told_of_a_salvage_until_a_checkpoint_covers_it():
    (found,) = told(with_salvage(), 2)
    assert "look whether what you decided last is still on record" in found
    assert told(with_salvage(), 3) == []


def test_reviewers_are_told_what_the_store_itself_warns_of():
    assert told(entries(1), 1, cautions=("this connection may do more",)) == [
        "This connection may do more."
    ]
