from __future__ import annotations

import click


@click.command()
@click.argument("file")
@click.option("--name", help="What checkpoints call it (default: the file's, and some digits).")
def command(file: str, name: str | None) -> None:
    """Make a ledger in a new file that only its owner may read.

    It takes no entry back: reviews, and what else people decide, are added and stay.
    """
    from auditor.cli.ledger.text import show_made
    from auditor.ledger.sqlite import make_ledger

    with make_ledger(file, name) as made:
        show_made(made.name, file)
