"""Seventeen ways of changing a ledger: none stays unseen where a checkpoint was kept elsewhere.

The attacker may write everything that belongs to the ledger, knows how it is made, and has stolen
the key of one person who signs entries; they do not have the key that signs checkpoints.
"""

from __future__ import annotations

import random
import secrets
import sqlite3
from collections.abc import Callable
from dataclasses import dataclass, replace
from pathlib import Path

import pytest

from auditor.errors import AuditorError
from auditor.ledger import Words, new_draft
from auditor.ledger.checkpoint import Checkpoint, read_checkpoint, sign_checkpoint
from auditor.ledger.sqlite import SqliteLedger
from auditor.ledger.store import Row
from auditor.ledger.verification import LedgerCheck, verify_ledger
from tests.unit.ledger.conftest import CASE, RING, START, Book, new_book, private_of
from tests.unit.ledger.shelf import Shelf

FEW, ALL = 20, 10_000


@dataclass
class Kept:
    """A ledger that was changed, what somebody kept of it elsewhere, and what was changed first."""

    shelf: Shelf
    outside: Checkpoint
    older: Checkpoint
    first: int = 0

    def pick(self, rng: random.Random, low: int = 1) -> int:
        self.first = rng.randrange(low, self.shelf.size)
        return self.first


def check(kept: Kept, *, outside: bool = True) -> LedgerCheck:
    given = [kept.outside] if outside else []
    return verify_ledger(kept.shelf, given, keyring=RING, as_of=START.date())


def seen(kept: Kept) -> bool:
    """Whether it is refused, or said that nothing covers what was changed."""
    found = check(kept)
    return not found.holds or found.anchored is None or found.anchored <= kept.first


def bit_flip(kept: Kept, rng: random.Random) -> None:
    place = kept.pick(rng, 0)
    content = bytearray(kept.shelf.rows_[place].content)
    content[rng.randrange(len(content))] ^= 1 << rng.randrange(8)
    kept.shelf.put(place, bytes(content))


def byte_set(kept: Kept, rng: random.Random) -> None:
    place = kept.pick(rng, 0)
    content = bytearray(kept.shelf.rows_[place].content)
    where = rng.randrange(len(content))
    content[where] = (content[where] + rng.randrange(1, 256)) % 256
    kept.shelf.put(place, bytes(content))


def delete(kept: Kept, rng: random.Random) -> None:
    del kept.shelf.rows_[kept.pick(rng)]
    kept.shelf.tidy_words()
    kept.shelf.renumber_rows()


def swap(kept: Kept, rng: random.Random) -> None:
    one, two = rng.sample(range(1, kept.shelf.size), 2)
    kept.first = min(one, two)
    rows = kept.shelf.rows_
    rows[one], rows[two] = rows[two], rows[one]
    kept.shelf.renumber_rows()


def duplicate(kept: Kept, rng: random.Random) -> None:
    place = kept.pick(rng)
    kept.first = place + 1
    kept.shelf.rows_.insert(place, kept.shelf.rows_[place])
    kept.shelf.renumber_rows()


def truncate(kept: Kept, rng: random.Random) -> None:
    del kept.shelf.rows_[kept.pick(rng) :]
    kept.shelf.tidy_words()


def entry_by_thief(shelf: Shelf, place: int, rng: random.Random) -> Row:
    body = {"case": CASE, "role": f"r{rng.randrange(1000)}"}
    draft = new_draft(shelf.name, "claimed", body, now=START).signed(private_of("ada"))
    entry = replace(shelf.entry(place), draft=draft)
    return Row(seq=place, id=draft.id, content=entry.content)


def truncate_and_refill(kept: Kept, rng: random.Random) -> None:
    size = kept.shelf.size
    truncate(kept, rng)
    while kept.shelf.size < size:
        last = kept.shelf.size - 1
        kept.shelf.rows_.append(entry_by_thief(kept.shelf, last, rng))
    kept.shelf.rehash()


def insert(kept: Kept, rng: random.Random) -> None:
    place = kept.pick(rng)
    kept.shelf.rows_.insert(place, entry_by_thief(kept.shelf, place, rng))
    kept.shelf.renumber_rows()


def backdate(kept: Kept, rng: random.Random) -> None:
    place = kept.pick(rng)
    kept.shelf.put(place, replace(kept.shelf.entry(place), at="2026-01-02T00:00:00Z").content)


def edit_and_rehash(kept: Kept, rng: random.Random) -> None:
    place = kept.pick(rng)
    kept.shelf.say(place, said_at=f"2026-10-{rng.randrange(10, 29)}T00:00:00Z")
    kept.shelf.rehash(place)


def delete_and_rehash(kept: Kept, rng: random.Random) -> None:
    place = kept.pick(rng)
    del kept.shelf.rows_[place]
    kept.shelf.tidy_words()
    kept.shelf.rehash(place)


def renumber(kept: Kept, rng: random.Random) -> None:
    place = kept.pick(rng)
    entry = kept.shelf.entry(place)
    kept.shelf.put(place, replace(entry, seq=place + rng.choice((-1, 1, 7))).content)


def older_file(kept: Kept, rng: random.Random) -> None:
    kept.first = kept.older.size
    del kept.shelf.rows_[kept.older.size :]
    kept.shelf.tidy_words()


def signature(kept: Kept, rng: random.Random) -> None:
    signed = [n for n in range(kept.shelf.size) if kept.shelf.draft(n).signature is not None]
    place = kept.first = rng.choice(signed)
    said = kept.shelf.draft(place)
    other = rng.choice(
        (
            replace(said, signature=None),
            replace(said, by=None, signed_with=None, signature=None),
            replace(said, signature=secrets.token_bytes(64)),
            replace(said, signed_with=None, by=None).signed(private_of("mallory")),
        )
    )
    kept.shelf.put(place, replace(kept.shelf.entry(place), draft=other).content)
    if rng.random() < 0.5:
        kept.shelf.rehash(place)


def checkpoint_of_another(kept: Kept, rng: random.Random) -> None:
    edit_and_rehash(kept, rng)
    kept.outside = sign_checkpoint("others", kept.shelf.size, kept.shelf.root(), private_of("log"))


def checkpoint_older(kept: Kept, rng: random.Random) -> None:
    kept.first = rng.randrange(kept.older.size, kept.shelf.size)
    kept.shelf.say(kept.first, said_at="2026-10-01T00:00:00Z")
    kept.shelf.rehash(kept.first)
    kept.outside = kept.older


def checkpoint_forged(kept: Kept, rng: random.Random) -> None:
    edit_and_rehash(kept, rng)
    size, root = kept.shelf.size, kept.shelf.root()
    by = rng.choice(("mallory", "ada"))
    kept.outside = sign_checkpoint(kept.outside.origin, size, root, private_of(by))


def checkpoint_resaid(kept: Kept, rng: random.Random) -> None:
    """The genuine signature below a root that it is not over."""
    edit_and_rehash(kept, rng)
    forged = sign_checkpoint(
        kept.outside.origin, kept.shelf.size, kept.shelf.root(), private_of("ada")
    )
    below = kept.outside.note.rpartition("\n\n")[2]
    kept.outside = read_checkpoint(f"{forged.text}\n{below}", "f")


def checkpoint(kept: Kept, rng: random.Random) -> None:
    how = (checkpoint_of_another, checkpoint_older, checkpoint_forged, checkpoint_resaid)
    rng.choice(how)(kept, rng)


def reencode(kept: Kept, rng: random.Random) -> None:
    place = kept.pick(rng, 0)
    how = rng.choice(("blanks", "order", "number", "escapes"))
    kept.shelf.put(place, kept.shelf.reencoded(place, how))


def words(kept: Kept, rng: random.Random) -> None:
    """Words beside the chain: changed, salted anew, taken away (and said so), or added."""
    at = rng.choice(sorted(kept.shelf.words_))
    there = kept.shelf.words_
    kept.first = next(n for n, row in enumerate(kept.shelf.rows_) if row.id == at[0])
    how = rng.randrange(5)
    if how == 0:
        there[at] = replace(there[at], text="nothing to see")
    elif how == 1:
        there[at] = Words(text=there[at].text)
    elif how == 2:
        del there[at]
    elif how == 3:
        del there[at]
        body = {"case": CASE, "entries": [{"id": at[0], "fields": [at[1]]}]}
        draft = new_draft(kept.shelf.name, "erased", body, now=START)
        last = kept.shelf.entry(kept.shelf.size - 1)
        entry = replace(last, seq=kept.shelf.size, draft=draft)
        kept.shelf.rows_.append(Row(seq=entry.seq, id=draft.id, content=entry.content))
        kept.shelf.rehash(entry.seq)
    else:
        there[at[0], "more"] = Words(text="more")


TAMPERING: dict[str, Callable[[Kept, random.Random], None]] = {
    "bit flip": bit_flip,
    "byte set": byte_set,
    "delete": delete,
    "swap": swap,
    "duplicate": duplicate,
    "truncate": truncate,
    "truncate and refill": truncate_and_refill,
    "insert": insert,
    "backdate": backdate,
    "edit and rehash": edit_and_rehash,
    "delete and rehash": delete_and_rehash,
    "renumber": renumber,
    "older file": older_file,
    "signature": signature,
    "checkpoint": checkpoint,
    "re-encode": reencode,
    "words": words,
}
"""Of the kinds, that of the structure of the file is below: it is refused when it is opened."""


def history(book: Book, rng: random.Random) -> Kept:
    """Write a legal history: entries with and without signatures, words and words erased."""
    for _ in range(rng.randrange(2, 5)):
        book.add(rng.randrange(1, 4), by=rng.choice(("ada", "ben", None)))
        draft, said = book.escalation(f"reason {rng.random()}")
        book.ledger.append([draft], {(draft.id, "why"): said})
        if rng.random() < 0.3:
            body = {"case": CASE, "entries": [{"id": draft.id, "fields": ["why"]}]}
            book.ledger.erase(book.draft("erased", body).signed(private_of("ben")))
    draft, said = book.escalation("a reason that stays")
    book.ledger.append([draft], {(draft.id, "why"): said})
    older = book.checkpoint()
    book.add(rng.randrange(2, 4))
    return Kept(Shelf.of(book.ledger), book.checkpoint(), older)


@pytest.fixture(scope="module")
def histories(tmp_path_factory) -> list[Kept]:
    rng = random.Random(74)  # noqa: S311 - the same histories on every run
    made = []
    for n in range(8):
        book = new_book(tmp_path_factory.mktemp("histories") / f"{n}.db")
        made.append(history(book, rng))
        book.ledger.close()
    return made


def rounds(histories: list[Kept], many: int, kind: str):
    rng = random.Random(f"{kind} 7.4")  # noqa: S311
    for n in range(many):
        one = histories[n % len(histories)]
        kept = Kept(one.shelf.copy(), one.outside, one.older)
        TAMPERING[kind](kept, rng)
        yield kept


COUNTS = pytest.mark.parametrize("many", [FEW, pytest.param(ALL, marks=pytest.mark.trust)])


@COUNTS
@pytest.mark.parametrize("kind", TAMPERING)
def test_with_a_checkpoint_from_outside_no_change_stays_unseen(histories, kind, many):
    unseen = [kept for kept in rounds(histories, many, kind) if not seen(kept)]

    assert unseen == []


BEYOND_A_CHAIN = ("truncate", "truncate and refill", "edit and rehash", "delete and rehash")


@pytest.mark.parametrize("kind", [*BEYOND_A_CHAIN, "older file"])
def test_without_one_the_chain_alone_does_not_see_what_it_cannot(histories, kind):
    checks = [check(kept, outside=False) for kept in rounds(histories, FEW, kind)]

    assert sum(one.holds for one in checks) > FEW // 2
    assert all(one.cannot_exclude for one in checks)


@pytest.mark.parametrize("kind", sorted(TAMPERING.keys() - {*BEYOND_A_CHAIN, "older file"}
                                        - {"checkpoint", "delete", "signature"}))  # fmt: skip
def test_what_a_chain_alone_does_see(histories, kind):
    checks = [check(kept, outside=False) for kept in rounds(histories, FEW, kind)]

    assert all(not one.holds or one.clock_went_back for one in checks)


def test_with_a_checkpoint_that_is_some_entries_old_what_it_covers_is_safe(histories):
    rng = random.Random(5)  # noqa: S311
    for n in range(FEW):
        one = histories[n % len(histories)]
        kept = Kept(one.shelf.copy(), one.older, one.older)
        edit_and_rehash(kept, rng)
        found = check(kept)

        if kept.first < one.older.size:
            assert not found.holds
            assert "are not those that the checkpoint covers" in found.faults[-1].says
        else:
            assert found.holds
            assert (found.anchored or 0) <= kept.first
            assert f"{one.older.size}" in found.cannot_exclude


@COUNTS
def test_no_honest_ledger_is_suspected(books, many):
    rng = random.Random(11)  # noqa: S311
    for n in range(max(2, many // 10)):
        kept = history(books(f"{n}.db"), rng)
        found = check(kept)

        assert found.holds
        assert found.anchored == kept.shelf.size
        assert found.cannot_exclude.endswith("and left out again")
        assert (found.not_authentic, found.clock_went_back) == ((), ())


def flipped(content: bytes, rng: random.Random) -> bytes:
    changed = bytearray(content)
    for _ in range(rng.randrange(1, 9)):
        changed[rng.randrange(len(changed))] ^= 1 << rng.randrange(8)
    return bytes(changed)


def read_all(path: Path, outside: Checkpoint) -> tuple[Shelf, bool]:
    with SqliteLedger(path, read_only=True) as ledger:
        found = verify_ledger(ledger, [outside], keyring=RING, as_of=START.date())
        return Shelf.of(ledger), found.holds


@pytest.mark.parametrize("many", [150, pytest.param(ALL, marks=pytest.mark.trust)])
def test_bits_that_flip_in_the_file_are_seen_or_change_nothing(book, tmp_path, many):
    rng = random.Random(10_000)  # noqa: S311
    kept = history(book, rng)
    book.ledger.close()
    content = book.path.read_bytes()
    place, harmless, refused = tmp_path / "flipped.db", 0, 0
    codes: set[int] = set()
    for _ in range(many):
        place.write_bytes(flipped(content, rng))
        for suffix in ("-wal", "-shm"):
            place.with_name(place.name + suffix).unlink(missing_ok=True)
        try:
            shelf, holds = read_all(place, kept.outside)
        except AuditorError as error:
            codes.add(error.exit_code)
            refused += 1
            continue
        harmless += holds
        refused += not holds
        if holds:
            assert (shelf.rows_, shelf.words_) == (kept.shelf.rows_, kept.shelf.words_)

    assert codes <= {6, 74}
    assert refused > many // 4
    assert harmless < many // 2


@pytest.mark.parametrize("many", [12, pytest.param(300, marks=pytest.mark.trust)])
def test_an_attacker_who_puts_the_triggers_back_is_seen_by_the_checkpoint_alone(books, many):
    rng = random.Random(3)  # noqa: S311
    for n in range(many):
        book = books(f"a{n}.db")
        kept = history(book, rng)
        book.ledger.close()
        shelf = kept.shelf.copy()
        forged = Kept(shelf, kept.outside, kept.older)
        edit_and_rehash(forged, rng)
        other = sqlite3.connect(book.path, isolation_level=None)
        triggers = other.execute("SELECT name, sql FROM sqlite_master WHERE type='trigger'")
        held = triggers.fetchall()
        for name, _ in held:
            other.execute(f"DROP TRIGGER {name}")
        for row in shelf.rows_:
            other.execute("UPDATE entries SET content = ? WHERE seq = ?", (row.content, row.seq))
        for _, sql in held:
            other.execute(sql)
        other.close()
        ledger = book.reopen()
        alone = verify_ledger(ledger, keyring=RING, as_of=START.date())
        found = verify_ledger(ledger, [kept.outside], keyring=RING, as_of=START.date())

        assert alone.holds
        assert not found.holds
        assert found.last_good is None
