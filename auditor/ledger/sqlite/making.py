"""A new ledger: a new file, its tables and its first entry, or nothing at all."""

from __future__ import annotations

import secrets
from collections.abc import Callable, Mapping, Sequence
from datetime import datetime
from pathlib import Path

from auditor.errors import PathError, Where
from auditor.ledger.drafting import next_entry
from auditor.ledger.entry import Entry, Words, new_draft, time_text
from auditor.ledger.names import default_name, must_be_a_name
from auditor.ledger.reading import NO_PREVIOUS
from auditor.ledger.sqlite.ledger import SqliteLedger, now
from auditor.ledger.sqlite.opening import apply, bare
from auditor.ledger.sqlite.places import make_file, must_be_usable, remove_files, sync_folder
from auditor.ledger.sqlite.refusing import refusing
from auditor.ledger.sqlite.schema import APPLICATION_ID, SCHEMA, VERSION
from auditor.signing.files import reason


def make_ledger(
    path: str | Path, name: str | None = None, *, clock: Callable[[], datetime] = now
) -> SqliteLedger:
    """Make a ledger in a new file that only its owner may read.

    Parameters
    ----------
    path : str or Path
    name : str, optional
        What drafts and checkpoints call it, in small letters, digits and ``-._/``; without one it
        is that of the file, and some digits that no other ledger has.
    clock : callable
        Gives the time of new entries.

    Raises
    ------
    PathError
        When the file exists, or cannot be made; nothing is left behind then.
    UsageError
        When the name is none.
    """
    place = Path(path)
    called = default_name(place.stem, secrets.token_hex(4)) if name is None else name
    must_be_a_name(called)
    make_filled(place, [_opened(called, clock)])
    return SqliteLedger(place, clock=clock)


def make_filled(
    place: Path,
    entries: Sequence[Entry],
    words: Mapping[tuple[str, str], Words] | None = None,
    notes: Sequence[str] = (),
) -> None:
    """Make a ledger in a new file that holds these entries from the start, or nothing at all.

    Parameters
    ----------
    place : Path
    entries : sequence of Entry
        From the first one on, in their order.
    words : mapping, optional
        That lie beside them.
    notes : sequence of str
        Checkpoints that are kept in it.

    Raises
    ------
    PathError
        When the file exists, or cannot be made; nothing is left behind then.
    """
    make_file(place)
    try:
        must_be_usable(place)
        with refusing(place):
            _fill(place, entries, words or {}, notes)
        sync_folder(place)
        SqliteLedger(place).close()
    except BaseException:
        remove_files(place)
        raise


def move_in(made: Path, place: Path) -> None:
    """Give a ledger that was made elsewhere on the same disk its place, never over another one.

    Raises
    ------
    PathError
        When something of that name is there, or it cannot be moved; nothing is left there then.
    """
    make_file(place)
    try:
        made.replace(place)
    except OSError as cause:
        remove_files(place)
        raise PathError(
            f"the ledger cannot be made: {reason(cause)}",
            slug="ledger-unwritable",
            where=Where(str(place)),
            hint="name a new file in a folder that you may write",
        ) from None
    sync_folder(place)


def _opened(name: str, clock: Callable[[], datetime]) -> Entry:
    opened = new_draft(name, "ledger-opened", {"format": "auditor-ledger/1"}, now=clock())
    return next_entry(opened, seq=0, at=time_text(clock()), previous=NO_PREVIOUS)


def _fill(
    place: Path,
    entries: Sequence[Entry],
    words: Mapping[tuple[str, str], Words],
    notes: Sequence[str],
) -> None:
    connection = bare(place, "mode=rw")
    try:
        connection.execute("PRAGMA synchronous = EXTRA")  # before the journal changes, see SETTINGS
        connection.execute("PRAGMA journal_mode = WAL")
        apply(connection, place)
        connection.execute("BEGIN IMMEDIATE")
        for statement in SCHEMA:
            connection.execute(statement)
        connection.execute(f"PRAGMA application_id = {APPLICATION_ID}")
        connection.execute(f"PRAGMA user_version = {VERSION}")
        for entry in entries:
            row = (entry.seq, entry.draft.id, entry.content)
            connection.execute("INSERT INTO entries VALUES (?, ?, ?)", row)
        for at, said in words.items():
            beside = (*at, said.salt, said.text)
            connection.execute("INSERT INTO words VALUES (?, ?, ?, ?)", beside)
        for note in notes:
            connection.execute("INSERT INTO checkpoints (note) VALUES (?)", (note,))
        connection.execute("COMMIT")
    finally:
        connection.close()
