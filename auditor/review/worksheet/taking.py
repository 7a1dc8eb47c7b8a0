"""A filled worksheet taken over: everything checked, and drafts of what is not on record yet."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import TYPE_CHECKING

from auditor.errors import Problem, UsageError, Where
from auditor.review.authority import person_on
from auditor.review.backdating import dated_ahead
from auditor.review.worksheet.checking import checked_rows
from auditor.review.worksheet.judged import judgements
from auditor.review.worksheet.reviewed import reviews

if TYPE_CHECKING:
    from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

    from auditor.ledger import Draft, Entry, Words
    from auditor.review.authority import Person
    from auditor.review.desk import Desk
    from auditor.review.worksheet.checking import FilledRow
    from auditor.review.worksheet.drafts import Drafts
    from auditor.review.worksheet.saved_rows import Saved


@dataclass(frozen=True, slots=True, kw_only=True)
class Taken:
    """A worksheet that can be stored in one go; rows are counted, and notes say what to look at."""

    drafts: tuple[Draft, ...]
    words: Mapping[tuple[str, str], Words]
    already: int
    filled: int
    blank: int
    missing: int
    notes: tuple[str, ...]


def taken(
    sheet: Saved,
    desk: Desk,
    words: Mapping[tuple[str, str], Words],
    *,
    private: Ed25519PrivateKey,
    anyway: bool = False,
    now: datetime | None = None,
) -> Taken:
    """Check a worksheet, and make and sign a draft of everything in it that is new.

    Parameters
    ----------
    sheet : Saved
    desk : Desk
    words : mapping
        What lies beside the ledger, to tell what is on record already.
    private : Ed25519PrivateKey
        The reviewer's own key.
    anyway : bool
        Keep also what would count for nothing.
    now : datetime, optional
        The clock; this machine's by default.

    Raises
    ------
    UsageError
        With everything that is wrong; then nothing of it is to be stored.
    """
    now = now or datetime.now(UTC)
    reader = _signer(desk, private, now)
    ahead = dated_ahead(desk.entries, now)
    rows = checked_rows(sheet, desk, desk.queue(now.date()), reader)
    if sheet.layout.step == "first":
        drafts = judgements(sheet, desk, rows, private, now)
    else:
        drafts = reviews(sheet, desk, rows, words, private, now)
    problems = [*rows.problems, *drafts.problems, *(() if anyway else _for_nothing(drafts))]
    if problems:
        raise UsageError.of(problems)
    return Taken(
        drafts=tuple(made.draft for _, made in drafts.new),
        words={at: said for _, made in drafts.new for at, said in made.words.items()},
        already=drafts.already,
        filled=len(rows.filled),
        blank=rows.blank,
        missing=rows.missing,
        notes=(*_notes(rows.filled, drafts), *((ahead,) if ahead else ())),
    )


def must_be_current(made: Taken, since: Iterable[Entry]) -> None:
    """Refuse a worksheet when the ledger was told more about its cases since it was read.

    Raises
    ------
    UsageError
    """
    cases = {draft.body["case"] for draft in made.drafts}
    if any(entry.draft.body.get("case") in cases for entry in since):
        raise UsageError(
            "somebody recorded something about these cases while the worksheet was checked",
            slug="ledger-moved",
            hint="run it once more; nothing was kept",
        )


def _signer(desk: Desk, private: Ed25519PrivateKey, now: datetime) -> Person:
    from auditor.signing.ed25519 import key_text, public_bytes

    key = key_text(public_bytes(private))
    person = None if desk.keyring is None else person_on(now.date(), key, desk.keyring)
    if person is None:
        raise UsageError(
            "nobody in the keyring holds this key today, so nothing of it would count",
            slug="signer-unknown",
            hint="name the keyring with --keyring, and sign with your own key of it",
        )
    return person


def _for_nothing(drafts: Drafts) -> Iterator[Problem]:
    """Say each reason once, with the first row that it holds of: it often holds of all."""
    reasons: dict[str, list[Where]] = defaultdict(list)
    for where, made in drafts.new:
        for reason in made.reasons:
            reasons[reason].append(where)
    for reason, places in reasons.items():
        more = f" (and {len(places) - 1:,} more rows)" if len(places) > 1 else ""
        yield Problem(
            message=f"this would count for nothing: {reason}{more}",
            slug="record-counts-for-nothing",
            where=places[0],
            hint="mend it; --record-anyway keeps it on record, where it settles nothing",
        )


def _notes(filled: Sequence[FilledRow], drafts: Drafts) -> Iterator[str]:
    texts = Counter(
        " ".join(one.values["rationale"].casefold().split())
        for one in filled
        if one.values.get("rationale")
    )
    same = sum(n for n in texts.values() if n > 1)
    if same:
        yield f"{same:,} rows have the same words as another one"
    conflicts = sum(one.values.get("conflict") == "yes" for one in filled)
    if conflicts:
        yield f"{conflicts:,} with a conflict of interest: somebody else has to decide them"
    nothing = sum(bool(made.reasons) for _, made in drafts.new)
    if nothing:
        yield f"{nothing:,} count for nothing, and are kept on record"
    less = sum(bool(made.limits) for _, made in drafts.new)
    if less:
        yield f"{less:,} settle less than they say: 'auditor review show' tells why"
