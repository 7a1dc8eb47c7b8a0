"""What the review page is made of: a stored result, its ledger and keyring, and a service's key."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import UTC, date, datetime
from itertools import pairwise
from pathlib import Path
from typing import TYPE_CHECKING, Any

from auditor.errors import UsageError, Where
from auditor.ledger.authentic import SERVICE
from auditor.ledger.tree import leaf_hash
from auditor.review.authority import person_called
from auditor.review.page.board import Board
from auditor.review.queue import Queue
from auditor.run.reviewing import desk_of, opened
from auditor.signing import read_keyring

if TYPE_CHECKING:
    from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

    from auditor.ledger.store import Stored
    from auditor.run.holding import Audit
    from auditor.signing.keyring import Keyring


@dataclass(slots=True)
class Boards:
    """The board of one result, for one request at a time.

    The ledger is checked from its first entry on at the start, on every new day and whenever the
    keyring changes or a checkpoint is kept in it; in between only what was added is read, and has
    to hang on what was there.
    """

    made: Audit
    ledger: str
    keyring: str
    _board: Board | None = None
    _keys: tuple[int, int, int] | None = None
    _notes: int = 0
    _alone: threading.Lock = field(default_factory=threading.Lock)

    @contextmanager
    def __call__(self) -> Iterator[tuple[Board, Stored]]:
        """Open the ledger in this thread, and bring the board up to it."""
        with self._alone, opened(self.ledger, write=True) as held:
            self._board = self._current(held, datetime.now(UTC).date())
            yield self._board, held

    def _current(self, held: Stored, day: date) -> Board:
        before, keys, notes = self._board, _state_of(self.keyring), len(held.checkpoints())
        same = (self._keys, self._notes) == (keys, notes)
        if before is not None and before.day == day and same:
            later = carried_on(before, held)
            if later is not None:
                return later
        desk = desk_of(self.made.result, self.made.files, held, self.keyring)
        self._keys, self._notes = keys, notes
        return Board.of(desk, day)


def carried_on(before: Board, held: Stored) -> Board | None:
    """Give the board with what was added; None where that does not hang on what was there."""
    last = before.desk.entries[-1]
    entries = list(held.entries(last.seq))
    if not entries or entries[0].content != last.content:
        return None
    for one, after in pairwise(entries):
        if after.seq != one.seq + 1 or after.previous != leaf_hash(one.content).hex():
            return None
    added = entries[1:]
    if any(entry.draft.kind == "requested" for entry in added):
        return None  # the export's own ids of requests lie beside the chain
    return before.with_entries(added) if added else before


def _state_of(path: str) -> tuple[int, int, int] | None:
    try:
        found = Path(path).stat()
    except OSError:
        return None
    return found.st_ino, found.st_mtime_ns, found.st_size


def service_keyring(keyring: str, private: Ed25519PrivateKey) -> Keyring:
    """Read a keyring in which a key is that of a review service today.

    Raises
    ------
    UsageError
        When it is not: nothing that it signed would count.
    """
    from auditor.signing.ed25519 import key_text, public_bytes

    trusted = read_keyring(keyring)
    holder = trusted.holder(key_text(public_bytes(private)))
    today = datetime.now(UTC).date()
    if holder is None or not holder.holds_on(today) or SERVICE not in holder.roles:
        raise UsageError(
            f"the key to sign with does not hold the role {SERVICE!r} in this keyring today",
            slug="not-a-review-service",
            where=Where(keyring),
            hint=f"list its public key with the role {SERVICE!r}, or name the key that is listed",
        )
    return trusted


def invited(name: str, keyring: Keyring) -> str:
    """Key of a person who can log in today.

    Raises
    ------
    UsageError
        When nobody of that name holds a key and a role today.
    """
    person = person_called(name, datetime.now(UTC).date(), keyring)
    if person is None:
        raise UsageError(
            f"the keyring lists nobody called {name!r} who holds a role in reviews today",
            slug="unknown-person",
            where=Where(keyring.path),
            hint="write the name as it stands in the keyring",
        )
    return person.key


def evidence_for(boards: Boards, export: Any, profile: Any, key: str | None, **given: Any) -> Any:
    """Read the job-related values of all cases once, where an export is named."""
    from auditor.run.evidence import evidence_of, not_allowed_by

    with boards() as (board, _):  # also without an export: a ledger that does not hold ends here
        queue = Queue(as_of=board.day, items=tuple(board.items.values()))
    if export is None:
        return {}
    forbidden = not_allowed_by(boards.made.result.document)
    return evidence_of(queue, export, profile, key, **given, not_allowed=forbidden)
