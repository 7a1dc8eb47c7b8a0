"""Processes that write at once, and processes that are killed while they write."""

from __future__ import annotations

import json
import os
import sqlite3
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from auditor.ledger.sqlite import SqliteLedger

ROOT = Path(__file__).parents[3]


def crashing(mode: str, file: Path, *numbers: int) -> dict[str, Any]:
    words = [sys.executable, "-m", "tests.unit.ledger.crashing", mode, file, *numbers]
    done = subprocess.run(
        [str(word) for word in words],
        cwd=ROOT,
        env=os.environ | {"PYTHONPATH": str(ROOT)},
        capture_output=True,
        check=True,
        text=True,
    )
    assert done.stderr == ""
    found: dict[str, Any] = json.loads(done.stdout)
    return found


@pytest.mark.parametrize(
    ("kills", "writers"),
    [
        (12, 1),
        (8, 4),
        pytest.param(1_000, 1, marks=pytest.mark.trust),
        pytest.param(1_000, 4, marks=pytest.mark.trust),
    ],
)
def test_no_acknowledged_entry_is_lost_when_its_writers_are_killed(book, kills, writers):
    book.ledger.close()
    found = crashing("kill", book.path, kills, writers)

    assert found["acknowledged"] >= kills
    assert (found["lost"], found["broken"]) == (0, 0)
    assert book.reopen().append([book.draft()])


@pytest.mark.parametrize(
    ("writers", "each"), [(8, 12), pytest.param(8, 500, marks=pytest.mark.trust)]
)
def test_processes_that_write_at_once_leave_no_gap(book, writers, each):
    book.ledger.close()
    found = crashing("together", book.path, writers, each)

    assert found == {
        "codes": [0] * writers,
        "acknowledged": writers * each,
        "lost": 0,
        "in order": True,
        "holds": True,
    }


def test_a_child_does_not_use_the_connection_of_its_parent(book):
    book.ledger.close()

    assert crashing("fork", book.path) == {"said": "ledger-shared", "seq": 1}


def test_a_copy_without_its_log_is_caught_by_a_checkpoint(book, tmp_path):
    book.add(5)
    outside = book.checkpoint()
    copy = tmp_path / "copy.db"
    copy.write_bytes(book.path.read_bytes())  # while the last entries are in the log beside it
    book.ledger.close()
    book.ledger = SqliteLedger(copy)

    assert len(list(book.ledger.entries())) == 1
    assert book.check().holds
    assert not book.check(outside).holds


def test_a_backup_while_it_is_open_holds(book, tmp_path):
    book.add(5)
    outside = book.checkpoint()
    source, target = sqlite3.connect(book.path), sqlite3.connect(tmp_path / "backup.db")
    source.backup(target)
    source.close()
    target.close()
    book.ledger.close()
    book.ledger = SqliteLedger(tmp_path / "backup.db")

    assert book.check(outside).holds
    assert book.check(outside).anchored == book.check(outside).size
