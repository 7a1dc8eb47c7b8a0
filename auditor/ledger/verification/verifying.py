from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import UTC, date, datetime
from typing import TYPE_CHECKING

from auditor.errors import IntegrityError
from auditor.ledger.clocks import says_ahead
from auditor.ledger.verification.anchors import Anchors, kept_in
from auditor.ledger.verification.chain import Chain
from auditor.ledger.verification.findings import Fault, FaultKind, LedgerCheck
from auditor.ledger.verification.signatures import Signatures

if TYPE_CHECKING:
    from auditor.ledger.checkpoint import Checkpoint
    from auditor.ledger.entry import Entry
    from auditor.ledger.store import Stored
    from auditor.signing.keyring import Keyring

_MOST = 100
_ALWAYS_KEPT: frozenset[FaultKind] = frozenset(("storage", "checkpoint"))


def verify_ledger(
    ledger: Stored,
    checkpoints: Sequence[Checkpoint] = (),
    *,
    keyring: Keyring | None = None,
    as_of: date | None = None,
    keep: list[Entry] | None = None,
    since_checkpoint: bool = False,
) -> LedgerCheck:
    """Check everything that a ledger says about itself, and what checkpoints say about it.

    Nothing is repaired. Without a checkpoint that was kept elsewhere nobody can tell whether
    entries were left out, put in another order or dated anew: `LedgerCheck.cannot_exclude` says so.

    Parameters
    ----------
    ledger : Stored
    checkpoints : sequence of Checkpoint
        Kept outside of the ledger.
    keyring : Keyring, optional
        Whose keys are whose; without it nobody's signature of a checkpoint is looked up. With it
        only those that somebody with the role ``checkpoint`` signed cover anything.
    as_of : date, optional
        The day that counts as today.
    keep : list of Entry, optional
        Gets every entry that could be read, in its order, so that nobody has to read them twice;
        they are those of this ledger only where the check holds.
    since_checkpoint : bool
        Compute the signatures of those entries only that no checkpoint from outside covers.
        Whoever signed one verified the others first; every checkpoint has to fit, as always, and
        its signer must be in the keyring.

    Raises
    ------
    ValueError
        When ``since_checkpoint`` is asked for without a keyring.
    """
    if since_checkpoint and keyring is None:
        raise ValueError("nobody can answer for signatures without a keyring")
    taken = max((one.size for one in checkpoints), default=0) if since_checkpoint else 0
    with ledger.reading(), Signatures(taken) as signatures:
        kept, malformed = kept_in(ledger.checkpoints())
        today = as_of or datetime.now(UTC).date()
        sizes = frozenset(one.size for one in (*kept, *checkpoints))
        chain = Chain(keyring, sizes, signatures, keep)
        faults = _Faults()
        cautions = tuple(ledger.cautions())
        faults.extend(_read(ledger, chain))
        faults.extend(signatures.rest())
    anchors = Anchors(chain, keyring, today)
    faults.extend(anchors.check_kept(kept, malformed))
    faults.extend(anchors.check_outside(checkpoints))
    if chain.tree.size == 0:
        faults.extend([Fault(kind="ledger", seq=0, says="there is no first entry")])
    return LedgerCheck(
        name=chain.name,
        size=chain.tree.size,
        root=chain.tree.root(),
        faults=faults.kept(),
        fault_count=faults.count,
        clock_went_back=tuple(chain.clock_went_back),
        not_authentic=tuple(
            (seq, why) for seq, why in chain.not_authentic if seq not in signatures.not_genuine
        ),
        unsigned=chain.unsigned,
        anchored=max(anchors.outside, default=None),
        anchored_on=anchors.made_on(checkpoints),
        as_of=today,
        last_good=max((*anchors.inside, *anchors.outside), default=None),
        signatures_checked=keyring is not None,
        signed_by_nobody=tuple(sorted(anchors.signed_by_nobody)),
        erased=chain.beside.erased,
        salvaged=tuple(chain.salvaged),
        words_lost=chain.beside.lost,
        cautions=(*cautions, *_ahead(chain)),
        signatures_taken=taken,
        left_aside=tuple(anchors.left_aside),
        erased_unsigned=chain.beside.erased_unsigned,
    )


def _ahead(chain: Chain) -> Iterator[str]:
    says = says_ahead(chain.newest, datetime.now(UTC)) if chain.newest else ""
    if says:
        yield says


def _read(ledger: Stored, chain: Chain) -> Iterator[Fault]:
    """Read all of it; where the store cannot go on, that is a fault at the next entry."""
    try:
        for text in ledger.faults():
            yield Fault(kind="storage", seq=None, says=text)
        for row in ledger.rows():
            yield from chain.read(row)
        yield from chain.beside.faults(ledger.words())
    except IntegrityError as cause:
        yield Fault(kind="storage", seq=chain.tree.size, says=cause.problems[0].message)


class _Faults:
    """Keeps the first faults and counts all: one that runs through a million entries is enough.

    The first are those of the first entries, in whatever order they are found.
    """

    def __init__(self) -> None:
        self._always: list[Fault] = []
        self._found: list[Fault] = []
        self.count = 0

    def extend(self, faults: Iterator[Fault] | Sequence[Fault]) -> None:
        for fault in faults:
            self.count += 1
            if fault.kind in _ALWAYS_KEPT:
                self._always.append(fault)
                continue
            self._found.append(fault)
            if len(self._found) > 2 * _MOST:
                self._found = _in_order(self._found)[:_MOST]

    def kept(self) -> tuple[Fault, ...]:
        return tuple(_in_order([*self._always, *_in_order(self._found)[:_MOST]]))


def _in_order(faults: Sequence[Fault]) -> list[Fault]:
    last = float("inf")
    return sorted(faults, key=lambda fault: last if fault.seq is None else fault.seq)
