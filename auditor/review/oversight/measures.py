"""What people made of the model's answers, and in which words."""

from __future__ import annotations

import unicodedata
from collections import Counter, defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from auditor.ledger.bodies import FINALS
from auditor.review.oversight.numbers import Share, bare_share, share

if TYPE_CHECKING:
    from auditor.review.oversight.readings import Reading

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


def texts(readings: Sequence[Reading]) -> Texts:
    """Compare the rationales, without case, accents' spelling, signs and spaces."""
    reviews = records(readings)
    said = Counter(normal(one.rationale) for one in reviews if one.rationale is not None)
    written = sum(said.values())
    codes = Counter(code for one in reviews for code in one.reason_codes)
    given = sum(codes.values())
    return Texts(
        identical=bare_share(
            sum(n for n in said.values() if n > 1),
            written,
            "no rationale lies beside the chain" if reviews else NOTHING_READ,
            NOT_DRAWN,
        ),
        most_alike=max(said.values(), default=0),
        erased=len(reviews) - written,
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


def _changed(read: Sequence[Reading], empty: str) -> Share:
    return share(sum(one.changed for one in read), len(read), empty)


def records(readings: Iterable[Reading]) -> list[Reading]:
    """Give one reading of each review."""
    return list({one.seq: one for one in readings}.values())
