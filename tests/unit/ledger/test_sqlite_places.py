"""Where a file can lie, what can lie beside it, and how it comes out of a crash or a copy."""

from __future__ import annotations

import os
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from tempfile import TemporaryDirectory

import pytest

from auditor.errors import IntegrityError, PathError
from auditor.ledger.checkpoint import read_checkpoint
from auditor.ledger.sqlite import SqliteLedger, make_ledger
from auditor.ledger.verification import verify_ledger
from tests.unit.ledger.conftest import new_book
from tests.unit.ledger.test_any_ledger import slug

NAMES = [
    "two words",
    "a#b",
    "a?mode=memory",
    "a?immutable=1&x#y",
    "a%20b%00",
    "file:a",
    "\N{LATIN SMALL LETTER U WITH DIAERESIS}bung",
    "u\N{COMBINING DIAERESIS}bung",
    "\N{GRINNING FACE}",
    os.fsdecode(b"\xff\xfe"),
    "back\\slash",
    "quote'\"",
    "-dash",
    "new\nline",
    ".hidden",
]


@pytest.mark.parametrize("name", NAMES, ids=range(len(NAMES)))
def test_a_file_and_a_folder_of_any_name_hold_a_ledger(tmp_path, name):
    folder = tmp_path / name
    folder.mkdir()
    book = new_book(folder / name)
    try:
        book.add(3)
        outside = book.checkpoint()
        beside = {path.name for path in folder.iterdir()}
        book.reopen()
        book.add(1)
        book.reopen(read_only=True)
        found = book.check(outside)
    finally:
        book.ledger.close()

    assert beside == {name, f"{name}-wal", f"{name}-shm"}
    assert [path.name for path in tmp_path.iterdir()] == [name]
    assert (found.holds, found.size, found.anchored) == (True, 5, 4)


def test_a_ledger_of_two_names_is_refused_and_a_copy_of_it_is_not(book, tmp_path):
    book.add(2)
    book.ledger.close()
    other = tmp_path / "other.db"
    other.hardlink_to(book.path)
    for place in (book.path, other):
        for read_only in (True, False):
            with pytest.raises(PathError) as refused:
                SqliteLedger(place, read_only=read_only)

            assert slug(refused) == "ledger-of-two-names"
    shutil.copy(other, tmp_path / "copy.db")
    with SqliteLedger(tmp_path / "copy.db", read_only=True) as copy:
        assert verify_ledger(copy).size == 3
    other.unlink()
    with SqliteLedger(book.path) as ledger:
        assert verify_ledger(ledger).size == 3


def test_through_a_link_to_its_folder_it_is_the_same_ledger(book, tmp_path):
    (tmp_path / "link").symlink_to(book.path.parent, target_is_directory=True)
    book.add(2)
    with SqliteLedger(tmp_path / "link" / book.path.name) as other:  # both are open
        assert len(list(other.entries())) == 3
        other.append([book.draft()])
    book.add(1)

    assert (book.check().holds, book.check().size) == (True, 5)


@contextmanager
def crashed() -> Iterator[Path]:
    """Files of a ledger in use: 9 entries, 4 of them in the main file; and a checkpoint."""
    with TemporaryDirectory() as here, TemporaryDirectory() as there:
        book = new_book(Path(here) / "r.db")
        book.add(3)
        book.reopen()  # so that its log is empty
        book.add(5)
        for path in Path(here).iterdir():
            shutil.copy(path, there)
        outside = book.checkpoint()
        book.ledger.close()
        (Path(there) / "note").write_text(outside.note)
        yield Path(there) / "r.db"


@pytest.mark.parametrize(
    ("lost", "size"), [((), 9), (("-shm",), 9), (("-wal",), 4), (("-wal", "-shm"), 4)]
)
def test_what_a_crash_left_is_whole_with_its_log_and_an_older_ledger_without(lost, size):
    with crashed() as place:
        for end in lost:
            place.with_name(place.name + end).unlink()
        with SqliteLedger(place) as ledger:
            found = verify_ledger(ledger)

    assert (found.holds, found.size) == (True, size)


@pytest.mark.parametrize("change", ["cut", "flipped", "of another ledger"])
def test_a_log_that_is_not_as_it_was_left_gives_no_entry_that_does_not_hold(change):
    with crashed() as place, crashed() as other:
        log = place.with_name("r.db-wal")
        content = bytearray(log.read_bytes())
        if change == "cut":
            content = content[: len(content) // 2]
        elif change == "flipped":
            content[5000] ^= 1
        else:
            content = bytearray(other.with_name("r.db-wal").read_bytes())
        log.write_bytes(content)
        place.with_name("r.db-shm").unlink()
        outside = read_checkpoint(place.with_name("note").read_text(), "note")
        with SqliteLedger(place) as ledger:
            alone, anchored = verify_ledger(ledger), verify_ledger(ledger, [outside])

    assert alone.holds or alone.fault_count > 0
    assert not anchored.holds  # the checkpoint from outside misses what was confirmed


@pytest.mark.parametrize("end", ["-wal", "-shm", "-journal"])
@pytest.mark.parametrize("content", [b"", b"x" * 5000, "a log"])
def test_beside_what_a_ledger_that_is_gone_left_behind_none_is_made(tmp_path, end, content):
    """It may hold the last that was confirmed, and SQLite would take it for the new one's."""
    if isinstance(content, str):
        with crashed() as old:
            content = old.with_name("r.db-wal").read_bytes()
    left = tmp_path / f"r.db{end}"
    left.write_bytes(content)
    with pytest.raises(PathError, match="a file of that name exists") as refused:
        make_ledger(tmp_path / "r.db", "new")

    assert refused.value.problems[0].slug == "ledger-exists"
    assert [path.name for path in tmp_path.iterdir()] == [left.name]
    assert left.read_bytes() == content


@pytest.mark.parametrize(
    ("kind", "end"), [("a folder", "-wal"), ("a link", "-wal"), ("a link", "-shm")]
)
def test_what_is_no_file_beside_it_is_refused_and_never_followed(book, tmp_path, end, kind):
    book.add(1)
    book.ledger.close()
    beside = book.path.with_name(book.path.name + end)
    beside.unlink(missing_ok=True)
    (tmp_path / "mine").write_text("mine")
    if kind == "a folder":
        beside.mkdir()
    else:
        beside.symlink_to(tmp_path / "mine")
    for read_only in (True, False):
        with pytest.raises(PathError) as refused:
            SqliteLedger(book.path, read_only=read_only)

        assert slug(refused) == "ledger-unusable"
    assert (tmp_path / "mine").read_text() == "mine"


@contextmanager
def somebody_else() -> Iterator[None]:
    """As a user who may do what everybody may, also where the tests run as root."""
    user = os.geteuid()
    if user == 0:
        os.seteuid(65534)
    try:
        yield
    finally:
        os.seteuid(user)


@pytest.mark.parametrize("mode", [0o600, 0o644])
def test_a_file_of_somebody_else_is_read_when_it_may_be_and_never_added_to(mode):
    with TemporaryDirectory() as folder:
        book = new_book(Path(folder) / "r.db")
        book.add(2)
        book.ledger.close()
        # who is not root cannot play somebody else, and has the rights of everybody at most
        book.path.chmod(mode if os.geteuid() == 0 else 0o111 * (mode & 0o4))
        Path(folder).chmod(0o555)
        with somebody_else():
            if mode == 0o644:
                with SqliteLedger(book.path, read_only=True) as ledger:
                    assert verify_ledger(ledger).size == 3
            else:
                with pytest.raises(PathError):
                    SqliteLedger(book.path, read_only=True)
            with pytest.raises(PathError) as refused:
                SqliteLedger(book.path)
        Path(folder).chmod(0o755)

    assert slug(refused) == "ledger-unusable"


def test_what_fails_while_it_is_read_is_said_and_not_that_the_reading_ended(book):
    def fail() -> None:
        with book.ledger.reading():
            book.ledger._connection.execute("ROLLBACK")  # SQLite does it when a disk fails
            raise IntegrityError("what failed", slug="ledger-damaged")

    with pytest.raises(IntegrityError, match="what failed"):
        fail()
