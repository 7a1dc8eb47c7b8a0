"""Statements that people concerned gave with a request, and whether anybody can still read them."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import TYPE_CHECKING, Any

from auditor.ledger.entry import gone_in

if TYPE_CHECKING:
    from auditor.ledger import Entry

STATEMENT = "statement"
"""Field of the words of the person concerned, beside a request, or beside a review of one."""


def given_with(entry: Entry) -> bool:
    """Whether an entry is a request with a statement."""
    return entry.draft.kind == "requested" and STATEMENT in entry.draft.words


def erased_statements(entries: Iterable[Entry]) -> frozenset[str]:
    """Ids of the requests whose statement was given, and erased since; whoever erased it."""
    entries = tuple(entries)
    gone = {place for one in entries if one.draft.kind == "erased" for place in gone_in(one)}
    return frozenset(
        one.draft.id for one in entries if given_with(one) and (one.draft.id, STATEMENT) in gone
    )


def unread(entry: Entry, earlier: Iterable[Entry]) -> Iterator[str]:
    """Why a review cannot have considered a statement: it was erased before.

    Parameters
    ----------
    entry : of kind ``reviewed``
    earlier : what the ledger holds about its case in front of it
    """
    body: Any = entry.draft.body
    if body["statement"] != "considered" or STATEMENT in entry.draft.words:
        return
    earlier = tuple(earlier)
    erased, settled = erased_statements(earlier), {part["identity"] for part in body["settles"]}
    if any(one.draft.id in erased and one.draft.body["identity"] in settled for one in earlier):
        yield (
            "the person concerned gave a statement that was erased before, so nobody can have read "
            "it here: ask them again, and write down with the review what they say"
        )
