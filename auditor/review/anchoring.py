"""What a ledger says about itself that a gate rests on: checkpoints, salvage and its clock."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import date, timedelta
from itertools import pairwise
from typing import TYPE_CHECKING

from auditor.ledger.clocks import PUT_RIGHT, went_back
from auditor.ledger.reading import moment

if TYPE_CHECKING:
    from auditor.ledger import Entry
    from auditor.result.reviews import AnchorDoc, ReviewsDoc

LONGEST = timedelta(days=7)
"""How long an entry may wait for the next checkpoint while a gate still rests on it."""


def anchor_of(entries: Sequence[Entry], covered: int | None, today: date) -> AnchorDoc:
    """Count what no checkpoint covers.

    Age is that of the oldest entry without one: an old checkpoint behind which nothing was added
    leaves nothing open. Nobody knows the age of an entry that is dated ahead, so it is too old. A
    salvage lost the newest entries, so it stays open until a checkpoint covers the entry that says
    so: whoever signs that one has looked at what is missing.

    Parameters
    ----------
    entries : of a ledger that was verified
    covered : int or None
        Entries that its largest checkpoint covers; None where it has none.
    today : date
    """
    left = entries[covered or 0 :]
    days = [moment(entry.at).date() for entry in left]
    since = min(days, default=None)
    unknown = any(day > today + PUT_RIGHT for day in days)
    salvaged = [entry for entry in entries if entry.draft.kind == "salvaged"]
    return {
        "covered": covered,
        "uncovered": len(left),
        "since": None if since is None else since.isoformat(),
        # a ledger of which nobody ever made one is warned about, and no more: else none could begin
        "too_old": covered is not None
        and since is not None
        and (unknown or today - since > LONGEST),
        "salvaged": len(salvaged),
        "salvage_open": bool(salvaged) and (covered or 0) <= salvaged[-1].seq,
        "words_lost": len(set(_lost(salvaged))),
        "clock_went_back": sum(went_back(one.at, after.at) for one, after in pairwise(entries)),
    }


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
            f"for more than {LONGEST.days} days, or are dated ahead: make one with "
            "'auditor ledger checkpoint', and keep it elsewhere."
        )


def _lost(salvaged: Sequence[Entry]) -> Iterator[tuple[str, str]]:
    for entry in salvaged:
        for one in entry.draft.body["entries"]:
            yield from ((one["id"], field) for field in one["fields"])
