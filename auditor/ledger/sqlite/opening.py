"""How a ledger is opened: with settings that survive a power cut, read back to be sure."""

from __future__ import annotations

import os
import sqlite3
from pathlib import Path
from urllib.parse import quote

from auditor.errors import IntegrityError, PathError, UsageError, Where
from auditor.ledger.sqlite.places import must_be_usable
from auditor.ledger.sqlite.refusing import damaged, not_a_ledger, refusing
from auditor.ledger.sqlite.schema import APPLICATION_ID, VERSION, differences

_OLDEST = (3, 37, 0)
_WAIT_SECONDS = 30

SETTINGS = {
    "trusted_schema": 0,
    "foreign_keys": 1,
    "recursive_triggers": 1,
    "secure_delete": 1,
    "fullfsync": 1,
    "checkpoint_fullfsync": 1,
    "synchronous": 3,
    "busy_timeout": 1000 * _WAIT_SECONDS,
}
"""Pragmas with their values; ``synchronous`` 3 is EXTRA, and stands before a change of journal:
set after it, the journal of that change could come back after a power cut and undo the ledger."""


def connect(path: Path, *, read_only: bool) -> sqlite3.Connection:
    """Open a ledger that there is, and refuse one that is not as this version left it.

    Raises
    ------
    PathError
        When it is not there, cannot be read, or lies where nothing is safe.
    IntegrityError
        When it is damaged, changed in its structure, or of a newer version.
    """
    must_be_usable(path)
    with refusing(path):
        connection = _opened(path, read_only=read_only)
        try:
            _must_be_ours(connection, path)
            apply(connection, path, read_only=read_only)
        except BaseException:
            connection.close()
            raise
    return connection


def bare(path: Path, mode: str) -> sqlite3.Connection:
    """Connect to a file, without any setting yet."""
    if sqlite3.sqlite_version_info < _OLDEST:
        raise UsageError(
            f"a ledger needs SQLite 3.37 or newer, this Python has {sqlite3.sqlite_version}",
            slug="sqlite-too-old",
            hint="use a Python that was built with a newer SQLite",
        )
    address = f"file:{quote(os.fsencode(path.absolute()))}?{mode}"  # names need not be UTF-8
    return sqlite3.connect(address, uri=True, isolation_level=None, timeout=_WAIT_SECONDS)


def apply(connection: sqlite3.Connection, path: Path, *, read_only: bool = False) -> None:
    """Set every pragma, and read it back; how the log is kept matters to those who write only.

    Raises
    ------
    PathError
        When one of them does not hold, so that nothing could be promised.
    """
    for name, value in SETTINGS.items():
        connection.execute(f"PRAGMA {name} = {value}")
    held = {name: connection.execute(f"PRAGMA {name}").fetchone()[0] for name in SETTINGS}
    held["journal_mode"] = connection.execute("PRAGMA journal_mode").fetchone()[0]
    wanted = SETTINGS if read_only else {**SETTINGS, "journal_mode": "wal"}
    wrong = [f"{name} is {held[name]}" for name in wanted if held[name] != wanted[name]]
    if wrong:
        raise PathError(
            f"the settings of SQLite are not those that keep a ledger: {', '.join(wrong)}",
            slug="ledger-unsafe",
            where=Where(str(path)),
            hint="keep it on a disk of this machine, and change its settings with no other program",
        )


def _opened(path: Path, *, read_only: bool) -> sqlite3.Connection:
    connection = bare(path, "mode=ro" if read_only else "mode=rw")
    try:
        connection.execute("SELECT count(*) FROM sqlite_master").fetchone()
    except sqlite3.OperationalError:
        connection.close()
        if not read_only or _may_be_in_use(path):
            raise
        # a folder that nobody may write, and nothing beside the file: it cannot change under us
        return bare(path, "mode=ro&immutable=1")
    except BaseException:
        connection.close()
        raise
    return connection


def _may_be_in_use(path: Path) -> bool:
    """Whether a log holds anything, or somebody's memory of it lies there: both were left to us."""
    if os.path.lexists(path.with_name(path.name + "-shm")):
        return True
    try:
        return path.with_name(path.name + "-wal").stat().st_size > 0
    except FileNotFoundError:
        return False
    except OSError:
        return True


def _must_be_ours(connection: sqlite3.Connection, path: Path) -> None:
    if connection.execute("PRAGMA application_id").fetchone()[0] != APPLICATION_ID:
        raise not_a_ledger(path)
    version = connection.execute("PRAGMA user_version").fetchone()[0]
    if version > VERSION:
        raise IntegrityError(
            f"this ledger has format {version}, and this version of auditor reads up to {VERSION}",
            slug="ledger-too-new",
            where=Where(str(path)),
            hint="use a newer version of auditor",
        )
    found = differences(connection)
    if version != VERSION or found:
        what = ", ".join(found[:3]) or f"its version is {version}"
        raise damaged(path, f"its structure was changed ({what})")
