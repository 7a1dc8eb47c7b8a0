from __future__ import annotations

from typing import TYPE_CHECKING

import click

from auditor.cli.options import as_of_option, today

if TYPE_CHECKING:
    from datetime import date


@click.command()
@click.argument("policy", metavar="NAME|FILE")
@click.option("--resolved", is_flag=True, help="Print it whole, as YAML with every default.")
@click.option("--origins", is_flag=True, help="With --resolved: where each value comes from.")
@as_of_option
def command(policy: str, resolved: bool, origins: bool, as_of: date | None) -> None:
    """Say in plain words what a policy judges, under which text, with which thresholds."""
    from auditor.cli.policy.text import show_policy
    from auditor.rules.bind import bind
    from auditor.rules.resolve import resolved_text

    (bound,) = bind([policy])
    if resolved or origins:
        _write(resolved_text(bound, origins=origins))
    else:
        show_policy(bound, as_of=today(as_of))


def _write(text: str) -> None:
    """Write for machines: UTF-8 whatever the terminal speaks."""
    import sys

    sys.stdout.buffer.write(text.encode())
