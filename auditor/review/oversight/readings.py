"""Who read what, and what they made of it: the reviews that count, one line a decision."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import datetime
from typing import TYPE_CHECKING, Any

from auditor.ledger.bodies import FINALS
from auditor.ledger.reading import moment
from auditor.review.judging import first_judged

if TYPE_CHECKING:
    from auditor.ledger import Words
    from auditor.review.queue import Item, Queue
    from auditor.review.records import Record


@dataclass(frozen=True, slots=True, kw_only=True)
class Reading:
    """One decision as one person read it.

    ``at`` is the ledger's clock, ``said_at`` the sayer's.
    ``reader`` tells people apart and is what the keyring calls them. ``first`` is what they thought
    before the model's answer was shown, None where nobody asked. ``rationale`` is None where the
    words were erased. A later review of the same decision by the same person stands in the place of
    an earlier one, but for one that answers a request: ``answers`` are the requests among its
    rules, and each is a review of its own. ``before`` is what had become of the decision until
    then: what the review before this one said, or else the model.
    """

    seq: int
    at: datetime
    said_at: str
    reader: str
    key: str
    case: str
    identity: str
    decision: str
    rules: tuple[str, ...]
    model: str
    final: str
    outcome: str
    first: str | None
    seconds: int | None
    rationale: str | None
    reason_codes: tuple[str, ...]
    answers: tuple[str, ...]
    before: str

    @property
    def comparable(self) -> bool:
        """Whether the model said one of the outcomes that people can decide."""
        return self.model in FINALS

    @property
    def changed(self) -> bool:
        """Whether it departs from the model."""
        return self.comparable and self.final != self.model


def readings_of(
    queue: Queue, words: Mapping[tuple[str, str], Words] | None = None
) -> tuple[Reading, ...]:
    """Give the readings of the reviews that count, in the order of the ledger.

    Parameters
    ----------
    queue : Queue
    words : mapping, optional
        What lies beside the chain.
    """
    found = [
        reading
        for item in queue.items
        for record in item.records
        if record.entry.draft.kind == "reviewed" and record.counts
        for reading in _of(item, record, words or {})
    ]
    last: dict[tuple[str, str, tuple[str, ...]], Reading] = {}
    stood: dict[str, str] = {}
    for reading in sorted(found, key=lambda reading: reading.seq):
        before = stood.get(reading.identity, reading.model)
        at = (reading.reader, reading.identity, reading.answers)
        last[at] = replace(reading, before=before)
        stood[reading.identity] = reading.final
    return tuple(sorted(last.values(), key=lambda reading: (reading.seq, reading.identity)))


def _of(item: Item, record: Record, words: Mapping[tuple[str, str], Words]) -> Iterator[Reading]:
    draft, person = record.entry.draft, record.person
    if person is None:
        return
    body: Any = draft.body
    first = _first(item, record)
    said = words.get((draft.id, "rationale"))
    for part in body["settles"]:
        rules = tuple(rule for identity, rule in record.settles if identity == part["identity"])
        decision = item.case.decision(part["identity"])
        if rules and decision is not None:
            asked = {rule.name for rule in decision.rules if rule.asked is not None}
            yield Reading(
                seq=record.entry.seq,
                at=moment(record.entry.at),
                said_at=draft.said_at,
                reader=person.self,
                key=person.key,
                case=item.case.id,
                identity=part["identity"],
                decision=decision.decision,
                rules=rules,
                model=part["model"],
                final=part["final"],
                outcome=part["outcome"],
                first=first.get(part["identity"]),
                seconds=body["seconds"],
                rationale=None if said is None else said.text,
                reason_codes=tuple(body["reason_codes"]),
                answers=tuple(rule for rule in rules if rule in asked),
                before=part["model"],
            )


def _first(item: Item, record: Record) -> Mapping[str, str]:
    """Find what the same person thought first, by decision, whatever the review names."""
    person = record.person
    return {} if person is None else first_judged(item, person.self, record.entry.seq)
