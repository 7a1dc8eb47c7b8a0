from __future__ import annotations

from typing import TYPE_CHECKING

import click

from auditor.cli.options import as_of_option, today
from auditor.cli.review.options import place_options

if TYPE_CHECKING:
    from datetime import date

    from auditor.run import Audit


@click.command()
@click.argument("result")
@place_options
@click.option("--format", "form", type=click.Choice(["text", "json"]), default="text")
@as_of_option
def command(result: str, ledger: str, keyring: str | None, form: str, as_of: date | None) -> None:
    """Say in numbers how much was reviewed, how much in time, and what does not count."""
    import json

    from auditor.run import load

    made = load(result).reviewed(ledger, keyring, as_of=today(as_of))
    if form == "json":
        click.echo(json.dumps(made.reviews, indent=2))
    else:
        _show(made)


def _show(made: Audit) -> None:
    from auditor.report.reviews import review_lines
    from auditor.report.words import visible

    reviews = made.reviews
    if reviews is None:
        return
    for line in review_lines(reviews):
        click.echo(visible(line))
    cases = ", ".join(f"{n} {state}" for state, n in reviews["cases"].items() if n)
    click.echo(f"cases: {cases or 'none'}")
    for row in reviews["by_rule"]:
        asked = "mandatory" if row["mandatory"] else "advised"
        click.echo(
            visible(
                f"{row['rule']} ({asked}): {row['closed']} of {row['flagged']} done, "
                f"{row['in_time']} in time, {row['overdue']} overdue"
            )
        )
    for finding in made.result.findings:
        if finding.kind == "flag-budget":
            click.echo(visible(f"load: {finding.says} {finding.detail}".rstrip()))
