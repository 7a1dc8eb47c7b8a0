"""How far clocks may differ: one place for every tolerance, and what follows from each.

A ledger takes the time of each entry from the clock of the machine that appends. Two clocks that
run well differ by seconds to minutes, and a clock that was put right jumps; neither is a lie. An
entry that lies further back than that may have been dated back, so that a key counts that has
ended, or a day that has passed. An entry that lies ahead of the reader's clock cannot be true yet.
"""

from __future__ import annotations

from datetime import datetime, timedelta

from auditor.ledger.reading import moment

APART = timedelta(minutes=5)
"""Two clocks that run well: of a sayer and a ledger, of two machines that append. Further apart is
worth a remark, and what was said after the ledger took it is refused."""

PUT_RIGHT = timedelta(days=1)
"""A clock that was put right, also one that ran in another zone: costs nobody a review. Further
back than that an entry counts for nothing."""


def went_back(before: str, after: str) -> bool:
    """Whether a clock ran behind the entry before it, by more than two clocks differ.

    Examples
    --------
    >>> went_back("2026-11-25T09:30:00Z", "2026-11-25T09:26:00Z")
    False
    >>> went_back("2026-11-25T09:30:00Z", "2026-11-25T09:24:00Z")
    True
    """
    # as texts first, of which only those that differ the wrong way are read: there are many entries
    return after < before and moment(before) - moment(after) > APART


def says_ahead(newest: str, now: datetime) -> str:
    """Say that an entry lies ahead of a clock; empty where it does not.

    Examples
    --------
    >>> from datetime import UTC
    >>> says_ahead("2026-11-25T09:30:00Z", datetime(2026, 11, 25, 9, 29, tzinfo=UTC))
    ''
    """
    if moment(newest) - now <= APART:
        return ""
    return (
        f"an entry of this ledger is dated {newest}, ahead of this machine's clock: set the clock "
        "right if it is slow, since what is recorded now would count for nothing; else whoever "
        "made that entry has to record something again, before that day comes"
    )
