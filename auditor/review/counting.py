"""A queue in numbers: how much of what is required was done, and how much of it in time."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import TYPE_CHECKING

from auditor.review.anchoring import anchor_at
from auditor.review.queue import Queue

if TYPE_CHECKING:
    from auditor.result.reviews import ReviewsDoc, RuleReviewsDoc
    from auditor.review.desk import Desk
    from auditor.review.records import Record
    from auditor.review.settling import RuleStanding


def counted(queue: Queue, desk: Desk) -> ReviewsDoc:
    """Count a queue.

    Parameters
    ----------
    queue : Queue
    desk : Desk
        That the queue is of.
    """
    rules = [rule for item in queue.items for one in item.decisions for rule in one.rules]
    required = [rule for rule in rules if rule.rule.mandatory]
    records = [
        record
        for item in queue.items
        for record in item.records
        if record.entry.draft.kind == "reviewed"
    ]
    return {
        "as_of": queue.as_of.isoformat(),
        "ledger": desk.ledger,
        "entries": len(desk.entries),
        # as with waivers: both days have to agree
        "anchor": anchor_at(desk, max(queue.as_of, datetime.now(UTC).date())),
        "keyring": desk.keyring is not None,
        "required": len(required),
        "closed": sum(rule.settled for rule in required),
        "in_time": sum(rule.in_time for rule in required),
        "open": queue.reviews_open,
        "overdue": queue.reviews_overdue,
        "cases": {str(state): n for state, n in queue.states.items()},
        "records": len(records),
        "unauthenticated": sum(record.person is None for record in records),
        "not_counting": sum(_lacks(record) for record in records),
        "by_rule": [_by_rule(name, rules, queue) for name in _names(rules)],
    }


def about_records(reviews: ReviewsDoc | None) -> str:
    """Say why records do not count, in one sentence; nothing where all of them do."""
    if reviews is None or not reviews["records"]:
        return ""
    if not reviews["keyring"]:
        return "Nothing in the ledger counts, because no keyring says whose key is whose."
    said = [
        f"{n:,} {'record' if n == 1 else 'records'} {what}"
        for n, what in (
            (reviews["unauthenticated"], "not authentic"),
            (reviews["not_counting"], "lacking something"),
        )
        if n
    ]
    return f"Of the ledger do not count: {', '.join(said)}." if said else ""


def _lacks(record: Record) -> bool:
    return record.person is not None and not record.counts


def _names(rules: list[RuleStanding]) -> list[str]:
    return list(dict.fromkeys(rule.rule.name for rule in rules))


def _by_rule(name: str, rules: list[RuleStanding], queue: Queue) -> RuleReviewsDoc:
    mine = [rule for rule in rules if rule.rule.name == name]
    return {
        "rule": name,
        "mandatory": any(rule.rule.mandatory for rule in mine),
        "flagged": len(mine),
        "closed": sum(rule.settled for rule in mine),
        "in_time": sum(rule.in_time for rule in mine),
        "overdue": sum(
            not rule.settled and rule.rule.due is not None and rule.rule.due < queue.as_of
            for rule in mine
        ),
    }
