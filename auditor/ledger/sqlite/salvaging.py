"""A new ledger of what still holds in a damaged one; the damaged one stays as it is."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any

from auditor.errors import AuditorError, IntegrityError, UsageError, Where
from auditor.ledger.addresses import is_server
from auditor.ledger.checkpoint import Checkpoint
from auditor.ledger.drafting import next_entry
from auditor.ledger.entry import Entry, new_draft, time_text
from auditor.ledger.sqlite.ledger import SqliteLedger, now
from auditor.ledger.sqlite.making import make_filled, move_in
from auditor.ledger.sqlite.wreck import Wreck, copied, read_wreck
from auditor.ledger.verification.prefix import Prefix, longest_prefix, words_of
from auditor.ledger.verification.verifying import verify_ledger

if TYPE_CHECKING:
    from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

    from auditor.signing.keyring import Keyring


@dataclass(frozen=True, slots=True, kw_only=True)
class Salvage:
    """What became of a damaged ledger: never any words, only how many.

    ``entry`` is the last one of the new ledger, which says that it was salvaged; in front of it
    stand ``size`` entries. ``lost`` entries behind them could be read and do not hold, ``stopped``
    says why there may be more. ``why`` is what is wrong with the first of them. So many
    copies as ``left_over``, of salvages that were interrupted, were removed beside the new one.
    """

    name: str
    entry: Entry
    size: int
    words: int
    words_lost: int
    lost: int
    why: str
    stopped: str
    checkpoints: int
    checkpoints_left: int
    left_over: int


def salvage_ledger(
    damaged: str | Path,
    out: str | Path,
    *,
    checkpoints: Sequence[Checkpoint] = (),
    private: Ed25519PrivateKey | None = None,
    keyring: Keyring | None = None,
    clock: Callable[[], datetime] = now,
) -> Salvage:
    """Copy the longest beginning of a ledger that verifies, with its words, into a new file.

    The new ledger has the name of the damaged one, since its entries were signed for that name; its
    last entry says that it was salvaged, and how much.

    Parameters
    ----------
    damaged : str or Path
        It is copied, never opened, so that no byte of it changes.
    out : str or Path
        A new file.
    checkpoints : sequence of Checkpoint
        Kept elsewhere: no entry is salvaged that one of them does not fit.
    private : Ed25519PrivateKey, optional
        Signs the last entry.
    keyring : Keyring, optional
        With it words are lost, too, that only entries say are gone behind which no person stands.
    clock : callable

    Raises
    ------
    PathError
        When the old file cannot be read, or the new one exists or cannot be made.
    UsageError
        When the ledger is not damaged, or is on a server.
    IntegrityError
        When no entry of it holds.
    """
    if is_server(damaged) or is_server(out):
        raise UsageError(
            "only a ledger in a file is salvaged, into a file",
            slug="salvage-of-a-server",
            hint="restore a backup of the database, and verify it with the last checkpoint",
        )
    source, place = Path(damaged), Path(out)
    with copied(source, place) as (copy, room):
        _must_be_damaged(copy, source, checkpoints, keyring)
        wreck = read_wreck(copy, source)
        prefix = _prefix(wreck, source, checkpoints)
        good, lost = words_of(prefix.entries, wreck.words, keyring)
        entry = _last(wreck, prefix, lost, private, clock)
        made = room.folder / "new.db"
        make_filled(made, (*prefix.entries, entry), good, prefix.notes)
        move_in(made, place)
    return Salvage(
        name=entry.draft.ledger,
        entry=entry,
        size=len(prefix.entries),
        words=len(good),
        words_lost=len(lost),
        lost=len(wreck.rows) - len(prefix.entries),
        why=prefix.why,
        stopped=wreck.stopped,
        checkpoints=len(prefix.notes),
        checkpoints_left=prefix.left,
        left_over=room.left_over,
    )


def _prefix(wreck: Wreck, source: Path, checkpoints: Sequence[Checkpoint]) -> Prefix:
    prefix = longest_prefix(wreck.rows, wreck.notes, checkpoints)
    if not prefix.entries:
        raise IntegrityError(
            f"nothing can be salvaged: {prefix.why or wreck.stopped or 'it has no entry'}",
            slug="nothing-to-salvage",
            where=Where(str(source)),
            hint="keep the file as it is, and go back to a copy of it",
        )
    return prefix


def _must_be_damaged(
    copy: Path, source: Path, checkpoints: Sequence[Checkpoint], keyring: Keyring | None
) -> None:
    """Refuse a ledger that holds: a second one of its name would only confuse people."""
    try:
        with SqliteLedger(copy, read_only=True) as ledger:
            holds = verify_ledger(ledger, checkpoints, keyring=keyring).holds
    except AuditorError:
        return
    if holds:
        raise UsageError(
            "every entry of this ledger holds, so there is nothing to salvage",
            slug="ledger-holds",
            where=Where(str(source)),
            hint="go on with it; 'auditor ledger verify' says what it can show",
        )


def _last(
    wreck: Wreck,
    prefix: Prefix,
    lost: Sequence[tuple[str, str]],
    private: Ed25519PrivateKey | None,
    clock: Callable[[], datetime],
) -> Entry:
    fields: dict[str, list[str]] = {}
    for entry, field in lost:
        fields.setdefault(entry, []).append(field)
    body: dict[str, Any] = {
        "size": len(prefix.entries),
        "root": prefix.root.hex(),
        "damaged": wreck.digest,
        "entries": [{"id": entry, "fields": names} for entry, names in fields.items()],
    }
    draft = new_draft(prefix.entries[0].draft.ledger, "salvaged", body, now=clock())
    return next_entry(
        draft if private is None else draft.signed(private),
        seq=len(prefix.entries),
        at=time_text(clock()),
        previous=prefix.previous,
    )
