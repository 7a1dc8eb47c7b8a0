"""Ledgers and checkpoints as people read them, and as files."""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path
from typing import TYPE_CHECKING

import click

from auditor.cli.terminal import console
from auditor.report.page import Page
from auditor.report.words import many, visible

if TYPE_CHECKING:
    from auditor.ledger.checkpoint import Checkpoint
    from auditor.ledger.store import Stored
    from auditor.ledger.verification import LedgerCheck

_MOST_SHOWN = 20
_ENDS = ("", "-wal", "-shm", "-journal")
"""Of the names of the files that one ledger is in."""


def read_note(name: str) -> Checkpoint:
    """Read a checkpoint from its file, also one that came back from a ticket or a mail.

    Raises
    ------
    PathError
        When it cannot be opened.
    SignatureError
        When it is none.
    """
    from auditor.ledger.checkpoint import MOST_CHARACTERS
    from auditor.ledger.pasting import read_pasted
    from auditor.signing.files import small_file

    content, _ = small_file(name, 4 * MOST_CHARACTERS)
    return read_pasted(content, name)


def put(text: str, out: str | None, *, what: str, ledger: str) -> None:
    """Write a text to a file, or to standard output as it is.

    Raises
    ------
    UsageError
        When the file is the ledger itself.
    PathError
        When it cannot be written.
    """
    from auditor.errors import UsageError, Where
    from auditor.report import write

    if out is None:
        # bytes: a checkpoint is signed as UTF-8, whatever the terminal speaks
        click.echo(text.encode(), nl=False)
        return
    place = Path(out)
    if place.resolve() in _files_of(ledger):
        raise UsageError(
            f"the {what} would be written over the ledger",
            slug="out-is-the-ledger",
            where=Where(out),
            hint="name another file with --out",
        )
    write(place, text, what=what)
    click.echo(f"written: {visible(out)}", err=True)


def _files_of(ledger: str) -> set[Path]:
    """Files that a ledger is in; none when it is on a server."""
    from auditor.ledger.addresses import is_server

    if is_server(ledger):
        return set()
    kept = Path(ledger).resolve()
    return {kept.with_name(kept.name + end) for end in _ENDS}


def show_made(made: Stored, *, on_a_server: bool, writers: int) -> None:
    """Print where a new ledger is, and what to do so that it can be trusted later."""
    shown = page()
    shown.line("", f"The ledger {made.name} is in {made.place}.", indent=0)
    _show_cautions(shown, made.cautions())
    if on_a_server:
        shown.line(
            "",
            "Keep the role that made it for its keeper alone: nothing is added through that role.",
            indent=0,
        )
        if not writers:
            shown.line(
                "",
                "Nobody may add to it yet: docs/ledger.md says what to grant.",
                indent=0,
                style="yellow",
            )
    shown.line(
        "",
        "Make checkpoints ('auditor ledger checkpoint') and keep them elsewhere: only they show "
        "later that its end was not cut off.",
        indent=0,
    )


def show_check(found: LedgerCheck, place: str) -> None:
    """Print what became of a verification, and what it could not see."""
    shown = page()
    shown.line("", f"{found.name or 'a ledger without a name'}, {place}", indent=0)
    shown.line("", f"{counted_entries(found.size)}, root {found.root.hex()}", indent=0)
    if found.holds:
        shown.line("", "Every entry is as it was added.", indent=0, style="green")
    else:
        first = "" if found.first_bad is None else f" The first is about entry {found.first_bad}."
        shown.line(
            "",
            f"{many(found.fault_count, 'thing does', 'things do')} not hold.{first}",
            indent=0,
            style="bold red",
        )
    if found.anchored is not None:
        shown.line(
            "", f"A checkpoint from outside covers {counted_entries(found.anchored)}.", indent=0
        )
        if not found.signatures_checked:
            shown.line("", "Who signed it was not looked up: there is no keyring.", indent=0)
        if found.signatures_taken:
            shown.line(
                "",
                f"The signatures of the first {counted_entries(found.signatures_taken)} were not "
                "computed: whoever signed the checkpoint answers for them.",
                indent=0,
                style="yellow",
            )
    elif found.last_good is not None:
        shown.line(
            "",
            "A checkpoint that is kept in the ledger itself covers "
            f"{counted_entries(found.last_good)}; whoever can write the ledger could have made it "
            "fit.",
            indent=0,
        )
    if found.holds and found.cannot_exclude:
        text = found.cannot_exclude
        shown.line("", f"Not shown: {text}.", indent=0, style="yellow")
    _show_cautions(shown, found.cautions)
    _show_remarks(shown, found)


def _show_cautions(shown: Page, cautions: Iterable[str]) -> None:
    for caution in cautions:
        shown.line("", f"Careful: {caution}.", indent=0, style="yellow")


def _show_remarks(shown: Page, found: LedgerCheck) -> None:
    for seq in found.clock_went_back[:_MOST_SHOWN]:
        shown.line(
            "",
            f"Warning: the clock went back; entry {seq} is dated more than 5 minutes before the "
            "one in front of it.",
            indent=0,
        )
    for size in found.signed_by_nobody[-_MOST_SHOWN:]:
        shown.line(
            "",
            f"Warning: a checkpoint that is kept in the ledger, of {counted_entries(size)}, was "
            "signed by nobody of the keyring with the role 'checkpoint'. It covers nothing.",
            indent=0,
        )
    for seq, why in found.not_authentic[:_MOST_SHOWN]:
        shown.line("", f"Nobody stands behind entry {seq}: {why}.", indent=0)
    many = (found.clock_went_back, found.signed_by_nobody, found.not_authentic)
    if max(map(len, many)) > _MOST_SHOWN:
        shown.line("", "And more of these.", indent=0)
    if found.unsigned:
        shown.line("", f"{counted_entries(found.unsigned)} without a signature.", indent=0)
    show_salvage(shown, found)
    if found.erased:
        shown.line("", f"Words that were erased: {found.erased}.", indent=0)


def show_salvage(shown: Page, found: LedgerCheck) -> None:
    """Print which entries say that the ledger was salvaged, and what was lost; nothing if none."""
    for seq in found.salvaged:
        shown.line(
            "", f"Entry {seq} says that what followed was lost, and this is a salvage.", indent=0
        )
    if found.words_lost:
        shown.line("", f"Words that were lost then: {found.words_lost}.", indent=0)


def counted_entries(number: int) -> str:
    """Say how many entries."""
    return f"{number:,} entry" if number == 1 else f"{number:,} entries"


def page() -> Page:
    """Page on the terminal, of text alone."""
    return Page(console=console(), hidden={}, lines=())
