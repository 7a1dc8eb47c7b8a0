"""How long entries of a ledger have stood without a checkpoint, and what that means for a gate."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, timedelta
from typing import TYPE_CHECKING

from auditor.ledger.reading import moment

if TYPE_CHECKING:
    from auditor.ledger import Entry
    from auditor.result.reviews import AnchorDoc, ReviewsDoc

LONGEST = timedelta(days=7)
"""How long an entry may wait for the next checkpoint while a gate still rests on it."""


def anchor_of(entries: Sequence[Entry], covered: int | None, today: date) -> AnchorDoc:
    """Count what no checkpoint covers.

    Age is that of the first entry without one: an old checkpoint behind which nothing was added
    leaves nothing open.

    Parameters
    ----------
    entries : of a ledger that was verified
    covered : int or None
        Entries that its largest checkpoint covers; None where it has none.
    today : date
    """
    left = entries[covered or 0 :]
    since = moment(left[0].at).date() if left else None
    return {
        "covered": covered,
        "uncovered": len(left),
        "since": None if since is None else since.isoformat(),
        # a ledger of which nobody ever made one is warned about, and no more: else none could begin
        "too_old": covered is not None and since is not None and today - since > LONGEST,
    }


def why_not_anchored(reviews: ReviewsDoc | None) -> str:
    """Say why no gate rests on these records, in one sentence; nothing where it does."""
    if reviews is None or not reviews["anchor"]["too_old"]:
        return ""
    return (
        f"Entries of the ledger since {reviews['anchor']['since']} are covered by no checkpoint, "
        f"for more than {LONGEST.days} days: make one with 'auditor ledger checkpoint', and keep "
        "it elsewhere."
    )
