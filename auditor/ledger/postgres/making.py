"""A new ledger on a server: a new schema, its tables and its first entry, or nothing at all."""

from __future__ import annotations

import secrets
from collections.abc import Callable, Sequence
from datetime import UTC, datetime

from psycopg import errors, sql

from auditor.errors import PathError, UsageError
from auditor.ledger.drafting import next_entry
from auditor.ledger.entry import new_draft, time_text
from auditor.ledger.names import default_name, must_be_a_name
from auditor.ledger.postgres.address import Address, read_address
from auditor.ledger.postgres.ledger import PostgresLedger
from auditor.ledger.postgres.opening import (
    WRITE,
    Connection,
    bare,
    must_be_durable,
    schema_number,
)
from auditor.ledger.postgres.refusing import refusing
from auditor.ledger.postgres.structure import differences
from auditor.ledger.postgres.tables import grants, statements
from auditor.ledger.reading import NO_PREVIOUS


def now() -> datetime:
    """Time of this machine's clock."""
    return datetime.now(UTC)


def make_ledger(
    address: str,
    name: str | None = None,
    *,
    writers: Sequence[str] = (),
    readers: Sequence[str] = (),
    clock: Callable[[], datetime] = now,
) -> PostgresLedger:
    """Make a ledger in a new schema that belongs to the connected role.

    Parameters
    ----------
    address : str
        See `PostgresLedger`; its role owns the ledger, and will add nothing to it.
    name : str, optional
        What drafts and checkpoints call it; without one it is that of the database, and some digits
        that no other ledger has.
    writers, readers : sequence of str
        Roles that there are: who may read and add, and who may only read.
    clock : callable
        Gives the time of the first entry.

    Returns
    -------
    PostgresLedger
        Opened for reading: its owner adds nothing.

    Raises
    ------
    PathError
        When there is such a schema, or it cannot be made; nothing is left behind then.
    UsageError
        When the name, the address or a role is none.
    """
    place = read_address(address)
    if name is not None:
        must_be_a_name(name)
    connection = bare(place)
    called = name or default_name(connection.info.dbname, secrets.token_hex(4))
    try:
        with refusing(place):
            connection.execute(WRITE)
            must_be_durable(connection, place)
            for role in (*writers, *readers):
                _must_be_a_role(connection, place, role)
            _fill(connection, place, called, clock)
            for role in readers:
                _run(connection, grants(place.schema, role, write=False))
            for role in writers:
                _run(connection, grants(place.schema, role, write=True))
            _must_give_no_more(connection, place)
            connection.execute("COMMIT")
    finally:
        connection.close()
    return PostgresLedger(address, read_only=True)


def _fill(connection: Connection, place: Address, name: str, clock: Callable[[], datetime]) -> None:
    try:
        _run(connection, statements(place.schema))
    except errors.DuplicateSchema:
        raise PathError(
            "a schema of that name exists, and a ledger is never written over one",
            slug="ledger-exists",
            where=place.where,
            hint="name a new one: add ?schema=NAME to the address",
        ) from None
    opened = new_draft(name, "ledger-opened", {"format": "auditor-ledger/1"}, now=clock())
    entry = next_entry(opened, seq=0, at=time_text(clock()), previous=NO_PREVIOUS)
    insert = sql.SQL("INSERT INTO {}.entries VALUES (0, %s, %s)")
    connection.execute(insert.format(sql.Identifier(place.schema)), (opened.id, entry.content))


def _must_give_no_more(connection: Connection, place: Address) -> None:
    found = list(differences(connection, schema_number(connection, place), place.schema))
    if found:
        raise PathError(
            f"this database gives more rights by itself than a ledger may have: {found[0]}",
            slug="ledger-unsafe",
            where=place.where,
            hint="take the default privileges of this role back: ALTER DEFAULT PRIVILEGES REVOKE",
        )


def _must_be_a_role(connection: Connection, place: Address, role: str) -> None:
    row = connection.execute(
        "SELECT pg_has_role(oid, current_user, 'MEMBER') FROM pg_roles WHERE rolname = %s", (role,)
    ).fetchone()
    if row is None or row[0]:
        raise UsageError(
            f"there is no role {role!r} on the server"
            if row is None
            else f"the role {role!r} owns the ledger, or may act for its owner",
            slug="ledger-role",
            where=place.where,
            hint="name a role that is there and owns nothing of it: CREATE ROLE reviewers LOGIN",
        )


def _run(connection: Connection, made: Sequence[sql.Composed]) -> None:
    for statement in made:
        connection.execute(statement)
