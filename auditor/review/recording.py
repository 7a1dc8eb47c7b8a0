"""From what a reviewer says about a case to a checked draft, wherever it was said."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any

from auditor.errors import Problem, UsageError
from auditor.ledger.entry import Draft, Entry, Words, new_draft
from auditor.review.backdating import dated_ahead
from auditor.review.saying import body_of, problems_of
from auditor.review.wording import RATIONALE, says_something

if TYPE_CHECKING:
    from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

    from auditor.ledger.bodies import Kind
    from auditor.review.case import Case
    from auditor.review.desk import Desk
    from auditor.review.queue import Item
    from auditor.review.records import Record
    from auditor.review.saying import Said
    from auditor.signing.keyring import Keyring


@dataclass(frozen=True, slots=True, kw_only=True)
class Checked:
    """A draft that can be stored with its words, and what it would come to.

    ``reasons`` say why it would settle nothing; empty when it settles something. ``limits`` say
    what of it does not, ``cautions`` what may be wrong around it.
    """

    draft: Draft
    words: Mapping[tuple[str, str], Words]
    reasons: tuple[str, ...]
    limits: tuple[str, ...] = ()
    cautions: tuple[str, ...] = ()

    def must_count(self) -> Checked:
        """Pass it on when it does something.

        Raises
        ------
        UsageError
            With all reasons why it does not.
        """
        if not self.reasons:
            return self
        raise UsageError.of(
            Problem(
                message=f"this would count for nothing: {reason}",
                slug="record-counts-for-nothing",
                hint="mend it; --record-anyway keeps it on record, where it settles nothing",
            )
            for reason in self.reasons
        )


def checked_review(
    desk: Desk,
    said: Said,
    *,
    private: Ed25519PrivateKey | None,
    by: str | None = None,
    now: datetime | None = None,
) -> Checked:
    """Make a review of what somebody says, sign it, and see what it would come to.

    Parameters
    ----------
    desk : Desk
    said : Said
    private : Ed25519PrivateKey or None
        The reviewer's own key, or that of a review service; None leaves it unsigned.
    by : str, optional
        Public key of the reviewer, when a service signs.
    now : datetime, optional
        The clock; this machine's by default.

    Raises
    ------
    UsageError
        When it names no case or decision of this result, or says what cannot be recorded.
    """
    now = now or datetime.now(UTC)
    case = desk.case(said.case)
    problems = list(problems_of(said, case, desk.demands))
    if problems:
        raise UsageError.of(problems)
    item = desk.item(case.id, now.date())
    words = {
        name: Words(text=text)
        for name, text in ((RATIONALE, said.rationale), ("statement", said.statement_words))
        if says_something(text)
    }
    key = by or _key_of(private)
    body = body_of(desk, said, item, key=key, day=now.date())
    return checked_body(
        desk, case, "reviewed", dict(body), words=words, private=private, by=by, now=now
    )


def checked_step(
    desk: Desk,
    kind: Kind,
    case: Case,
    *,
    role: str = "",
    to_role: str = "",
    why: str = "",
    private: Ed25519PrivateKey | None,
    by: str | None = None,
    now: datetime | None = None,
) -> Checked:
    """Claim a case, give it back (``released``) or escalate it, as `checked_review` does."""
    body: dict[str, Any] = {"case": case.id}
    if kind != "released":
        body["role"] = role
    if kind == "escalated":
        body["to_role"] = to_role
    if kind == "escalated" and desk.keyring is not None:
        _must_be_held(to_role, desk.keyring)
    words = {"why": Words(text=why)} if why.strip() else {}
    return checked_body(
        desk, case, kind, body, words=words, private=private, by=by, now=now or datetime.now(UTC)
    )


def _must_be_held(role: str, keyring: Keyring) -> None:
    if role not in keyring.roles:
        raise UsageError(
            f"nobody in the keyring holds the role {role!r}",
            slug="role-held-by-nobody",
            hint=f"pass the case on to one of {', '.join(sorted(keyring.roles))}",
        )


def checked_draft(
    desk: Desk, case: str, draft: Draft, words: Mapping[str, Words], *, now: datetime
) -> Checked:
    """See what a draft of any kind would come to if the ledger took it now."""
    entry = desk.next_entry(draft, now)
    record = _record(desk.with_entries([entry]).item(case, now.date()), entry)
    ahead = dated_ahead(desk.entries, now)
    return Checked(
        draft=draft,
        words={(draft.id, name): text for name, text in words.items()},
        reasons=record.objections,
        limits=record.limits,
        cautions=(ahead,) if ahead else (),
    )


def checked_body(
    desk: Desk,
    case: Case,
    kind: Kind,
    body: Mapping[str, Any],
    *,
    words: Mapping[str, Words],
    private: Ed25519PrivateKey | None,
    by: str | None,
    now: datetime,
) -> Checked:
    """Make a draft of what is said, sign it, and see what it would come to."""
    draft = replace(new_draft(desk.ledger, kind, body, words=words, now=now), by=by)
    if private is not None:
        draft = draft.signed(private)
    return checked_draft(desk, case.id, draft, words, now=now)


def _record(item: Item, entry: Entry) -> Record:
    return next(record for record in reversed(item.records) if record.entry is entry)


def _key_of(private: Ed25519PrivateKey | None) -> str | None:
    from auditor.signing.ed25519 import key_text, public_bytes

    return None if private is None else key_text(public_bytes(private))
