"""The words beside the chain against the digests in it."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from auditor.ledger.entry import Entry, Words
from auditor.ledger.verification.findings import Fault


class Beside:
    """What the entries say about words, collected while they are read."""

    def __init__(self) -> None:
        self._said: dict[tuple[str, str], tuple[int, str]] = {}
        self._erased: set[tuple[str, str]] = set()
        self._lost: set[tuple[str, str]] = set()

    @property
    def lost(self) -> int:
        """How many words could not be salvaged, as entries say."""
        return len(self._lost)

    @property
    def erased(self) -> int:
        """How many words were taken away, as entries say."""
        return len(self._erased)

    def add(self, entry: Entry) -> None:
        """Note the digests of an entry, and what it says was taken away or lost."""
        for field, digest in entry.draft.words.items():
            self._said[entry.draft.id, field] = (entry.seq, digest)
        gone = {"erased": self._erased, "salvaged": self._lost}.get(entry.draft.kind)
        if gone is not None:
            for one in entry.draft.body["entries"]:
                gone.update((one["id"], field) for field in one["fields"])

    def faults(self, words: Mapping[tuple[str, str], Words]) -> Iterator[Fault]:
        """Words that are missing, left over, not taken away, or not those of the digest."""
        gone = self._erased | self._lost
        for place, (seq, digest) in self._said.items():
            found, field = words.get(place), place[1]
            if found is None and place not in gone:
                yield _fault(seq, f"the words {field!r} of entry {seq} are missing")
            elif found is not None and place in self._erased:
                yield _fault(seq, f"the words {field!r} of entry {seq} were erased and are there")
            elif found is not None and place in self._lost:
                yield _fault(seq, f"the words {field!r} of entry {seq} were lost and are there")
            elif found is not None and found.digest != digest:
                yield _fault(seq, f"the words {field!r} of entry {seq} are not those it names")
        for place in sorted(words.keys() - self._said.keys()):
            yield _fault(None, f"there are words {place[1]!r} that no entry names")


def _fault(seq: int | None, says: str) -> Fault:
    return Fault(kind="words", seq=seq, says=says)
