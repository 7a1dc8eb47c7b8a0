"""What verification says: which entry, what kind of fault, what it cannot see."""

from __future__ import annotations

import os
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta

import pytest

from auditor.ledger import Entry, new_draft
from auditor.ledger.authentic import why_not_authentic
from auditor.ledger.checkpoint import sign_checkpoint
from auditor.ledger.sqlite import make_ledger
from auditor.ledger.store import Row
from auditor.ledger.tree import EMPTY_ROOT, Tree, leaf_hash
from auditor.ledger.verification import refusal, verify_ledger
from tests.unit.ledger.conftest import RING, START, holder, key_of_name, private_of, ring
from tests.unit.ledger.shelf import Shelf

DAY = START.date()


def kinds(found) -> list[tuple[str, int | None]]:
    return [(fault.kind, fault.seq) for fault in found.faults]


def test_an_untouched_ledger_holds_and_says_what_it_cannot_show(book):
    book.add(5)
    found = book.check(keyring=RING)

    assert found.holds
    assert (found.name, found.size, found.anchored, found.last_good) == ("reviews", 6, None, None)
    assert "without a checkpoint from outside" in found.cannot_exclude
    assert (found.first_bad, found.unsigned, found.not_authentic) == (None, 0, ())


def test_entries_after_the_checkpoint_are_named(book):
    book.add(3)
    outside = book.checkpoint()
    none_left = book.check(outside)
    book.add(1)
    one = book.check(outside)
    book.add(2)
    three = book.check(outside)

    assert none_left.cannot_exclude == (
        "it cannot be seen whether anything was added after entry 3 and left out again"
    )
    says = "entry 4 is not yet anchored by a checkpoint from outside, so from there on it cannot"
    assert one.cannot_exclude.startswith(says)
    assert three.cannot_exclude.startswith("entries 4 to 6 are not yet anchored")
    assert (three.holds, three.anchored, three.last_good) == (True, 4, 4)


def test_a_kept_checkpoint_of_nobody_known_is_named_and_covers_nothing(book):
    book.add(2)
    book.ledger.keep_checkpoint(book.checkpoint().note)
    book.add(2)
    book.ledger.keep_checkpoint(book.checkpoint(by="eve").note)
    book.add(1)
    book.ledger.keep_checkpoint(book.checkpoint(by="ada").note)  # known, without the role
    plain, found = book.check(), book.check(keyring=RING)

    assert (plain.last_good, plain.signed_by_nobody) == (6, ())
    assert (found.holds, found.last_good, found.signed_by_nobody) == (True, 3, (5, 6))


def test_a_hint_names_no_checkpoint_of_nobody_known(book):
    book.add(2)
    by_log = book.checkpoint()
    book.add(2)
    refused = book.checkpoint(by="eve")
    book.ledger.keep_checkpoint(refused.note)

    def hint() -> str:
        found = book.check(refused, keyring=RING)
        said = refusal(found, "r.db")
        assert kinds(found) == [("checkpoint", None)]
        assert said is not None
        return said.problems[0].hint or ""

    assert hint().startswith("no checkpoint of somebody with the role 'checkpoint' fits")
    book.ledger.keep_checkpoint(by_log.note)
    assert hint().startswith("the first 3 entries are those")


def test_a_changed_entry_is_named_with_the_last_checkpoint_that_fits(book):
    book.add(2)
    book.ledger.keep_checkpoint(book.checkpoint().note)
    book.add(4)
    later = book.checkpoint()
    book.ledger.keep_checkpoint(later.note)
    shelf = Shelf.of(book.ledger)
    entry = shelf.entry(5)
    shelf.put(5, replace(entry, at="2026-11-25T09:31:00Z").content)
    found = verify_ledger(shelf, [later], as_of=DAY)

    assert not found.holds
    assert found.first_bad == 6  # entry 5 is in form; it is the next one that no longer follows
    assert {kind for kind, _ in kinds(found)} == {"chain", "kept-checkpoint", "checkpoint"}
    assert (found.last_good, found.anchored) == (3, None)


@pytest.mark.parametrize(
    ("content", "says"),
    [
        (b"", "Expecting value"),
        (b"{}", "is missing"),
        (b"\xff", "codec"),
        (b'{"a":1,"a":2}', "occurs twice"),
        (b"[" * 100_000, "nested too deeply"),
        (b" " * 2_000_000, "larger than 1 MiB"),
    ],
    ids=["empty", "an object", "no text", "a key twice", "a nest", "large"],
)
def test_what_cannot_be_read_is_a_fault_of_its_entry(book, content, says):
    book.add(2)
    shelf = Shelf.of(book.ledger)
    shelf.put(1, content)
    found = verify_ledger(shelf)

    assert kinds(found) == [("unreadable", 1), ("chain", 2)]
    assert says in found.faults[0].says


def test_an_entry_of_a_later_version_is_a_fault_and_no_crash(book):
    book.add(1)
    shelf = Shelf.of(book.ledger)
    shelf.put(1, shelf.rows_[1].content.replace(b"ledger-entry/1", b"ledger-entry/2"))

    assert kinds(verify_ledger(shelf)) == [("unreadable", 1)]


def test_a_ledger_without_entries_is_none():
    found = verify_ledger(Shelf([]))

    assert kinds(found) == [("ledger", 0)]
    assert (found.name, found.size, found.root) == (None, 0, EMPTY_ROOT)


def test_an_entry_that_was_made_for_another_ledger_is_a_fault(book):
    book.add(2, by=None)
    shelf = Shelf.of(book.ledger)
    shelf.say(2, ledger="others")

    assert ("ledger", 2) in kinds(verify_ledger(shelf))


def test_the_number_of_the_row_and_of_the_entry_are_both_looked_at(book):
    book.add(3)
    rows = Shelf.of(book.ledger)
    rows.rows_[2] = rows.rows_[2]._replace(seq=7)
    entries = Shelf.of(book.ledger)
    entries.put(2, replace(entries.entry(2), seq=7).content)

    assert kinds(verify_ledger(rows)) == [("number", 2)]
    assert kinds(verify_ledger(entries)) == [("number", 2), ("chain", 3)]


def test_an_id_that_the_store_has_under_another_name_is_a_fault(book):
    book.add(2)
    shelf = Shelf.of(book.ledger)
    shelf.rows_[1] = Row(seq=1, id="0" * 32, content=shelf.rows_[1].content)

    assert kinds(verify_ledger(shelf)) == [("id", 1)]


def test_words_without_an_entry_are_a_fault(book):
    book.add(3)
    shelf = Shelf.of(book.ledger)
    shelf.words_["0" * 32, "why"] = next(iter(shelf.words_.values()))

    assert kinds(verify_ledger(shelf)) == [("words", None)]


def test_words_that_an_entry_says_are_erased_and_are_there_are_a_fault(book):
    book.add(3)
    (place,) = book.ledger.words()
    body = {"case": "c" * 32, "entries": [{"id": place[0], "fields": ["why"]}]}
    said = book.ledger.words()
    book.ledger.erase(book.draft("erased", body))
    shelf = Shelf.of(book.ledger)
    shelf.words_.update(said)
    found = verify_ledger(shelf)

    assert kinds(found) == [("words", 3)]
    assert "were erased and are there" in found.faults[0].says


@pytest.mark.parametrize(
    ("by", "holders", "says"),
    [
        ("ada", RING.holders, None),
        (None, RING.holders, "nobody signed it"),
        ("eve", RING.holders, "its key is not in the keyring"),
        ("ada", (holder("ada", "hr", until=date(2026, 11, 24)),), "to 2026-11-24"),
        ("page", (holder("page", "review-service"),), "it is the key of a service"),
        ("page", (holder("page", "review-service"), replace(holder("ben", "hr"), name="Page")),
         None),
    ],
    ids=["a person", "unsigned", "unknown", "ended", "a service", "a person and a service"],
)  # fmt: skip
def test_words_are_erased_only_by_a_person_of_the_keyring(book, by, holders, says):
    book.add(3)
    ((entry, field),) = book.ledger.words()
    draft = book.draft("erased", {"case": "c" * 32, "entries": [{"id": entry, "fields": [field]}]})
    book.ledger.erase(draft if by is None else draft.signed(private_of(by)))
    found, alone = book.check(keyring=ring(*holders)), book.check()

    assert kinds(found) == ([] if says is None else [("words", 4)])
    assert says is None or says in found.faults[0].says
    assert (alone.holds, alone.erased, alone.erased_unsigned) == (True, 1, int(by is None))


@pytest.mark.parametrize("first", ["ada", None])
def test_what_a_person_erased_stays_erased_whoever_else_says_so(book, first):
    book.add(3)
    ((entry, field),) = book.ledger.words()
    body = {"case": "c" * 32, "entries": [{"id": entry, "fields": [field]}]}
    book.ledger.erase(book.draft("erased", body).signed(private_of("ada")))
    shelf = Shelf.of(book.ledger)
    draft = book.draft("erased", body)
    shelf.rows_.append(shelf.rows_[-1]._replace(id=draft.id))
    shelf.put(5, replace(shelf.entry(4), seq=5, draft=draft).content)
    if first is None:
        shelf.rows_[4:] = reversed(shelf.rows_[4:])
    shelf.rehash(4)
    found = verify_ledger(shelf, keyring=RING)

    assert (found.faults, found.erased, found.erased_unsigned) == ((), 1, 0)


def test_an_entry_ahead_of_this_machines_clock_is_said(tmp_path):
    ahead = [timedelta()]
    ledger = make_ledger(tmp_path / "l.db", "ours", clock=lambda: datetime.now(UTC) + ahead[0])
    cautions = []
    for days in (0, 365, 0):
        ahead[0] = timedelta(days=days)
        ledger.append([new_draft("ours", "claimed", {"case": "c", "role": "r"})])
        found = verify_ledger(ledger)
        assert found.holds
        cautions.append(found.cautions)
    ledger.close()

    assert [len(one) for one in cautions] == [0, 1, 1]
    assert "ahead of this machine's clock" in cautions[2][0]


def test_a_clock_that_goes_back_is_a_warning_and_order_stays_by_number(book):
    book.add(1)
    book.clock.time -= timedelta(minutes=4)
    book.add(1)
    book.clock.time -= timedelta(days=1)
    book.add(2)
    book.clock.time += timedelta(days=3650)
    book.add(1)
    found = book.check()

    assert found.holds
    assert found.clock_went_back == (3,)
    assert [entry.seq for entry in book.ledger.entries()] == list(range(6))


def test_checkpoints_in_the_ledger_that_are_none_or_do_not_fit_are_faults(book):
    book.add(2)
    book.ledger.keep_checkpoint("pasted by hand")
    book.ledger.keep_checkpoint(sign_checkpoint("reviews", 2, b"\0" * 32, private_of("log")).note)
    book.ledger.keep_checkpoint(sign_checkpoint("reviews", 9, b"\0" * 32, private_of("log")).note)
    found = book.check()

    assert kinds(found) == [("kept-checkpoint", None)] * 3
    assert "cannot be read" in found.faults[0].says
    assert "the end is gone" in found.faults[2].says


def test_with_a_keyring_only_those_with_the_role_can_end_a_ledger_with_a_note(book):
    book.add(2)
    keep = book.ledger.keep_checkpoint
    keep("pasted by hand")
    keep(sign_checkpoint("reviews", 2, b"\0" * 32, private_of("eve")).note)
    keep(sign_checkpoint("reviews", 9, b"\0" * 32, private_of("ada")).note)  # without the role
    keep(sign_checkpoint("others", 2, b"\0" * 32, private_of("log")).note)
    keep(sign_checkpoint("reviews", 3, root(book), private_of("log")).note)
    found = book.check(keyring=RING)

    assert (found.holds, found.last_good, len(found.left_aside)) == (True, 3, 4)
    assert all(says.startswith("a checkpoint in the ledger ") for says in found.left_aside)
    assert not book.check().holds
    keep(sign_checkpoint("reviews", 9, b"\0" * 32, private_of("log")).note)  # an end is gone
    assert kinds(book.check(keyring=RING)) == [("kept-checkpoint", None)]
    ended = ring(holder("log", "checkpoint", until=date(2026, 2, 1)))
    assert kinds(book.check(keyring=ended)) == [("kept-checkpoint", None)]


@pytest.mark.parametrize(("until", "covers"), [(date(2090, 1, 1), 3), (date(2026, 11, 26), None)])
def test_a_key_that_ends_covers_an_entry_that_is_dated_behind_its_end(book, until, covers):
    book.add(1)
    book.clock.time += timedelta(days=365 * 80)
    book.add(1)
    book.ledger.keep_checkpoint(book.checkpoint().note)
    known = ring(holder("log", "checkpoint", until=until))
    found = verify_ledger(book.ledger, keyring=known, as_of=DAY)

    assert found.last_good == covers


def root(book) -> bytes:
    return Tree(leaf_hash(row.content) for row in book.ledger.rows()).root()


@pytest.mark.parametrize(
    ("made", "as_of", "refused"),
    [
        (START, DAY, None),
        (START, DAY + timedelta(days=1), "since 2026-11-25, after entry 2 and left out again"),
        (START, DAY - timedelta(days=1), None),
        (None, DAY, "anything was added after entry 2 and left out again"),
        (START + timedelta(days=36500), DAY, "anything was added after entry 2 and left out"),
    ],
    ids=["today", "yesterday", "as of an earlier day", "undated", "dated ahead"],
)
def test_strict_accepts_a_checkpoint_of_today_over_everything(book, made, as_of, refused):
    book.add(2)
    given = sign_checkpoint("reviews", 3, root(book), private_of("log"), made=made)
    older = sign_checkpoint("reviews", 0, EMPTY_ROOT, private_of("log"), made=START)
    found = verify_ledger(book.ledger, [given, older], keyring=RING, as_of=as_of)

    assert (found.anchored, found.anchored_on) == (3, DAY if made == START else None)
    assert found.cannot_exclude.endswith("after entry 2 and left out again")
    assert [refused in says for says in not_excluded(found)] == ([] if refused is None else [True])


@pytest.mark.parametrize("wrong", [0, 1])
def test_of_several_checkpoints_every_one_has_to_fit(book, wrong):
    first = book.checkpoint()
    book.add(2)
    both = [first, book.checkpoint()]
    assert book.check(*both).holds
    both[wrong] = sign_checkpoint("reviews", both[wrong].size, b"\0" * 32, private_of("log"))
    found = book.check(*both, keyring=RING)

    assert kinds(found) == [("checkpoint", None)]
    assert found.anchored == both[1 - wrong].size


def test_an_empty_checkpoint_fits_every_ledger_and_covers_nothing(book):
    nothing = sign_checkpoint("reviews", 0, EMPTY_ROOT, private_of("log"))
    found = book.check(nothing, keyring=RING)

    assert found.holds
    assert found.anchored == 0
    assert found.cannot_exclude.startswith("entry 0 is not yet anchored by a checkpoint")


def test_a_checkpoint_by_somebody_without_the_role_is_a_fault_with_a_keyring(book):
    book.add(2)
    outside = book.checkpoint(by="ada")

    assert book.check(outside).holds
    assert kinds(book.check(outside, keyring=RING)) == [("checkpoint", None)]


def test_no_more_faults_are_kept_than_people_read_and_all_are_counted(book):
    book.ledger.append([book.draft() for _ in range(300)])
    shelf = Shelf.of(book.ledger)
    for place in range(1, 301):
        shelf.put(place, b"x")
    found = verify_ledger(shelf)

    assert (len(found.faults), found.fault_count) == (100, 300)
    assert found.first_bad == 1


def test_of_many_faults_those_of_the_first_entries_are_kept_however_late_they_are_found(book):
    book.ledger.append([book.draft().signed(private_of("ada")) for _ in range(600)])
    shelf = Shelf.of(book.ledger)
    shelf.say(3, said_at="2026-10-01T00:00:00Z")
    said = replace(shelf.draft(3), signature=b"\1" * 64)
    shelf.put(3, replace(shelf.entry(3), draft=said).content)
    shelf.rehash(4)
    for place in range(200, 601):
        shelf.put(place, b"x")
    found = verify_ledger(shelf, keyring=ring())

    assert found.faults[0].says == "the signature of entry 3 is not genuine"
    assert (found.first_bad, len(found.faults), found.fault_count) == (3, 100, 402)
    assert [place for place, _ in found.not_authentic] == [1, 2, *range(4, 200)]


@pytest.mark.parametrize("cores", [1, 3])
def test_every_signature_of_a_large_ledger_is_checked_whatever_the_machine(
    book, monkeypatch, cores
):
    monkeypatch.setattr(os, "sched_getaffinity", lambda _: set(range(cores)), raising=False)
    book.ledger.append([book.draft().signed(private_of("ada")) for _ in range(1_100)])
    shelf = Shelf.of(book.ledger)
    forged = {1, 256, 257, 1_024, 1_099, 1_100}
    for place in forged:
        said = replace(shelf.draft(place), signature=bytes(range(64)))
        shelf.put(place, replace(shelf.entry(place), draft=said).content)
    shelf.rehash()
    found = verify_ledger(shelf)

    assert {fault.seq for fault in found.faults} == forged
    assert {fault.kind for fault in found.faults} == {"signature"}
    assert verify_ledger(Shelf.of(book.ledger)).holds


def test_what_is_kept_while_verifying_is_what_the_ledger_gives(book):
    book.add(5)
    kept: list[Entry] = []

    assert verify_ledger(book.ledger, keep=kept).holds
    assert kept == list(book.ledger.entries())


@pytest.mark.parametrize(
    ("holders", "says"),
    [
        ((holder("ada", "hr"),), None),
        ((), "not in the keyring"),
        ((holder("ada", "hr", start=date(2026, 11, 26)),), "holds from 2026-11-26"),
        ((holder("ada", "hr", until=date(2026, 11, 24)),), "to 2026-11-24"),
        ((holder("ada", "hr", start=DAY, until=DAY),), None),
    ],
    ids=range(5),
)
def test_who_stands_behind_an_entry_is_looked_up_on_its_day(book, holders, says):
    (entry,) = book.add(1)
    why_not = why_not_authentic(entry, ring(*holders))
    found = book.check(keyring=ring(*holders))

    assert (says is None) == (why_not is None)
    assert says is None or says in why_not
    assert found.holds
    assert [place for place, _ in found.not_authentic] == ([] if says is None else [1])


@pytest.mark.parametrize(
    ("service", "says"),
    [
        (holder("page", "review-service"), None),
        (holder("page", "hr"), "without the role 'review-service'"),
        (holder("page", "review-service", until=date(2026, 1, 2)), "holds from"),
        (holder("other", "review-service"), "not in the keyring"),
    ],
    ids=range(4),
)
def test_a_service_signs_for_people_only_with_its_role(book, service, says):
    said = replace(book.draft(), by=key_of_name("ada")).signed(private_of("page"))
    (entry,) = book.ledger.append([said])
    why_not = why_not_authentic(entry, ring(holder("ada", "hr"), service))

    assert why_not == says if says is None else says in why_not


def test_a_person_for_whom_a_service_signs_has_to_be_known_too(book):
    said = replace(book.draft(), by=key_of_name("eve")).signed(private_of("page"))
    (entry,) = book.ledger.append([said])

    assert why_not_authentic(entry, ring(holder("page", "review-service")))


def test_an_unsigned_or_forged_entry_is_nobodys(book):
    (entry,) = book.add(1, by=None)
    forged = replace(entry, draft=replace(entry.draft, by=key_of_name("ada")))
    wrong = replace(forged, draft=replace(forged.draft, signature=b"\0" * 64))

    assert why_not_authentic(entry, RING) == "nobody signed it"
    assert why_not_authentic(wrong, RING) == "its signature is not genuine"
    assert book.check(keyring=RING).unsigned == 1


def signed_badly(book, place: int) -> Shelf:
    """A ledger in which one signature is that of another statement, and everything else fits."""
    shelf = Shelf.of(book.ledger)
    entry = shelf.entry(place)
    wrong = replace(entry.draft, signature=b"\1" * 64)
    shelf.put(place, replace(entry, draft=wrong).content)
    shelf.rehash(place + 1)
    return shelf


@pytest.mark.parametrize(("wrong", "later"), [(1, False), (3, False), (4, True), (5, True)])
def test_since_a_checkpoint_only_later_signatures_are_computed(book, wrong, later):
    book.add(5)
    shelf = signed_badly(book, wrong)
    whole = verify_ledger(shelf, keyring=RING)
    tree = Tree(leaf_hash(row.content) for row in shelf.rows_[:4])
    outside = sign_checkpoint("reviews", 4, tree.root(), private_of("log"))
    found = verify_ledger(shelf, [outside], keyring=RING, as_of=DAY, since_checkpoint=True)

    assert kinds(whole) == [("signature", wrong)]
    assert kinds(found) == ([("signature", wrong)] if later else [])
    assert (found.anchored, found.signatures_taken) == (4, 4)
    assert any("were not computed" in line for line in not_excluded(found)) != later


@pytest.mark.parametrize("by", ["eve", "ada"])
def test_nobody_answers_for_signatures_but_who_has_the_role(book, by):
    book.add(3)
    outside = book.checkpoint(by=by)
    found = verify_ledger(book.ledger, [outside], keyring=RING, as_of=DAY, since_checkpoint=True)

    assert kinds(found) == [("checkpoint", None)]
    with pytest.raises(ValueError, match="without a keyring"):
        verify_ledger(book.ledger, [outside], since_checkpoint=True)


def test_a_checkpoint_that_covers_more_than_there_is_answers_for_nothing(book):
    book.add(3)
    outside = sign_checkpoint("reviews", 9, b"\0" * 32, private_of("log"))
    found = verify_ledger(book.ledger, [outside], keyring=RING, as_of=DAY, since_checkpoint=True)

    assert kinds(found) == [("checkpoint", 4)]


def not_excluded(found) -> list[str]:
    refused = refusal(found, "r.db", strict=True)
    return [] if refused is None else [problem.message for problem in refused.problems]
