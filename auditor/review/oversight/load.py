"""How much people are asked to read, and how long it waits."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import TYPE_CHECKING, Any

from auditor.review.oversight.numbers import Middle, middle
from auditor.review.oversight.pacing import busiest_day

if TYPE_CHECKING:
    from auditor.review.oversight.readings import Reading
    from auditor.review.queue import Queue


@dataclass(frozen=True, slots=True, kw_only=True)
class Load:
    """Flags beside what people can read, and the days for which open cases have waited.

    ``flagged_share`` is of all decisions of the result; ``budgets`` are what its rules say about
    that share. ``waiting`` are days since the audit, or since a request was received.
    """

    flagged: int
    flagged_share: float | None
    budgets: tuple[str, ...]
    open_cases: int
    waiting: Middle
    longest: int | None
    busiest_day: int


def load_of(document: Mapping[str, Any], queue: Queue, readings: Sequence[Reading]) -> Load:
    """Measure the load of a result's reviewers."""
    made = date.fromisoformat(document["as_of"])
    asked = _received(queue)
    days = [
        (queue.as_of - asked.get(item.case.id, made)).days
        for item in queue.items
        if item.pending and asked.get(item.case.id, made) <= queue.as_of
    ]
    return Load(
        flagged=document["flags"]["count"],
        flagged_share=document["flags"]["share"],
        budgets=tuple(
            f"{one['says']} {one['detail']}".strip()
            for one in document["findings"]
            if one["kind"] == "flag-budget"
        ),
        open_cases=len(days),
        waiting=middle(days, "no case waits"),
        longest=max(days, default=None),
        busiest_day=busiest_day(readings),
    )


def _received(queue: Queue) -> dict[str, date]:
    """Day on which a request about a case was received, the first of several."""
    found: dict[str, date] = {}
    for item in queue.items:
        for record in item.records:
            draft = record.entry.draft
            if draft.kind == "requested":
                try:
                    day = date.fromisoformat(str(draft.body.get("received")))
                except ValueError:
                    continue
                found[item.case.id] = min(day, found.get(item.case.id, day))
    return found
