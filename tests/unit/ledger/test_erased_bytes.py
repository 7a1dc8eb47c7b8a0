"""Erased words stand in no byte of the file, also where SQLite moved them before."""

from __future__ import annotations

import random
import re
import sqlite3
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from auditor.ledger.sqlite.adding import write_words_anew
from auditor.ledger.sqlite.schema import SCHEMA

FEW, ALL = 1, 40
LENGTHS = (1, 2, 5, 20, 60, 100, 400)


@contextmanager
def tables(place: Path) -> Iterator[sqlite3.Connection]:
    """The tables of a ledger; what is in them matters, and no power cut."""
    connection = sqlite3.connect(place, isolation_level=None)
    connection.execute("PRAGMA synchronous = OFF")
    connection.execute("PRAGMA journal_mode = WAL")
    connection.execute("PRAGMA secure_delete = 1")
    for statement in SCHEMA:
        connection.execute(statement)
    yield connection
    connection.close()


def still_there(place: Path, seed: int, *, anew: bool) -> set[bytes]:
    """Write and delete words at random; deleted ones that can be read in the files."""
    rng = random.Random(seed)  # noqa: S311 - the same history on every run
    there: dict[str, bytes] = {}
    gone: set[bytes] = set()
    seq = -1
    with tables(place) as connection:
        for _ in range(700):
            connection.execute("BEGIN")
            if there and rng.random() < 0.35:
                one = rng.choice(sorted(there))
                gone.add(there.pop(one))
                connection.execute("DELETE FROM words WHERE id = ?", (one,))
                if anew:
                    write_words_anew(connection)
            else:
                name, mark = f"{rng.getrandbits(128):032x}", f"<{rng.getrandbits(48):012x}>"
                seq += 1
                there[name] = mark.encode()
                connection.execute("INSERT INTO entries VALUES (?, ?, ?)", (seq, name, b""))
                row = (name, "why", "salt", mark * rng.choice(LENGTHS))
                connection.execute("INSERT INTO words VALUES (?, ?, ?, ?)", row)
            connection.execute("COMMIT")
        found = _marks(connection, place)
    assert set(there.values()) <= found
    return gone & found


def _marks(connection: sqlite3.Connection, place: Path) -> set[bytes]:
    connection.execute("PRAGMA wal_checkpoint(TRUNCATE)").fetchone()
    content = b"".join(path.read_bytes() for path in place.parent.glob(f"{place.name}*"))
    return set(re.findall(rb"<[0-9a-f]{12}>", content))


@pytest.mark.parametrize("many", [FEW, pytest.param(ALL, marks=pytest.mark.trust)])
def test_no_erased_word_can_be_read_in_the_file(tmp_path, many):
    for seed in range(many):
        assert still_there(tmp_path / f"{seed}.db", seed, anew=True) == set()


def test_deleting_alone_leaves_some_behind(tmp_path):
    left = [still_there(tmp_path / f"{seed}.db", seed, anew=False) for seed in range(9)]

    assert any(left)
