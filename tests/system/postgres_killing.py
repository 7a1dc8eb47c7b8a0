"""Writers of one ledger on a server whose connections are killed under them.

Run as a program: ``python -m tests.system.postgres_killing ADDRESS``. It appends until its standard
input ends, says each draft again with the same id until it is confirmed, and ends with the ids
that were confirmed and how often it had to say one again.
"""

from __future__ import annotations

import json
import select
import sys
import time
from contextlib import closing

from auditor.errors import PathError
from auditor.ledger import Draft, Words, new_draft, open_ledger
from auditor.ledger.store import Stored
from tests.unit.ledger.crashing import BODY

RETRIED = {"ledger-unreachable", "ledger-busy"}


def reached(address: str) -> Stored:
    while True:
        try:
            return open_ledger(address)
        except PathError as refused:
            must_be_retried(refused)


def must_be_retried(refused: PathError) -> None:
    assert refused.problems[0].slug in RETRIED, str(refused)
    time.sleep(0.01)


def confirm(ledger: Stored, draft: Draft, words: Words) -> int:
    """Say a draft until it is confirmed; how often it was said in vain."""
    vain = 0
    while True:
        try:
            (entry,) = ledger.append([draft], {(draft.id, "why"): words})
        except PathError as refused:
            must_be_retried(refused)
            vain += 1
        else:
            assert entry.draft.id == draft.id
            return vain


def write(address: str) -> dict[str, object]:
    confirmed: list[str] = []
    again = 0
    with closing(reached(address)) as ledger:
        while not select.select([sys.stdin], [], [], 0)[0]:
            words = Words(text="why " * 50)
            draft = new_draft("reviews", "escalated", BODY, words={"why": words})
            again += confirm(ledger, draft, words)
            confirmed.append(draft.id)
    return {"confirmed": confirmed, "again": again}


if __name__ == "__main__":
    sys.stdout.write(json.dumps(write(sys.argv[1])))
