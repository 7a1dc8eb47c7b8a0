"""Checkpoints beside a chain that was read: which fit, who signed them, how far they reach."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import UTC, date, datetime
from typing import TYPE_CHECKING

from auditor.errors import SignatureError
from auditor.ledger.checkpoint import ROLE, Checkpoint, read_checkpoint
from auditor.ledger.clocks import PUT_RIGHT
from auditor.ledger.verification.findings import Fault

if TYPE_CHECKING:
    from auditor.ledger.verification.chain import Chain
    from auditor.signing.keyring import Keyring


class Anchors:
    """Sizes at which checkpoints fit, apart by where the checkpoints were kept."""

    def __init__(self, chain: Chain, keyring: Keyring | None, as_of: date) -> None:
        self._chain, self._keyring, self._as_of = chain, keyring, as_of
        self._now = max(as_of, datetime.now(UTC).date())
        self.inside: set[int] = set()
        self.outside: set[int] = set()
        self.signed_by_nobody: set[int] = set()
        self.left_aside: list[str] = []

    def check_kept(
        self, checkpoints: Sequence[Checkpoint], malformed: Sequence[str]
    ) -> Iterator[Fault]:
        """Look at those kept in the ledger, in which whoever can write it can keep any note.

        So one that nobody with the role signed is no cover, and no fault either: else anybody could
        end a ledger for good. Without a keyring nobody is known, and what does not fit is one.
        """
        for says in malformed:
            yield from self._kept_wrong(says, signed=False)
        for one in checkpoints:
            why_not = self._why_not(one)
            if why_not is None:
                known = self._why_not_signed(one) is None
                (self.inside if known else self.signed_by_nobody).add(one.size)
            else:
                says = f"a checkpoint in the ledger does not fit: {why_not}"
                yield from self._kept_wrong(says, signed=self._ever_signed(one))

    def _kept_wrong(self, says: str, *, signed: bool) -> Iterator[Fault]:
        if self._keyring is None or signed:
            yield Fault(kind="kept-checkpoint", seq=None, says=says)
        else:
            self.left_aside.append(says)

    def _ever_signed(self, one: Checkpoint) -> bool:
        """Whether somebody who ever had the role says this of this ledger."""
        return (
            self._keyring is not None
            and one.origin == self._chain.name
            and one.signer(self._keyring, since=date.min, as_of=date.max) is not None
        )

    def made_on(self, outside: Sequence[Checkpoint]) -> date | None:
        """Day of the newest of the largest checkpoints from outside; one dated ahead has none."""
        most = max(self.outside, default=None)
        made = (one.made for one in outside if one.size == most)
        days = (at.date() for at in made if at is not None)
        return max((day for day in days if day - self._now <= PUT_RIGHT), default=None)

    def check_outside(self, checkpoints: Sequence[Checkpoint]) -> Iterator[Fault]:
        """Look at those that were kept elsewhere: every one has to fit."""
        for one in checkpoints:
            says = self._why_not(one) or self._why_not_signed(one)
            if says is None:
                self.outside.add(one.size)
            else:
                yield Fault(kind="checkpoint", seq=self._first_missing(one), says=says)

    def _why_not(self, one: Checkpoint) -> str | None:
        size = self._chain.tree.size
        if one.origin != self._chain.name:
            return f"the checkpoint is of another ledger, {one.origin!r}"
        if one.size > size:
            return f"the checkpoint covers {one.size} entries and there are {size}: the end is gone"
        if self._chain.roots[one.size] != one.root:
            return f"the first {one.size} entries are not those that the checkpoint covers"
        return None

    def _why_not_signed(self, one: Checkpoint) -> str | None:
        if self._keyring is None:
            return None
        # an entry that is dated ahead was there before its day, and so was what covers it
        since = min(self._chain.days.get(one.size, date.min), self._now)
        if one.signer(self._keyring, since=since, as_of=self._as_of) is None:
            return f"nobody of the keyring with the role {ROLE!r} signed the checkpoint"
        return None

    def _first_missing(self, one: Checkpoint) -> int | None:
        cut = one.origin == self._chain.name and one.size > self._chain.tree.size
        return self._chain.tree.size if cut else None


def kept_in(notes: Sequence[str]) -> tuple[list[Checkpoint], list[str]]:
    """Read the notes that a ledger keeps, and say what is wrong with those that are none."""
    kept: list[Checkpoint] = []
    malformed: list[str] = []
    for note in notes:
        try:
            kept.append(read_checkpoint(note, "ledger"))
        except SignatureError as cause:
            says = f"a checkpoint in the ledger cannot be read: {cause.problems[0].message}"
            malformed.append(says)
    return kept, malformed
