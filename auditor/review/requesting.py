"""From what the person concerned asks for to a checked draft."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, date, datetime
from typing import TYPE_CHECKING, Any

from auditor.errors import Problem, UsageError
from auditor.ledger.entry import Words, new_draft
from auditor.policy.days import Span
from auditor.review.recording import checked_draft
from auditor.review.requests import homes_of

if TYPE_CHECKING:
    from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

    from auditor.result.reviews import RequestClockDoc
    from auditor.review.desk import Desk
    from auditor.review.recording import Checked


DECISION = "decision"
"""Field of the words beside a request that holds the export's own id."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Asked:
    """The decision that somebody asked about, flagged or not."""

    case: str
    identity: str
    decision: str
    outcome: str
    model_version: str


def flagged(desk: Desk, decision: str) -> Asked | None:
    """Find a decision of the queue by its id in the export, its identity or its case."""
    for case in desk.all_cases:
        for one in case.decisions:
            alone = case.id == decision and len(case.decisions) == 1
            if alone or decision in (one.decision, one.identity):
                return Asked(
                    case=case.id,
                    identity=one.identity,
                    decision=one.decision,
                    outcome=one.outcome,
                    model_version=one.model_version,
                )
    return None


def clock_of(document: Mapping[str, Any], policy: str, kind: str) -> RequestClockDoc:
    """Find the clock that a policy of a result sets.

    Raises
    ------
    UsageError
        When the result has no such policy, or the policy no such clock.
    """
    policies = {entry["id"]: entry for entry in document["policies"]}
    if policy not in policies:
        raise UsageError(
            f"this result was not made under a policy {policy!r}",
            slug="no-such-policy",
            hint=f"name one of {', '.join(policies)}",
        )
    clocks: list[RequestClockDoc] = policies[policy]["requests"]
    found = next((clock for clock in clocks if clock["kind"] == kind), None)
    if found is None:
        raise UsageError(
            f"{policy} sets no clock for {kind!r}",
            slug="no-clock",
            hint="write it under 'requests' in the policy, and audit again",
        )
    return found


def checked_request(
    desk: Desk,
    asked: Asked,
    clock: RequestClockDoc,
    *,
    policy: str,
    received: date,
    statement: str = "",
    private: Ed25519PrivateKey,
    now: datetime | None = None,
) -> Checked:
    """Make a request, sign it, and see that it is in the queue.

    Parameters
    ----------
    desk : Desk
    asked : Asked
    clock : RequestClockDoc
    policy : str
        Id of the policy that sets the clock.
    received : date
        Day from which the clock runs.
    statement : str
        Words of the person concerned; they lie beside the chain.
    private : Ed25519PrivateKey
    now : datetime, optional

    Raises
    ------
    UsageError
        When it was received after today, or nobody could answer it as whoever enters it has no
        part in the policy.
    """
    now = now or datetime.now(UTC)
    if received > now.date():
        raise UsageError(
            f"a request cannot have been received on {received}, after today",
            slug="received-later",
            hint="write the day on which it arrived",
        )
    span = Span(days=clock["due_days"], months=clock.get("due_months"))
    case = homes_of(desk.all_cases).get(asked.identity, asked.case)
    body = {
        "case": case,
        "identity": asked.identity,
        "outcome": asked.outcome,
        "model_version": asked.model_version,
        "request": clock["kind"],
        "policy": policy,
        "rule": clock["id"],
        "reviewer": clock["reviewer"],
        "received": received.isoformat(),
        "due": span.after(received).isoformat(),
    }
    said = {DECISION: asked.decision, "statement": statement}
    words = {name: Words(text=text) for name, text in said.items() if text.strip()}
    draft = new_draft(desk.ledger, "requested", body, words=words, now=now).signed(private)
    checked = checked_draft(desk, case, draft, words, now=now)
    if desk.keyring is not None and (checked.reasons or checked.limits):
        raise UsageError.of(map(_by_nobody, (*checked.reasons, *checked.limits)))
    return checked


def _by_nobody(why_not: str) -> Problem:
    return Problem(
        message=f"nobody could answer this request, so it is not taken: {why_not}",
        slug="requested-by-nobody",
        hint="sign with a key that the keyring gives a role of that policy",
    )
