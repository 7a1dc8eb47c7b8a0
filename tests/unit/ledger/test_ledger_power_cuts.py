"""A ledger whose power is cut at any moment: what it confirmed is there, and it holds."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from tempfile import TemporaryDirectory

import pytest

from auditor.ledger.sqlite import opening
from tests.unit.ledger import power

MEMORY = Path("/dev/shm")  # noqa: S108 - only a faster disk for files that are written often
FIRST = "PRAGMA synchronous = EXTRA"


@pytest.fixture
def folders() -> Iterator[tuple[Path, Path]]:
    """One that is written in, and one in which what a cut leaves is opened."""
    with TemporaryDirectory(dir=MEMORY if MEMORY.is_dir() else None) as folder:
        made = (Path(folder) / "whole", Path(folder) / "cut")
        for one in made:
            one.mkdir()
        yield made


def counted(folders, monkeypatch, many: int, *, entries: int = 30, **instead: str):
    with power.recorded(monkeypatch, instead) as log:
        power.life(folders[0], log, entries)
    return power.cuts(folders[1], log, many, seed=many)


@pytest.mark.parametrize("many", [200, pytest.param(3_000, marks=pytest.mark.trust)])
def test_no_acknowledged_entry_is_lost_when_the_power_is_cut(folders, monkeypatch, many):
    found = counted(folders, monkeypatch, many, entries=30 if many < 1_000 else 90)

    assert found["ok"] > 0.8 * many
    assert (found["lost"], found["broken"], found["refused"]) == (0, 0, 0)


@pytest.mark.parametrize("many", [60, pytest.param(1_000, marks=pytest.mark.trust)])
def test_with_less_care_for_the_disk_entries_are_lost(folders, monkeypatch, many):
    monkeypatch.setitem(opening.SETTINGS, "synchronous", 1)  # NORMAL: the log is not synced
    found = counted(folders, monkeypatch, many)

    assert found["lost"] > 0.1 * many


def test_the_care_has_to_begin_before_the_log(folders, monkeypatch):
    """Set after it, the journal of the change to a log can come back and undo everything."""
    found = counted(folders, monkeypatch, 80, **{FIRST: "PRAGMA synchronous = FULL"})

    assert found["lost"] + found["refused"] > 0
