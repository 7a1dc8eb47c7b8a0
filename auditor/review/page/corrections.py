"""A reviewer's own reviews of a case: which of them can be corrected here, and why others not.

A correction is a new entry; the earlier one stays. What somebody else relies on by now, be it
another reader, a role that the case went to, or the person concerned, is no more one person's own.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any

from auditor.ledger.bodies import FINALS
from auditor.review.judging import first_judged
from auditor.review.page.answers import day_of
from auditor.review.page.forms import Form

if TYPE_CHECKING:
    from auditor.review.case import Case
    from auditor.review.page.turns import Turn
    from auditor.review.records import Record


@dataclass(frozen=True, slots=True, kw_only=True)
class Past:
    """One own review that counts.

    ``case`` holds only the decisions for which it is the last own one, ``judged`` what was thought
    of them first. ``corrected_by`` is the number of the entry that stands in its place, and
    ``why_not`` says why it cannot be corrected here; empty where it can.
    """

    record: Record
    case: Case
    judged: Mapping[str, str]
    corrected_by: int | None
    why_not: str

    @property
    def body(self) -> Any:
        """What it says."""
        return self.record.entry.draft.body


def past_reviews(turn: Turn) -> tuple[Past, ...]:
    """Give the own reviews of a case, the oldest first."""
    own = turn.item.own(turn.person.self, "reviewed")
    last = {part["identity"]: record for record in own for part in _parts(record)}
    return tuple(_past(turn, record, last) for record in own)


def past_review(turn: Turn, id_: str) -> Past | None:
    """Give the own review of an id; None where it is somebody else's, or none at all."""
    return next((one for one in past_reviews(turn) if one.record.entry.draft.id == id_), None)


def filled_in(past: Past, known: list[str], *, listed: bool) -> Form:
    """Give the form as it was sent, but for the words: why it is corrected is said anew.

    Parameters
    ----------
    past : Past
    known : list of str
        Labels that the form has boxes for; others stand in its line.
    listed : bool
        Whether it has boxes for reason codes, or a line.
    """
    body = past.body
    wanted = {one.identity for one in past.case.decisions}
    finals = {
        f"final-{part['identity']}": (_chosen(part),)
        for part in _parts(past.record)
        if part["identity"] in wanted
    }
    codes: list[str] = body["reason_codes"]
    others = [label for label in body["considered"] if label not in known]
    return Form(
        {
            **finals,
            "statement": (body["statement"],),
            "considered": tuple(label for label in body["considered"] if label in known),
            "considered_other": (", ".join(others),),
            "reason_codes": tuple(codes) if listed else (", ".join(codes),),
            "takes_effect": (body["takes_effect"] or "",),
        }
    )


def _past(turn: Turn, record: Record, last: Mapping[str, Record]) -> Past:
    about = {part["identity"] for part in _parts(record)}
    case = turn.item.case
    mine = replace(
        case,
        decisions=tuple(
            one for one in case.decisions if one.identity in about and last[one.identity] is record
        ),
    )
    judged = first_judged(turn.item, turn.me, record.entry.seq)
    instead = None if mine.decisions else max(last[one].entry.seq for one in about)
    return Past(
        record=record,
        case=mine,
        judged=judged,
        corrected_by=instead,
        why_not=next(_why_not(turn, record, mine, judged, instead), ""),
    )


def _why_not(
    turn: Turn, record: Record, case: Case, judged: Mapping[str, str], instead: int | None
) -> Iterator[str]:
    item, me, body = turn.item, turn.person, record.entry.draft.body
    later = [other for other in item.records if other.entry.seq > record.entry.seq]
    about = {part["identity"] for part in _parts(record)}
    if instead is not None:
        yield f"entry {instead} stands in its place"
    if any(other.entry.draft.kind == "requested" for other in later):
        yield "the person concerned has asked since that it be looked at again"
    asked = {
        (one.identity, rule.name)
        for one in item.case.decisions
        for rule in one.rules
        if rule.asked is not None
    }
    if asked & set(record.settles):
        yield "it answers a request of the person concerned, who may have been told"
    if any(other.entry.draft.kind == "escalated" and other.counts for other in later):
        yield "the case was passed on since"
    if any(_decides(other, about) for other in _of_others(turn)):
        yield "somebody else has decided it as well"
    if item.claimed_by is not None:
        mine = item.claimed_by.self == me.self
        yield f"{'you are' if mine else 'somebody else is'} at work on the case now"
    effect = day_of(body["takes_effect"] or "")
    if effect is None or effect < turn.board.day:
        yield f"the decision took effect on {effect}"
    if body["role"] not in me.roles:
        yield f"you do not hold the role {body['role']!r} today"
    if not {one.identity for one in case.decisions} <= judged.keys():
        yield "no first judgement of yours stands before it"


def _of_others(turn: Turn) -> Iterator[Record]:
    for record in turn.item.records:
        if record.person is not None and record.person.self != turn.person.self:
            yield record


def _decides(record: Record, about: set[str]) -> bool:
    """Whether it settles something of these decisions."""
    return (
        record.entry.draft.kind == "reviewed"
        and record.counts
        and any(identity in about for identity, _ in record.settles)
    )


def _parts(record: Record) -> Any:
    return record.entry.draft.body["settles"]


def _chosen(part: Any) -> str:
    """Value of the form for what was decided."""
    if part["outcome"] == "not-used" or part["model"] not in FINALS:
        return f"not-used-{part['final']}"
    return str(part["outcome"])
