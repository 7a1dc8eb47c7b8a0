"""Who said an entry, if anybody did: signed, in time, and of the shape that its kind has."""

from __future__ import annotations

from typing import TYPE_CHECKING

from auditor.ledger.authentic import why_not_authentic
from auditor.ledger.bodies import BODIES
from auditor.ledger.clocks import APART
from auditor.ledger.reading import in_form, moment
from auditor.result.shape import faults
from auditor.review.authority import person_on

if TYPE_CHECKING:
    from auditor.ledger import Entry
    from auditor.review.authority import Person
    from auditor.signing.keyring import Keyring

NO_KEYRING = "no keyring says whose key is whose"


def why_not_said(entry: Entry, keyring: Keyring | None) -> str | None:
    """Why an entry is nobody's word: not signed, forged, out of time, or of no shape."""
    if keyring is None:
        return NO_KEYRING
    try:
        at, said_at = moment(entry.at), moment(entry.draft.said_at)
    except ValueError:
        return "it has no time"
    why_not = why_not_authentic(entry, keyring)
    if why_not is not None:
        return why_not
    if said_at - at > APART:
        return "it was said after the time at which the ledger took it"
    if person_on(said_at.date(), entry.draft.by or "", keyring) is None:
        return "the key did not hold yet, or no more, on the day on which it was said"
    body, kind = dict(entry.draft.body), entry.draft.kind
    wrong = None if in_form(kind, body) else next(faults(body, BODIES[kind]), None)
    return None if wrong is None else f"it is no entry of its kind: {wrong}"


def said_by(entry: Entry, keyring: Keyring) -> Person:
    """Who said an entry that `why_not_said` has nothing against."""
    person = person_on(moment(entry.at).date(), entry.draft.by or "", keyring)
    if person is None:
        raise ValueError("nobody holds the key of this entry")
    return person
