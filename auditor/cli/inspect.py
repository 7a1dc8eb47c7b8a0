from __future__ import annotations

import click


@click.command()
@click.argument("export")
def command(export: str) -> None:
    """Say what this file seems to be: columns, values, doubts; changes nothing."""
