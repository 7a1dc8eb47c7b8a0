"""What every ledger keeps, refuses, proves and notices: the same tests, on a server."""

from __future__ import annotations

import pytest

from auditor.ledger.postgres import ledger as reading
from tests.unit.ledger.test_any_ledger import *  # noqa: F403
from tests.unit.ledger.test_ledger_proofs import *  # noqa: F403
from tests.unit.ledger.test_ledger_verification import *  # noqa: F403

pytestmark = pytest.mark.system


def test_more_entries_than_are_read_at_once_come_in_order(book, monkeypatch):
    monkeypatch.setattr(reading, "_AT_ONCE", 10)  # so that few are many
    for many in (9, 10, 11, 31):
        book.ledger.append([book.draft() for _ in range(many - len(list(book.ledger.rows())))])

        assert [entry.seq for entry in book.ledger.entries()] == list(range(many))
