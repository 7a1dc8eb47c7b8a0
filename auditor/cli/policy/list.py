from __future__ import annotations

from typing import TYPE_CHECKING

import click

from auditor.cli.options import as_of_option, today

if TYPE_CHECKING:
    from datetime import date


@click.command()
@as_of_option
def command(as_of: date | None) -> None:
    """List the shipped packs: version, status, whether in force, what is in them."""
    from auditor.cli.policy.text import show_packs
    from auditor.policy import load_policy, pack_names

    show_packs([load_policy(name) for name in pack_names()], as_of=today(as_of))
