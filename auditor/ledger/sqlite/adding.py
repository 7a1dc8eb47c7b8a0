"""Rows of new entries, inside a transaction that somebody else begins and ends."""

from __future__ import annotations

import sqlite3
from collections.abc import Mapping
from pathlib import Path

from auditor.errors import UsageError, Where
from auditor.ledger.drafting import must_be_the_same, next_entry, place_after
from auditor.ledger.entry import Draft, Entry, Words
from auditor.ledger.reading import read_entry
from auditor.ledger.sqlite.refusing import damaged, must_hold


def add(
    connection: sqlite3.Connection,
    path: Path,
    draft: Draft,
    words: Mapping[tuple[str, str], Words],
    at: str,
) -> Entry:
    """Store a draft and its words; give back what stands there when it was said before.

    Raises
    ------
    UsageError
        When the draft is none, or says another thing than the one that has its id.
    """
    known = connection.execute(
        "SELECT content, seq FROM entries WHERE id = ?", (draft.id,)
    ).fetchone()
    if known is not None:
        must_hold(path, known, (bytes, int))
        stored = entry_of(path, *known)
        must_be_the_same(draft, stored)
        return stored
    seq, previous = _next(connection, path)
    entry = next_entry(draft, seq=seq, at=at, previous=previous)
    connection.execute("INSERT INTO entries VALUES (?, ?, ?)", (seq, draft.id, entry.content))
    for field in draft.words:
        said = words[draft.id, field]
        connection.execute(
            "INSERT INTO words VALUES (?, ?, ?, ?)", (draft.id, field, said.salt, said.text)
        )
    if draft.kind == "erased":
        _take_away(connection, path, entry)
        write_words_anew(connection)
    return entry


def entry_of(path: Path, content: bytes, seq: int) -> Entry:
    """Entry of its stored bytes.

    Raises
    ------
    IntegrityError
        When they are none.
    """
    try:
        return read_entry(content)
    except ValueError as cause:
        raise damaged(path, f"entry {seq} cannot be read, {cause}") from None


def _take_away(connection: sqlite3.Connection, path: Path, erased: Entry) -> None:
    for one in erased.draft.body["entries"]:
        for field in one["fields"]:
            gone = connection.execute(
                "DELETE FROM words WHERE id = ? AND field = ?", (one["id"], field)
            )
            if gone.rowcount != 1:
                raise UsageError(
                    f"the entry {one['id']} has no words {field!r} to erase",
                    slug="nothing-to-erase",
                    where=Where(str(path)),
                    hint="list the words that are still there",
                )


def write_words_anew(connection: sqlite3.Connection) -> None:
    """Write the words that are left into pages of their own, inside a transaction.

    SQLite writes zeros over what is deleted; but when it divides a page, or joins two, it leaves
    copies of what it moves in the room between the rows, and a later deletion does not find them.
    Pages that are given up as a whole are zeros throughout.
    """
    left = connection.execute("SELECT id, field, salt, text FROM main.words").fetchall()
    connection.execute("DELETE FROM main.words")
    for row in left:
        connection.execute("INSERT INTO main.words VALUES (?, ?, ?, ?)", row)


def _next(connection: sqlite3.Connection, path: Path) -> tuple[int, str]:
    last = connection.execute(
        "SELECT seq, content FROM entries ORDER BY seq DESC LIMIT 1"
    ).fetchone()
    if last is not None:
        must_hold(path, last, (int, bytes))
    return place_after(last)
