"""Statements that people concerned gave with a request, and whether anybody can still read them."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator
from typing import TYPE_CHECKING, Any

from auditor.ledger.entry import gone_in

if TYPE_CHECKING:
    from auditor.ledger import Entry

STATEMENT = "statement"
"""Field of the words of the person concerned, beside a request, or beside a review of one."""


def given_with(entry: Entry) -> bool:
    """Whether an entry is a request with a statement."""
    return entry.draft.kind == "requested" and STATEMENT in entry.draft.words


def without_statement(entry: Entry) -> Iterator[str]:
    """Ids of the entries whose statement is gone, as this one says: erased, or lost in a salvage.

    Whoever says it, on whichever day, and about whichever case: nobody can read it any more.
    """
    if entry.draft.kind in ("erased", "salvaged"):
        yield from (id_ for id_, field in gone_in(entry) if field == STATEMENT)


def unreadable(entries: Iterable[Entry], gone: Collection[str]) -> frozenset[str]:
    """Ids of the requests among some entries whose statement was given, and is gone."""
    return frozenset(one.draft.id for one in entries if given_with(one) and one.draft.id in gone)


def unread(entry: Entry, earlier: Iterable[Entry], gone: Collection[str]) -> Iterator[str]:
    """Why a review cannot have considered a statement: it was gone before.

    Parameters
    ----------
    entry : of kind ``reviewed``
    earlier : what the ledger holds about its case in front of it
    gone : ids of entries whose statement was gone by then, as `without_statement` gives them
    """
    body: Any = entry.draft.body
    if body["statement"] != "considered" or STATEMENT in entry.draft.words:
        return
    settled = {part["identity"] for part in body["settles"]}
    if any(
        given_with(one) and one.draft.id in gone and one.draft.body["identity"] in settled
        for one in earlier
    ):
        yield (
            "the person concerned gave a statement that was erased before, so nobody can have read "
            "it here: ask them again, and write down with the review what they say"
        )
