"""Rows of new entries, inside a transaction that somebody else begins and ends."""

from __future__ import annotations

from collections.abc import Mapping

from psycopg import sql

from auditor.ledger.drafting import must_be_the_same, next_entry, place_after
from auditor.ledger.entry import Draft, Entry, Words
from auditor.ledger.postgres.address import Address
from auditor.ledger.postgres.opening import Connection
from auditor.ledger.postgres.refusing import damaged, must_hold
from auditor.ledger.reading import read_entry


def add(
    connection: Connection,
    address: Address,
    draft: Draft,
    words: Mapping[tuple[str, str], Words],
    at: str,
) -> Entry:
    """Store a draft and its words; give back what stands there when it was said before.

    The words that an ``erased`` draft lists are taken away by the server, with the entry.

    Raises
    ------
    UsageError
        When the draft is none, or says another thing than the one that has its id.
    """
    known = connection.execute(
        _in(address, "SELECT content, seq FROM ONLY {}.entries WHERE id = %s"), (draft.id,)
    ).fetchone()
    if known is not None:
        must_hold(address, known, (bytes, int))
        stored = entry_of(address, *known)
        must_be_the_same(draft, stored)
        return stored
    seq, previous = _next(connection, address)
    entry = next_entry(draft, seq=seq, at=at, previous=previous)
    connection.execute(
        _in(address, "INSERT INTO {}.entries VALUES (%s, %s, %s)"), (seq, draft.id, entry.content)
    )
    for field in draft.words:
        said = words[draft.id, field]
        connection.execute(
            _in(address, "INSERT INTO {}.words VALUES (%s, %s, %s, %s)"),
            (draft.id, field, said.salt, said.text.encode()),
        )
    return entry


def entry_of(address: Address, content: bytes, seq: int) -> Entry:
    """Entry of its stored bytes.

    Raises
    ------
    IntegrityError
        When they are none.
    """
    try:
        return read_entry(content)
    except ValueError as cause:
        raise damaged(address, f"entry {seq} cannot be read, {cause}") from None


def _next(connection: Connection, address: Address) -> tuple[int, str]:
    last = connection.execute(
        _in(address, "SELECT seq, content FROM ONLY {}.entries ORDER BY seq DESC LIMIT 1")
    ).fetchone()
    if last is not None:
        must_hold(address, last, (int, bytes))
    return place_after(last)


def _in(address: Address, query: str) -> sql.Composed:
    return sql.SQL(query).format(sql.Identifier(address.schema))
