"""How long entries stand without a checkpoint, counted from the first that none covers."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta

import pytest

from auditor.ledger import Entry, new_draft, time_text
from auditor.report.reviews import review_lines
from auditor.review.anchoring import anchor_of, told_reviewers, why_not_anchored
from auditor.review.counting import counted
from tests.unit.review.office import ADA, TEAM, Member, Office, ring

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
        "covered": covered, "named": None, "named_on": None, "uncovered": uncovered,
        "since": since, "too_old": too_old, "ahead": 0, "ahead_open": False, "salvaged": 0,
        "salvage_open": False, "words_lost": 0, "clock_went_back": 0,
    }  # fmt: skip


@pytest.mark.parametrize(
    ("days_ago", "too_old"), [((8,), True), ((7,), False), ((), False)], ids=range(3)
)
def test_where_somebody_has_the_role_having_no_checkpoint_is_no_beginning(days_ago, too_old):
    opening, *more = entries(90, *days_ago)
    first = replace(opening, draft=replace(opening.draft, kind="ledger-opened"))
    found = anchor_of([first, *more], None, TODAY, expected=True)

    assert (found["too_old"], found["uncovered"]) == (too_old, len(days_ago))
    assert not anchor_of([first, *more], None, TODAY)["too_old"]  # nobody ever will make one


def dated(at: int, said_at: int, *, signed: bool = True) -> Entry:
    """An entry that a ledger dates so many days ahead, and its sayer so many."""
    (entry,), (other,) = entries(-at), entries(-said_at)
    draft = replace(entry.draft, said_at=other.at)
    return replace(entry, draft=draft.signed(ADA.private) if signed else draft)


@pytest.mark.parametrize(
    ("entry", "old", "unknown"),
    [
        (dated(36500, 36500), False, True),
        (dated(2, 2), False, True),
        (dated(1, 1), False, False),  # a clock may be put right
        (dated(36500, -8), True, False),  # its sayer signed when they said it
        (dated(36500, -7), False, False),
        (dated(-1, -8), True, False),
        (dated(-1, -8, signed=False), False, False),  # nobody says when they said it
        (dated(36500, -8, signed=False), False, True),
    ],
    ids=range(8),
)
def test_an_entry_is_not_kept_young_by_a_date_that_the_ledger_gives_it(entry, old, unknown):
    first, *later = entries(20, 1)
    anchor = anchor_of([first, entry, *later], 1, TODAY)
    found = {**reviews(1, 1), "anchor": anchor}

    assert (anchor["too_old"], anchor["ahead_open"]) == (old, unknown)
    assert ("more than 7 days" in why_not_anchored(found)) is old
    assert ("are dated ahead" in why_not_anchored(found)) is unknown
    covered = anchor_of([first, entry, *later], 2, TODAY)
    assert [covered[name] for name in ("too_old", "ahead_open", "ahead")] == [False, False, 0]
    said = [line for line in review_lines(found) if "dated ahead" in line]
    assert len(said) == (entry.at > "2026-11-27")
    assert not anchor_of([first, entry, *later], None, TODAY)["ahead_open"]
    assert anchor_of(entries(1), None, date.max)["too_old"] is False


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
         "'checkpoint', so entries that were left out"),
        ({**reviews(None, 9), "keyring": False}, "without a keyring nobody knows who made a "
         "checkpoint of the ledger, so entries that were left out"),
        (reviews(0, 1), "1 entry of the ledger since 2026-11-24 is covered by no checkpoint"),
        (reviews(1, 30, 9, 1), "2 entries of the ledger since 2026-11-16 are covered by no "
         "checkpoint, which is too long for a gate"),
    ],
    ids=range(4),
)  # fmt: skip
def test_people_read_of_what_no_checkpoint_covers(given, says):
    assert [line for line in review_lines(given) if line.startswith(says)]


@pytest.mark.parametrize(
    ("named", "on", "says"),
    [
        (None, None, "its checkpoints are kept in the ledger itself: newer ones that were taken"),
        (2, TODAY, "whether anything was added since 2026-11-25 behind the checkpoint that was "
         "named, of 2 entries, and left out again would not be seen"),
        (1, None, "whether anything was added behind the checkpoint that was named, of 1 entry,"),
    ],
    ids=["kept", "of a day", "without a day"],
)  # fmt: skip
def test_what_nothing_shows_is_said_where_everything_is_covered(named, on, says):
    anchor = anchor_of(entries(30, 20), 2, TODAY, named=named, named_on=on)
    lines = [line for line in review_lines({**reviews(2, 1), "anchor": anchor}) if "check" in line]

    assert [line.startswith(says) for line in lines] == [True]


def test_a_gate_rests_on_what_is_covered():
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
    assert not counted(queue, desk)["anchor"]["too_old"]
    known = ring(*TEAM, Member("Log", ("checkpoint",)))
    assert counted(queue, replace(desk, keyring=known))["anchor"]["too_old"]
    assert not counted(queue, replace(desk, covered=2))["anchor"]["too_old"]


def told(made: list[Entry], covered: int | None = None, **said: object) -> list[str]:
    office = Office()
    desk = replace(office.desk, entries=tuple(made), covered=covered, **said)
    return list(told_reviewers(desk, TODAY))


@pytest.mark.parametrize(
    ("days_ago", "covered", "says"),
    [
        ((6, 6, 0), None, "since 2026-11-19, for 6 days, are covered by no checkpoint"),
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
    if says:
        assert ("After 7 days no gate rests on them" in found[0]) == (covered is not None)
        log = ring(*TEAM, Member("Log", ("checkpoint",)))
        (found,) = told(entries(*days_ago), covered, keyring=log)
        assert "After 7 days no gate rests on them" in found


def test_reviewers_are_told_that_the_clock_went_back():
    (found,) = told(entries(1, 2, 1, 3), 4)
    assert "can count for nothing" in found
    assert "2 entries of the ledger are dated more than 5 minutes before" in found
    assert told(entries(3, 2, 1, 0), 4) == []


def test_reviewers_are_told_of_entries_that_are_dated_ahead():
    (found,) = told(entries(3, -9), 1)
    assert "1 entry of the ledger is dated ahead of today" in found
    assert told(entries(3, -9), 2) == []  # whoever made the checkpoint has looked at it
    assert told(entries(3, -1), 1) == []


def test_reviewers_are_told_of_a_salvage_until_a_checkpoint_covers_it():
    (found,) = told(with_salvage(), 2)
    assert "look whether what you decided last is still on record" in found
    assert told(with_salvage(), 3) == []


def test_reviewers_are_told_what_the_store_itself_warns_of():
    assert told(entries(1), 1, cautions=("this connection may do more",)) == [
        "This connection may do more."
    ]
