"""A result, a ledger and a keyring, joined: what people did about the flags."""

from __future__ import annotations

import hashlib
from collections.abc import Iterator, Mapping, Sequence
from contextlib import closing, contextmanager
from datetime import UTC, date, datetime
from pathlib import Path
from typing import TYPE_CHECKING

from auditor.ledger import open_ledger
from auditor.result.directory import FLAGS_FILE
from auditor.result.flags import read_flags
from auditor.review.case import Demands, cases_of
from auditor.review.counting import counted
from auditor.review.desk import Desk
from auditor.review.requesting import DECISION
from auditor.review.wording import empty_rationales

if TYPE_CHECKING:
    from auditor.ledger import Entry
    from auditor.ledger.checkpoint import Checkpoint
    from auditor.ledger.store import Stored
    from auditor.result import AuditResult
    from auditor.result.reviews import ReviewsDoc
    from auditor.signing.keyring import Keyring


def reviews_of(
    result: AuditResult,
    files: Mapping[str, bytes],
    ledger: str | Path | Stored,
    keyring: str | Path | Keyring | None,
    *,
    as_of: date | None,
    checkpoints: Sequence[Checkpoint] = (),
) -> tuple[ReviewsDoc, date | None]:
    """Count what people recorded about the flags of a result, and tell the newest entry's day.

    That day has come, whatever the clock says and whichever day is asked about.
    """
    with opened(ledger, write=False) as held:
        desk = desk_of(result, files, held, keyring, checkpoints)
    found = desk.queue(as_of or datetime.now(UTC).date())
    newest = max((entry.at[:10] for entry in desk.entries), default=None)
    return counted(found, desk), None if newest is None else date.fromisoformat(newest)


def desk_of(
    result: AuditResult,
    files: Mapping[str, bytes],
    ledger: Stored,
    keyring: str | Path | Keyring | None,
    checkpoints: Sequence[Checkpoint] = (),
) -> Desk:
    """Put a result's cases beside a ledger, once the ledger and checkpoints of it are seen to hold.

    Raises
    ------
    IntegrityError
        When the ledger does not hold, or ``flags.csv`` is not that of the result.
    PathError, SignatureError
        When the keyring cannot be read.
    """
    from auditor.ledger.verification import refusal, verify_ledger
    from auditor.signing import read_keyring

    trusted = read_keyring(keyring) if isinstance(keyring, str | Path) else keyring
    entries: list[Entry] = []
    check = verify_ledger(ledger, checkpoints, keyring=trusted, keep=entries)
    refused = refusal(check, ledger.place)
    if refused is not None:
        raise refused
    content = files.get(FLAGS_FILE)
    rows = [] if content is None else read_flags(content.decode())
    words = ledger.words()
    text = result.to_json().encode("utf-8", "backslashreplace")
    return Desk(
        cases=cases_of(result.document, rows),
        demands=Demands.of(result.document),
        result=hashlib.sha256(text).hexdigest(),
        ledger=ledger.name,
        entries=tuple(entries),
        keyring=trusted,
        ids={entry: said.text for (entry, field), said in words.items() if field == DECISION},
        empty=empty_rationales(entries, words),
        # without a keyring anybody could have signed what fits, so it covers nothing
        covered=None if trusted is None else check.last_good,
        cautions=check.cautions,
        named=None if trusted is None else check.anchored,
        named_on=check.anchored_on,
    )


@contextmanager
def opened(ledger: str | Path | Stored, *, write: bool) -> Iterator[Stored]:
    """Open a ledger by its address for a while; one that is open is passed on, and stays open."""
    if isinstance(ledger, str | Path):
        with closing(open_ledger(ledger, read_only=not write)) as held:
            yield held
    else:
        yield ledger
