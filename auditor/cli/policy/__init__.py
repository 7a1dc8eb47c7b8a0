from __future__ import annotations

import click

from auditor.cli.verbs import Verbs

VERBS = {
    "list": "auditor.cli.policy.list",
    "show": "auditor.cli.policy.show",
    "check": "auditor.cli.policy.check",
    "test": "auditor.cli.policy.test",
}
"""In the order of a policy's life: find one, read it, check it, test it."""


@click.command(cls=Verbs, modules=VERBS)
def command() -> None:
    """List, read, check and test policies; nothing is audited."""
