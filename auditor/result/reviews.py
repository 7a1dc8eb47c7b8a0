"""What a result asks of people who look at its flags, and what became of it."""

from __future__ import annotations

from typing import TypedDict


class ReviewRuleDoc(TypedDict):
    """One rule about single decisions: who looks, within how many days, how many of them."""

    policy: str
    rule: str
    mandatory: bool
    reviewer: str
    due_days: int | None
    readers: int
    in_force: bool


class RequestClockDoc(TypedDict):
    """A request of the person concerned that a policy sets a clock for."""

    id: str
    kind: str
    due_days: int
    reviewer: str


class ReasonCodeDoc(TypedDict):
    """A reason on the list of a policy that its reviews choose from."""

    id: str
    says: str


class RuleReviewsDoc(TypedDict):
    """One rule about single decisions: how many it flagged, and what became of them."""

    rule: str
    mandatory: bool
    flagged: int
    closed: int
    in_time: int
    overdue: int


class AnchorDoc(TypedDict):
    """How far checkpoints of the ledger reach, kept in it or named.

    ``covered`` is None where there is none, ``named`` where none was named; ``named_on`` is the day
    on which that one was made. ``since`` is the day of the oldest entry that none covers;
    ``too_old`` says that it was too long ago for a gate to rest on. ``ahead`` counts those entries
    that are dated ahead, and ``ahead_open`` says that nobody knows the age of one. ``salvaged``
    counts how often what had followed was lost, ``words_lost`` the words that were lost then, and
    ``salvage_open`` says that no checkpoint made since covers that. ``clock_went_back`` counts
    entries that are dated more than five minutes before the one in front of them.
    """

    covered: int | None
    named: int | None
    named_on: str | None
    uncovered: int
    since: str | None
    too_old: bool
    ahead: int
    ahead_open: bool
    salvaged: int
    salvage_open: bool
    words_lost: int
    clock_went_back: int


class ReviewsDoc(TypedDict):
    """What people recorded about the flags, as a ledger stood on a day; never in a stored result.

    ``required`` are mandatory reviews, one a decision and rule; ``open`` and ``overdue`` are
    decisions. ``unauthenticated`` records are nobody's word, ``not_counting`` ones lack something
    else.
    """

    as_of: str
    ledger: str
    entries: int
    anchor: AnchorDoc
    keyring: bool
    required: int
    closed: int
    in_time: int
    open: int
    overdue: int
    cases: dict[str, int]
    records: int
    unauthenticated: int
    not_counting: int
    by_rule: list[RuleReviewsDoc]
