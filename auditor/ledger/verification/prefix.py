"""The longest beginning of what was read from which every entry is as it was added."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from auditor.errors import SignatureError
from auditor.ledger.authentic import why_no_person
from auditor.ledger.checkpoint import Checkpoint, read_checkpoint
from auditor.ledger.entry import gone_in
from auditor.ledger.reading import NO_PREVIOUS
from auditor.ledger.tree import Tree, leaf_hash
from auditor.ledger.verification.chain import Chain
from auditor.ledger.verification.signatures import Signatures

if TYPE_CHECKING:
    from auditor.ledger.entry import Entry, Words
    from auditor.ledger.store import Row
    from auditor.ledger.verification.findings import Fault
    from auditor.signing.keyring import Keyring


@dataclass(frozen=True, slots=True, kw_only=True)
class Prefix:
    """Entries that verify, and why the next one does not; empty where they are all.

    ``root`` is that of the tree over them, ``previous`` the hash of the last one. ``notes`` are
    checkpoints kept in the ledger that cover no more and fit, ``left`` how many do not.
    """

    entries: tuple[Entry, ...]
    root: bytes
    previous: str
    why: str
    notes: tuple[str, ...]
    left: int


def longest_prefix(
    rows: Sequence[Row], notes: Sequence[str], outside: Sequence[Checkpoint] = ()
) -> Prefix:
    """Find it.

    Parameters
    ----------
    rows : sequence of Row
    notes : sequence of str
        Checkpoints kept in the ledger. They shorten nothing: whoever could write the ledger could
        write them too.
    outside : sequence of Checkpoint
        Kept elsewhere. Where one does not fit, only what the largest one below it covers is as it
        was.
    """
    kept = [(note, one) for note in notes if (one := _read(note)) is not None]
    sizes = frozenset(one.size for one in (*outside, *(one for _, one in kept)))
    entries, roots, fault = _verified(rows, sizes)
    why = "" if fault is None else fault.says
    name = entries[0].draft.ledger if entries else ""

    def fits(one: Checkpoint) -> bool:
        return one.origin == name and roots.get(one.size) == one.root

    covered = [one for one in outside if one.size <= len(entries)]
    wrong = min((one.size for one in covered if not fits(one)), default=None)
    if wrong is not None:
        most = max((one.size for one in covered if one.size < wrong and fits(one)), default=0)
        why = f"the first {wrong} entries are not those that a checkpoint from outside covers"
        entries = entries[:most]
    good = [note for note, one in kept if one.size <= len(entries) and fits(one)]
    leaves = [leaf_hash(entry.content) for entry in entries]
    return Prefix(
        entries=tuple(entries),
        root=Tree(leaves).root(),
        previous=leaves[-1].hex() if leaves else NO_PREVIOUS,
        why=why,
        notes=tuple(good),
        left=len(notes) - len(good),
    )


def words_of(
    entries: Iterable[Entry],
    words: Mapping[tuple[str, str], Words],
    keyring: Keyring | None = None,
) -> tuple[dict[tuple[str, str], Words], list[tuple[str, str]]]:
    """Words that are those of the digests, and places of those that should be there and are not.

    With a keyring those should be there, too, that only entries say are gone behind which no
    person stands.
    """
    said: dict[tuple[str, str], str] = {}
    gone: set[tuple[str, str]] = set()
    excused: set[tuple[str, str]] = set()
    for entry in entries:
        said.update({(entry.draft.id, name): d for name, d in entry.draft.words.items()})
        if entry.draft.kind in ("erased", "salvaged"):
            gone.update(gone_in(entry))
            if keyring is None or why_no_person(entry, keyring) is None:
                excused.update(gone_in(entry))
    good = {
        at: words[at]
        for at, digest in said.items()
        if at in words and at not in gone and words[at].digest == digest
    }
    return good, [at for at in said if at not in good and at not in excused]


def _verified(
    rows: Sequence[Row], sizes: frozenset[int]
) -> tuple[list[Entry], dict[int, bytes], Fault | None]:
    entries: list[Entry] = []
    faults: list[Fault] = []
    with Signatures() as signatures:
        chain = Chain(None, sizes, signatures, entries)
        for row in rows:
            faults += chain.read(row)
            if faults:
                break
        faults += signatures.rest()
    first = min(faults, key=lambda fault: fault.seq or 0, default=None)
    return entries if first is None else entries[: first.seq], chain.roots, first


def _read(note: str) -> Checkpoint | None:
    try:
        return read_checkpoint(note, "ledger")
    except SignatureError:
        return None
