from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

FaultKind = Literal[
    "storage",
    "unreadable",
    "number",
    "chain",
    "id",
    "ledger",
    "signature",
    "words",
    "kept-checkpoint",
    "checkpoint",
]
"""What does not hold: the file itself, the form of an entry, its number, its link to the one
before, its id, its ledger, its signature, the words beside it, a checkpoint in the ledger or one
from outside."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Fault:
    """One thing that does not hold; ``seq`` is the first entry that it is about, if it is known."""

    kind: FaultKind
    seq: int | None
    says: str


@dataclass(frozen=True, slots=True, kw_only=True)
class LedgerCheck:
    """What became of the verification of a ledger.

    Parameters
    ----------
    name : str or None
        Its name, when its first entry can be read.
    size, root
        How many entries there are, and the root of the tree over them.
    faults : tuple of Fault
        In the order of the entries; at most a hundred are kept, ``fault_count`` counts all.
    clock_went_back : tuple of int
        Numbers of entries that are dated more than five minutes before the one in front of them.
    not_authentic : tuple of (int, str)
        Signed entries that nobody of the keyring stands behind, and why; empty without a keyring.
    unsigned : int
        Entries without a signature, the first one of the ledger left out.
    anchored : int or None
        How many entries a checkpoint from outside covers; None without one that fits.
    last_good : int or None
        How many entries the largest checkpoint covers, kept or from outside, that fits; with a
        keyring, of those that somebody with the role ``checkpoint`` signed.
    signatures_checked : bool
        Whether a keyring was given, so that signers of checkpoints were looked up.
    signed_by_nobody : tuple of int
        Sizes of checkpoints kept in the ledger that fit, and that nobody of the keyring with the
        role ``checkpoint`` signed; empty without a keyring.
    erased : int
        Words that were taken away, as an entry says.
    salvaged : tuple of int
        Numbers of entries that say that what had followed was lost, and the ledger salvaged.
    words_lost : int
        Words that were lost then.
    cautions : tuple of str
        What could be done to the ledger through the very connection that it was read through.
    signatures_taken : int
        How many entries' signatures were not computed: the signer of a checkpoint from outside
        answers for them.
    """

    name: str | None
    size: int
    root: bytes
    faults: tuple[Fault, ...]
    fault_count: int
    clock_went_back: tuple[int, ...]
    not_authentic: tuple[tuple[int, str], ...]
    unsigned: int
    anchored: int | None
    last_good: int | None
    signatures_checked: bool
    signed_by_nobody: tuple[int, ...]
    erased: int
    salvaged: tuple[int, ...] = ()
    words_lost: int = 0
    cautions: tuple[str, ...] = ()
    signatures_taken: int = 0

    @property
    def holds(self) -> bool:
        """Whether nothing was found; without an anchor the end may still be missing."""
        return not self.faults

    @property
    def first_bad(self) -> int | None:
        """Number of the first entry that something is wrong with."""
        return min((f.seq for f in self.faults if f.seq is not None), default=None)

    @property
    def cannot_exclude(self) -> str | None:
        """What this verification cannot see, in one sentence; None when nothing is left."""
        if self.anchored is None:
            return (
                "without a checkpoint from outside it cannot be seen whether entries at the end "
                "were left out or written anew"
            )
        if self.anchored < self.size:
            first, last = self.anchored, self.size - 1
            which = f"entry {first} is" if first == last else f"entries {first} to {last} are"
            return f"{which} not yet anchored by a checkpoint from outside"
        return None
