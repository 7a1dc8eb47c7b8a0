from __future__ import annotations

from contextlib import closing
from datetime import UTC, datetime

import click

from auditor.cli.options import signing_options
from auditor.cli.outputs import output_option


@click.command()
@click.argument("ledger", metavar="LEDGER")
@click.option(
    "--after",
    "earlier",
    multiple=True,
    metavar="FILE",
    help="A checkpoint that you kept elsewhere, the newest at least; repeatable.",
)
@click.option("--keyring", metavar="FILE", help="Whose key is whose.")
@signing_options(required=True, help="File with the private key.")
@output_option("--out", metavar="FILE", help="Default: standard output.")
def command(
    ledger: str,
    earlier: tuple[str, ...],
    keyring: str | None,
    sign_with: str,
    passphrase_file: str | None,
    out: str | None,
) -> None:
    """Sign what a ledger holds now, in a few lines to keep elsewhere.

    A ticket, a mail or another machine will do: what these lines cover cannot be changed later
    without being seen. The ledger is verified first; one that does not hold is not signed, nor one
    that does not continue every checkpoint named with --after. Without --after nobody sees whether
    what is signed was written anew since the last one. With --keyring it is verified as 'ledger
    verify' does: also whether people stand behind what was erased. The keyring gives the key the
    role 'checkpoint'.
    """
    from auditor.cli.ledger.check_text import show_salvage, show_unseen
    from auditor.cli.ledger.text import page, put, read_note
    from auditor.cli.policy.passphrases import opened_key
    from auditor.ledger import open_ledger
    from auditor.ledger.checkpoint import sign_checkpoint
    from auditor.ledger.verification import refusal, verify_ledger
    from auditor.signing import read_keyring

    private = opened_key(sign_with, passphrase_file)
    before = [read_note(name) for name in earlier]
    trusted = None if keyring is None else read_keyring(keyring)
    with closing(open_ledger(ledger)) as held:
        found = verify_ledger(held, before, keyring=trusted)
        refused = refusal(found, held.place)
        if refused:
            raise refused
        made = sign_checkpoint(held.name, found.size, found.root, private, made=datetime.now(UTC))
        held.keep_checkpoint(made.note)
    show_unseen(page(), found)
    show_salvage(page(), found)  # who signs answers for it: a gate rests on a salvage from now on
    put(made.note, out, what="checkpoint")
