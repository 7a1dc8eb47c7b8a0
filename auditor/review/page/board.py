"""The queue as the ledger stands, carried on entry by entry instead of being read anew."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from auditor.ledger import Entry
    from auditor.review.desk import Desk
    from auditor.review.queue import Item


@dataclass(frozen=True, slots=True, kw_only=True)
class Board:
    """A desk on a day with all of its cases, by their pseudonyms."""

    desk: Desk
    day: date
    items: Mapping[str, Item]

    @classmethod
    def of(cls, desk: Desk, day: date) -> Board:
        """Put every case where it belongs."""
        return cls(desk=desk, day=day, items={item.case.id: item for item in desk.queue(day).items})

    def with_entries(self, entries: Sequence[Entry]) -> Board:
        """Give the same board with more of the ledger; only the cases of the entries move."""
        desk = self.desk.with_entries(entries)
        if any(entry.draft.kind == "requested" for entry in entries):
            return Board.of(desk, self.day)  # a request brings cases along
        items = dict(self.items)
        for case in {str(entry.draft.body.get("case")) for entry in entries} & items.keys():
            items[case] = desk.item(case, self.day)
        return Board(desk=desk, day=self.day, items=items)
