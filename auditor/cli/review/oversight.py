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
@click.option("--controls", metavar="FILE", help="Control cases that were sealed in time.")
@click.option("--by-person", is_flag=True, help="Also each person: that is monitoring of staff.")
@click.option("--format", "form", type=click.Choice(["text", "json"]), default="text")
@output_option(
    "--out", metavar="FILE", help="Default: standard output; a file holds small numbers too."
)
@as_of_option
def command(
    result: str, ledger: str, form: str, out: str | None, as_of: date | None, **options: Any
) -> None:
    """Measure whether people look at what was flagged, or only confirm.

    From reviews that count alone. With --export, --profile and --key of the audit also by group,
    and every impact ratio before and after review. What is printed hides small numbers, and others
    from which they would follow; a text that goes to a file with --out and the JSON hold every
    number, for internal use.
    """
    import json

    from auditor.cli.ledger.text import put
    from auditor.cli.review.oversight_hiding import summary_rates
    from auditor.cli.review.oversight_text import oversight_lines
    from auditor.report.words import visible
    from auditor.run import load
    from auditor.run.overseeing import oversee

    audit = load(result)
    found = oversee(audit, ledger, as_of=today(as_of), **options)
    if options["by_person"]:
        click.echo(
            "note: timing single people is monitoring of staff; ask first whether it is allowed, "
            "and whom you have to tell",
            err=True,
        )
    if form == "json":
        text = json.dumps(found.document(), indent=2, ensure_ascii=False) + "\n"
    else:
        told = None if out is not None else summary_rates(audit.result.document)
        text = "".join(f"{visible(line)}\n" for line in oversight_lines(found, told))
    put(text, out, what="oversight")
