"""How fast reviews came in, by the times at which they were made as far as anybody knows them."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import TYPE_CHECKING

from auditor.review.oversight.measures import NOT_DRAWN, NOTHING_READ, records
from auditor.review.oversight.numbers import Middle, Share, bare_share, middle, share

if TYPE_CHECKING:
    from auditor.review.oversight.readings import Reading

FAST_SECONDS = 10
BURST_MORE_THAN, BURST_WITHIN = 10, timedelta(seconds=60)
NOTHING_DATED = "no review says when it was made"


@dataclass(frozen=True, slots=True, kw_only=True)
class Pace:
    """Seconds a review, and reviews that came in faster than anybody reads.

    A burst is a run in which one person's reviews lie so close that more than ten fall within 60
    seconds. ``undated`` ones came in with a worksheet that does not say how long they took: nobody
    knows when they were made, and they are in no burst and in no share of bursts.
    """

    seconds: Middle
    fast: Share
    untimed: int
    undated: int
    bursts: int
    in_bursts: Share


def pace(readings: Sequence[Reading]) -> Pace:
    """Speed of the reviews, each counted once however many decisions it is about."""
    reviews = records(readings)
    made = _made_at(reviews)
    dated = sum(at is not None for at in made.values())
    timed = [one.seconds for one in reviews if one.seconds is not None]
    marked, bursts = 0, 0
    for times in _times(reviews, made):
        in_one, runs = _bursts(times)
        marked, bursts = marked + in_one, bursts + runs
    return Pace(
        seconds=middle(timed, "no review says how long it took"),
        fast=share(
            sum(seconds < FAST_SECONDS for seconds in timed),
            len(timed),
            "no review says how long it took",
        ),
        untimed=len(reviews) - len(timed),
        undated=len(reviews) - dated,
        bursts=bursts,
        in_bursts=bare_share(marked, dated, NOTHING_DATED if reviews else NOTHING_READ, NOT_DRAWN),
    )


def busiest_day(readings: Sequence[Reading]) -> int:
    """Most reviews of one person on one day."""
    reviews = records(readings)
    made = _made_at(reviews)
    days = Counter((one.reader, (made[one.seq] or one.at).date()) for one in reviews)
    return max(days.values(), default=0)


def _made_at(reviews: Sequence[Reading]) -> Mapping[int, datetime | None]:
    """When each was made, by its number; None where nobody knows.

    A worksheet is signed and stored in one go, so the ledger's clock says when it was taken in. One
    person says more than ten things within a second only that way. What it says about the time of
    each row puts the rows one after the other up to then; the rest is not dated. Fewer in a second
    may be a program that resolves cases, and keep the ledger's time.
    """
    together: dict[tuple[str, str], list[Reading]] = defaultdict(list)
    for one in reviews:
        together[one.reader, one.said_at].append(one)
    found: dict[int, datetime | None] = {}
    for rows in together.values():
        if len(rows) <= BURST_MORE_THAN:
            found.update((one.seq, one.at) for one in rows)
            continue
        end = max(one.at for one in rows)
        for one in sorted(rows, key=lambda one: one.seq, reverse=True):
            found[one.seq] = None if one.seconds is None else end
            end -= timedelta(seconds=one.seconds or 0)
    return found


def _times(
    reviews: Sequence[Reading], made: Mapping[int, datetime | None]
) -> Iterator[list[datetime]]:
    by_person: dict[str, list[datetime]] = defaultdict(list)
    for one in reviews:
        if (at := made[one.seq]) is not None:
            by_person[one.reader].append(at)
    for times in by_person.values():
        yield sorted(times)


def _bursts(times: Sequence[datetime]) -> tuple[int, int]:
    """Reviews inside bursts, and bursts, of one person's times in order."""
    marked = [False] * len(times)
    end = 0
    for start, first in enumerate(times):
        while end < len(times) and times[end] - first <= BURST_WITHIN:
            end += 1
        if end - start > BURST_MORE_THAN:
            marked[start:end] = [True] * (end - start)
    runs = sum(
        now and (n == 0 or not marked[n - 1] or times[n] - times[n - 1] > BURST_WITHIN)
        for n, now in enumerate(marked)
    )
    return sum(marked), runs
