from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from datetime import UTC, datetime
from typing import Any

from psycopg import sql

from auditor.ledger.drafting import must_belong, must_erase, must_fit
from auditor.ledger.entry import Draft, Entry, Words, time_text
from auditor.ledger.postgres.adding import add, entry_of
from auditor.ledger.postgres.address import read_address
from auditor.ledger.postgres.opening import Connection, owner_held
from auditor.ledger.postgres.refusing import damaged, must_hold
from auditor.ledger.postgres.structure import differences
from auditor.ledger.postgres.transactions import Transactions
from auditor.ledger.postgres.way import open_to_others
from auditor.ledger.store import Row

_AT_ONCE = 1000


class PostgresLedger:
    """A ledger on a server.

    A connection that was lost is made anew by the next call; what was said and not confirmed may
    be said again, and is stored once.

    Parameters
    ----------
    address : str
        ``postgresql://USER@HOST/DATABASE``, and ``?schema=NAME`` where it has another name than
        ``auditor_ledger``.
    read_only : bool
        Open it without the right to write.
    clock : callable, optional
        Gives the time of new entries; without one it is the server's.

    Raises
    ------
    UsageError
        When the address is none.
    PathError
        When it is not there, cannot be reached or used, or the role owns it and would write.
    IntegrityError
        When it is no ledger, changed in its structure, or of a newer version.
    """

    def __init__(
        self,
        address: str,
        *,
        read_only: bool = False,
        clock: Callable[[], datetime] | None = None,
    ) -> None:
        self._address = read_address(address)
        self._clock = clock
        self._name: str | None = None
        self._transactions = Transactions(self._address, read_only=read_only)

    def __enter__(self) -> PostgresLedger:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    @property
    def place(self) -> str:
        """Where it is, without any secret."""
        return self._address.shown

    @property
    def name(self) -> str:
        """What drafts and checkpoints call it: the name in its first entry."""
        if self._name is None:
            first = self._read(
                "SELECT content, seq FROM ONLY {}.entries ORDER BY seq LIMIT 1", (), (bytes, int)
            )
            if not first:
                raise damaged(self._address, "it has no first entry")
            self._name = entry_of(self._address, *first[0]).draft.ledger
        return self._name

    def append(
        self,
        drafts: Sequence[Draft],
        words: Mapping[tuple[str, str], Words] | None = None,
        *,
        look: Callable[[], None] | None = None,
    ) -> tuple[Entry, ...]:
        """Add entries, all or none; see `Ledger`."""
        beside = words or {}
        must_fit(drafts, beside)
        for draft in drafts:
            must_belong(draft, self.name)
        with self._transactions.writing() as connection:
            if look is not None:
                look()
            return tuple(
                add(connection, self._address, draft, beside, time_text(self._now(connection)))
                for draft in drafts
            )

    def entries(self, start: int = 0) -> Iterator[Entry]:
        """Entries in their order, from a number on."""
        for row in self.rows(start):
            yield entry_of(self._address, row.content, row.seq)

    def rows(self, start: int = 0) -> Iterator[Row]:
        """Give what is stored, unread, in its order."""
        after = start - 1
        while True:
            found = self._read(
                "SELECT seq, id, content FROM ONLY {}.entries WHERE seq > %s ORDER BY seq LIMIT %s",
                (after, _AT_ONCE),
                (int, str, bytes),
            )
            for seq, entry_id, content in found:
                yield Row(seq=seq, id=entry_id, content=content)
            if len(found) < _AT_ONCE:
                return
            after = found[-1][0]

    def words(self) -> Mapping[tuple[str, str], Words]:
        """Words that are still there, by id of the entry and field."""
        rows = self._read(
            "SELECT id, field, salt, text FROM ONLY {}.words", (), (str, str, str, bytes)
        )
        try:
            return {
                (entry, field): Words(salt=salt, text=text.decode())
                for entry, field, salt, text in rows
            }
        except UnicodeDecodeError:
            raise damaged(self._address, "a text in it is none") from None

    def erase(self, draft: Draft) -> Entry:
        """Take away the words that an ``erased`` draft lists, and add it, at once.

        What backups, the server's own log and rows that it did not yet clean up still hold is
        beyond a ledger's reach.
        """
        must_erase(draft)
        (entry,) = self.append([draft])
        return entry

    def checkpoints(self) -> tuple[str, ...]:
        """Signed checkpoints kept in it, oldest first; no proof by themselves."""
        rows = self._read("SELECT note FROM ONLY {}.checkpoints ORDER BY number", (), (str,))
        return tuple(note for (note,) in rows)

    def keep_checkpoint(self, note: str) -> None:
        """Keep a signed checkpoint; the same one twice is kept once."""
        with self._transactions.writing() as connection:
            connection.execute(
                self._query(
                    "INSERT INTO {0}.checkpoints "
                    "SELECT coalesce(max(number), 0) + 1, %(note)s FROM ONLY {0}.checkpoints "
                    "HAVING count(*) FILTER (WHERE note = %(note)s) = 0"
                ),
                {"note": note},
            )

    def faults(self) -> Iterator[str]:
        """Tables, triggers and rights that are not those that a ledger is made with."""
        with self._transactions.reading() as connection:
            found = list(differences(connection, self._transactions.schema, self._address.schema))
        yield from (f"its structure was changed ({one})" for one in found)

    def cautions(self) -> Iterator[str]:
        """Say what could be done to the ledger through this very connection, or on its way."""
        with self._transactions.reading() as connection:
            owner = owner_held(connection, self._transactions.schema)
            way = list(open_to_others(connection))
        yield from way
        if owner is not None:
            yield (
                f"this connection may act for the owner of the ledger ({owner}), who can switch "
                "off what keeps entries as they are; only a checkpoint from outside would show it"
            )

    @contextmanager
    def reading(self) -> Iterator[None]:
        """Keep what is read inside as it stood when it was first read."""
        with self._transactions.reading():
            yield

    def close(self) -> None:
        """Let go of the connection."""
        self._transactions.close()

    def _read(
        self, query: str, given: Sequence[object], kinds: Sequence[type]
    ) -> list[tuple[Any, ...]]:
        with self._transactions.reading() as connection:
            found = connection.execute(self._query(query), given).fetchall()
        for row in found:
            must_hold(self._address, row, kinds)
        return found

    def _query(self, query: str) -> sql.Composed:
        return sql.SQL(query).format(sql.Identifier(self._address.schema))

    def _now(self, connection: Connection) -> datetime:
        if self._clock is not None:
            return self._clock()
        row = connection.execute("SELECT clock_timestamp()").fetchone()
        found: datetime = row[0] if row else datetime.now(UTC)
        return found
