from __future__ import annotations

from dataclasses import dataclass
from datetime import date
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


UNSEEN = (
    "entries were left out, put in another order, dated anew or, where nobody signed them, "
    "written anew"
)
"""What whoever can write a ledger can do to entries that no checkpoint from outside covers."""


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
    anchored_on : date or None
        The day on which it was made, as its signer says; None where it does not say.
    as_of : date
        The day that counted as today.
    last_good : int or None
        How many entries the largest checkpoint covers, kept or from outside, that fits; with a
        keyring, of those that somebody with the role ``checkpoint`` signed.
    signatures_checked : bool
        Whether a keyring was given, so that signers of checkpoints were looked up.
    signed_by_nobody : tuple of int
        Sizes of checkpoints kept in the ledger that fit, and that nobody of the keyring with the
        role ``checkpoint`` signed; empty without a keyring.
    left_aside : tuple of str
        What is wrong with other checkpoints kept in the ledger that nobody of the keyring with
        that role signed. Anybody could have put them there, so they are no faults; without a
        keyring they are.
    erased : int
        Words that were taken away, as an entry says.
    erased_unsigned : int
        How many of them only entries say that nobody signed; with a keyring, where such words are
        missing, that is a fault.
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
    anchored_on: date | None
    as_of: date
    last_good: int | None
    signatures_checked: bool
    signed_by_nobody: tuple[int, ...]
    erased: int
    salvaged: tuple[int, ...] = ()
    words_lost: int = 0
    cautions: tuple[str, ...] = ()
    signatures_taken: int = 0
    left_aside: tuple[str, ...] = ()
    erased_unsigned: int = 0

    @property
    def holds(self) -> bool:
        """Whether nothing was found; what `cannot_exclude` says may be so all the same."""
        return not self.faults

    @property
    def first_bad(self) -> int | None:
        """Number of the first entry that something is wrong with."""
        return min((f.seq for f in self.faults if f.seq is not None), default=None)

    @property
    def cannot_exclude(self) -> str:
        """What this verification cannot see, in one sentence; with a checkpoint, too.

        What people sign is what they say. Number, time and order of an entry are the ledger's own.
        """
        if self.anchored is None:
            return f"without a checkpoint from outside it cannot be seen whether {UNSEEN}"
        if self.anchored < self.size:
            first, last = self.anchored, self.size - 1
            which = f"entry {first} is" if first == last else f"entries {first} to {last} are"
            return (
                f"{which} not yet anchored by a checkpoint from outside, so from there on it "
                f"cannot be seen whether {UNSEEN}"
            )
        since = "" if self.anchored_on is None else f", since {self.anchored_on},"
        return (
            f"it cannot be seen whether anything was added{since} after entry {self.size - 1} and "
            "left out again"
        )

    @property
    def anchored_today(self) -> bool:
        """Whether a checkpoint from outside covers every entry, and was not made before today."""
        return (
            self.anchored == self.size
            and self.anchored_on is not None
            and self.anchored_on >= self.as_of
        )
