"""A ledger as plain lists, so that a test can do to it what whoever owns the file could do."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from contextlib import AbstractContextManager, nullcontext
from dataclasses import dataclass, field, replace
from typing import Any

from auditor.ledger import Draft, Entry, Words
from auditor.ledger.reading import NO_PREVIOUS, read_entry
from auditor.ledger.store import Row, Stored
from auditor.ledger.tree import Tree, leaf_hash
from auditor.signing.canonical import canonical
from tests.unit.ledger.conftest import private_of


@dataclass
class Shelf:
    """Rows, words and checkpoints of a ledger; what verification reads, and nothing else."""

    rows_: list[Row]
    words_: dict[tuple[str, str], Words] = field(default_factory=dict)
    notes: tuple[str, ...] = ()

    @classmethod
    def of(cls, ledger: Stored) -> Shelf:
        return cls(list(ledger.rows()), dict(ledger.words()), ledger.checkpoints())

    def copy(self) -> Shelf:
        return Shelf(list(self.rows_), dict(self.words_), self.notes)

    @property
    def place(self) -> str:
        return "shelf"

    @property
    def name(self) -> str:
        return self.entry(0).draft.ledger

    @property
    def size(self) -> int:
        return len(self.rows_)

    def root(self) -> bytes:
        return Tree(leaf_hash(row.content) for row in self.rows_).root()

    def entry(self, place: int) -> Entry:
        return read_entry(self.rows_[place].content)

    # what verification asks of a store

    def rows(self, start: int = 0) -> Iterator[Row]:
        return iter(self.rows_[start:])

    def entries(self, start: int = 0) -> Iterator[Entry]:
        return (read_entry(row.content) for row in self.rows(start))

    def words(self) -> Mapping[tuple[str, str], Words]:
        return self.words_

    def checkpoints(self) -> tuple[str, ...]:
        return self.notes

    def faults(self) -> Iterator[str]:
        return iter(())

    def cautions(self) -> Iterator[str]:
        return iter(())

    def reading(self) -> AbstractContextManager[None]:
        return nullcontext()

    # what somebody does to it

    def put(self, place: int, content: bytes) -> None:
        self.rows_[place] = self.rows_[place]._replace(content=content)

    def say(self, place: int, **changes: Any) -> None:
        """Change an entry's draft, sign it again with a key that was stolen, keep its number."""
        entry = self.entry(place)
        draft = replace(entry.draft, **changes)
        if draft.signature is not None:
            draft = replace(draft, by=None, signed_with=None).signed(private_of("ada"))
        self.put(place, replace(entry, draft=draft).content)

    def rehash(self, start: int = 0) -> None:
        """Give every entry from a place on its number and the hash of the one before it again."""
        for place in range(start, self.size):
            before = NO_PREVIOUS if place == 0 else leaf_hash(self.rows_[place - 1].content).hex()
            entry = replace(self.entry(place), seq=place, previous=before)
            self.rows_[place] = Row(seq=place, id=entry.draft.id, content=entry.content)

    def renumber_rows(self) -> None:
        """Number the rows of the store, but not what the entries say."""
        self.rows_ = [row._replace(seq=place) for place, row in enumerate(self.rows_)]

    def tidy_words(self) -> None:
        """Drop the words of entries that are gone."""
        ids = {row.id for row in self.rows_}
        self.words_ = {at: said for at, said in self.words_.items() if at[0] in ids}

    def reencoded(self, place: int, how: str) -> bytes:
        """Bytes that mean the same as an entry."""
        value = json.loads(self.rows_[place].content)
        if how == "blanks":
            return json.dumps(value, ensure_ascii=False, sort_keys=True).encode()
        if how == "order":
            backwards = dict(reversed(list(value.items())))
            return json.dumps(backwards, ensure_ascii=False, separators=(",", ":")).encode()
        if how == "number":
            text = canonical(value).decode()
            return text.replace(f'"seq":{value["seq"]}', f'"seq":{value["seq"]}.0').encode()
        return canonical(value).replace(b"ledger-entry", b"ledger\\u002dentry")

    def draft(self, place: int) -> Draft:
        return self.entry(place).draft
