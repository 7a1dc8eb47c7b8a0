"""From what a reviewer thinks before the model's answer is shown to a checked draft."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any, Literal

from auditor.errors import Problem, UsageError
from auditor.ledger.authentic import SERVICE
from auditor.review.authority import person_on
from auditor.review.recording import checked_body

if TYPE_CHECKING:
    from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

    from auditor.ledger import Entry
    from auditor.ledger.bodies import FirstJudgement
    from auditor.review.case import Case
    from auditor.review.desk import Desk
    from auditor.review.queue import Item
    from auditor.review.recording import Checked

Judged = Literal["favorable", "unfavorable", "cannot-say"]
Confidence = Literal["low", "medium", "high"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Judgement:
    """What a reviewer thinks of the decisions of a case, by their identities."""

    case: str
    role: str
    judged: Mapping[str, Judged]
    confidence: Confidence
    conflict: bool = False
    seconds: int | None = None


def checked_judgement(
    desk: Desk,
    told: Judgement,
    *,
    private: Ed25519PrivateKey | None,
    by: str | None = None,
    now: datetime | None = None,
) -> Checked:
    """Make a first judgement, sign it, and see whether it would count, as `checked_review` does.

    Raises
    ------
    UsageError
        When it names no case or decision of this result.
    """
    now = now or datetime.now(UTC)
    case = desk.case(told.case)
    problems = list(_unknown(told, case))
    if problems:
        raise UsageError.of(problems)
    body = judgement_body(desk, told)
    checked = checked_body(
        desk, case, "first-judgement", dict(body), words={}, private=private, by=by, now=now
    )
    return replace(checked, reasons=(*checked.reasons, *_role(desk, told, checked.draft.by, now)))


def judgement_body(desk: Desk, told: Judgement) -> FirstJudgement:
    """Body of a first judgement; its decisions in the order of their identities."""
    return {
        "case": told.case,
        "result": desk.result,
        "role": told.role,
        "judgements": [
            {"identity": identity, "judged": told.judged[identity]}
            for identity in sorted(told.judged)
        ],
        "confidence": told.confidence,
        "conflict": told.conflict,
        "seconds": told.seconds,
    }


def judged_in(entry: Entry) -> dict[str, Judged]:
    """Judgements of a first judgement by the identities of their decisions."""
    body: Any = entry.draft.body
    return {one["identity"]: one["judged"] for one in body["judgements"]}


def first_judged(item: Item, person: str, before: int | None = None) -> dict[str, Judged]:
    """Give what a person judged first of each decision; see `Item.first_judgements`."""
    found = item.first_judgements(person, before)
    return {identity: judged_in(record.entry)[identity] for identity, record in found.items()}


def _unknown(told: Judgement, case: Case) -> Iterator[Problem]:
    for identity in told.judged:
        if case.decision(identity) is None:
            yield Problem(
                message=f"the case has no decision {identity!r}",
                slug="unknown-decision",
                hint="'auditor review show' lists the decisions of a case",
            )


def _role(desk: Desk, told: Judgement, key: str | None, now: datetime) -> Iterator[str]:
    person = person_on(now.date(), key, desk.keyring) if desk.keyring and key else None
    if person is not None and (told.role not in person.roles or told.role == SERVICE):
        yield f"its reviewer did not hold the role {told.role!r} on that day"
