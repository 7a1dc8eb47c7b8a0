"""The tables of a ledger in SQLite, and what keeps their rows from being changed by accident."""

from __future__ import annotations

import sqlite3

APPLICATION_ID = 0x41754C31
VERSION = 1

_NEVER = "SELECT RAISE(ABORT, 'entries of a ledger are never changed')"

SCHEMA = (
    "CREATE TABLE entries (seq INTEGER PRIMARY KEY, id TEXT NOT NULL UNIQUE, "
    "content BLOB NOT NULL) STRICT",
    "CREATE TABLE words (id TEXT NOT NULL REFERENCES entries (id), field TEXT NOT NULL, "
    "salt TEXT NOT NULL, text TEXT NOT NULL, PRIMARY KEY (id, field)) STRICT, WITHOUT ROWID",
    "CREATE TABLE checkpoints (number INTEGER PRIMARY KEY, note TEXT NOT NULL UNIQUE) STRICT",
    f"CREATE TRIGGER entries_stay BEFORE DELETE ON entries BEGIN {_NEVER}; END",
    f"CREATE TRIGGER entries_as_they_are BEFORE UPDATE ON entries BEGIN {_NEVER}; END",
    "CREATE TRIGGER entries_in_order BEFORE INSERT ON entries "
    "WHEN NEW.seq IS NOT (SELECT coalesce(max(seq) + 1, 0) FROM entries) "
    "BEGIN SELECT RAISE(ABORT, 'the next entry has the next number'); END",
    f"CREATE TRIGGER words_as_they_are BEFORE UPDATE ON words BEGIN {_NEVER}; END",
    f"CREATE TRIGGER checkpoints_stay BEFORE DELETE ON checkpoints BEGIN {_NEVER}; END",
    f"CREATE TRIGGER checkpoints_as_they_are BEFORE UPDATE ON checkpoints BEGIN {_NEVER}; END",
)
"""Whoever may write the file can drop a trigger; verification compares these very texts."""

_STATISTICS = "sqlite_stat"
"""Tables of the query planner, which decide nothing."""


def differences(connection: sqlite3.Connection) -> list[str]:
    """Names of tables, views, indexes and triggers that are missing, added or changed."""
    with_ours = sqlite3.connect(":memory:")
    try:
        for statement in SCHEMA:
            with_ours.execute(statement)
        ours, found = _objects(with_ours), _objects(connection)
    finally:
        with_ours.close()
    return sorted({f"{kind} {name}" for kind, name, *_ in ours ^ found})


def _objects(connection: sqlite3.Connection) -> set[tuple[str, str, str, str | None]]:
    rows = connection.execute("SELECT type, name, tbl_name, sql FROM main.sqlite_master")
    return {
        (str(kind), str(name), str(table), sql)
        for kind, name, table, sql in rows
        if not str(name).startswith(_STATISTICS)
    }
