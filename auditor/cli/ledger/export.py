from __future__ import annotations

from contextlib import closing

import click

from auditor.cli.outputs import output_option


@click.command()
@click.argument("ledger", metavar="LEDGER")
@click.option(
    "--format",
    "form",
    type=click.Choice(["jsonl", "csv"]),
    default="jsonl",
    show_default=True,
    help="jsonl: each entry as the chain holds it; csv: for spreadsheets.",
)
@click.option("--with-words", is_flag=True, help="Also what people wrote, beside the chain.")
@output_option("--out", metavar="FILE", help="Default: standard output.")
def command(ledger: str, form: str, with_words: bool, out: str | None) -> None:
    """Write all entries of a ledger as text.

    Names stand in the keyring only. Free words, which may say much about a person, are written
    with --with-words only.
    """
    from auditor.cli.ledger.text import put
    from auditor.ledger import open_ledger
    from auditor.ledger.export import EXPORT_FORMATS, export_ledger

    chosen = next(one for one in EXPORT_FORMATS if one == form)
    with closing(open_ledger(ledger, read_only=True)) as held:
        text = export_ledger(held, chosen, with_words=with_words)
    put(text, out, what="export")
