from __future__ import annotations

from typing import TYPE_CHECKING, Any

import click

from auditor.cli.options import as_of_option, today
from auditor.cli.outputs import output_option
from auditor.cli.review.options import export_options, place_options

if TYPE_CHECKING:
    from datetime import date


@click.command()
@click.argument("result")
@place_options
@export_options
@click.option("--with-words", is_flag=True, help="Add the rationales, whatever stands in them.")
@output_option("--out", metavar="FILE", required=True, help="The CSV to write.")
@as_of_option
def command(result: str, ledger: str, out: str, as_of: date | None, **options: Any) -> None:
    """Write every decision in which people departed from the model, and why, for its owners.

    From reviews that count alone, one line a person and decision; no name and no group. With
    --export, --profile and --key also the features that the profile declares.
    """
    from auditor.cli.ledger.text import put
    from auditor.run import load
    from auditor.run.feedback import feedback

    text = feedback(load(result), ledger, as_of=today(as_of), **options)
    put(text, out, what="feedback")
