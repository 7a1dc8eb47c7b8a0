from __future__ import annotations

from typing import Any

import click

from auditor.cli.review.options import place_options, recording_options, take_step


@click.command()
@click.argument("result")
@click.argument("case")
@place_options
@recording_options()
def command(result: str, case: str, **said: Any) -> None:
    """Give a case back, or take it from somebody who is away."""
    take_step("released", result, case, what="release", **said)
