"""Take away the words beside the chain of one case; what entries say in the chain stays."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any

from auditor.errors import UsageError
from auditor.ledger.authentic import why_no_person
from auditor.ledger.entry import Draft, Entry, Words, new_draft
from auditor.review.requests import home, homes_of
from auditor.review.sayers import NO_KEYRING, why_not_said

if TYPE_CHECKING:
    from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

    from auditor.ledger.store import Stored
    from auditor.review.desk import Desk


@dataclass(frozen=True, slots=True, kw_only=True)
class Erased:
    """What was taken away from a case: never the words, only how many stood in which field.

    ``entry`` says so in the ledger. ``entries`` is 0 where it was said before: then only what of it
    was not done yet has been done now.
    """

    case: str
    entry: Entry
    fields: Mapping[str, int]
    entries: int


def erase_words(
    desk: Desk,
    ledger: Stored,
    case: str,
    *,
    private: Ed25519PrivateKey,
    now: datetime | None = None,
) -> Erased:
    """Erase all words of a case: rationales, statements, reasons, ids of the export.

    No policy has a duty for it: whoever the keyring names as a person may, and the signed entry
    stays. Reviews count as before, since they hold the digests of their words.

    Parameters
    ----------
    desk : Desk
    ledger : Stored
        That the desk was read from, open for writing.
    case : str
        Pseudonym of a case, or the beginning of one; of this result or of an earlier one.
    private : Ed25519PrivateKey
    now : datetime, optional

    Raises
    ------
    UsageError
        When no case has it, nobody of the keyring says it, or nothing is there.
    PathError
        When words are erased, and another program still holds the log that they stood in; erasing
        once more empties it.
    """
    named = case_of(desk, case)
    homes = homes_of(desk.all_cases)
    own = [one for one in desk.entries if named in (one.draft.body.get("case"), home(one, homes))]
    listed = _listed(own, ledger.words())
    if not listed:
        return Erased(case=named, entry=_said_again(ledger, own), fields={}, entries=0)
    body = {"case": named, "entries": listed}
    draft = new_draft(desk.ledger, "erased", body, now=now).signed(private)
    _must_be_said(desk, draft, now or datetime.now(UTC))
    return Erased(
        case=named,
        entry=ledger.erase(draft),
        fields=Counter(field for one in listed for field in one["fields"]),
        entries=len(listed),
    )


def case_of(desk: Desk, case: str) -> str:
    """Pseudonym of a case of the result, or of one that only the ledger still knows.

    Raises
    ------
    UsageError
        When no case begins so, or several do.
    """
    known = {one.id for one in desk.all_cases}
    known |= {str(one.draft.body["case"]) for one in desk.entries if "case" in one.draft.body}
    found = [case] if case in known else [one for one in known if case and one.startswith(case)]
    if len(found) == 1:
        return found[0]
    raise UsageError(
        f"{len(found)} cases of this result and ledger begin with {case!r}"
        if found
        else f"neither this result nor the ledger has a case {case!r}",
        slug="unknown-case",
        hint="'auditor review list' names the cases; write more of its digits",
    )


def _listed(
    entries: Sequence[Entry], words: Mapping[tuple[str, str], Words]
) -> list[dict[str, Any]]:
    """Words that are still there, by their entries."""
    found = (
        (one.draft.id, [name for name in one.draft.words if (one.draft.id, name) in words])
        for one in entries
    )
    return [{"id": entry, "fields": sorted(fields)} for entry, fields in found if fields]


def _said_again(ledger: Stored, entries: Sequence[Entry]) -> Entry:
    """Bring an earlier erasure to its end: a log that was in use then is emptied now.

    Raises
    ------
    UsageError
        When there was none, nor any words.
    """
    before = [one for one in entries if one.draft.kind == "erased"]
    if not before:
        raise UsageError(
            "no words lie beside the chain for this case",
            slug="nothing-to-erase",
            hint="nothing is left to do in this ledger; think of its copies and backups",
        )
    return ledger.erase(before[-1].draft)


def _must_be_said(desk: Desk, draft: Draft, now: datetime) -> None:
    entry = desk.next_entry(draft, now)
    why_not = why_not_said(entry, desk.keyring)
    if why_not is None and desk.keyring is not None:
        why_not = why_no_person(entry, desk.keyring)  # as verification asks of it for good
    if why_not is None:
        return
    hint = "name it with --keyring" if why_not == NO_KEYRING else "sign with a key of a person"
    raise UsageError(
        f"a person of the keyring has to erase words: {why_not}",
        slug="erased-by-nobody",
        hint=f"{hint}; the keyring says whose key is whose",
    )
