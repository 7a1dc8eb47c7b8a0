"""What every ledger keeps and refuses, wherever it is kept; stores on a server run these too."""

from __future__ import annotations

import threading
from contextlib import closing
from dataclasses import replace

import pytest

from auditor.errors import AuditorError, PathError, UsageError
from auditor.ledger import Words
from auditor.ledger.reading import NO_PREVIOUS, read_entry
from auditor.ledger.tree import leaf_hash
from tests.unit.ledger.conftest import CASE, key_of_name, private_of


def slug(refused: pytest.ExceptionInfo[AuditorError]) -> str:
    return refused.value.problems[0].slug


def test_a_new_ledger_holds_the_entry_that_opens_it(book):
    (first,) = book.ledger.entries()

    assert (first.seq, first.previous, first.draft.kind) == (0, NO_PREVIOUS, "ledger-opened")
    assert first.at == "2026-11-25T09:30:02Z"
    assert book.ledger.name == "reviews"
    assert list(book.ledger.faults()) == []


def test_entries_follow_one_another(book):
    first, second, third = book.add(3)
    opened = next(book.ledger.entries())

    assert [first.seq, second.seq, third.seq] == [1, 2, 3]
    assert first.previous == leaf_hash(opened.content).hex()
    assert second.previous == leaf_hash(first.content).hex()
    assert tuple(book.ledger.entries(2)) == (second, third)
    assert tuple(book.reopen().entries(1)) == (first, second, third)


def test_more_entries_than_are_read_at_once_come_in_order(book):
    drafts = [book.draft() for _ in range(2_050)]
    book.ledger.append(drafts)

    assert [entry.seq for entry in book.ledger.entries()] == list(range(2_051))


def test_words_are_kept_beside_the_chain_and_never_in_it(book):
    draft, words = book.escalation("her phone was off")
    (entry,) = book.ledger.append([draft], {(draft.id, "why"): words})

    assert book.ledger.words() == {(draft.id, "why"): words}
    assert b"her phone" not in entry.content
    assert words.digest.encode() in entry.content


def test_the_same_draft_twice_is_stored_once(book):
    draft, words = book.escalation()
    beside = {(draft.id, "why"): words}
    first = book.ledger.append([draft], beside)
    again = book.ledger.append([draft], beside)
    both = book.ledger.append([draft, draft], beside)

    assert first == again == both[:1] == both[1:]
    assert len(list(book.ledger.entries())) == 2


def test_another_draft_with_a_known_id_is_refused(book):
    plain = book.draft()
    ada, ben = private_of("ada"), private_of("ben")
    book.ledger.append([plain.signed(ada)])
    for other in (
        plain,
        plain.signed(ben),
        replace(plain, said_at="2026-11-25T00:00:00Z").signed(ada),
    ):
        with pytest.raises(UsageError) as refused:
            book.ledger.append([other])

        assert slug(refused) == "draft-id-taken"


def test_all_or_none(book):
    good, bad = book.draft(), replace(book.draft(), id="x")
    before = list(book.ledger.entries())
    with pytest.raises(UsageError) as refused:
        book.ledger.append([good, bad])

    assert slug(refused) == "draft-malformed"
    assert list(book.ledger.entries()) == before


@pytest.mark.parametrize(
    ("changes", "expected"),
    [
        ({"ledger": "another"}, "draft-for-another-ledger"),
        ({"kind": "ledger-opened", "body": {"format": "auditor-ledger/1"}}, "ledger-opened-twice"),
        ({"by": "ed25519:" + "A" * 43 + "="}, "draft-not-genuine"),
        ({"signature": b"\0" * 64}, "draft-not-genuine"),
        ({"kind": "dreamt"}, "draft-malformed"),
        ({"body": {"case": CASE}}, "draft-malformed"),
        ({"body": {"case": CASE, "role": 3}}, "draft-malformed"),
        ({"body": {"case": CASE, "role": "hr", "name": "Ada Miller"}}, "draft-malformed"),
        ({"body": {"case": CASE, "role": "\ud800"}}, "draft-malformed"),
        ({"body": {"case": CASE, "role": object()}}, "draft-malformed"),
        ({"body": {"case": CASE, "role": "x" * 2_000_000}}, "draft-malformed"),
        ({"said_at": "yesterday"}, "draft-malformed"),
        ({"said_at": "2026-02-30T00:00:00Z"}, "draft-malformed"),
        ({"id": "A" * 32}, "draft-malformed"),
        ({"words": {"why": "sha256:0"}}, "words-do-not-fit"),
    ],
)
def test_what_is_no_draft_is_refused_before_it_is_stored(book, changes, expected):
    before = list(book.ledger.entries())
    with pytest.raises(UsageError) as refused:
        book.ledger.append([replace(book.draft(), **changes)])

    assert slug(refused) == expected
    assert "Ada Miller" not in str(refused.value)
    assert list(book.ledger.entries()) == before


def test_a_field_of_a_list_that_no_kind_names_is_refused(book):
    erased = {"case": CASE, "entries": [{"id": "a" * 32, "fields": ["why"], "because": "x"}]}
    with pytest.raises(UsageError, match=r"body\.entries\[0\]\.because is no field"):
        book.ledger.append([book.draft("erased", erased)])


def test_words_that_do_not_fit_are_refused(book):
    draft, words = book.escalation()
    for beside in (
        {},
        {(draft.id, "why"): Words(text=words.text)},
        {(draft.id, "why"): Words(text="\ud800")},
        {(draft.id, "why"): words, (draft.id, "more"): words},
        {(draft.id, "why"): words, ("0" * 32, "why"): words},
    ):
        with pytest.raises(UsageError) as refused:
            book.ledger.append([draft], beside)

        assert slug(refused) == "words-do-not-fit"


@pytest.mark.parametrize("text", ["", " ", "\r\n\t", "\u200b\u2060", "\u3000"])
def test_words_that_nobody_can_see_are_refused(book, text):
    draft, words = book.escalation(text)
    with pytest.raises(UsageError, match="are blank"):
        book.ledger.append([draft], {(draft.id, "why"): words})


@pytest.mark.parametrize("text", ["a\0b", " x\r\n", "\N{GRINNING FACE}" * 100_000])
def test_any_words_of_a_person_are_kept_as_they_are(book, text):
    draft, words = book.escalation(text)
    book.ledger.append([draft], {(draft.id, "why"): words})

    assert book.ledger.words()[draft.id, "why"].text == text
    assert book.check().holds


def test_a_file_is_no_words_of_a_person(book):
    draft, words = book.escalation("x" * 100_001)
    with pytest.raises(UsageError, match="longer than 100,000 characters"):
        book.ledger.append([draft], {(draft.id, "why"): words})


def test_a_signature_is_over_everything_that_is_said(book):
    draft = book.draft().signed(private_of("ada"))
    moved = replace(draft, signed_with=key_of_name("ben"))
    later = replace(draft, said_at="2026-11-26T00:00:00Z")
    for changed in (moved, later, replace(draft, by=None), replace(draft, signature=None)):
        with pytest.raises(UsageError) as refused:
            book.ledger.append([changed])

        assert slug(refused) == "draft-not-genuine"


def test_saying_an_entry_again_does_not_bring_erased_words_back(book):
    draft, words = book.escalation()
    beside = {(draft.id, "why"): words}
    book.ledger.append([draft], beside)
    body = {"case": CASE, "entries": [{"id": draft.id, "fields": ["why"]}]}
    book.ledger.erase(book.draft("erased", body))
    book.ledger.append([draft], beside)

    assert book.ledger.words() == {}


def test_what_is_not_there_is_not_erased(book):
    draft, words = book.escalation()
    book.ledger.append([draft], {(draft.id, "why"): words})
    listed = [{"id": draft.id, "fields": ["why"]}, {"id": "0" * 32, "fields": ["why"]}]
    with pytest.raises(UsageError) as refused:
        book.ledger.erase(book.draft("erased", {"case": CASE, "entries": listed}))

    assert slug(refused) == "nothing-to-erase"
    assert book.ledger.words() == {(draft.id, "why"): words}
    with pytest.raises(UsageError) as refused:
        book.ledger.erase(book.draft())

    assert slug(refused) == "draft-erases-nothing"


def test_checkpoints_are_kept_in_their_order_and_once(book):
    for note in ("b", "a", "b"):
        book.ledger.keep_checkpoint(note)

    assert book.ledger.checkpoints() == ("b", "a")


def test_without_the_right_to_write_it_can_be_read(book):
    book.add(2)
    ledger = book.reopen(read_only=True)

    assert len(list(ledger.entries())) == 3
    with pytest.raises(PathError) as refused:
        ledger.append([book.draft()])

    assert slug(refused) == "ledger-unusable"


def test_another_thread_is_refused(book):
    caught: list[UsageError] = []

    def use() -> None:
        try:
            book.ledger.append([book.draft()])
        except UsageError as refused:
            caught.append(refused)

    thread = threading.Thread(target=use)
    thread.start()
    thread.join()

    assert [one.problems[0].slug for one in caught] == ["ledger-shared"]
    assert book.add(1)[0].seq == 1


def test_entries_are_read_back_as_what_they_are(book):
    for entry in book.add(4):
        assert read_entry(entry.content) == entry


def both_at_once(book, add) -> list[str]:
    """Two threads, each with a draft of its own about one case; what became of each of them."""
    drafts, together = [book.draft(), book.draft()], threading.Barrier(2, timeout=20)
    ends: list[str] = []

    def write(draft) -> None:
        with closing(book.open(book.path)) as ledger:
            try:
                add(ledger, draft, len(list(ledger.entries())), together)
                ends.append("stored")
            except UsageError:
                ends.append("refused")

    threads = [threading.Thread(target=write, args=[draft]) for draft in drafts]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return sorted(ends)


def nothing_new(ledger, size: int) -> None:
    if any(True for _ in ledger.entries(size)):
        raise UsageError("something was added", slug="ledger-moved")


def look_inside(ledger, draft, size, together) -> None:
    together.wait()
    ledger.append([draft], look=lambda: nothing_new(ledger, size))


def look_before(ledger, draft, size, together) -> None:
    nothing_new(ledger, size)
    together.wait()
    ledger.append([draft])


def test_of_two_who_look_before_they_add_one_sees_what_the_other_added(book):
    for round_ in range(1, 6):
        assert both_at_once(book, look_inside) == ["refused", "stored"]
        assert len(list(book.ledger.entries())) == round_ + 1


def test_a_look_outside_of_the_adding_sees_nothing(book):
    """The negative control: then both are stored."""
    assert both_at_once(book, look_before) == ["stored", "stored"]


def test_what_a_look_refuses_is_not_added_and_the_next_is(book):
    def refuse() -> None:
        raise UsageError("no", slug="ledger-moved")

    draft, words = book.escalation()
    with pytest.raises(UsageError, match="no"):
        book.ledger.append([draft], {(draft.id, "why"): words}, look=refuse)
    assert len(list(book.ledger.entries())) == 1
    assert book.ledger.words() == {}
    seen = []
    book.ledger.append(
        [draft], {(draft.id, "why"): words}, look=lambda: seen.extend(book.ledger.entries())
    )
    assert (len(seen), len(list(book.ledger.entries()))) == (1, 2)
