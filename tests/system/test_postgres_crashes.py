"""Writers at once, broken connections, dead servers: what is confirmed is there, once."""

from __future__ import annotations

import json
import os
import random
import select
import signal
import socket
import subprocess
import sys
import threading
import time
from collections import Counter
from collections.abc import Iterator
from contextlib import suppress
from dataclasses import dataclass, field
from pathlib import Path
from tempfile import TemporaryDirectory

import psycopg
import pytest
from psycopg import sql

from auditor.errors import PathError
from auditor.ledger.postgres import PostgresLedger, make_ledger
from auditor.ledger.postgres.opening import lock
from auditor.ledger.verification import verify_ledger
from tests.system.postgres_server import OWNER, WRITER, Server
from tests.unit.ledger.test_any_ledger import slug
from tests.unit.ledger.test_ledger_crashes import crashing

pytestmark = pytest.mark.system

ROOT = Path(__file__).parents[2]
SAME_NUMBER = "INSERT INTO {0}.entries SELECT 1, 'x', content FROM {0}.entries"


def test_processes_that_write_at_once_leave_no_gap(place):
    found = crashing("together", place.url(), 8, 25)

    assert found == {
        "codes": [0] * 8,
        "acknowledged": 200,
        "lost": 0,
        "in order": True,
        "holds": True,
    }


def test_without_the_lock_two_writers_take_the_same_number(place, book, monkeypatch):
    monkeypatch.setattr("auditor.ledger.postgres.transactions.lock", lambda *_: None)
    draft, slugs = book.draft(), []

    def append() -> None:
        with PostgresLedger(place.url()) as other:
            try:
                other.append([draft])
            except PathError as refused:
                slugs.append(refused.problems[0].slug)

    with PostgresLedger(place.url()) as first, first._transactions.writing() as connection:
        connection.execute(sql.SQL(SAME_NUMBER).format(sql.Identifier(place.schema)))
        thread = threading.Thread(target=append)  # while the first one is not confirmed
        thread.start()
        time.sleep(0.3)
    thread.join()

    assert slugs == ["ledger-busy"]


def test_who_waits_too_long_is_told_and_says_it_again(place, book, monkeypatch):
    monkeypatch.setattr(
        "auditor.ledger.postgres.transactions.WRITE", "BEGIN; SET LOCAL lock_timeout = '50ms'; "
    )
    draft = book.draft()
    with place.connect(WRITER) as other:
        other.execute("BEGIN")
        lock(other, book.ledger._transactions.schema)
        with pytest.raises(PathError) as refused:
            book.ledger.append([draft])
        other.execute("ROLLBACK")

    assert slug(refused) == "ledger-busy"
    assert book.ledger.append([draft])[0].seq == 1


@dataclass
class Line:
    """A way to the server that breaks at a COMMIT: before it arrives, or before its answer does."""

    server: Path
    folder: Path
    breaks: str | None = None
    broken: int = 0
    ends: list[socket.socket] = field(default_factory=list)

    def __post_init__(self) -> None:
        self.listener = socket.socket(socket.AF_UNIX)
        self.listener.bind(str(self.folder / ".s.PGSQL.5432"))
        self.listener.listen()
        threading.Thread(target=self._accept, daemon=True).start()

    def _accept(self) -> None:
        with suppress(OSError):
            while True:
                client, _ = self.listener.accept()
                server = socket.socket(socket.AF_UNIX)
                server.connect(str(self.server / ".s.PGSQL.5432"))
                self.ends += [client, server]
                threading.Thread(target=self._carry, args=(client, server), daemon=True).start()

    def _carry(self, client: socket.socket, server: socket.socket) -> None:
        waits = False
        with client, server, suppress(OSError):
            while True:
                ready, _, _ = select.select([client, server], [], [])
                for end in ready:
                    said = end.recv(1 << 16)
                    if not said:
                        return
                    if end is client and b"COMMIT\0" in said and self.breaks == "before":
                        self.broken += 1
                        return
                    if end is server and waits:
                        self.broken += 1
                        return
                    waits = end is client and b"COMMIT\0" in said and self.breaks == "after"
                    (server if end is client else client).sendall(said)

    def close(self) -> None:
        self.listener.close()
        for end in self.ends:
            end.close()


@pytest.fixture
def line(server) -> Iterator[Line]:
    with TemporaryDirectory() as folder:
        made = Line(server.folder, Path(folder))
        yield made
        made.close()


@pytest.mark.parametrize(("breaks", "stored"), [("before", 0), ("after", 1)])
def test_what_was_not_confirmed_is_said_again_and_stored_once(place, book, line, breaks, stored):
    address = place.url().replace(str(place.server.folder), str(line.folder))
    draft, words = book.escalation()
    beside = {(draft.id, "why"): words}
    with PostgresLedger(address) as ledger:
        assert ledger.name == "reviews"
        line.breaks = breaks
        with pytest.raises(PathError) as refused:
            ledger.append([draft], beside)
        line.breaks = None
        there = len(list(book.ledger.entries())) - 1
        (entry,) = ledger.append([draft], beside)

    assert (slug(refused), line.broken, there) == ("ledger-unreachable", 1, stored)
    assert entry.seq == 1
    assert book.ledger.words() == beside
    assert len(list(book.ledger.entries())) == 2
    assert book.check().holds


def test_what_is_read_at_one_moment_is_not_read_on_over_another_connection(place, book):
    book.add(2)
    pid = book.ledger._transactions.connection.info.backend_pid

    def read() -> None:
        with book.ledger.reading():
            assert len(list(book.ledger.rows())) == 3
            with place.connect("postgres") as other:
                other.execute("SELECT pg_terminate_backend(%s)", (pid,))
            list(book.ledger.rows())

    with pytest.raises(PathError) as refused:
        read()

    assert slug(refused) == "ledger-unreachable"
    assert len(list(book.ledger.rows())) == 3  # a new connection


def test_a_ledger_that_was_closed_is_not_opened_again_by_itself(book):
    book.ledger.close()
    with pytest.raises(PathError):
        list(book.ledger.rows())


def test_a_server_that_is_not_there_is_said_without_the_password():
    with TemporaryDirectory() as folder, pytest.raises(PathError) as refused:
        PostgresLedger(f"postgresql://ada:secret@/hr?host={folder}&connect_timeout=2")

    assert slug(refused) == "ledger-unreachable"
    assert "secret" not in str(refused.value)


@pytest.fixture
def mortal() -> Iterator[Server]:
    """A server that a test may kill."""
    made = Server.new()
    yield made
    made.remove()


def killed(server: Server, writers: int, kills: int) -> dict[str, int]:
    """Let writers write while their connections are ended; at every 15th the server crashes."""
    database = server.database()
    make_ledger(server.url(OWNER, database), "reviews", writers=[WRITER]).close()
    address = server.url(WRITER, database)
    words = [sys.executable, "-m", "tests.system.postgres_killing", address]
    environment = os.environ | {"PYTHONPATH": str(ROOT)}
    running = [
        subprocess.Popen(
            words, cwd=ROOT, env=environment, stdin=subprocess.PIPE, stdout=subprocess.PIPE
        )
        for _ in range(writers)
    ]
    done = crashes = 0
    rng = random.Random(writers)  # noqa: S311
    while done < kills:
        assert [one.poll() for one in running] == [None] * writers
        time.sleep(0.1 * rng.random())
        with suppress(psycopg.OperationalError), server.admin() as admin:
            found = admin.execute(
                "SELECT pid FROM pg_stat_activity WHERE usename = %s", (WRITER,)
            ).fetchall()
            pids = [pid for (pid,) in found]
            if pids and done % 15 == 14:
                os.kill(rng.choice(pids), signal.SIGKILL)  # the server restarts all of itself
                crashes += 1
            elif pids:
                admin.execute("SELECT pg_terminate_backend(%s)", (rng.choice(pids),))
            done += bool(pids)
    said = [json.loads(one.communicate()[0]) for one in running]
    confirmed = [name for one in said for name in one["confirmed"]]
    with PostgresLedger(address, read_only=True) as ledger:
        there = Counter(row.id for row in ledger.rows())
        check = verify_ledger(ledger)
    return {
        "crashes": crashes,
        "again": sum(one["again"] for one in said),
        "confirmed": len(confirmed),
        "lost": sum(there[name] == 0 for name in confirmed),
        "twice": sum(many > 1 for many in there.values()),
        "more": len(there) - 1 - len(confirmed),
        "faults": check.fault_count,
    }


def test_every_confirmed_entry_is_there_once_however_the_server_is_killed(mortal):
    found = killed(mortal, 3, 30)

    assert found["crashes"] == 2
    assert found["again"] >= 10
    assert found["confirmed"] >= 10
    assert (found["lost"], found["twice"], found["more"], found["faults"]) == (0, 0, 0, 0)


def test_a_server_that_is_stopped_at_once_keeps_what_it_confirmed(mortal):
    database = mortal.database()
    make_ledger(mortal.url(OWNER, database), "reviews", writers=[WRITER]).close()
    words = [sys.executable, "-m", "tests.unit.ledger.crashing", "together",
             mortal.url(WRITER, database), "2", "100000"]  # fmt: skip
    writers = subprocess.Popen(
        words,
        cwd=ROOT,
        env=os.environ | {"PYTHONPATH": str(ROOT)},
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
    )
    with PostgresLedger(mortal.url(WRITER, database), read_only=True) as ledger:
        while len(list(ledger.rows())) < 20:
            time.sleep(0.05)
        before = {row.id for row in ledger.rows()}
    mortal.stop(signal.SIGQUIT)
    _, errors = writers.communicate(timeout=30)
    mortal.start()
    with PostgresLedger(mortal.url(WRITER, database), read_only=True) as ledger:
        after = {row.id for row in ledger.rows()}
        found = verify_ledger(ledger)

    assert b"went away" in errors or b"cannot be reached" in errors
    assert before <= after
    assert found.holds
