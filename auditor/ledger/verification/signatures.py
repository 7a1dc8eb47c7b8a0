"""Signatures of entries, checked on every core while the next entries are read."""

from __future__ import annotations

import os
from collections import deque
from collections.abc import Iterator, Sequence
from concurrent.futures import Future, ThreadPoolExecutor
from typing import TYPE_CHECKING, NamedTuple

from auditor.ledger.entry import statement_in
from auditor.ledger.verification.findings import Fault
from auditor.signing.ed25519 import is_signed, key_of

if TYPE_CHECKING:
    from auditor.ledger.entry import Entry

_AT_ONCE = 256
"""Signatures of one task; a ledger with fewer is checked without any other thread."""


class _Signed(NamedTuple):
    place: int
    public: bytes | None
    signature: bytes
    statement: bytes


class Signatures:
    """Takes signed entries, and gives the faults of those whose signature is not genuine.

    Threads are enough: the check itself holds no lock of the interpreter. No more tasks wait than
    the cores have to do, so that a large ledger is never in memory as a whole. ``not_genuine``
    holds the numbers of the entries found so far. The first ``taken`` entries are not computed.
    """

    def __init__(self, taken: int = 0) -> None:
        self.not_genuine: set[int] = set()
        self._taken = taken
        self._cores = _cores()
        self._next: list[_Signed] = []
        self._running: deque[Future[list[int]]] = deque()
        self._pool: ThreadPoolExecutor | None = None

    def __enter__(self) -> Signatures:
        return self

    def __exit__(self, *_: object) -> None:
        if self._pool is not None:
            self._pool.shutdown(cancel_futures=True)

    def add(self, entry: Entry, content: bytes, place: int) -> Iterator[Fault]:
        """Take a signed entry with its stored bytes; give faults of earlier ones that are done."""
        said = entry.draft
        if said.signature is None or place < self._taken:
            return
        public = None if said.signed_with is None else key_of(said.signed_with)
        self._next.append(_Signed(place, public, said.signature, statement_in(content)))
        if len(self._next) < _AT_ONCE:
            return
        if self._pool is None:
            self._pool = ThreadPoolExecutor(self._cores)
        self._running.append(self._pool.submit(_not_genuine, self._next))
        self._next = []
        if len(self._running) > 2 * self._cores:
            yield from self._faults(self._running.popleft().result())

    def rest(self) -> Iterator[Fault]:
        """Faults of all entries that are still being checked."""
        while self._running:
            yield from self._faults(self._running.popleft().result())
        last, self._next = self._next, []
        yield from self._faults(_not_genuine(last))

    def _faults(self, places: Sequence[int]) -> Iterator[Fault]:
        self.not_genuine.update(places)
        for place in places:
            says = f"the signature of entry {place} is not genuine"
            yield Fault(kind="signature", seq=place, says=says)


def _not_genuine(signed: Sequence[_Signed]) -> list[int]:
    return [
        one.place
        for one in signed
        if one.public is None or not is_signed(one.public, one.signature, one.statement)
    ]


def _cores() -> int:
    try:
        return len(os.sched_getaffinity(0))
    except AttributeError:  # not on every system
        return os.cpu_count() or 1
