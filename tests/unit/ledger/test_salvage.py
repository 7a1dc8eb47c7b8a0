"""Salvage: the longest beginning that holds, nothing more, nothing lost without a word."""

from __future__ import annotations

import hashlib
import random
import signal
import sqlite3
import stat
import subprocess
import sys
from dataclasses import replace
from pathlib import Path

import pytest

from auditor.errors import AuditorError, IntegrityError, PathError, UsageError
from auditor.ledger import Words
from auditor.ledger.checkpoint import read_checkpoint
from auditor.ledger.sqlite import SqliteLedger
from auditor.ledger.sqlite.salvaging import Salvage, salvage_ledger
from auditor.ledger.sqlite.workroom import workroom
from auditor.ledger.verification import verify_ledger
from tests.unit.ledger.conftest import CASE, RING, START, Book, private_of
from tests.unit.ledger.shelf import Shelf

FEW, ALL = 25, 2_000


def filled(book: Book) -> Book:
    book.add(6)
    book.ledger.keep_checkpoint(book.checkpoint().note)
    book.add(6)
    book.ledger.close()
    return book


def tampered(book: Book, *statements: tuple[str, tuple[object, ...]]) -> None:
    """Change the tables as whoever owns the file can: triggers are dropped, and put back."""
    connection = sqlite3.connect(book.path, isolation_level=None)
    triggers = connection.execute(
        "SELECT name, sql FROM sqlite_master WHERE type = 'trigger'"
    ).fetchall()
    for name, _ in triggers:
        connection.execute(f"DROP TRIGGER {name}")
    for statement, given in statements:
        connection.execute(statement, given)
    for _, sql in triggers:
        connection.execute(sql)
    connection.close()


def changed(seq: int) -> tuple[str, tuple[object, ...]]:
    text = 'replace(CAST(content AS TEXT), \'"role":"hr\', \'"role":"xx\')'
    return f"UPDATE entries SET content = CAST({text} AS BLOB) WHERE seq = ?", (seq,)  # noqa: S608


def files(book: Book) -> dict[str, str]:
    found = sorted(book.path.parent.glob(f"{book.path.name}*"))
    return {path.name: hashlib.sha256(path.read_bytes()).hexdigest() for path in found}


def salvage(book: Book, **more) -> tuple[Salvage, SqliteLedger]:
    out = book.path.with_name("new.db")
    before = files(book)
    made = salvage_ledger(book.path, out, clock=book.clock, **more)
    assert files(book) == before
    assert sorted(path.name for path in out.parent.iterdir() if path.name[:7] != "reviews") == [
        "new.db"
    ]
    return made, SqliteLedger(out, clock=book.clock)


def slug(refused) -> str:
    return refused.value.problems[0].slug


def test_entries_before_the_damage_are_kept_and_the_last_one_says_what_happened(book):
    entries = list(filled(book).reopen().entries())
    book.ledger.close()
    tampered(book, changed(9))
    digest = hashlib.sha256(book.path.read_bytes()).hexdigest()
    made, new = salvage(book, private=private_of("ben"))
    found = verify_ledger(new, keyring=RING)
    *kept, last = new.entries()

    assert (found.holds, found.name, found.unsigned, found.salvaged) == (True, "reviews", 0, (9,))
    assert kept == entries[:9]
    assert (made.size, made.lost, made.stopped, made.checkpoints) == (9, 4, "", 1)
    assert "entry 9" in made.why
    assert last.draft.kind == "salvaged"
    assert last.draft.body["damaged"] == digest
    new.close()


def test_what_was_lost_can_be_said_again_and_the_ledger_goes_on(book):
    entries = list(filled(book).reopen().entries())
    book.ledger.close()
    tampered(book, changed(10))
    _, new = salvage(book)
    again = new.append([entry.draft for entry in entries[10:] if not entry.draft.words])

    assert [entry.seq for entry in again] == [11, 12]
    assert verify_ledger(new).holds
    new.close()


def test_a_checkpoint_that_covers_more_than_was_salvaged_does_not_fit(book):
    book.add(4)
    older = book.checkpoint()
    book.add(4)
    newer = book.checkpoint()
    book.ledger.close()
    tampered(book, changed(7))
    _, new = salvage(book)
    while len(list(new.entries())) < newer.size + 2:
        new.append([book.draft().signed(private_of("ada"))])

    assert verify_ledger(new, [older]).anchored == older.size
    found = verify_ledger(new, [newer])
    assert [fault.kind for fault in found.faults] == ["checkpoint"]
    new.close()


def test_entries_that_an_outside_checkpoint_does_not_fit_are_not_salvaged(book):
    book.add(3)
    older = book.checkpoint()
    book.add(3)
    newer = book.checkpoint()
    book.ledger.close()
    other = replace(newer, root=b"\1" * 32)
    made, new = salvage(book, checkpoints=[older, other])

    assert (made.size, made.lost) == (older.size, 3)
    assert "not those that a checkpoint from outside covers" in made.why
    assert verify_ledger(new, [older]).holds
    new.close()


def test_words_that_do_not_fit_are_lost_and_said_to_be(book):
    filled(book)
    connection = sqlite3.connect(book.path, isolation_level=None)
    ids = [row[0] for row in connection.execute("SELECT id FROM words ORDER BY id")]
    connection.close()
    tampered(
        book,
        ("UPDATE words SET text = 'other' WHERE id = ?", (ids[0],)),
        ("DELETE FROM words WHERE id = ?", (ids[1],)),
    )
    made, new = salvage(book)
    found = verify_ledger(new)

    assert (made.words, made.words_lost, made.lost, made.size) == (2, 2, 0, 13)
    assert (found.holds, found.words_lost, found.erased) == (True, 2, 0)
    assert set(new.words()) == {(one, "why") for one in ids[2:]}
    new.close()


def test_words_erased_before_or_after_the_damage_do_not_come_back(book):
    drafts = []
    for n in range(3):
        draft, words = book.escalation(f"reason {n}")
        book.ledger.append([draft], {(draft.id, "why"): words})
        drafts.append(draft)
    for draft in drafts[:2]:
        body = {"case": CASE, "entries": [{"id": draft.id, "fields": ["why"]}]}
        book.ledger.erase(book.draft("erased", body).signed(private_of("ben")))
    book.ledger.close()
    tampered(book, ("UPDATE entries SET content = x'00' WHERE seq = 5", ()))
    made, new = salvage(book)
    found = verify_ledger(new)

    assert (made.size, made.words, made.words_lost) == (5, 1, 1)
    assert (found.holds, found.erased, found.words_lost) == (True, 1, 1)
    new.close()


@pytest.mark.parametrize("by", [None, "eve"])
def test_words_that_somebody_unknown_erased_are_lost_where_a_keyring_says_so(book, by):
    kept, erased = (book.escalation(text) for text in ("one", "two"))
    for draft, words in (kept, erased):
        book.ledger.append([draft], {(draft.id, "why"): words})
    body = {"case": CASE, "entries": [{"id": erased[0].id, "fields": ["why"]}]}
    said = book.draft("erased", body)
    book.ledger.erase(said if by is None else said.signed(private_of(by)))
    assert not book.check(keyring=RING).holds
    book.ledger.close()
    with pytest.raises(UsageError, match="nothing to salvage"):
        salvage(book)
    made, new = salvage(book, keyring=RING, private=private_of("ben"))
    found = verify_ledger(new, keyring=RING)

    assert (made.size, made.words, made.words_lost) == (4, 1, 1)
    assert (found.holds, found.words_lost, found.salvaged) == (True, 1, (4,))
    assert [words.text for words in new.words().values()] == ["one"]
    new.close()


@pytest.mark.parametrize(("by", "holds"), [("ben", True), (None, False), ("eve", False)])
def test_lost_words_are_excused_by_a_person_alone_where_a_keyring_says_who_is_one(book, by, holds):
    draft, words = book.escalation("one")
    book.ledger.append([draft], {(draft.id, "why"): words})
    tampered(book, ("DELETE FROM words", ()))
    _, new = salvage(book, private=None if by is None else private_of(by))

    assert verify_ledger(new).holds
    assert verify_ledger(new, keyring=RING).holds is holds
    new.close()


def test_kept_checkpoints_that_fit_go_with_it_and_others_do_not(book):
    filled(book)
    tampered(book, changed(4), ("INSERT INTO checkpoints (note) VALUES ('none')", ()))
    made, new = salvage(book)

    assert (made.size, made.checkpoints, made.checkpoints_left) == (4, 0, 2)
    assert new.checkpoints() == ()
    assert verify_ledger(new).holds
    new.close()


def test_a_changed_structure_costs_no_entry(book):
    filled(book)
    connection = sqlite3.connect(book.path)
    connection.execute("DROP TRIGGER entries_stay")
    connection.close()
    with pytest.raises(IntegrityError):
        book.reopen()
    made, new = salvage(book)

    assert (made.size, made.lost, made.words_lost, made.stopped) == (13, 0, 0, "")
    assert read_checkpoint(new.checkpoints()[0], "n").size == 7
    new.close()


@pytest.mark.parametrize("first", [b"", b"no ledger at all" * 100, b"\0" * 512])
def test_where_no_table_is_left_nothing_is_made(book, first):
    filled(book)
    book.path.write_bytes(first + book.path.read_bytes()[len(first) :] if first else b"")
    with pytest.raises(IntegrityError) as refused:
        salvage_ledger(book.path, book.path.with_name("new.db"))

    assert slug(refused) == "nothing-to-salvage"
    assert not book.path.with_name("new.db").exists()


def test_a_view_in_the_place_of_the_entries_is_not_read(book):
    filled(book)
    connection = sqlite3.connect(book.path)
    for (name,) in connection.execute(
        "SELECT name FROM sqlite_master WHERE type = 'trigger'"
    ).fetchall():
        connection.execute(f"DROP TRIGGER {name}")
    connection.execute("ALTER TABLE entries RENAME TO others")
    connection.execute("CREATE VIEW entries AS SELECT * FROM others")
    connection.commit()
    connection.close()
    with pytest.raises(IntegrityError) as refused:
        salvage_ledger(book.path, book.path.with_name("new.db"))

    assert slug(refused) == "nothing-to-salvage"


def test_a_damaged_first_entry_leaves_nothing(book):
    filled(book)
    tampered(book, ("UPDATE entries SET content = x'7b7d' WHERE seq = 0", ()))
    with pytest.raises(IntegrityError, match="entry 0 cannot be read") as refused:
        salvage_ledger(book.path, book.path.with_name("new.db"))

    assert slug(refused) == "nothing-to-salvage"


def test_a_ledger_that_holds_is_not_made_twice(book):
    filled(book)
    with pytest.raises(UsageError) as refused:
        salvage_ledger(book.path, book.path.with_name("new.db"))

    assert slug(refused) == "ledger-holds"
    assert [path.name for path in book.path.parent.iterdir()] == ["reviews.db"]


def test_it_is_never_written_over_anything(book):
    filled(book)
    tampered(book, changed(3))
    for out in (book.path, book.path.with_name("there.db")):
        out.touch()
        before = out.read_bytes()
        with pytest.raises(PathError) as refused:
            salvage_ledger(book.path, out)

        assert slug(refused) == "ledger-exists"
        assert out.read_bytes() == before
    with pytest.raises(PathError) as refused:
        salvage_ledger(book.path, book.path.parent / "none" / "new.db")

    assert slug(refused) == "ledger-uncopied"


@pytest.mark.parametrize("places", [("postgresql://h/d", "new.db"), ("old.db", "postgresql://h/d")])
def test_a_server_is_restored_and_not_salvaged(places):
    with pytest.raises(UsageError) as refused:
        salvage_ledger(*places)

    assert slug(refused) == "salvage-of-a-server"


def test_that_a_ledger_was_salvaged_is_not_said_by_hand(book):
    body = {"size": 1, "root": "0" * 64, "damaged": "0" * 64, "entries": []}
    with pytest.raises(UsageError) as refused:
        book.ledger.append([book.draft("salvaged", body).signed(private_of("ada"))])

    assert slug(refused) == "salvaged-later"


def test_an_entry_that_says_that_others_were_salvaged_is_a_fault(book):
    draft, words = book.escalation()
    book.ledger.append([draft], {(draft.id, "why"): words})
    book.add(1)
    shelf = Shelf.of(book.ledger)
    lost = [{"id": draft.id, "fields": ["why"]}]
    body = {"size": 1, "root": "0" * 64, "damaged": "0" * 64, "entries": lost}
    shelf.say(2, kind="salvaged", body=body)
    shelf.rehash(2)
    shelf.words_.clear()
    found = verify_ledger(shelf, as_of=START.date())

    assert [(fault.kind, fault.seq) for fault in found.faults] == [("ledger", 2)]


def damaged_copy(path: Path, original: bytes, rng: random.Random) -> None:
    content = bytearray(original)
    for _ in range(rng.randrange(1, 6)):
        content[rng.randrange(len(content))] ^= 1 << rng.randrange(8)
    if rng.random() < 0.3:
        del content[rng.randrange(len(content)) :]
    path.write_bytes(bytes(content))


@pytest.mark.parametrize("many", [FEW, pytest.param(ALL, marks=pytest.mark.trust)])
def test_whatever_happens_to_the_file_what_is_salvaged_verifies_and_was_there(book, many):
    words = Words(text="a long reason, so that there are pages of words " * 60)
    for _ in range(12):
        draft, _ = book.escalation()
        body = replace(
            draft, words={"why": words.digest}, by=None, signed_with=None, signature=None
        )
        book.ledger.append([body.signed(private_of("ada"))], {(draft.id, "why"): words})
    entries = [entry.content for entry in book.ledger.entries()]
    book.ledger.close()
    original, rng = book.path.read_bytes(), random.Random(63)  # noqa: S311
    sizes = set()
    for n in range(many):
        damaged_copy(book.path, original, rng)
        out = book.path.with_name(f"new-{n}.db")
        try:
            made = salvage_ledger(book.path, out)
        except AuditorError:
            assert not out.exists()
            continue
        with SqliteLedger(out) as new:
            found = verify_ledger(new)
            stored = [entry.content for entry in new.entries()]
        assert found.holds
        assert stored[:-1] == entries[: made.size]
        assert made.words + made.words_lost == made.size - 1
        sizes.add(made.size)
    assert len(sizes) > 1


KILLED = """
import os, signal, sys
from auditor.ledger.sqlite.salvaging import salvage_ledger
salvage_ledger(sys.argv[1], sys.argv[2], clock=lambda: os.kill(os.getpid(), signal.SIGKILL))
"""


def left_behind(book: Book) -> list[Path]:
    return [path for path in book.path.parent.iterdir() if path.is_dir()]


def killed_in_the_middle(book: Book) -> Path:
    new = book.path.with_name("new.db")
    ran = subprocess.run([sys.executable, "-c", KILLED, book.path, new], check=False)
    assert ran.returncode == -signal.SIGKILL
    assert not new.exists()
    (folder,) = left_behind(book)
    return folder


def test_what_a_killed_salvage_leaves_is_for_its_owner_only_and_the_next_one_removes_it(book):
    tampered(filled(book), changed(9))
    folder = killed_in_the_middle(book)
    assert stat.S_IMODE(folder.stat().st_mode) == 0o700
    assert b"reason 2" in b"".join(path.read_bytes() for path in folder.iterdir())
    ours = book.path.with_name(".auditor-salvage-notes.txt")
    ours.write_text("a file of somebody")

    made = salvage_ledger(book.path, book.path.with_name("new.db"), clock=book.clock)

    assert made.left_over == 1
    assert left_behind(book) == []
    assert ours.exists()
    again = salvage_ledger(book.path, book.path.with_name("newer.db"), clock=book.clock)
    assert again.left_over == 0


def test_a_salvage_that_is_going_on_loses_nothing_to_another_one(book):
    """The negative control: what somebody holds is not taken for left behind."""
    tampered(filled(book), changed(9))
    other = book.path.with_name("new.db")
    with workroom(other) as room:
        (room.folder / "copy.db").write_bytes(b"theirs")
        made = salvage_ledger(book.path, other, clock=book.clock)

        assert made.left_over == 0
        assert (room.folder / "copy.db").read_bytes() == b"theirs"
    assert left_behind(book) == []


def test_a_folder_that_is_a_link_is_left_alone(book, tmp_path):
    tampered(filled(book), changed(9))
    aim = tmp_path / "elsewhere"
    aim.mkdir()
    (aim / "mine").write_text("kept")
    book.path.with_name(".auditor-salvage-x").symlink_to(aim)

    assert salvage_ledger(book.path, book.path.with_name("new.db"), clock=book.clock).left_over == 0
    assert (aim / "mine").read_text() == "kept"
