from __future__ import annotations

import click

from auditor.cli.verbs import Verbs

VERBS = {
    "init": "auditor.cli.ledger.init",
    "verify": "auditor.cli.ledger.verify",
    "checkpoint": "auditor.cli.ledger.checkpoint",
    "prove": "auditor.cli.ledger.prove",
    "export": "auditor.cli.ledger.export",
}
"""In the order of a ledger's life: made, looked at, anchored, shown to others."""


@click.command(cls=Verbs, modules=VERBS)
def command() -> None:
    """Make, verify, anchor and export a ledger: what people decided, in entries that stay."""
