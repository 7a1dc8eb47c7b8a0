"""Ledgers and checkpoints as people read them, and as files."""

from __future__ import annotations

import sys
from collections.abc import Iterable
from pathlib import Path
from typing import TYPE_CHECKING

import click

from auditor.cli.terminal import console
from auditor.report.page import Page
from auditor.report.words import visible

if TYPE_CHECKING:
    from auditor.ledger.checkpoint import Checkpoint
    from auditor.ledger.store import Stored


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


def put(text: str, out: str | None, *, what: str) -> None:
    """Write a text to a file, or to standard output: as it is, where that is no terminal.

    What people wrote, or whoever could add to the ledger, commands no terminal.

    Raises
    ------
    PathError
        When it cannot be written.
    """
    from auditor.report import write

    if out is None:
        if sys.stdout.isatty():
            text = "\n".join(visible(line.removesuffix("\r")) for line in text.split("\n"))
        # bytes: a checkpoint is signed as UTF-8, whatever the terminal speaks
        click.echo(text.encode(), nl=False)
        return
    write(Path(out), text, what=what)
    click.echo(f"written: {visible(out)}", err=True)


def show_made(made: Stored, *, on_a_server: bool, writers: int) -> None:
    """Print where a new ledger is, and what to do so that it can be trusted later."""
    shown = page()
    shown.line("", f"The ledger {made.name} is in {made.place}.", indent=0)
    show_cautions(shown, made.cautions())
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
        "later that no entry was left out, put in another order or dated anew.",
        indent=0,
    )


def show_cautions(shown: Page, cautions: Iterable[str]) -> None:
    """Print what could be done to a ledger through the way in which it was opened."""
    for caution in cautions:
        shown.line("", f"Careful: {caution}.", indent=0, style="yellow")


def counted_entries(number: int) -> str:
    """Say how many entries."""
    return f"{number:,} entry" if number == 1 else f"{number:,} entries"


def page() -> Page:
    """Page on the terminal, of text alone."""
    return Page(console=console(), hidden={}, lines=())
