from __future__ import annotations

from contextlib import closing

import click

from auditor.cli.outputs import LEDGER, output_argument


@click.command()
@output_argument("ledger", to=LEDGER, metavar="LEDGER")
@click.option("--name", help="What checkpoints call it (default: its own, and some digits).")
@click.option(
    "--writer",
    "writers",
    multiple=True,
    metavar="ROLE",
    help="On a server: may read and add; repeatable.",
)
@click.option(
    "--reader",
    "readers",
    multiple=True,
    metavar="ROLE",
    help="On a server: may only read; repeatable.",
)
def command(
    ledger: str, name: str | None, writers: tuple[str, ...], readers: tuple[str, ...]
) -> None:
    """Make a ledger, in a new file or in a database.

    It takes no entry back: reviews, and what else people decide, are added and stay. LEDGER is a
    file, which only its owner may read, or postgresql://USER@HOST/DATABASE: there it gets a schema
    of its own, which belongs to the role that makes it, and --writer names the roles that may add
    to it.
    """
    from auditor.cli.ledger.text import show_made
    from auditor.ledger import make_ledger
    from auditor.ledger.addresses import is_server

    with closing(make_ledger(ledger, name, writers=writers, readers=readers)) as made:
        show_made(made, on_a_server=is_server(ledger), writers=len(writers))
