"""Power cuts, simulated as SQLite's own tests do it: what was written is recorded, then cut off.

The ledger runs on a file system of SQLite that notes each write, sync and deletion. At a cut, what
was synced is on the disk; of the rest each write is lost (40 %), torn at sectors of 512 bytes
(20 %) or there (40 %), whatever their order was, and half of the deletions whose folder was not
synced are undone. What is on the disk then is opened with the SQLite of Python.
"""

from __future__ import annotations

import random
import sqlite3
from collections.abc import Iterable, Iterator, Mapping
from contextlib import closing, contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import apsw

from auditor.errors import AuditorError
from auditor.ledger.sqlite import SqliteLedger, make_ledger
from auditor.ledger.verification import verify_ledger
from tests.unit.ledger.conftest import CASE, Book, Clock

SECTOR = 512
NAME = "reviews.db"
VFS = "auditor-power"


@dataclass(frozen=True)
class Written:
    """Bytes of a file from a place on; None of them: the file ends there."""

    file: str
    start: int
    content: bytes | None


@dataclass(frozen=True)
class Synced:
    file: str


@dataclass(frozen=True)
class Deleted:
    file: str
    folder_synced: bool


@dataclass(frozen=True)
class Acknowledged:
    """What the ledger has confirmed up to here: ids of entries, in their order."""

    ids: tuple[str, ...]


Step = Written | Synced | Deleted | Acknowledged


class _File(apsw.VFSFile):
    def __init__(self, log: list[Step], name: Any, flags: list[int]) -> None:
        self.log = log
        self.name = Path(name.filename() if isinstance(name, apsw.URIFilename) else name).name
        super().__init__("unix", name, flags)

    def xWrite(self, data: Any, offset: int) -> None:  # noqa: N802
        self.log.append(Written(self.name, offset, bytes(data)))
        super().xWrite(data, offset)

    def xTruncate(self, newsize: int) -> None:  # noqa: N802
        self.log.append(Written(self.name, newsize, None))
        super().xTruncate(newsize)

    def xSync(self, flags: int) -> None:  # noqa: N802
        self.log.append(Synced(self.name))
        super().xSync(flags)


class _FileSystem(apsw.VFS):
    def __init__(self, log: list[Step]) -> None:
        self.log = log
        super().__init__(VFS, "unix", maxpathname=0)

    def xOpen(self, name: Any, flags: list[int]) -> apsw.VFSFile:  # noqa: N802
        return _File(self.log, name, flags)

    def xDelete(self, filename: str, syncdir: bool) -> None:  # noqa: N802
        self.log.append(Deleted(Path(filename).name, bool(syncdir)))
        super().xDelete(filename, syncdir)


class _Rows:
    """What a statement gave, as the cursor of Python's sqlite3 gives it."""

    def __init__(self, rows: list[Any], rowcount: int) -> None:
        self.rows, self.rowcount = rows, rowcount

    def fetchone(self) -> Any:
        return self.rows.pop(0) if self.rows else None

    def fetchall(self) -> list[Any]:
        return self.rows

    def __iter__(self) -> Iterator[Any]:
        return iter(self.rows)


class _Connection:
    """Python's sqlite3 as far as a ledger uses it, on the SQLite that can be given files.

    Without shared memory it writes a log only when it holds the file alone; it copies the log into
    the file often, so that cuts fall there too. ``instead`` replaces single statements.
    """

    def __init__(self, address: str, instead: Mapping[str, str]) -> None:
        self.instead = instead
        flags = apsw.SQLITE_OPEN_READWRITE | apsw.SQLITE_OPEN_URI
        vfs = "" if address == ":memory:" else VFS
        self.inner = apsw.Connection(address, flags=flags, vfs=vfs or None)
        self.inner.execute("PRAGMA locking_mode = EXCLUSIVE").fetchall()
        self.inner.execute("PRAGMA wal_autocheckpoint = 40").fetchall()

    def execute(self, statement: str, given: Iterable[Any] = ()) -> _Rows:
        words = self.instead.get(statement, statement)
        rows = self.inner.execute(words, tuple(given)).fetchall()
        return _Rows(rows, self.inner.changes())

    def close(self) -> None:
        self.inner.close()


@contextmanager
def recorded(monkeypatch: Any, instead: Mapping[str, str]) -> Iterator[list[Step]]:
    """Let every connection write to the file system that notes what happens."""
    log: list[Step] = []
    system = _FileSystem(log)
    with monkeypatch.context() as patched:
        patched.setattr(sqlite3, "connect", lambda address, **_: _Connection(address, instead))
        yield log
    del system


def life(folder: Path, log: list[Step], entries: int) -> None:
    """Make a ledger and write in it, closing it now and then; note what it confirms."""
    clock = Clock()
    path = folder / NAME
    made = make_ledger(path, "reviews", clock=clock)
    book = Book(path, made, SqliteLedger, clock)
    ids = [row.id for row in made.rows()]
    log.append(Acknowledged(tuple(ids)))
    for n in range(entries):
        if n % 10 == 9:
            book.reopen()
        if n % 3 == 2:
            draft, words = book.escalation(f"reason {n} " * (1 + n % 7) * 40)
            book.ledger.append([draft], {(draft.id, "why"): words})
            said = {"case": CASE, "entries": [{"id": draft.id, "fields": ["why"]}]}
        elif n % 9 == 3:
            draft = book.draft("erased", said)
            book.ledger.erase(draft)
        else:
            draft = book.draft()
            book.ledger.append([draft])
        ids.append(draft.id)
        log.append(Acknowledged(tuple(ids)))
    book.ledger.close()


@dataclass
class Disk:
    """What is on it for sure, what is under way to it, and what was deleted and may come back."""

    files: dict[str, bytearray] = field(default_factory=dict)
    waiting: dict[str, list[Written]] = field(default_factory=dict)
    deleted: dict[str, bytearray] = field(default_factory=dict)
    confirmed: tuple[str, ...] | None = None

    def take(self, step: Step) -> None:
        match step:
            case Written(file):
                self.deleted.pop(file, None)
                self.files.setdefault(file, bytearray())
                self.waiting.setdefault(file, []).append(step)
            case Synced(file):
                for one in self.waiting.pop(file, []):
                    _write(self.files[file], one)
            case Deleted(file, folder_synced):
                self.waiting.pop(file, None)
                gone = self.files.pop(file, None)
                if gone is not None and not folder_synced:
                    self.deleted[file] = gone
            case Acknowledged(ids):
                self.confirmed = ids

    def cut(self, rng: random.Random) -> dict[str, bytearray]:
        """Files as a cut leaves them."""
        left = {name: bytearray(content) for name, content in self.files.items()}
        left |= {name: old for name, old in self.deleted.items() if rng.random() < 0.5}
        for name, writes in self.waiting.items():
            for one in writes:
                chance = rng.random()
                if chance < 0.4:
                    continue
                if one.content is None or chance >= 0.6:
                    _write(left[name], one)
                    continue
                for start in range(0, len(one.content), SECTOR):
                    if rng.random() < 0.5:
                        torn = one.content[start : start + SECTOR]
                        _write(left[name], Written(name, one.start + start, torn))
        return left


def _write(content: bytearray, one: Written) -> None:
    if one.content is None:
        del content[one.start :]
        content.extend(bytes(max(0, one.start - len(content))))
        return
    content.extend(bytes(max(0, one.start - len(content))))
    content[one.start : one.start + len(one.content)] = one.content


def outcome(folder: Path, left: Mapping[str, bytearray], confirmed: tuple[str, ...] | None) -> str:
    """Whether what a cut left is the ledger that was confirmed: ok, lost, broken or refused."""
    for name, content in left.items():
        (folder / name).write_bytes(content)
    try:
        with closing(SqliteLedger(folder / NAME)) as ledger:
            there = tuple(row.id for row in ledger.rows())
            holds = verify_ledger(ledger).holds
    except AuditorError:
        return "unmade" if confirmed is None else "refused"
    finally:
        for path in folder.iterdir():
            path.unlink()
    if not holds:
        return "broken"
    return "ok" if there[: len(confirmed or ())] == (confirmed or ()) else "lost"


def cuts(folder: Path, log: list[Step], many: int, seed: int) -> dict[str, int]:
    """Cut so many times, somewhere, and count what became of it."""
    rng = random.Random(seed)  # noqa: S311
    places = sorted(rng.choices(range(1, len(log) + 1), k=many))
    disk, done = Disk(), 0
    counts = dict.fromkeys(("ok", "unmade", "lost", "broken", "refused"), 0)
    for place in places:
        for step in log[done:place]:
            disk.take(step)
        done = max(done, place)
        counts[outcome(folder, disk.cut(rng), disk.confirmed)] += 1
    return counts
