"""What every ledger can do, wherever it is kept."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import AbstractContextManager
from typing import TYPE_CHECKING, NamedTuple, Protocol

if TYPE_CHECKING:
    from auditor.ledger.entry import Draft, Entry, Words


class Row(NamedTuple):
    """One stored entry, unread: its number and id as the store knows them, and its bytes."""

    seq: int
    id: str
    content: bytes


class Ledger(Protocol):
    """An append-only list of entries, words beside it, and checkpoints that were taken of it.

    ``name`` is what its drafts and checkpoints call it. ``append`` and ``erase`` return only when
    what they wrote would survive a power cut.
    """

    @property
    def name(self) -> str:
        """What drafts and checkpoints call it."""

    def append(
        self,
        drafts: Sequence[Draft],
        words: Mapping[tuple[str, str], Words] | None = None,
        *,
        look: Callable[[], None] | None = None,
    ) -> tuple[Entry, ...]:
        """Add entries, all or none; ``words`` by id of the draft and field.

        ``look`` is called first, when nobody else can add anything any more until this is done:
        what it reads is all that stands before, and what it raises leaves everything as it was.

        A draft that is in already, sign for sign, is given back as it stands. Another one with its
        id, one for another ledger, and words that are not those of the digest are refused.
        """

    def entries(self, start: int = 0) -> Iterator[Entry]:
        """Entries in their order, from a number on."""

    def words(self) -> Mapping[tuple[str, str], Words]:
        """Words that are still there, by id of the entry and field."""

    def erase(self, draft: Draft) -> Entry:
        """Take away the words that an ``erased`` draft lists, and add it, at once."""

    def checkpoints(self) -> tuple[str, ...]:
        """Signed checkpoints kept in it, oldest first; no proof by themselves."""

    def keep_checkpoint(self, note: str) -> None:
        """Keep a signed checkpoint."""

    def close(self) -> None:
        """Let go of the file or the connection."""


class Stored(Ledger, Protocol):
    """What verification asks of a store besides: all that is in it, as it lies there."""

    @property
    def place(self) -> str:
        """Where it is, for messages; without any secret."""

    def rows(self, start: int = 0) -> Iterator[Row]:
        """Give what is stored, unread, in its order."""

    def faults(self) -> Iterator[str]:
        """Damage that the store itself finds."""

    def cautions(self) -> Iterator[str]:
        """Say what could be done to it through this very way in, in sentences."""

    def reading(self) -> AbstractContextManager[None]:
        """Keep what is read inside as it stood when it was first read."""
