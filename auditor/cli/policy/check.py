from __future__ import annotations

from typing import TYPE_CHECKING

import click

from auditor.cli.options import as_of_option, today
from auditor.cli.policy.examined import examined

if TYPE_CHECKING:
    from datetime import date


@click.command()
@click.argument("policies", nargs=-1, required=True, metavar="NAME|FILE...")
@as_of_option
def command(policies: tuple[str, ...], as_of: date | None) -> None:
    """Find everything wrong in some policies, and what is worth a second look.

    Exits 2 when one is refused. Warnings and notes refuse nothing.
    """
    from auditor.cli.policy.text import show_remarks
    from auditor.errors import PolicyError, Problem
    from auditor.rules.lint import remarks

    problems: list[Problem] = []
    for name in policies:
        try:
            bound, _ = examined(name)
        except PolicyError as refused:
            problems += refused.problems
        else:
            show_remarks(bound, remarks(bound, today(as_of)))
    if problems:
        raise PolicyError.of(problems)
