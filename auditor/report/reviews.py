"""What people did about the flags, in sentences; the same in every format."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

from auditor.report import numbers

if TYPE_CHECKING:
    from auditor.result.reviews import AnchorDoc, ReviewsDoc


def review_lines(reviews: ReviewsDoc) -> Iterator[str]:
    """Coverage first, then what is open, then what does not count."""
    count = numbers.count
    required, closed = reviews["required"], reviews["closed"]
    yield (
        f"{count(closed)} of {count(required)} required reviews done, {count(reviews['in_time'])} "
        f"in time, as of {reviews['as_of']}"
    )
    waits = reviews["open"]
    yield (
        f"{count(waits)} {'decision waits' if waits == 1 else 'decisions wait'} for a person, "
        f"{count(reviews['overdue'])} overdue"
    )
    yield from ledger_lines(reviews)
    if not reviews["keyring"]:
        yield "no keyring was given, so nothing in the ledger counts"
    elif reviews["unauthenticated"] or reviews["not_counting"]:
        yield (
            f"of {count(reviews['records'])} records {count(reviews['unauthenticated'])} are not "
            f"authentic and {count(reviews['not_counting'])} lack something; they count for nothing"
        )


def ledger_lines(reviews: ReviewsDoc) -> Iterator[str]:
    """How far the ledger itself can be relied on."""
    anchor = reviews["anchor"]
    yield from _anchor_lines(anchor, keyring=reviews["keyring"])
    if anchor["salvaged"]:
        lost = _some(anchor["words_lost"], "text", "texts")
        yield (
            "the ledger was salvaged, so its newest entries may be lost"
            f"{f', with {lost} beside others' if anchor['words_lost'] else ''}"
            f"{'; no checkpoint made since covers that' if anchor['salvage_open'] else ''}"
        )
    back = anchor["clock_went_back"]
    if back:
        yield (
            f"the clock went back: {_some(back, 'entry is', 'entries are')} dated more than 5 "
            "minutes before the one in front"
        )


def _some(number: int, one: str, more: str) -> str:
    return f"{numbers.count(number)} {one if number == 1 else more}"


def _anchor_lines(anchor: AnchorDoc, *, keyring: bool) -> Iterator[str]:
    too_long = ", which is too long for a gate" if anchor["too_old"] else ""
    if anchor["covered"] is None:
        why = (
            "no checkpoint of the ledger was made by somebody with the role 'checkpoint'"
            if keyring
            else "without a keyring nobody knows who made a checkpoint of the ledger"
        )
        yield (
            f"{why}{too_long}, so entries that were left out, put in another order or dated anew "
            "would not be seen"
        )
    elif anchor["uncovered"]:
        one = anchor["uncovered"] == 1
        yield (
            f"{numbers.count(anchor['uncovered'])} {'entry' if one else 'entries'} of the ledger "
            f"since {anchor['since']} {'is' if one else 'are'} covered by no checkpoint{too_long}"
        )
    yield from _behind_lines(anchor)
    if anchor["ahead"]:
        ahead = _some(anchor["ahead"], "entry that no checkpoint covers is", "entries that no "
                      "checkpoint covers are")  # fmt: skip
        unknown = ", and nobody knows since when it is there" if anchor["ahead_open"] else ""
        yield f"{ahead} dated ahead{unknown}"


def _behind_lines(anchor: AnchorDoc) -> Iterator[str]:
    """Say what nothing shows, however much a checkpoint covers."""
    if anchor["named"] is not None:
        since = f" since {anchor['named_on']}" if anchor["named_on"] else ""
        yield (
            f"whether anything was added{since} behind the checkpoint that was named, of "
            f"{_some(anchor['named'], 'entry', 'entries')}, and left out again would not be seen"
        )
    elif anchor["covered"] is not None:
        yield (
            "its checkpoints are kept in the ledger itself: newer ones that were taken away, with "
            "the entries behind an older one, would not be seen; one that was kept elsewhere shows "
            "it with --checkpoint"
        )
