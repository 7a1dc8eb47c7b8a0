"""The words beside the chain against the digests in it."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import TYPE_CHECKING

from auditor.ledger.authentic import why_no_person
from auditor.ledger.entry import Entry, Words, gone_in
from auditor.ledger.verification.findings import Fault

if TYPE_CHECKING:
    from auditor.signing.keyring import Keyring


class Beside:
    """What the entries say about words, collected while they are read.

    Whoever can write a ledger can delete words and add an entry that says so. So with a keyring a
    person has to stand behind that entry, as when words are erased or a ledger is salvaged with our
    own commands and a key.
    """

    def __init__(self, keyring: Keyring | None) -> None:
        self._keyring = keyring
        self._said: dict[tuple[str, str], tuple[int, str]] = {}
        self._erased: set[tuple[str, str]] = set()
        self._unsigned: set[tuple[str, str]] = set()
        self._nobodys: dict[tuple[str, str], tuple[int, str]] = {}
        self._lost: set[tuple[str, str]] = set()

    @property
    def lost(self) -> int:
        """How many words could not be salvaged, as entries say."""
        return len(self._lost)

    @property
    def erased(self) -> int:
        """How many words were taken away, as entries say."""
        return len(self._erased)

    @property
    def erased_unsigned(self) -> int:
        """How many of them only entries say that nobody signed."""
        return len(self._unsigned)

    def add(self, entry: Entry) -> None:
        """Note the digests of an entry, and what it says was taken away or lost."""
        for field, digest in entry.draft.words.items():
            self._said[entry.draft.id, field] = (entry.seq, digest)
        if entry.draft.kind in ("erased", "salvaged"):
            self._take_away(entry)

    def _take_away(self, entry: Entry) -> None:
        places = set(gone_in(entry))
        if entry.draft.kind == "salvaged":
            self._lost |= places
        elif entry.draft.signature is None:
            self._unsigned |= places - self._erased
            self._erased |= places
        else:
            self._unsigned -= places
            self._erased |= places
        why_not = None if self._keyring is None else why_no_person(entry, self._keyring)
        says = f"no person stands behind entry {entry.seq}, which says so: {why_not}"
        for place in places:
            if why_not is None:
                self._nobodys[place] = (entry.seq, "")  # one person is enough, sooner or later
            else:
                self._nobodys.setdefault(place, (entry.seq, says))

    def faults(self, words: Mapping[tuple[str, str], Words]) -> Iterator[Fault]:
        """Words that are missing, left over, not taken away, or not those of the digest."""
        gone = self._erased | self._lost
        for place, (seq, digest) in self._said.items():
            found, field = words.get(place), place[1]
            by, why_not = self._nobodys.get(place, (None, ""))
            if found is None and place not in gone:
                yield _fault(seq, f"the words {field!r} of entry {seq} are missing")
            elif found is None and why_not:
                done = "erased" if place in self._erased else "lost"
                yield _fault(by, f"the words {field!r} of entry {seq} were {done}, and {why_not}")
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
