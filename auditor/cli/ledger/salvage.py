from __future__ import annotations

import click

from auditor.cli.options import signing_options
from auditor.cli.outputs import LEDGER, output_option


@click.command()
@click.argument("damaged")
@output_option("--out", to=LEDGER, required=True, metavar="NEW", help="The new ledger.")
@click.option(
    "--checkpoint",
    "checkpoints",
    multiple=True,
    metavar="FILE",
    help="Kept outside of the ledger; repeatable. What does not fit it is not salvaged.",
)
@click.option("--keyring", metavar="FILE", help="Whose key is whose.")
@signing_options()
def command(
    damaged: str,
    out: str,
    checkpoints: tuple[str, ...],
    keyring: str | None,
    sign_with: str | None,
    passphrase_file: str | None,
) -> None:
    """Make a new ledger of the entries of a damaged one, up to the first that does not hold.

    The damaged file is not changed: keep it. The new ledger has its name, since people signed for
    that name, and its last entry says that it was salvaged. What was lost is printed. A checkpoint
    that covers more than what was salvaged does not fit the new ledger, and 'ledger verify' exits 6
    with it. With --keyring words that somebody unknown erased are named as lost, so that the new
    ledger holds.
    """
    from auditor.cli.ledger.salvage_text import show_salvage
    from auditor.cli.ledger.text import read_note
    from auditor.cli.policy.passphrases import opened_key
    from auditor.ledger.sqlite.salvaging import salvage_ledger
    from auditor.signing import read_keyring

    trusted = None if keyring is None else read_keyring(keyring)
    outside = [read_note(name) for name in checkpoints]
    private = None if sign_with is None else opened_key(sign_with, passphrase_file)
    made = salvage_ledger(damaged, out, checkpoints=outside, private=private, keyring=trusted)
    show_salvage(made, damaged=damaged, out=out)
