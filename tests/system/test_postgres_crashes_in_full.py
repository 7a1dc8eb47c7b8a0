"""Killed connections and servers at full counts; a part of the long suites."""

from __future__ import annotations

import pytest

from tests.system.test_postgres_crashes import killed, mortal  # noqa: F401 - a fixture
from tests.unit.ledger.test_ledger_crashes import crashing

pytestmark = pytest.mark.trust


def test_eight_processes_that_write_at_once_leave_no_gap(place):
    found = crashing("together", place.url(), 8, 500)

    assert (found["codes"], found["acknowledged"], found["lost"]) == ([0] * 8, 4_000, 0)
    assert found["in order"]
    assert found["holds"]


def test_of_two_hundred_kills_none_loses_or_doubles_an_entry(mortal):  # noqa: F811
    found = killed(mortal, 4, 200)

    assert found["crashes"] == 13
    assert found["again"] >= 100
    assert found["confirmed"] >= 100
    assert (found["lost"], found["twice"], found["more"], found["faults"]) == (0, 0, 0, 0)
