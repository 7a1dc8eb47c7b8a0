"""Any ledger by what a person calls it."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from auditor.errors import UsageError, Where
from auditor.ledger.addresses import is_server, scheme_of, shown_address

if TYPE_CHECKING:
    from auditor.ledger.store import Stored


def open_ledger(address: str | Path, *, read_only: bool = False) -> Stored:
    """Open a ledger that there is.

    Parameters
    ----------
    address : str or Path
        A file that 'auditor ledger init' made, or ``postgresql://USER@HOST/DATABASE``.
    read_only : bool
        Open it without the right to write.

    Raises
    ------
    UsageError
        When the address is neither, or psycopg is not installed.
    PathError
        When the ledger is not there or cannot be used.
    IntegrityError
        When it is no ledger, damaged, changed in its structure, or of a newer version.
    """
    if _on_a_server(address):
        from auditor.ledger.postgres import PostgresLedger

        return PostgresLedger(str(address), read_only=read_only)
    from auditor.ledger.sqlite import SqliteLedger

    return SqliteLedger(address, read_only=read_only)


def make_ledger(
    address: str | Path,
    name: str | None = None,
    *,
    writers: Sequence[str] = (),
    readers: Sequence[str] = (),
) -> Stored:
    """Make a ledger in a new file, or in a new schema of a database.

    Parameters
    ----------
    address : str or Path
        See `open_ledger`.
    name : str, optional
        What drafts and checkpoints call it.
    writers, readers : sequence of str
        On a server: roles that may read and add, and that may only read.

    Raises
    ------
    UsageError
        When the address, the name or a role is none, or psycopg is not installed.
    PathError
        When it exists, or cannot be made; nothing is left behind then.
    """
    if _on_a_server(address):
        from auditor.ledger import postgres

        return postgres.make_ledger(str(address), name, writers=writers, readers=readers)
    if writers or readers:
        raise UsageError(
            "a ledger in a file has no roles: whoever may write the file may add to it",
            slug="roles-of-a-file",
            where=Where(str(address)),
            hint="leave out --writer and --reader, and set the permissions of the file",
        )
    from auditor.ledger import sqlite

    return sqlite.make_ledger(address, name)


def _on_a_server(address: str | Path) -> bool:
    scheme = scheme_of(address)
    if scheme is None:
        return False
    if not is_server(address):
        raise UsageError(
            f"a ledger cannot be opened by an address that begins with {scheme}",
            slug="ledger-address",
            hint="name the file of the ledger, or an address that begins with postgresql://",
        )
    try:
        import psycopg  # noqa: F401 - it finds its library of PostgreSQL only now
    except ImportError:
        raise UsageError(
            "a ledger on a server needs psycopg, which is not installed",
            slug="psycopg-missing",
            where=Where(shown_address(address)),
            hint="pip install 'auditor[postgres]'",
        ) from None
    return True
