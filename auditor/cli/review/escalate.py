from __future__ import annotations

from typing import Any

import click

from auditor.cli.review.options import place_options, recording_options, take_step


@click.command()
@click.argument("result")
@click.argument("case")
@place_options
@click.option("--role", required=True, help="The role in which you look at it.")
@click.option("--to", "to_role", required=True, metavar="ROLE", help="The role that decides.")
@click.option("--why", default="", help="Lies beside the chain and can be erased.")
@recording_options()
def command(result: str, case: str, **said: Any) -> None:
    """Pass a case on to people of another role; from then on they decide.

    Whoever passed it on, or decided about it before, does not decide it any more. What is settled
    is not passed on.
    """
    take_step("escalated", result, case, what="escalation", **said)
