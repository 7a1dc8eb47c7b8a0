"""What SQLite cannot do, in the words and exit codes of every other refusal."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path

from auditor.errors import AuditorError, IntegrityError, PathError, Where

_BUSY = frozenset((sqlite3.SQLITE_BUSY, sqlite3.SQLITE_LOCKED, sqlite3.SQLITE_PROTOCOL))
_DISK = frozenset(
    (
        sqlite3.SQLITE_CANTOPEN,
        sqlite3.SQLITE_FULL,
        sqlite3.SQLITE_IOERR,
        sqlite3.SQLITE_PERM,
        sqlite3.SQLITE_READONLY,
        sqlite3.SQLITE_NOLFS,
    )
)


@contextmanager
def refusing(path: Path) -> Iterator[None]:
    """Turn errors of SQLite into refusals about this file.

    Raises
    ------
    PathError
        When the file cannot be opened, read or written.
    IntegrityError
        When it is damaged, or is no database.
    """
    try:
        yield
    except sqlite3.ProgrammingError:
        raise  # it was used after it was closed: a bug of the caller, and no damage
    except sqlite3.DatabaseError as cause:
        raise _refusal(path, cause) from None
    except UnicodeDecodeError:
        raise damaged(path, "a text in it is none") from None


def _refusal(path: Path, cause: sqlite3.DatabaseError) -> AuditorError:
    code = getattr(cause, "sqlite_errorcode", sqlite3.SQLITE_CORRUPT) & 0xFF
    where = Where(str(path))
    if code in _BUSY:
        return PathError(
            "another program holds this ledger, and did not let go of it within 30 seconds",
            slug="ledger-busy",
            where=where,
            hint="close what reads or writes it, then say the same again: nothing is stored twice",
        )
    if code in _DISK:
        return PathError(
            f"the ledger cannot be read or written: {cause}",
            slug="ledger-unusable",
            where=where,
            hint="check the permissions of the file, of what lies beside it (-wal, -shm) and of "
            "the folder, and the space on the disk; what was acknowledged before is in it",
        )
    return not_a_ledger(path) if code == sqlite3.SQLITE_NOTADB else damaged(path, str(cause))


def not_a_ledger(path: Path) -> IntegrityError:
    """Error about a file that is something else."""
    return IntegrityError(
        "this file is no ledger",
        slug="not-a-ledger",
        where=Where(str(path)),
        hint="'auditor ledger init FILE' makes one in a new file",
    )


def damaged(path: Path, how: str) -> IntegrityError:
    """Error about a file that was a ledger."""
    return IntegrityError(
        f"this ledger is damaged: {how}",
        slug="ledger-damaged",
        where=Where(str(path)),
        hint="keep the file as it is and compare it with a copy; 'auditor ledger salvage' names "
        "the first entry that does not hold, and makes a new ledger of those in front of it",
    )


def must_hold(path: Path, row: Sequence[object], kinds: tuple[type, ...]) -> None:
    """Refuse values of other kinds than the tables allow, which only damage can bring about.

    Raises
    ------
    IntegrityError
    """
    if tuple(map(type, row)) != kinds:
        raise damaged(path, "it holds a value of another kind than its tables allow")
