from __future__ import annotations

import click

from auditor.cli.verbs import Verbs

VERBS = {
    "list": "auditor.cli.policy.list",
    "show": "auditor.cli.policy.show",
    "check": "auditor.cli.policy.check",
    "test": "auditor.cli.policy.test",
    "diff": "auditor.cli.policy.diff",
    "print": "auditor.cli.policy.print",
}
"""In the order of a policy's life: find one, read it, check it, test it, change it, sign it."""


@click.command(cls=Verbs, modules=VERBS)
def command() -> None:
    """List, read, check, test, compare and print policies; nothing is audited."""
