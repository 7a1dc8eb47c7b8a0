from __future__ import annotations

import shutil
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import count
from typing import TYPE_CHECKING

import psycopg
import pytest

from auditor.ledger.postgres import PostgresLedger, make_ledger
from tests.system.postgres_server import OWNER, READER, WRITER, Server
from tests.unit.ledger.conftest import Book, Clock

if TYPE_CHECKING:
    from playwright.sync_api import Browser

_NUMBERS = count(1)


@pytest.fixture(scope="module")  # while it is open, no test of another module can run a loop
def browser() -> Iterator[Browser]:
    from playwright.sync_api import sync_playwright

    chromium = shutil.which("chromium")
    assert chromium, "these tests need Debian's package chromium"
    with sync_playwright() as engine:
        opened = engine.chromium.launch(executable_path=chromium)
        yield opened
        opened.close()


@pytest.fixture(scope="session")
def server() -> Iterator[Server]:
    made = Server.new()
    yield made
    made.remove()


@pytest.fixture(scope="session")
def database(server) -> str:
    return server.database()


@dataclass(frozen=True)
class Place:
    """A ledger on a server: its schema, and its address for each role."""

    server: Server
    database: str
    schema: str

    def url(self, role: str = WRITER, **more: str) -> str:
        return self.server.url(role, self.database, schema=self.schema, **more)

    def connect(self, role: str) -> psycopg.Connection:
        """Another program that is connected as a role, and sees the tables without their schema."""
        connection = psycopg.connect(self.server.url(role, self.database), autocommit=True)
        connection.execute(f"SET search_path = {self.schema}, pg_catalog")
        return connection


@pytest.fixture
def no_place(server, database) -> Place:
    """Where a ledger can be made."""
    return Place(server, database, f"ledger{next(_NUMBERS)}")


@pytest.fixture
def place(no_place) -> Place:
    """A ledger that the writer may add to, and the reader may read."""
    clock = Clock()
    make_ledger(
        no_place.url(OWNER), "reviews", writers=[WRITER], readers=[READER], clock=clock
    ).close()
    return no_place


@pytest.fixture
def book(place) -> Iterator[Book]:
    """The ledger of `place`, open for its writer."""
    clock = Clock()
    clock()
    clock()
    made = Book(place.url(), PostgresLedger(place.url(), clock=clock), PostgresLedger, clock)
    yield made
    made.ledger.close()
