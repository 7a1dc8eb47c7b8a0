from __future__ import annotations

from contextlib import closing
from typing import TYPE_CHECKING

import click

from auditor.cli.options import as_of_option, today

if TYPE_CHECKING:
    from datetime import date


@click.command()
@click.argument("ledger", metavar="LEDGER")
@click.option(
    "--checkpoint",
    "checkpoints",
    multiple=True,
    metavar="FILE",
    help="Kept outside of the ledger; repeatable.",
)
@click.option("--keyring", metavar="FILE", help="Whose key is whose.")
@click.option("--strict", is_flag=True, help="Exit 6 also for what cannot be excluded.")
@as_of_option
def command(
    ledger: str,
    checkpoints: tuple[str, ...],
    keyring: str | None,
    strict: bool,
    as_of: date | None,
) -> None:
    """Say whether every entry is as it was added, and what cannot be seen.

    Exits 6 when an entry, its words, the file or a checkpoint does not hold. Without a checkpoint
    that was kept elsewhere, a ledger whose end was cut off or written anew looks whole: it exits 0
    and says so, and 6 with --strict. Nothing is repaired.
    """
    from auditor.cli.ledger.text import read_note, show_check
    from auditor.ledger import open_ledger
    from auditor.ledger.verification import refusal, verify_ledger
    from auditor.signing import read_keyring

    outside = [read_note(name) for name in checkpoints]
    trusted = None if keyring is None else read_keyring(keyring)
    with closing(open_ledger(ledger, read_only=True)) as held:
        place = held.place
        found = verify_ledger(held, outside, keyring=trusted, as_of=today(as_of))
    show_check(found, place)
    refused = refusal(found, place, strict=strict)
    if refused:
        raise refused
