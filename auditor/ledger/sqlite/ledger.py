from __future__ import annotations

import os
import sqlite3
import threading
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager, suppress
from datetime import UTC, datetime
from pathlib import Path

from auditor.errors import AuditorError, PathError, UsageError, Where
from auditor.ledger.drafting import must_belong, must_erase, must_fit
from auditor.ledger.entry import Draft, Entry, Words, time_text
from auditor.ledger.sqlite.adding import add, entry_of
from auditor.ledger.sqlite.opening import connect
from auditor.ledger.sqlite.refusing import damaged, must_hold, refusing
from auditor.ledger.store import Row

_AT_ONCE = 1000
_ROW, _WORDS = (int, str, bytes), (str, str, str, str)


def now() -> datetime:
    """Time of this machine's clock."""
    return datetime.now(UTC)


class SqliteLedger:
    """A ledger in a file.

    Parameters
    ----------
    path : str or Path
        A file that `make_ledger` made.
    read_only : bool
        Open it without the right to write.
    clock : callable
        Gives the time of new entries.

    Raises
    ------
    PathError
        When it is not there or cannot be used.
    IntegrityError
        When it is no ledger, damaged, changed in its structure, or of a newer version.
    """

    def __init__(
        self,
        path: str | Path,
        *,
        read_only: bool = False,
        clock: Callable[[], datetime] = now,
    ) -> None:
        self.path = Path(path)
        self._clock = clock
        self._opened_in = (os.getpid(), threading.get_ident())
        self._name: str | None = None
        self._connection = connect(self.path, read_only=read_only)

    def __enter__(self) -> SqliteLedger:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    @property
    def place(self) -> str:
        """Where it is: its file."""
        return str(self.path)

    @property
    def name(self) -> str:
        """What drafts and checkpoints call it: the name in its first entry."""
        if self._name is None:
            first = next(self.entries(), None)
            if first is None:
                raise damaged(self.path, "it has no first entry")
            self._name = first.draft.ledger
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
        with self._writing():
            if look is not None:
                look()
            return tuple(
                add(self._ours, self.path, draft, beside, time_text(self._clock()))
                for draft in drafts
            )

    def entries(self, start: int = 0) -> Iterator[Entry]:
        """Entries in their order, from a number on."""
        for row in self.rows(start):
            yield entry_of(self.path, row.content, row.seq)

    def rows(self, start: int = 0) -> Iterator[Row]:
        """Give what is stored, unread, in its order."""
        after = start - 1
        while True:
            with refusing(self.path):
                found = self._ours.execute(
                    "SELECT seq, id, content FROM main.entries WHERE seq > ? ORDER BY seq LIMIT ?",
                    (after, _AT_ONCE),
                ).fetchall()
            for row in found:
                must_hold(self.path, row, _ROW)
                yield Row._make(row)
            if len(found) < _AT_ONCE:
                return
            after = found[-1][0]

    def words(self) -> Mapping[tuple[str, str], Words]:
        """Words that are still there, by id of the entry and field."""
        with refusing(self.path):
            rows = self._ours.execute("SELECT id, field, salt, text FROM main.words").fetchall()
        for row in rows:
            must_hold(self.path, row, _WORDS)
        return {(entry, field): Words(salt=salt, text=text) for entry, field, salt, text in rows}

    def erase(self, draft: Draft) -> Entry:
        """Take away the words that an ``erased`` draft lists, and add it, at once.

        Also out of the log beside the file; what a copy or the disk itself still holds is beyond
        a ledger's reach.
        """
        must_erase(draft)
        (entry,) = self.append([draft])
        self._empty_log()
        return entry

    def checkpoints(self) -> tuple[str, ...]:
        """Signed checkpoints kept in it, oldest first; no proof by themselves."""
        with refusing(self.path):
            rows = self._ours.execute(
                "SELECT note FROM main.checkpoints ORDER BY number"
            ).fetchall()
        for row in rows:
            must_hold(self.path, row, (str,))
        return tuple(note for (note,) in rows)

    def keep_checkpoint(self, note: str) -> None:
        """Keep a signed checkpoint; the same one twice is kept once."""
        with self._writing():
            self._ours.execute("INSERT OR IGNORE INTO checkpoints (note) VALUES (?)", (note,))

    def faults(self) -> Iterator[str]:
        """Damage that SQLite itself finds in the file."""
        with refusing(self.path):
            yield from (
                str(text)
                for (text,) in self._ours.execute("PRAGMA main.integrity_check(10)")
                if text != "ok"
            )

    def cautions(self) -> Iterator[str]:
        """Give none: whoever may write a file may change it, however it is opened."""
        return iter(())

    @contextmanager
    def reading(self) -> Iterator[None]:
        """Keep what is read inside as it stood when it was first read."""
        with refusing(self.path):
            self._ours.execute("BEGIN")
        try:
            yield
        finally:
            if self._ours.in_transaction:  # SQLite ends it itself when the disk fails
                with refusing(self.path):
                    self._ours.execute("ROLLBACK")

    def close(self) -> None:
        """Let go of the file."""
        if self._opened_in[0] == os.getpid():
            self._connection.close()

    @property
    def _ours(self) -> sqlite3.Connection:
        if self._opened_in != (os.getpid(), threading.get_ident()):
            raise UsageError(
                "this ledger was opened in another process or thread",
                slug="ledger-shared",
                where=Where(str(self.path)),
                hint="open it again where it is used",
            )
        return self._connection

    @contextmanager
    def _writing(self) -> Iterator[None]:
        with refusing(self.path):
            self._ours.execute("BEGIN IMMEDIATE")
            try:
                yield
                self._ours.execute("COMMIT")
            except BaseException:
                with suppress(sqlite3.Error):
                    self._ours.execute("ROLLBACK")
                raise

    def _empty_log(self) -> None:
        try:
            with refusing(self.path):
                busy = self._ours.execute("PRAGMA wal_checkpoint(TRUNCATE)").fetchone()[0]
            if busy:
                raise PathError(
                    "the words are erased, but another program still reads the log that holds them",
                    slug="log-not-emptied",
                    where=Where(str(self.path)),
                    hint="close what reads this ledger, then erase once more: it empties the log",
                )
        except AuditorError as refused:
            refused.add_note("the words are erased, and an entry says so; only the log is left")
            raise
