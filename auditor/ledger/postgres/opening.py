"""How a ledger on a server is opened, and how a transaction begins that survives a power cut."""

from __future__ import annotations

import re
from typing import Any

import psycopg

from auditor.errors import IntegrityError, PathError
from auditor.ledger.postgres.address import Address
from auditor.ledger.postgres.refusing import damaged, refusing, unusable
from auditor.ledger.postgres.structure import differences
from auditor.ledger.postgres.tables import VERSION

Connection = psycopg.Connection[tuple[Any, ...]]

_OLDEST = 140000
_WAIT_SECONDS = 30
_PATIENCE = {
    "connect_timeout": _WAIT_SECONDS,
    "keepalives_idle": _WAIT_SECONDS,
    "tcp_user_timeout": 2000 * _WAIT_SECONDS,
}
"""Until a server that says nothing any more counts as gone, where the address says nothing else."""

_LOCKS = 0x41754C31
"""Begins the number of the lock of every ledger; its schema's number ends it."""

SETTINGS = {
    "synchronous_commit": ("on",),
    "fsync": ("on",),
    "session_replication_role": ("origin", "local"),
    "server_encoding": ("UTF8",),
    "transaction_isolation": ("read committed",),
}
"""What has to hold in every transaction that writes, read back from the server in each."""

_ALWAYS = (
    f"SET LOCAL search_path = pg_catalog, pg_temp; SET LOCAL lock_timeout = '{_WAIT_SECONDS}s'; "
)
READ = f"BEGIN ISOLATION LEVEL REPEATABLE READ READ ONLY; {_ALWAYS}"
WRITE = (
    "BEGIN ISOLATION LEVEL READ COMMITTED READ WRITE; "
    f"{_ALWAYS}SET LOCAL synchronous_commit = 'on'; "
)
"""READ COMMITTED, so that what is read after the lock is what the last holder left. Settings are
those of the transaction: a pool between us and the server would mix up those of a session."""


def connect(address: Address, *, read_only: bool) -> tuple[Connection, int]:
    """Open a ledger that there is; the number of its schema comes with the connection.

    Raises
    ------
    PathError
        When it cannot be reached or is not there, or the role may not do this.
    IntegrityError
        When it is changed in its structure, or of a newer version.
    """
    connection = bare(address)
    try:
        with refusing(address):
            connection.execute(READ)
            schema = schema_number(connection, address)
            _must_be_ours(connection, address, schema)
            if not read_only:
                _must_not_own(connection, address, schema)
            connection.execute("ROLLBACK")
    except BaseException:
        connection.close()
        raise
    return connection, schema


def bare(address: Address) -> Connection:
    """Connect to a server, without a look at what is there.

    Raises
    ------
    PathError
        When it does not answer, or is too old.
    """
    settings: dict[str, Any] = {"application_name": "auditor", "client_encoding": "UTF8"}
    settings |= {name: n for name, n in _PATIENCE.items() if f"{name}=" not in address.told}
    with refusing(address):
        connection = psycopg.connect(
            address.told, autocommit=True, prepare_threshold=None, **settings
        )
    if connection.info.server_version < _OLDEST:
        connection.close()
        raise PathError(
            "a ledger needs PostgreSQL 14 or newer",
            slug="server-too-old",
            where=address.where,
            hint="use a newer server",
        )
    return connection


def must_be_durable(connection: Connection, address: Address) -> None:
    """Read back what a confirmed entry rests on.

    Raises
    ------
    PathError
        When one of the settings does not hold, so that nothing could be promised.
    """
    names = ", ".join(f"current_setting('{name}')" for name in SETTINGS)
    held = connection.execute(f"SELECT {names}").fetchone() or ()
    pairs = zip(SETTINGS, held, strict=True)
    wrong = [f"{name} is {value}" for name, value in pairs if value not in SETTINGS[name]]
    if wrong:
        raise PathError(
            f"the settings of the server are not those that keep a ledger: {', '.join(wrong)}",
            slug="ledger-unsafe",
            where=address.where,
            hint="set synchronous_commit and fsync to on, in a database whose encoding is UTF8",
        )


def lock(connection: Connection, schema: int) -> None:
    """Wait until nobody else adds to this ledger; the end of the transaction lets go."""
    connection.execute("SELECT pg_advisory_xact_lock(%s)", (_LOCKS << 32 | schema,))


def owner_held(connection: Connection, schema: int) -> str | None:
    """Role that owns a ledger, where the connected one could act for it; None where it cannot."""
    row = connection.execute(
        "SELECT pg_get_userbyid(nspowner) FROM pg_namespace WHERE oid = %s AND "
        "(pg_has_role(session_user, nspowner, 'MEMBER') "
        "OR pg_has_role(current_user, nspowner, 'MEMBER'))",
        (schema,),
    ).fetchone()
    return None if row is None else str(row[0])


def _must_not_own(connection: Connection, address: Address, schema: int) -> None:
    owner = owner_held(connection, schema)
    if owner is not None:
        raise PathError(
            f"this role is, or may act for, the owner of the ledger ({owner}), who could change "
            "every entry: nothing is added through it",
            slug="ledger-owner-writes",
            where=address.where,
            hint="connect as a role that 'auditor ledger init' let in with --writer",
        )


def schema_number(connection: Connection, address: Address) -> int:
    """Give the number of the schema in the catalog.

    Raises
    ------
    PathError
        When there is none of that name.
    """
    row = connection.execute(
        "SELECT oid::bigint FROM pg_namespace WHERE nspname = %s", (address.schema,)
    ).fetchone()
    if row is None:
        raise PathError(
            "there is no ledger",
            slug="ledger-missing",
            where=address.where,
            hint="check the address, or make one: auditor ledger init ADDRESS --writer ROLE",
        )
    return int(row[0])


def _must_be_ours(connection: Connection, address: Address, schema: int) -> None:
    row = connection.execute(
        "SELECT obj_description(%(schema)s, 'pg_namespace'), "
        "has_schema_privilege(%(schema)s, 'USAGE')",
        {"schema": schema},
    ).fetchone()
    comment, usable = row or (None, False)
    found = re.fullmatch(r"auditor ledger, format (\d{1,9})", comment or "", re.ASCII)
    if found is None:
        raise IntegrityError(
            "this schema is no ledger",
            slug="not-a-ledger",
            where=address.where,
            hint="'auditor ledger init ADDRESS' makes one in a new schema",
        )
    if int(found[1]) > VERSION:
        raise IntegrityError(
            f"this ledger has format {found[1]}, and this version of auditor reads up to {VERSION}",
            slug="ledger-too-new",
            where=address.where,
            hint="use a newer version of auditor",
        )
    if not usable:
        raise unusable(address, "this role was not let in")
    changed = list(differences(connection, schema, address.schema))
    if int(found[1]) != VERSION or changed:
        what = ", ".join(changed[:3]) or f"its version is {found[1]}"
        raise damaged(address, f"its structure was changed ({what})")
