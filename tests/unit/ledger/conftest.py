from __future__ import annotations

import hashlib
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from auditor.ledger import Draft, Entry, Words, new_draft
from auditor.ledger.checkpoint import Checkpoint, sign_checkpoint
from auditor.ledger.sqlite import SqliteLedger, make_ledger
from auditor.ledger.store import Stored
from auditor.ledger.verification import LedgerCheck, verify_ledger
from auditor.signing.ed25519 import key_text, public_bytes
from auditor.signing.keyring import Holder, Keyring

START = datetime(2026, 11, 25, 9, 30, tzinfo=UTC)
CASE = "c" * 32


def private_of(name: str) -> Ed25519PrivateKey:
    return Ed25519PrivateKey.from_private_bytes(hashlib.sha256(name.encode()).digest())


def key_of_name(name: str) -> str:
    return key_text(public_bytes(private_of(name)))


def holder(name: str, *roles: str, start=date(2026, 1, 1), until=None) -> Holder:
    return Holder(name=name, key=key_of_name(name), roles=roles, start=start, until=until)


def ring(*holders: Holder) -> Keyring:
    return Keyring(path="ring.yaml", holders=holders)


RING = ring(holder("ada", "hr"), holder("ben", "hr"), holder("log", "checkpoint"))


@dataclass
class Clock:
    """A clock that goes on by a second each time it is asked, and that a test can turn."""

    time: datetime = START

    def __call__(self) -> datetime:
        self.time += timedelta(seconds=1)
        return self.time


@dataclass
class Book:
    """A ledger, a clock and people who write in it."""

    path: Path
    ledger: Stored
    open: Callable[..., Stored] = SqliteLedger
    clock: Clock = field(default_factory=Clock)

    def draft(self, kind: Any = "claimed", body: Any = None, **words: Words) -> Draft:
        said = {"case": CASE, "role": "hr"} if body is None else body
        return new_draft(self.ledger.name, kind, said, words=words, now=self.clock())

    def escalation(self, text: str = "too close to call") -> tuple[Draft, Words]:
        words = Words(text=text)
        body = {"case": CASE, "role": "hr", "to_role": "head"}
        return self.draft("escalated", body, why=words).signed(private_of("ada")), words

    def add(self, many: int = 1, by: str | None = "ada") -> tuple[Entry, ...]:
        """Add so many entries, every third one with words."""
        made: list[Entry] = []
        for n in range(many):
            if n % 3 == 2:
                draft, words = self.escalation(f"reason {n}")
                made += self.ledger.append([draft], {(draft.id, "why"): words})
            else:
                draft = self.draft()
                made += self.ledger.append([draft.signed(private_of(by)) if by else draft])
        return tuple(made)

    def checkpoint(self, by: str = "log") -> Checkpoint:
        found = verify_ledger(self.ledger)
        assert found.holds
        return sign_checkpoint(self.ledger.name, found.size, found.root, private_of(by))

    def check(self, *checkpoints: Checkpoint, keyring: Keyring | None = None) -> LedgerCheck:
        return verify_ledger(self.ledger, checkpoints, keyring=keyring, as_of=START.date())

    def reopen(self, *, read_only: bool = False) -> Stored:
        self.ledger.close()
        self.ledger = self.open(self.path, read_only=read_only, clock=self.clock)
        return self.ledger


def new_book(place: Path) -> Book:
    clock = Clock()
    return Book(path=place, ledger=make_ledger(place, "reviews", clock=clock), clock=clock)


@pytest.fixture
def book(tmp_path) -> Iterator[Book]:
    made = new_book(tmp_path / "reviews.db")
    yield made
    made.ledger.close()


@pytest.fixture
def books(tmp_path) -> Iterator[Callable[[str], Book]]:
    made: list[Book] = []

    def make(file: str) -> Book:
        made.append(new_book(tmp_path / file))
        return made[-1]

    yield make
    for one in made:
        one.ledger.close()
