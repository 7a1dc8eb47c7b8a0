from __future__ import annotations

from contextlib import closing

import click

from auditor.cli.options import signing_options
from auditor.cli.outputs import output_option


@click.command()
@click.argument("ledger", metavar="LEDGER")
@signing_options(required=True, help="File with the private key.")
@output_option("--out", metavar="FILE", help="Default: standard output.")
def command(ledger: str, sign_with: str, passphrase_file: str | None, out: str | None) -> None:
    """Sign what a ledger holds now, in a few lines to keep elsewhere.

    A ticket, a mail or another machine will do: what these lines cover cannot be changed later
    without being seen. The ledger is verified first; one that does not hold is not signed. The
    keyring gives the key the role 'checkpoint'.
    """
    from auditor.cli.ledger.text import page, put, show_salvage
    from auditor.cli.policy.passphrases import opened_key
    from auditor.ledger import open_ledger
    from auditor.ledger.checkpoint import sign_checkpoint
    from auditor.ledger.verification import refusal, verify_ledger

    private = opened_key(sign_with, passphrase_file)
    with closing(open_ledger(ledger)) as held:
        found = verify_ledger(held)
        refused = refusal(found, held.place)
        if refused:
            raise refused
        made = sign_checkpoint(held.name, found.size, found.root, private)
        held.keep_checkpoint(made.note)
    show_salvage(page(), found)  # who signs answers for it: a gate rests on a salvage from now on
    put(made.note, out, what="checkpoint")
