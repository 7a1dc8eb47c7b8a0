"""What a ledger says about itself that a gate rests on: checkpoints, salvage and its clock."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import date, timedelta
from itertools import pairwise
from typing import TYPE_CHECKING

from auditor.ledger.checkpoint import ROLE
from auditor.ledger.clocks import PUT_RIGHT, went_back
from auditor.ledger.entry import gone_in
from auditor.ledger.reading import moment

if TYPE_CHECKING:
    from auditor.ledger import Entry
    from auditor.result.reviews import AnchorDoc, ReviewsDoc
    from auditor.review.desk import Desk

LONGEST = timedelta(days=7)
"""How long an entry may wait for the next checkpoint while a gate still rests on it."""

SOON = timedelta(days=5)
"""After so long reviewers are told, who can still ask for a checkpoint before a gate stops."""

_MAKE = "make one with 'auditor ledger checkpoint', and keep it elsewhere"


def anchor_of(
    entries: Sequence[Entry],
    covered: int | None,
    today: date,
    *,
    expected: bool = False,
    named: int | None = None,
    named_on: date | None = None,
) -> AnchorDoc:
    """Count what no checkpoint covers.

    Age is that of the oldest entry without one: an old checkpoint behind which nothing was added
    leaves nothing open. Nobody knows the age of an entry that is dated ahead, so it stays open
    until a checkpoint covers it. A salvage lost the newest entries, so it stays open until a
    checkpoint covers the entry that says so: whoever signs that one has looked at what is missing.

    Parameters
    ----------
    entries : of a ledger that was verified
    covered : int or None
        Entries that its largest checkpoint covers; None where it has none.
    today : date
    expected : bool
        Whether somebody of the keyring has the role ``checkpoint``: then a ledger that has none
        is no beginning, since whoever can write it can take those away that are kept in it.
    named : int or None
        Entries that a checkpoint from outside covers; None where none was named.
    named_on : date or None
        The day on which that one was made.
    """
    # the first entry says nothing yet, so it waits for no checkpoint
    left = [one for one in entries[covered or 0 :] if one.draft.kind != "ledger-opened"]
    oldest = [_oldest(entry) for entry in left]
    since = moment(min(oldest)).date() if left else None
    ahead = [entry.at for entry in left if _is_ahead(entry.at, today)]
    relied = expected or covered is not None
    salvaged = [entry for entry in entries if entry.draft.kind == "salvaged"]
    return {
        "covered": covered,
        "named": named,
        "named_on": None if named_on is None else named_on.isoformat(),
        "uncovered": len(left),
        "since": None if since is None else since.isoformat(),
        "too_old": relied and since is not None and today - since > LONGEST,
        "ahead": len(ahead),
        "ahead_open": relied and bool(left) and _is_ahead(max(oldest), today),
        "salvaged": len(salvaged),
        "salvage_open": bool(salvaged) and (covered or 0) <= salvaged[-1].seq,
        "words_lost": len({place for entry in salvaged for place in gone_in(entry)}),
        "clock_went_back": sum(went_back(one.at, after.at) for one, after in pairwise(entries)),
    }


def anchor_at(desk: Desk, today: date) -> AnchorDoc:
    """Count what no checkpoint covers of the ledger that a desk was read from."""
    return anchor_of(
        desk.entries,
        desk.covered,
        today,
        expected=_relied(desk),
        named=desk.named,
        named_on=desk.named_on,
    )


def _relied(desk: Desk) -> bool:
    """Whether checkpoints are made of a ledger, as one that counts or the keyring says."""
    known = desk.keyring is not None and ROLE in desk.keyring.roles
    return known or desk.covered is not None


def _oldest(entry: Entry) -> str:
    """Time at which an entry can have been made: whoever can write the ledger can date it anew.

    What its sayer signed is when they said it. Times are written alike, so their texts compare.
    """
    signed = entry.draft.signature is not None
    return min(entry.at, entry.draft.said_at) if signed else entry.at


def _is_ahead(at: str, today: date) -> bool:
    # as texts first, of which only those of a later day are read: there are many entries
    return at[:10] > today.isoformat() and moment(at).date() - today > PUT_RIGHT


def why_not_anchored(reviews: ReviewsDoc | None) -> str:
    """Say why no gate rests on these records, in one sentence; nothing where it does."""
    return "" if reviews is None else " ".join(_reasons(reviews["anchor"]))


def _reasons(anchor: AnchorDoc) -> Iterator[str]:
    if anchor["salvage_open"]:
        yield (
            "The ledger was salvaged, so its newest entries may be lost, and no checkpoint of "
            "somebody with the role 'checkpoint' that was made since covers it: look for what is "
            "missing, then make one with 'auditor ledger checkpoint'."
        )
    if anchor["too_old"]:
        yield (
            f"Entries of the ledger since {anchor['since']} are covered by no checkpoint, "
            f"for more than {LONGEST.days} days: {_MAKE}."
        )
    if anchor["ahead_open"]:
        yield (
            "Entries of the ledger that no checkpoint covers are dated ahead, so nobody knows how "
            f"long they have waited: look at them, then {_MAKE}."
        )


def told_reviewers(desk: Desk, today: date) -> Iterator[str]:
    """Say in sentences what people who record reviews in a ledger should know about it.

    Earlier than a gate does: from then on somebody has to make a checkpoint.
    """
    anchor = anchor_at(desk, today)
    back = anchor["clock_went_back"]
    if back:
        yield (
            f"The clock went back: {back:,} {'entry' if back == 1 else 'entries'} of the ledger "
            f"{'is' if back == 1 else 'are'} dated more than 5 minutes before the one in front. "
            "What is dated more than a day back can count for nothing: look whether your reviews "
            "still count."
        )
    ahead = anchor["ahead"]
    if ahead:
        yield (
            f"{ahead:,} {'entry' if ahead == 1 else 'entries'} of the ledger "
            f"{'is' if ahead == 1 else 'are'} dated ahead of today, so a clock was wrong: whoever "
            "made such an entry records something again, before its day comes."
        )
    if anchor["salvage_open"]:
        yield (
            "The ledger was salvaged, so its newest entries may be lost: look whether what you "
            "decided last is still on record."
        )
    unseen = "so it would not be seen if some were left out, put in another order or dated anew"
    days = 0 if anchor["since"] is None else (today - date.fromisoformat(anchor["since"])).days
    if days > SOON.days:
        gate = f"After {LONGEST.days} days no gate rests on them. " if _relied(desk) else ""
        yield (
            f"Entries of the ledger since {anchor['since']}, for {days:,} days, are covered by no "
            f"checkpoint, {unseen}. {gate}Tell whoever keeps the ledger."
        )
    yield from (f"{caution[:1].upper()}{caution[1:]}." for caution in desk.cautions)
