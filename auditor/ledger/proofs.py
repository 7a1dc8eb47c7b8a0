"""Proofs about a ledger that anybody can check without it, as plain JSON values."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Literal, TypedDict

from auditor.errors import IntegrityError, SignatureError, UsageError
from auditor.ledger.checkpoint import Checkpoint, read_checkpoint
from auditor.ledger.tree import (
    Tree,
    consistency_proof,
    inclusion_proof,
    leaf_hash,
    proves_consistency,
    proves_inclusion,
)

if TYPE_CHECKING:
    from auditor.ledger.store import Stored

FORMAT: Literal["ledger-proof/1"] = "ledger-proof/1"


class Continuation(TypedDict):
    """That the tree of the proof continues that of an older checkpoint, which is part of it."""

    checkpoint: str
    size: int
    root: str
    path: list[str]


class Proof(TypedDict):
    """That an entry stands in a ledger: its text, its place, and the hashes up to the root.

    Hashes are SHA-256 in hexadecimal digits, as RFC 6962 makes them: of 0x00 and the UTF-8 bytes of
    ``entry``, of 0x01 and two others. ``checkpoint`` is the signed note with this size and root.
    """

    format: Literal["ledger-proof/1"]
    ledger: str
    index: int
    size: int
    entry: str
    leaf: str
    path: list[str]
    root: str
    checkpoint: str | None
    continues: Continuation | None


def prove(
    ledger: Stored,
    which: str,
    checkpoint: Checkpoint | None = None,
    *,
    since: Checkpoint | None = None,
) -> Proof:
    """Prove that an entry stands in a ledger.

    Parameters
    ----------
    ledger : Stored
    which : str
        Number or id of the entry.
    checkpoint : Checkpoint, optional
        The ledger at the moment that the proof is about; without it, as it stands now.
    since : Checkpoint, optional
        An older one: the proof shows too that nothing it covers was changed.

    Raises
    ------
    UsageError
        When there is no such entry, or no checkpoint covers it.
    IntegrityError
        When a checkpoint does not fit the ledger.
    """
    with ledger.reading():
        return _proof(ledger, which, checkpoint, since)


def proof_holds(proof: Proof) -> bool:
    """Whether a proof shows what it says; whose the signatures of its checkpoints are is left open.

    Nothing but the proof itself is looked at. Whatever else was read as JSON does not hold.
    """
    try:
        return proof["format"] == FORMAT and _holds(proof)
    except (ValueError, TypeError, LookupError, AttributeError, SignatureError):
        return False


def _proof(
    ledger: Stored, which: str, checkpoint: Checkpoint | None, since: Checkpoint | None
) -> Proof:
    leaves: list[bytes] = []
    places: dict[str, int] = {}
    for row in ledger.rows():
        places[row.id] = len(leaves)
        leaves.append(leaf_hash(row.content))
    size = len(leaves) if checkpoint is None else checkpoint.size
    for one in (checkpoint, since):
        if one is not None:
            _must_fit(one, ledger.name, leaves)
    index = _index(which, places, size)
    if since is not None and not 0 < since.size <= size:
        raise UsageError(
            f"the older checkpoint covers {since.size} entries and the proof is about {size}",
            slug="checkpoints-in-the-wrong-order",
            hint="name the older checkpoint with --consistency",
        )
    covered = leaves[:size]
    return Proof(
        format=FORMAT,
        ledger=ledger.name,
        index=index,
        size=size,
        entry=next(ledger.rows(index)).content.decode(),
        leaf=leaves[index].hex(),
        path=[step.hex() for step in inclusion_proof(covered, index)],
        root=Tree(covered).root().hex(),
        checkpoint=None if checkpoint is None else checkpoint.note,
        continues=None if since is None else _continuation(since, covered),
    )


def _holds(proof: Proof) -> bool:
    leaf, root = leaf_hash(proof["entry"].encode()), bytes.fromhex(proof["root"])
    path = [bytes.fromhex(step) for step in proof["path"]]
    size, note, older = proof["size"], proof["checkpoint"], proof["continues"]
    if leaf.hex() != proof["leaf"]:
        return False
    if not proves_inclusion(leaf, proof["index"], size, path, root):
        return False
    if note is not None and not _says(note, proof["ledger"], size, root):
        return False
    if older is None:
        return True
    old_root = bytes.fromhex(older["root"])
    steps = [bytes.fromhex(step) for step in older["path"]]
    return _says(older["checkpoint"], proof["ledger"], older["size"], old_root) and (
        proves_consistency(older["size"], size, old_root, root, steps)
    )


def _says(note: str, name: str, size: int, root: bytes) -> bool:
    read = read_checkpoint(note, "proof")
    return (read.origin, read.size, read.root) == (name, size, root)


def _continuation(since: Checkpoint, leaves: list[bytes]) -> Continuation:
    return Continuation(
        checkpoint=since.note,
        size=since.size,
        root=since.root.hex(),
        path=[step.hex() for step in consistency_proof(leaves, since.size)],
    )


def _must_fit(one: Checkpoint, name: str, leaves: list[bytes]) -> None:
    if one.origin != name or one.size > len(leaves):
        says = f"it covers {one.size} entries of {one.origin!r}, and {name!r} has {len(leaves)}"
    elif Tree(leaves[: one.size]).root() != one.root:
        says = f"the first {one.size} entries are not those that it covers"
    else:
        return
    raise IntegrityError(
        f"the checkpoint does not fit this ledger: {says}",
        slug="checkpoint-does-not-fit",
        hint="'auditor ledger verify FILE --checkpoint F' says more",
    )


def _index(which: str, places: dict[str, int], size: int) -> int:
    number = int(which) if re.fullmatch(r"[0-9]{1,15}", which) else None
    index = places.get(which, number)
    if index is None or index >= len(places):
        raise UsageError(
            f"there is no entry {which!r} in this ledger",
            slug="no-such-entry",
            hint="name it by its number, from 0, or by the 32 digits of its id",
        )
    if index >= size:
        raise UsageError(
            f"entry {index} is not among the {size} that the checkpoint covers",
            slug="entry-not-covered",
            hint="name a later checkpoint, or make one: auditor ledger checkpoint FILE",
        )
    return index
