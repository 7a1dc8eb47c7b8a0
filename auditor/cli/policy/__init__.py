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
    "sign": "auditor.cli.policy.sign",
    "verify": "auditor.cli.policy.verify",
}
"""In the order of a policy's life: find one, read it, check, test and change it, sign it."""


@click.command(cls=Verbs, modules=VERBS)
def command() -> None:
    """List, read, check, test, compare, print and sign policies; nothing is audited."""
