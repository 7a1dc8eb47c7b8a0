"""Whether an entry was said by the person that it names, on the day that the ledger took it."""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING

from auditor.ledger.reading import moment
from auditor.policy.people import same_name

if TYPE_CHECKING:
    from auditor.ledger.entry import Entry
    from auditor.signing.keyring import Keyring

SERVICE = "review-service"
"""Role of a service that lets people in and signs for them."""


def why_not_authentic(entry: Entry, keyring: Keyring) -> str | None:
    """Why nobody in the keyring stands behind an entry; None when somebody does."""
    if entry.draft.signature is None:
        return "nobody signed it"
    if not entry.draft.genuine:
        return "its signature is not genuine"
    return why_not_held(entry, keyring)


def why_not_held(entry: Entry, keyring: Keyring) -> str | None:
    """Why the keyring does not know the keys of a signed entry, its signature left aside."""
    day = moment(entry.at).date()
    said = entry.draft
    why_not = _why_no_key(said.by, keyring, day)
    if why_not is not None or said.signed_with == said.by:
        return why_not
    why_not = _why_no_key(said.signed_with, keyring, day)
    if why_not is not None:
        return why_not
    holder = keyring.holder(said.signed_with or "")
    if holder is None or SERVICE not in holder.roles:
        return f"it is signed for somebody else by a key without the role {SERVICE!r}"
    return None


def why_no_person(entry: Entry, keyring: Keyring) -> str | None:
    """Why no person stands behind an entry, whether its signature is genuine left aside.

    Some entries do something by themselves, and a service alone must not: it would be enough to
    break into that. A person who also has the key of a service is a person all the same.
    """
    if entry.draft.signature is None:
        return "nobody signed it"
    why_not = why_not_held(entry, keyring)
    if why_not is not None:
        return why_not
    day = moment(entry.at).date()
    holder = keyring.holder(entry.draft.by or "")
    me = None if holder is None else same_name(holder.name)
    own = (one for one in keyring.holders if same_name(one.name) == me and one.holds_on(day))
    roles = {role for one in own for role in one.roles}
    return "it is the key of a service" if roles <= {SERVICE} else None


def _why_no_key(key: str | None, keyring: Keyring, day: date) -> str | None:
    holder = None if key is None else keyring.holder(key)
    if holder is None:
        return "its key is not in the keyring"
    if not holder.holds_on(day):
        until = f" to {holder.until}" if holder.until else ""
        return f"its key holds from {holder.start}{until}"
    return None
