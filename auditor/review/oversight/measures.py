"""What people made of the model's answers, how fast, and in which words."""

from __future__ import annotations

import unicodedata
from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import TYPE_CHECKING

from auditor.ledger.bodies import FINALS
from auditor.review.oversight.numbers import Middle, Share, bare_share, middle, share

if TYPE_CHECKING:
    from auditor.review.oversight.readings import Reading

FAST_SECONDS = 10
BURST_MORE_THAN, BURST_WITHIN = 10, timedelta(seconds=60)
NOTHING_READ = "no review counts"
NOT_DRAWN = "each is compared with the others, so they are not drawn one by one"


@dataclass(frozen=True, slots=True, kw_only=True)
class Overrides:
    """How often people departed from the model, and which way.

    ``raised`` of the model's unfavorable answers, ``lowered`` of its favorable ones. ``deferred``:
    of those who first thought otherwise than the model, who went over to it (switch fraction).
    """

    changed: Share
    raised: Share
    lowered: Share
    deferred: Share


@dataclass(frozen=True, slots=True, kw_only=True)
class Pace:
    """Seconds a review, and reviews that came in faster than anybody reads.

    A burst is a run in which one person's reviews lie so close that more than ten fall within 60
    seconds of the ledger's clock.
    """

    seconds: Middle
    fast: Share
    untimed: int
    bursts: int
    in_bursts: Share


@dataclass(frozen=True, slots=True, kw_only=True)
class Texts:
    """Rationales that say the same word for word, and how few reasons are given.

    ``concentration`` is the chance that two reason codes drawn at random are the same (Herfindahl).
    """

    identical: Share
    most_alike: int
    erased: int
    reason_codes: dict[str, int]
    most_common_reason: Share
    concentration: float | None


def overrides(readings: Sequence[Reading]) -> Overrides:
    """Count departures; what the model did not answer with an outcome is left out."""
    read = [one for one in readings if one.comparable]
    up, down = ([one for one in read if one.model == model] for model in FINALS[::-1])
    otherwise = [one for one in read if one.first in FINALS and one.first != one.model]
    return Overrides(
        changed=_changed(read, NOTHING_READ),
        raised=_changed(up, "no unfavorable answer was read"),
        lowered=_changed(down, "no favorable answer was read"),
        deferred=share(
            sum(not one.changed for one in otherwise),
            len(otherwise),
            "nobody is known to have thought otherwise before the model's answer was shown",
        ),
    )


def answers(readings: Sequence[Reading]) -> Share:
    """Answers to requests, and those that changed what had become of the decision until then."""
    said = [one for one in readings if one.answers]
    return share(sum(one.final != one.before for one in said), len(said), "no request was answered")


def by_rule(readings: Sequence[Reading]) -> dict[str, Overrides]:
    """Departures by the rule that a review speaks for."""
    found: dict[str, list[Reading]] = defaultdict(list)
    for one in readings:
        for rule in one.rules:
            found[rule].append(one)
    return {rule: overrides(found[rule]) for rule in sorted(found)}


def pace(readings: Sequence[Reading]) -> Pace:
    """Speed of the reviews, each counted once however many decisions it is about."""
    records = _records(readings)
    timed = [one.seconds for one in records if one.seconds is not None]
    marked, bursts = 0, 0
    for times in _times(records):
        in_one, runs = _bursts(times)
        marked, bursts = marked + in_one, bursts + runs
    return Pace(
        seconds=middle(timed, "no review says how long it took"),
        fast=share(
            sum(seconds < FAST_SECONDS for seconds in timed),
            len(timed),
            "no review says how long it took",
        ),
        untimed=len(records) - len(timed),
        bursts=bursts,
        in_bursts=bare_share(marked, len(records), NOTHING_READ, NOT_DRAWN),
    )


def texts(readings: Sequence[Reading]) -> Texts:
    """Compare the rationales, without case, accents' spelling, signs and spaces."""
    records = _records(readings)
    said = Counter(normal(one.rationale) for one in records if one.rationale is not None)
    written = sum(said.values())
    codes = Counter(code for one in records for code in one.reason_codes)
    given = sum(codes.values())
    return Texts(
        identical=bare_share(
            sum(n for n in said.values() if n > 1),
            written,
            "no rationale lies beside the chain" if records else NOTHING_READ,
            NOT_DRAWN,
        ),
        most_alike=max(said.values(), default=0),
        erased=len(records) - written,
        reason_codes=dict(codes.most_common()),
        most_common_reason=bare_share(
            max(codes.values(), default=0), given, "no reason code is given", NOT_DRAWN
        ),
        concentration=sum(n * n for n in codes.values()) / given**2 if given else None,
    )


def normal(text: str) -> str:
    """Text by which two rationales are told apart.

    Examples
    --------
    >>> normal("Looks  OK. ") == normal("looks ok")
    True
    """
    folded = unicodedata.normalize("NFKC", text).casefold()
    return " ".join("".join(c if c.isalnum() else " " for c in folded).split())


def busiest_day(readings: Sequence[Reading]) -> int:
    """Most reviews of one person on one day."""
    days = Counter((one.reader, one.at.date()) for one in _records(readings))
    return max(days.values(), default=0)


def _changed(read: Sequence[Reading], empty: str) -> Share:
    return share(sum(one.changed for one in read), len(read), empty)


def _records(readings: Iterable[Reading]) -> list[Reading]:
    """One reading of each review."""
    return list({one.seq: one for one in readings}.values())


def _times(records: Iterable[Reading]) -> Iterator[list[datetime]]:
    by_person: dict[str, list[datetime]] = defaultdict(list)
    for one in records:
        by_person[one.reader].append(one.at)
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
