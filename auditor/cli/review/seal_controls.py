from __future__ import annotations

import click

from auditor.cli.options import signing_options


@click.command()
@click.argument("file")
@click.option("--ledger", metavar="LEDGER", required=True, help="A file, or postgresql://...")
@signing_options(required=True)
def command(file: str, ledger: str, sign_with: str, passphrase_file: str | None) -> None:
    """Seal a list of control cases before anybody reads them.

    FILE is a CSV with the columns 'identity' (or 'decision') and 'right' (favorable or
    unfavorable). Only its SHA-256 goes into the ledger. Keep the file where no reviewer sees it; a
    list that is changed, or sealed after one of its cases was read, measures nothing.
    """
    from auditor.cli.policy.passphrases import opened_key
    from auditor.ledger import new_draft
    from auditor.review.oversight.controls import MOST_BYTES, parse_controls
    from auditor.run.reviewing import opened
    from auditor.signing.files import small_file

    found = parse_controls(small_file(file, MOST_BYTES)[0], file)
    private = opened_key(sign_with, passphrase_file)
    with opened(ledger, write=True) as held:
        body = {"digest": found.digest, "count": len(found.right)}
        draft = new_draft(held.name, "controls-sealed", body).signed(private)
        (entry,) = held.append([draft])
    click.echo(f"sealed: {len(found.right):,} control cases, entry {entry.seq}", err=True)
    click.echo(found.digest)
