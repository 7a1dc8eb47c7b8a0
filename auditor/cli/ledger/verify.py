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
@click.option(
    "--since-checkpoint",
    is_flag=True,
    help="Take signatures under the checkpoint as computed by its signer; compute the later ones.",
)
@click.option(
    "--strict",
    is_flag=True,
    help="Exit 6 also for what a checkpoint of today from outside would exclude.",
)
@as_of_option
def command(
    ledger: str,
    checkpoints: tuple[str, ...],
    keyring: str | None,
    since_checkpoint: bool,
    strict: bool,
    as_of: date | None,
) -> None:
    """Say what of a ledger does not hold, and what cannot be seen.

    Exits 6 when an entry, its words, the file or a checkpoint does not hold; every checkpoint that
    is named has to fit. What people signed cannot be changed unseen, but without a checkpoint that
    was kept elsewhere entries can be left out, put in another order and dated anew: it exits 0 and
    says so, and 6 with --strict. Nothing is repaired.

    What was added after the newest checkpoint and left out again nothing shows. So --strict exits 6
    unless a checkpoint from outside covers every entry and was made on the day that counts as today
    (--as-of) or later, by somebody of the keyring.

    Most of the time goes into signatures. With --since-checkpoint those of entries that the
    checkpoint covers are not computed again: its signer's own verification did, before it was
    signed. Everything else is checked as always.
    """
    from auditor.cli.ledger.check_text import show_check
    from auditor.cli.ledger.text import read_note
    from auditor.errors import UsageError
    from auditor.ledger import open_ledger
    from auditor.ledger.verification import refusal, verify_ledger
    from auditor.signing import read_keyring

    if since_checkpoint and not (checkpoints and keyring):
        raise UsageError(
            "--since-checkpoint needs a checkpoint and the keyring that has its signer",
            slug="nobody-answers-for-signatures",
            hint="name both, --checkpoint FILE --keyring FILE, or leave --since-checkpoint out",
        )
    outside = [read_note(name) for name in checkpoints]
    trusted = None if keyring is None else read_keyring(keyring)
    with closing(open_ledger(ledger, read_only=True)) as held:
        place = held.place
        found = verify_ledger(
            held,
            outside,
            keyring=trusted,
            as_of=today(as_of),
            since_checkpoint=since_checkpoint,
        )
    show_check(found, place)
    refused = refusal(found, place, strict=strict)
    if refused:
        raise refused
