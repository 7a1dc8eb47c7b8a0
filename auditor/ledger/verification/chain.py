"""Entry by entry: form, number, link to the one before, id, ledger and signature."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from typing import TYPE_CHECKING

from auditor.ledger.authentic import why_not_held
from auditor.ledger.clocks import went_back
from auditor.ledger.reading import NO_PREVIOUS, moment, read_entry
from auditor.ledger.tree import Tree, leaf_hash
from auditor.ledger.verification.beside import Beside
from auditor.ledger.verification.findings import Fault, FaultKind
from auditor.ledger.verification.signatures import Signatures

if TYPE_CHECKING:
    from auditor.ledger.entry import Entry
    from auditor.ledger.store import Row
    from auditor.signing.keyring import Keyring


class Chain:
    """Reads entries in their order, and remembers what it has to of those it has seen.

    ``roots`` and ``days`` hold the root and the day of the last entry at each size asked for,
    ``keep`` gets every entry that could be read. Signatures are checked beside the reading, so
    their faults come later than those of the entries around them.
    """

    def __init__(
        self,
        keyring: Keyring | None,
        sizes: frozenset[int],
        signatures: Signatures,
        keep: list[Entry] | None = None,
    ) -> None:
        self.tree = Tree()
        self.beside = Beside(keyring)
        self.name: str | None = None
        self.roots: dict[int, bytes] = {0: self.tree.root()} if 0 in sizes else {}
        self.days: dict[int, date] = {}
        self.clock_went_back: list[int] = []
        self.not_authentic: list[tuple[int, str]] = []
        self.unsigned = 0
        self.salvaged: list[int] = []
        self._keyring, self._sizes = keyring, sizes
        self._signatures, self._keep = signatures, keep
        self._ids: set[str] = set()
        self._previous = NO_PREVIOUS
        self.newest = ""
        self._last: str | None = None

    def read(self, row: Row) -> Iterator[Fault]:
        """Everything that is wrong with the next entry."""
        place = self.tree.size
        if row.seq != place:
            yield _fault("number", place, f"entry {row.seq} stands where {place} belongs")
        try:
            entry = read_entry(row.content)
        except ValueError as cause:
            yield _fault("unreadable", place, f"entry {place} cannot be read: {cause}")
        else:
            yield from self._entry(entry, row)
        leaf = leaf_hash(row.content)
        self._previous = leaf.hex()
        self.tree.add(leaf)
        if self.tree.size in self._sizes:
            self.roots[self.tree.size] = self.tree.root()
            if self._last is not None:
                self.days[self.tree.size] = moment(self._last).date()

    def _entry(self, entry: Entry, row: Row) -> Iterator[Fault]:
        place, said = self.tree.size, entry.draft
        if entry.seq != place:
            yield _fault("number", place, f"entry {place} says that it is entry {entry.seq}")
        if entry.previous != self._previous:
            yield _fault("chain", place, f"entry {place} does not follow the one before it")
        if said.id in self._ids or said.id != row.id:
            yield _fault("id", place, f"entry {place} has the id of another one")
        self._ids.add(said.id)
        self.name = said.ledger if place == 0 else self.name
        if said.ledger != self.name or (said.kind == "ledger-opened") != (place == 0):
            yield _fault("ledger", place, f"entry {place} was not made for this place")
        if said.kind == "salvaged":
            yield from self._salvaged(entry)
        yield from self._signature(entry, row.content)
        if self._last is not None and went_back(self._last, entry.at):
            self.clock_went_back.append(place)
        self._last = entry.at
        self.newest = max(self.newest, entry.at)  # times are written alike, so texts compare
        self.beside.add(entry)
        if self._keep is not None:
            self._keep.append(entry)

    def _salvaged(self, entry: Entry) -> Iterator[Fault]:
        place, body = self.tree.size, entry.draft.body
        self.salvaged.append(place)
        if (body["size"], body["root"]) != (place, self.tree.root().hex()):
            says = f"entry {place} says that other entries than those in front were salvaged"
            yield _fault("ledger", place, says)

    def _signature(self, entry: Entry, content: bytes) -> Iterator[Fault]:
        place, said = self.tree.size, entry.draft
        if said.signature is None:
            if said.by is not None or said.signed_with is not None:
                yield _fault("signature", place, f"entry {place} names a key and is not signed")
            self.unsigned += place > 0
            return
        yield from self._signatures.add(entry, content, place)
        if self._keyring is not None:
            why_not = why_not_held(entry, self._keyring)
            if why_not is not None:
                self.not_authentic.append((place, why_not))


def _fault(kind: FaultKind, seq: int, says: str) -> Fault:
    return Fault(kind=kind, seq=seq, says=says)
