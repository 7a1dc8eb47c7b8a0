"""What a draft has to be before a ledger takes it, the same in every store."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from auditor.errors import UsageError
from auditor.ledger.bodies import BODIES
from auditor.ledger.entry import Draft, Entry, Words
from auditor.ledger.reading import NO_PREVIOUS, quick_entry, strict_entry, unknown_fields
from auditor.ledger.tree import leaf_hash

MOST_CHARACTERS = 100_000
"""Of the words in one field: a long letter, and no file."""


def next_entry(draft: Draft, *, seq: int, at: str, previous: str) -> Entry:
    """Entry of a draft, read back from the bytes that will be stored.

    Raises
    ------
    UsageError
        When it could not be read again as what it says.
    """
    entry = Entry(seq=seq, at=at, previous=previous, draft=draft)
    try:
        content = entry.content
        quick = quick_entry(content)
        if quick is not None:
            return quick  # in the one form of its kind, which has no other fields
        kept = strict_entry(content)
    except (ValueError, TypeError) as cause:  # UnicodeEncodeError: half a character
        raise _no_draft(_reason(cause)) from None
    unknown = next(unknown_fields(dict(draft.body), BODIES[draft.kind]), None)
    if unknown is not None:
        raise _no_draft(unknown)
    return kept


def _no_draft(why: str) -> UsageError:
    return UsageError(
        f"this is no draft of a ledger entry: {why}",
        slug="draft-malformed",
        hint="make drafts with auditor.ledger.new_draft, and say what its kind says",
    )


def place_after(last: tuple[int, bytes] | None) -> tuple[int, str]:
    """Give the number of the next entry and the hash that it follows, from the last one."""
    return (0, NO_PREVIOUS) if last is None else (last[0] + 1, leaf_hash(last[1]).hex())


def must_belong(draft: Draft, ledger: str) -> None:
    """Refuse a draft for another ledger, and one that names a person without their proof.

    Raises
    ------
    UsageError
    """
    if draft.ledger != ledger:
        raise UsageError(
            f"this draft is meant for the ledger {draft.ledger!r}, not for {ledger!r}",
            slug="draft-for-another-ledger",
            hint="name the ledger that it was made for, or make it again",
        )
    if draft.kind == "ledger-opened":
        raise UsageError(
            "a ledger is opened once, when it is made",
            slug="ledger-opened-twice",
            hint="make another ledger: auditor ledger init FILE",
        )
    if draft.kind == "salvaged":
        raise UsageError(
            "that a ledger was salvaged is written when it is made, and never later",
            slug="salvaged-later",
            hint="auditor ledger salvage DAMAGED --out NEW",
        )
    proved = draft.genuine if draft.signature is not None else not (draft.by or draft.signed_with)
    if not proved:
        raise UsageError(
            "this draft names a key that did not sign exactly this",
            slug="draft-not-genuine",
            hint="sign it as it stands, or let it name nobody",
        )


def must_erase(draft: Draft) -> None:
    """Refuse to take words away with a draft that does not say so.

    Raises
    ------
    UsageError
    """
    if draft.kind != "erased":
        raise UsageError(
            f"a draft of kind {draft.kind!r} erases nothing",
            slug="draft-erases-nothing",
            hint="list the words in a draft of kind 'erased'",
        )


def must_be_the_same(draft: Draft, stored: Entry) -> None:
    """Refuse another draft with the id of one that is in.

    Raises
    ------
    UsageError
    """
    known = stored.draft
    if (known.statement, known.signature) != (draft.statement, draft.signature):
        raise UsageError(
            f"another entry with the id {draft.id} stands in this ledger already "
            f"(number {stored.seq})",
            slug="draft-id-taken",
            hint="give each draft a new id; only one that was said before may be said again",
        )


def must_fit(drafts: Sequence[Draft], words: Mapping[tuple[str, str], Words]) -> None:
    """Refuse words that are not those of the digests, and digests without their words.

    Raises
    ------
    UsageError
    """
    digests = {(d.id, name): digest for d in drafts for name, digest in d.words.items()}
    for place in digests.keys() | words.keys():
        if place not in words:
            says = "are missing"
        elif place not in digests:
            says = "belong to none of these drafts"
        elif len(words[place].text) > MOST_CHARACTERS:
            says = f"are longer than {MOST_CHARACTERS:,} characters"
        elif not any(sign.isprintable() and not sign.isspace() for sign in words[place].text):
            says = "are blank"
        elif _digest(words[place]) != digests[place]:
            says = "are not those that were signed"
        else:
            continue
        raise UsageError(
            f"the words {place[1]!r} of the draft {place[0]} {says}",
            slug="words-do-not-fit",
            hint="hand over the words that the draft was made with",
        )


def _digest(words: Words) -> str | None:
    try:
        return words.digest
    except UnicodeEncodeError:
        return None


def _reason(cause: Exception) -> str:
    if isinstance(cause, UnicodeEncodeError):
        return "a text holds half a character"
    return str(cause)
