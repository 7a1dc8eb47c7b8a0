"""The store: what it keeps, what it refuses, and that it refuses all or nothing."""

from __future__ import annotations

import os
import resource
import signal
import sqlite3
import stat
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from tempfile import TemporaryDirectory

import pytest

from auditor.errors import AuditorError, IntegrityError, PathError, UsageError
from auditor.ledger import Entry, new_draft, open_ledger
from auditor.ledger.sqlite import SqliteLedger, make_ledger, opening, places
from tests.unit.ledger.conftest import CASE, Book, new_book, private_of
from tests.unit.ledger.test_any_ledger import slug


def raw(book: Book) -> sqlite3.Connection:
    """Another program that opens the file, with no triggers respected that it drops."""
    return sqlite3.connect(book.path, isolation_level=None)


def test_a_ledger_is_opened_by_its_file_and_not_by_another_address(book):
    ledger = open_ledger(str(book.path), read_only=True)
    name = ledger.name
    ledger.close()

    assert name == "reviews"
    with pytest.raises(UsageError) as refused:
        open_ledger("mysql://people:secret@host/reviews")

    assert slug(refused) == "ledger-address"
    assert "secret" not in str(refused.value)


def test_only_its_owner_may_read_it_whatever_the_umask(tmp_path):
    before = os.umask(0)
    try:
        make_ledger(tmp_path / "r.db").close()
    finally:
        os.umask(before)

    assert stat.S_IMODE((tmp_path / "r.db").stat().st_mode) == 0o600


def test_a_ledger_that_was_closed_is_a_bug_of_the_caller_and_not_damage(book):
    book.ledger.close()
    with pytest.raises(sqlite3.ProgrammingError, match="closed"):
        list(book.ledger.entries())


def files_of(book: Book) -> bytes:
    return b"".join(path.read_bytes() for path in sorted(book.path.parent.glob("reviews.db*")))


def test_erased_words_are_gone_from_every_file_and_the_chain_holds(book):
    text = "a sentence that must not stay" * 300
    draft, words = book.escalation(text)
    book.ledger.append([draft], {(draft.id, "why"): words})
    there = b"a sentence that must not stay" in files_of(book)
    body = {"case": CASE, "entries": [{"id": draft.id, "fields": ["why"]}]}
    erased = book.draft("erased", body).signed(private_of("ada"))
    entry = book.ledger.erase(erased)

    assert there
    assert b"must not stay" not in files_of(book)
    assert words.salt.encode() not in files_of(book)
    assert book.ledger.words() == {}
    assert book.ledger.erase(erased) == entry
    assert book.check().holds
    assert book.check().erased == 1


def test_words_in_a_log_that_somebody_reads_are_said_to_be_there_still(book, monkeypatch):
    monkeypatch.setitem(opening.SETTINGS, "busy_timeout", 50)
    ledger = book.reopen()
    draft, words = book.escalation()
    ledger.append([draft], {(draft.id, "why"): words})
    reader = raw(book)
    reader.execute("BEGIN")
    reader.execute("SELECT * FROM words").fetchall()
    body = {"case": CASE, "entries": [{"id": draft.id, "fields": ["why"]}]}
    erased = book.draft("erased", body)
    with pytest.raises(PathError) as refused:
        ledger.erase(erased)
    reader.close()

    assert slug(refused) == "log-not-emptied"
    assert ledger.erase(erased).seq == 2
    assert words.text.encode() not in files_of(book)


@pytest.mark.parametrize(
    "statement",
    [
        "DELETE FROM entries WHERE seq = 1",
        "UPDATE entries SET content = x'00' WHERE seq = 1",
        "UPDATE entries SET seq = 9 WHERE seq = 1",
        "INSERT INTO entries VALUES (5, 'x', x'00')",
        "INSERT OR REPLACE INTO entries VALUES (1, 'x', x'00')",
        "UPDATE words SET text = 'x'",
        "UPDATE checkpoints SET note = 'x'",
        "DELETE FROM checkpoints",
    ],
)
def test_another_program_changes_nothing_by_accident(book, statement):
    book.add(3)
    book.ledger.keep_checkpoint("a note")
    other = raw(book)
    with pytest.raises(sqlite3.IntegrityError):
        other.execute(statement)
    other.close()

    assert book.check().fault_count == 1  # the note that is none


@pytest.mark.parametrize(
    "statement",
    [
        "DROP TRIGGER entries_stay",
        "DROP TRIGGER entries_in_order",
        "CREATE TABLE more (x)",
        "CREATE INDEX more ON words (text)",
        "CREATE TRIGGER more AFTER INSERT ON entries BEGIN DELETE FROM words; END",
        "CREATE VIEW more AS SELECT 1",
        "ALTER TABLE entries RENAME TO kept",
        "ALTER TABLE words ADD COLUMN more TEXT",
    ],
)
def test_a_changed_structure_is_refused(book, statement):
    book.ledger.close()
    other = raw(book)
    other.execute(statement)
    other.close()
    with pytest.raises(IntegrityError, match="its structure was changed") as refused:
        SqliteLedger(book.path)

    assert slug(refused) == "ledger-damaged"


def test_a_view_in_the_place_of_a_table_is_refused(book):
    book.ledger.close()
    other = raw(book)
    other.execute("ALTER TABLE entries RENAME TO kept")
    other.execute("CREATE VIEW entries AS SELECT * FROM kept WHERE seq < 1")
    other.close()
    with pytest.raises(IntegrityError, match="its structure was changed"):
        SqliteLedger(book.path)


def test_upkeep_that_changes_nothing_is_no_damage(book):
    book.add(3)
    before = list(book.ledger.entries())
    book.ledger.close()
    other = raw(book)
    other.execute("ANALYZE")
    other.execute("VACUUM")
    other.close()

    assert list(book.reopen().entries()) == before
    assert book.check().holds


@pytest.mark.parametrize(
    ("statement", "expected"),
    [
        ("PRAGMA user_version = 2", "ledger-too-new"),
        ("PRAGMA user_version = 0", "ledger-damaged"),
        ("PRAGMA application_id = 1", "not-a-ledger"),
        ("PRAGMA journal_mode = DELETE", "ledger-unsafe"),
    ],
)
def test_another_version_or_way_of_keeping_is_refused(book, statement, expected):
    book.ledger.close()
    other = raw(book)
    other.execute(statement)
    other.close()
    with pytest.raises(AuditorError) as refused:
        SqliteLedger(book.path)

    assert slug(refused) == expected


def test_every_setting_is_read_back(book, monkeypatch):
    book.ledger.close()
    monkeypatch.setitem(opening.SETTINGS, "synchronous", 7)
    with pytest.raises(PathError, match="synchronous is") as refused:
        SqliteLedger(book.path)

    assert slug(refused) == "ledger-unsafe"


def link(place: Path) -> None:
    target = place.with_name("target.db")
    make_ledger(target).close()
    place.symlink_to(target)


def another_database(place: Path) -> None:
    other = sqlite3.connect(place)
    other.execute("CREATE TABLE a (b)")
    other.close()


NO_LEDGERS = {
    "missing": (lambda _: None, "ledger-missing", 74),
    "a folder": (Path.mkdir, "ledger-unusable", 74),
    "a link": (link, "ledger-unusable", 74),
    "a pipe": (os.mkfifo, "ledger-unusable", 74),
    "empty": (Path.touch, "not-a-ledger", 6),
    "a text": (lambda place: place.write_bytes(b"hello" * 1000), "not-a-ledger", 6),
    "another database": (another_database, "not-a-ledger", 6),
}


@pytest.mark.parametrize(("make", "expected", "code"), NO_LEDGERS.values(), ids=NO_LEDGERS)
@pytest.mark.parametrize("read_only", [True, False])
def test_what_is_no_ledger_is_not_opened(tmp_path, make, expected, code, read_only):
    place = tmp_path / "r.db"
    make(place)
    with pytest.raises(AuditorError) as refused:
        SqliteLedger(place, read_only=read_only)

    assert (slug(refused), refused.value.exit_code) == (expected, code)


def test_a_ledger_is_never_made_over_another_file_or_through_a_link(tmp_path):
    (tmp_path / "a").write_text("mine")
    (tmp_path / "b").symlink_to(tmp_path / "c")
    for name in ("a", "b"):
        with pytest.raises(PathError) as refused:
            make_ledger(tmp_path / name)

        assert slug(refused) == "ledger-exists"
    assert (tmp_path / "a").read_text() == "mine"
    assert not (tmp_path / "c").exists()
    with pytest.raises(PathError) as refused:
        make_ledger(tmp_path / "none" / "a")

    assert slug(refused) == "ledger-unwritable"


@pytest.mark.parametrize("name", ["", "Reviews", "a b", "a\nb", "+", "-a", "x" * 101, "\N{BULLET}"])
def test_a_name_that_no_checkpoint_could_carry_is_refused_and_leaves_nothing(tmp_path, name):
    with pytest.raises(UsageError) as refused:
        make_ledger(tmp_path / "r.db", name)

    assert slug(refused) == "ledger-name"
    assert list(tmp_path.iterdir()) == []


def test_ledgers_of_files_with_the_same_name_are_told_apart(books, tmp_path):
    (tmp_path / "x").mkdir()
    with make_ledger(tmp_path / "R 1.db") as one, make_ledger(tmp_path / "x" / "R 1.db") as two:
        assert one.name.startswith("r-1-")
        assert one.name != two.name
        draft = new_draft(one.name, "claimed", {"case": CASE, "role": "hr"})
        with pytest.raises(UsageError):
            two.append([draft])


MOUNTS = """\
22 1 LOCAL / / rw,relatime shared:1 - ext4 /dev/vda rw
90 22 SHARED / /share/team rw,relatime shared:40 - nfs4 server:/team rw,vers=4.2
"""


def test_a_network_file_system_is_refused(tmp_path, monkeypatch):
    mounts = tmp_path / "mountinfo"
    device = tmp_path.stat().st_dev
    ours = f"{os.major(device)}:{os.minor(device)}"
    monkeypatch.setattr(places, "_MOUNTS", mounts)
    mounts.write_text(MOUNTS.replace("LOCAL", ours))
    make_ledger(tmp_path / "local.db").close()
    mounts.write_text(MOUNTS.replace("SHARED", ours))
    with pytest.raises(PathError, match=r"network file system \(nfs4\)") as refused:
        make_ledger(tmp_path / "r.db")

    assert slug(refused) == "ledger-on-a-network"
    assert not (tmp_path / "r.db").exists()
    with pytest.raises(PathError):
        SqliteLedger(tmp_path / "local.db")


def test_a_ledger_that_another_program_holds_is_busy_and_nothing_is_lost(book, monkeypatch):
    monkeypatch.setitem(opening.SETTINGS, "busy_timeout", 50)
    ledger = book.reopen()
    other = raw(book)
    other.execute("BEGIN IMMEDIATE")
    draft = book.draft()
    with pytest.raises(PathError) as refused:
        ledger.append([draft])
    other.close()

    assert slug(refused) == "ledger-busy"
    assert ledger.append([draft])[0].seq == 1


def test_a_full_disk_is_said_and_what_was_acknowledged_stays(book):
    before = resource.getrlimit(resource.RLIMIT_FSIZE)
    old = signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
    acknowledged: list[Entry] = []

    def fill() -> None:
        while len(acknowledged) < 400:
            acknowledged.extend(book.add(1))

    try:
        resource.setrlimit(resource.RLIMIT_FSIZE, (200_000, before[1]))
        with pytest.raises(PathError) as refused:
            fill()
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, before)
        signal.signal(signal.SIGXFSZ, old)

    assert slug(refused) == "ledger-unusable"
    assert len(acknowledged) > 3
    assert tuple(book.reopen().entries(1)) == tuple(acknowledged)
    assert book.add(1)[0].seq == len(acknowledged) + 1
    assert book.check().holds


@contextmanager
def nobody_may_write(folder: Path) -> Iterator[None]:
    """A folder and its files that can be read only, also where the tests run as root."""
    for path in folder.iterdir():
        path.chmod(0o444)
    folder.chmod(0o555)
    user = os.geteuid()
    if user == 0:
        os.seteuid(65534)
    try:
        yield
    finally:
        os.seteuid(user)
        folder.chmod(0o755)


def test_in_a_folder_that_nobody_may_write_it_can_be_verified():
    with TemporaryDirectory() as folder:
        book = new_book(Path(folder) / "reviews.db")
        book.add(3)
        outside = book.checkpoint()
        book.ledger.close()
        with nobody_may_write(Path(folder)):
            book.ledger = SqliteLedger(book.path, read_only=True)
            found = book.check(outside)
            book.ledger.close()
            with pytest.raises(PathError) as refused:
                SqliteLedger(book.path)

    assert (found.holds, found.anchored) == (True, 4)
    assert slug(refused) == "ledger-unusable"


def test_there_a_log_that_cannot_be_read_along_is_not_passed_over():
    with TemporaryDirectory() as folder:
        book = new_book(Path(folder) / "reviews.db")
        book.add(3)
        copies = {path: path.read_bytes() for path in Path(folder).iterdir()}
        book.ledger.close()
        for path, content in copies.items():
            path.write_bytes(content)
        (Path(folder) / "reviews.db-shm").unlink()
        with nobody_may_write(Path(folder)), pytest.raises(PathError) as refused:
            SqliteLedger(book.path, read_only=True)

    assert slug(refused) == "ledger-unusable"


def test_an_old_sqlite_is_refused_before_a_file_is_touched(book, monkeypatch):
    monkeypatch.setattr(opening, "_OLDEST", (99, 0, 0))
    with pytest.raises(UsageError) as refused:
        SqliteLedger(book.path)

    assert slug(refused) == "sqlite-too-old"
