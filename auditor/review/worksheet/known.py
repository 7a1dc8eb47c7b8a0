"""What one person said of the decisions of a case so far."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from auditor.review.judging import judged_in

if TYPE_CHECKING:
    from auditor.ledger import Entry
    from auditor.review.authority import Person
    from auditor.review.queue import Item


@dataclass(frozen=True, slots=True, kw_only=True)
class Known:
    """Entries of one person by the identity of a decision; only what they are known to have said.

    ``first`` is their earliest judgement: what comes after it is no first one. ``reviews`` are
    their last reviews.
    """

    first: Mapping[str, Entry]
    reviews: Mapping[str, Entry]

    def judged(self, identity: str) -> str | None:
        """Say what they thought of a decision before the model's answer was shown."""
        entry = self.first.get(identity)
        return None if entry is None else judged_in(entry)[identity]


def known(item: Item, reader: Person) -> Known:
    """Find what a person said of a case."""
    first = {at: record.entry for at, record in item.first_judgements(reader.self).items()}
    reviews: dict[str, Entry] = {}
    for record in item.records:
        if record.person is None or record.person.self != reader.self:
            continue
        if record.entry.draft.kind == "reviewed":
            body: Any = record.entry.draft.body
            reviews.update({part["identity"]: record.entry for part in body["settles"]})
    return Known(first=first, reviews=reviews)
