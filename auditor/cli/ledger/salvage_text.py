"""What was salvaged of a ledger, and what was lost, as people read it."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

from auditor.cli.ledger.text import counted_entries, page

if TYPE_CHECKING:
    from auditor.ledger.sqlite.salvaging import Salvage


def show_salvage(made: Salvage, *, damaged: str, out: str) -> None:
    """Print where the new ledger is, what is in it, and everything that is not."""
    shown = page()
    for line in _lines(made, damaged, out):
        shown.line("", line, indent=0)


def _lines(made: Salvage, damaged: str, out: str) -> Iterator[str]:
    yield (
        f"The ledger {made.name} was salvaged into {out}: {counted_entries(made.size)}, "
        f"{_texts(made.words)}."
    )
    yield from _lost(made)
    if made.checkpoints_left:
        yield f"Not copied, since they do not fit any more: checkpoints, {made.checkpoints_left}."
    yield f"Entry {made.entry.seq} of the new ledger says that it was salvaged."
    if made.left_over:
        yield "Removed: a copy of a ledger that a salvage left beside it when it was interrupted."
    if made.words_lost and made.entry.draft.signature is None:
        yield (
            "Nobody signed it: with a keyring, the words that it says were lost are missing, and "
            "the new ledger does not hold. Salvage again, and sign with --sign-with."
        )
    yield f"{damaged} is as it was. Keep it, and compare it with a copy."
    yield (
        f"A checkpoint that covers more than {counted_entries(made.size)} does not fit the new "
        "ledger; make a new one now."
    )


def _lost(made: Salvage) -> Iterator[str]:
    if made.lost:
        yield f"Lost: {counted_entries(made.lost)}, from entry {made.size} on: {made.why}."
    if made.stopped:
        seen = made.size + made.lost
        yield f"Lost: whatever followed entry {seen - 1}; it cannot be read ({made.stopped})."
    if made.words_lost:
        yield f"Lost: {_texts(made.words_lost)} beside entries that are there."
    if not (made.lost or made.stopped or made.words_lost):
        yield "No entry and no text was lost; what does not hold is the file around them."


def _texts(number: int) -> str:
    return "1 text" if number == 1 else f"{number:,} texts"
