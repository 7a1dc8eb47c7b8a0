"""What can still be read of a damaged ledger, from a copy of its files."""

from __future__ import annotations

import hashlib
import shutil
import sqlite3
from collections.abc import Iterator
from contextlib import ExitStack, closing, contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path

from auditor.errors import IntegrityError, PathError, Where
from auditor.ledger.entry import Words
from auditor.ledger.sqlite.places import must_be_usable
from auditor.ledger.sqlite.schema import SCHEMA
from auditor.ledger.sqlite.workroom import Workroom, workroom
from auditor.ledger.store import Row
from auditor.signing.files import reason

_ENDS = ("", "-wal")


@dataclass(frozen=True, slots=True, kw_only=True)
class Wreck:
    """Rows, words and checkpoints that SQLite still gives; nothing of it is verified.

    ``stopped`` says why it gave no more rows, where it did not come to the end. ``digest`` is the
    SHA-256 of the file.
    """

    path: Path
    digest: str
    rows: tuple[Row, ...]
    words: dict[tuple[str, str], Words]
    notes: tuple[str, ...]
    stopped: str


@contextmanager
def copied(damaged: Path, beside: Path) -> Iterator[tuple[Path, Workroom]]:
    """Copy the files of a ledger to a folder that is removed afterwards: opening writes to some.

    Raises
    ------
    PathError
        When there is no file, it is no regular one, or it cannot be copied.
    """
    must_be_usable(damaged)
    with ExitStack() as open_here:
        try:
            room = open_here.enter_context(workroom(beside))
            copy = room.folder / "copy.db"
            for end in _ENDS:
                source = damaged.with_name(damaged.name + end)
                if end == "" or source.is_file():
                    shutil.copyfile(source, copy.with_name(copy.name + end))
        except OSError as cause:
            raise PathError(
                f"the ledger cannot be copied: {reason(cause)}",
                slug="ledger-uncopied",
                where=Where(str(damaged)),
                hint="it has to be readable, and the new file in a folder with room for a copy of "
                "it",
            ) from None
        yield copy, room


def read_wreck(copy: Path, damaged: Path) -> Wreck:
    """Read whatever a copy still gives.

    Raises
    ------
    IntegrityError
        When not even its tables can be found.
    """
    digest = _digest(copy)
    rows: list[Row] = []
    stopped = ""
    with closing(sqlite3.connect(copy)) as connection:
        connection.execute("PRAGMA trusted_schema = 0")
        _must_have_entries(connection, damaged)
        try:
            for row in _rows(connection):
                rows.append(row)  # noqa: PERF402 - those in front of a fault stay
        except (sqlite3.Error, UnicodeDecodeError, ValueError) as cause:
            stopped = str(cause)
        return Wreck(
            path=damaged,
            digest=digest,
            rows=tuple(rows),
            words=_words(connection),
            notes=_notes(connection),
            stopped=stopped,
        )


def _digest(path: Path) -> str:
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


def _must_have_entries(connection: sqlite3.Connection, damaged: Path) -> None:
    """Look for the very table: a view of that name would give whatever somebody likes."""
    try:
        found = connection.execute(
            "SELECT sql FROM main.sqlite_master WHERE type = 'table' AND name = 'entries'"
        ).fetchone()
    except (sqlite3.Error, UnicodeDecodeError):
        found = None
    if found is None or found[0] != SCHEMA[0]:
        raise IntegrityError(
            "nothing can be salvaged: no table of entries can be found in this file",
            slug="nothing-to-salvage",
            where=Where(str(damaged)),
            hint="keep the file as it is, and go back to a copy of it",
        )


def _rows(connection: sqlite3.Connection) -> Iterator[Row]:
    for seq, entry, content in connection.execute(
        "SELECT seq, id, content FROM main.entries ORDER BY seq"
    ):
        if (type(seq), type(entry), type(content)) != (int, str, bytes):
            raise ValueError("a value is of another kind than the table allows")
        yield Row(seq=seq, id=entry, content=content)


def _words(connection: sqlite3.Connection) -> dict[tuple[str, str], Words]:
    found: dict[tuple[str, str], Words] = {}
    with suppress(sqlite3.Error, UnicodeDecodeError):  # those that come later are lost
        for row in connection.execute("SELECT id, field, salt, text FROM main.words"):
            if all(type(value) is str for value in row):
                entry, field, salt, text = row
                found[entry, field] = Words(salt=salt, text=text)
    return found


def _notes(connection: sqlite3.Connection) -> tuple[str, ...]:
    found: list[str] = []
    with suppress(sqlite3.Error, UnicodeDecodeError):
        for (note,) in connection.execute("SELECT note FROM main.checkpoints ORDER BY number"):
            found.append(str(note))
    return tuple(found)
