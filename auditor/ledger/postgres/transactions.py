"""Transactions over one connection, which is made anew between them when it was lost."""

from __future__ import annotations

import os
import threading
from collections.abc import Iterator
from contextlib import contextmanager, suppress

import psycopg

from auditor.errors import UsageError
from auditor.ledger.postgres.address import Address
from auditor.ledger.postgres.opening import (
    READ,
    WRITE,
    Connection,
    connect,
    lock,
    must_be_durable,
)
from auditor.ledger.postgres.refusing import refusing, unreachable, unusable


class Transactions:
    """What a ledger reads and writes through; ``schema`` is its number in the catalog.

    Parameters
    ----------
    address : Address
    read_only : bool
        Refuse every transaction that writes.
    """

    def __init__(self, address: Address, *, read_only: bool) -> None:
        self.address = address
        self._read_only = read_only
        self._opened_in = (os.getpid(), threading.get_ident())
        self._inside = self._closed = False
        self.connection, self.schema = connect(address, read_only=read_only)

    @contextmanager
    def reading(self) -> Iterator[Connection]:
        """Read as it stands now; inside of another one, as it stood when that one began.

        Raises
        ------
        PathError
            When the server cannot be reached, or went away.
        """
        with self._begun(READ) as connection:
            yield connection

    @contextmanager
    def writing(self) -> Iterator[Connection]:
        """Write while nobody else does; what was written is safe once this is left.

        Raises
        ------
        PathError
            When it was opened for reading, the server promises nothing, or it went away: then it
            is not known whether what was written is stored.
        """
        if self._read_only:
            raise unusable(self.address, "it was opened for reading only")
        with self._begun(WRITE) as connection:
            must_be_durable(connection, self.address)
            lock(connection, self.schema)
            yield connection

    def close(self) -> None:
        """Let go of the connection; that of a parent process is left to it."""
        self._closed = True
        if self._opened_in[0] == os.getpid():
            self.connection.close()

    @contextmanager
    def _begun(self, begin: str) -> Iterator[Connection]:
        connection = self._ours()
        with refusing(self.address):
            if self._inside:
                yield connection
                return
            connection.execute(begin)
            self._inside = True
            try:
                yield connection
                self._commit(connection)
            except BaseException:
                with suppress(psycopg.Error):
                    connection.execute("ROLLBACK")
                raise
            finally:
                self._inside = False

    def _commit(self, connection: Connection) -> None:
        # where something failed before, COMMIT is a ROLLBACK that reports no error
        if connection.execute("COMMIT").statusmessage != "COMMIT":
            raise unreachable(self.address, "the transaction was not committed")

    def _ours(self) -> Connection:
        if self._opened_in != (os.getpid(), threading.get_ident()):
            raise UsageError(
                "this ledger was opened in another process or thread",
                slug="ledger-shared",
                where=self.address.where,
                hint="open it again where it is used",
            )
        if self.connection.closed and not self._closed and not self._inside:
            self.connection, self.schema = connect(self.address, read_only=self._read_only)
        return self.connection
