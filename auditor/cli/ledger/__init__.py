from __future__ import annotations

import click

from auditor.cli.verbs import Verbs

VERBS = {
    "init": "auditor.cli.ledger.init",
    "verify": "auditor.cli.ledger.verify",
    "checkpoint": "auditor.cli.ledger.checkpoint",
    "prove": "auditor.cli.ledger.prove",
    "export": "auditor.cli.ledger.export",
    "salvage": "auditor.cli.ledger.salvage",
}
"""In the order of a ledger's life: made, looked at, anchored, shown to others, and its end."""


@click.command(cls=Verbs, modules=VERBS)
def command() -> None:
    """Make, verify, anchor, export or salvage a ledger: what people decided, in lasting entries."""
