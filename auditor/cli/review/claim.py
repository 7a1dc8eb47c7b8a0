from __future__ import annotations

from typing import Any

import click

from auditor.cli.review.options import place_options, recording_options, take_step


@click.command()
@click.argument("result")
@click.argument("case")
@place_options
@click.option("--role", required=True, help="The role in which you look at it.")
@recording_options()
def command(result: str, case: str, **said: Any) -> None:
    """Say that you work on a case, so that nobody else begins with it.

    It holds for the three working days (Monday to Friday) after the day of the claim; a claim by
    the same person again begins anew.
    """
    take_step("claimed", result, case, what="claim", **said)
