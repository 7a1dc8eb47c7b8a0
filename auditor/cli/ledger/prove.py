from __future__ import annotations

from contextlib import closing

import click

from auditor.cli.outputs import output_option


@click.command()
@click.argument("ledger", metavar="LEDGER")
@click.argument("entry", metavar="NUMBER|ID")
@click.option("--checkpoint", metavar="FILE", help="The moment it is about (default: now).")
@click.option("--consistency", metavar="FILE", help="An older checkpoint that it continues.")
@output_option("--out", metavar="FILE", help="Default: standard output.")
def command(
    ledger: str, entry: str, checkpoint: str | None, consistency: str | None, out: str | None
) -> None:
    """Prove to somebody without the ledger that an entry stands in it, as JSON.

    The proof holds the entry, its place and the hashes up to the root that the checkpoint names
    (RFC 6962). Words beside the entry are not in it.
    """
    import json

    from auditor.cli.ledger.text import put, read_note
    from auditor.ledger import open_ledger
    from auditor.ledger.proofs import prove

    at = None if checkpoint is None else read_note(checkpoint)
    since = None if consistency is None else read_note(consistency)
    with closing(open_ledger(ledger, read_only=True)) as held:
        proof = prove(held, entry, at, since=since)
    text = json.dumps(proof, indent=2) + "\n"  # ASCII: it outlives a ticket of any encoding
    put(text, out, what="proof")
