from __future__ import annotations

from typing import TYPE_CHECKING

import click

from auditor.cli.options import as_of_option, today

if TYPE_CHECKING:
    from datetime import date


@click.command()
@click.argument("policy", metavar="NAME|FILE")
@click.option("--out", required=True, metavar="FILE", help="The page; an earlier one is replaced.")
@as_of_option
def command(policy: str, out: str, as_of: date | None) -> None:
    """Write the copy of a policy that people read aloud and sign: one HTML page for paper.

    It says in words and numbers whom the policy covers, what each rule asks and what follows from a
    breach, and ends with lines for signatures and the digest that they cover.
    """
    from pathlib import Path

    from auditor.cli.policy.signing import signing_copy
    from auditor.errors import PathError, Where
    from auditor.report import write
    from auditor.report.signing_copy import render_signing_copy
    from auditor.report.words import visible
    from auditor.rules.bind import bind

    (bound,) = bind([policy])
    place = Path(out)
    if place.exists() and place.samefile(bound.policy.path):
        raise PathError(
            "the copy would replace the policy itself",
            slug="path-unwritable",
            where=Where(out),
            hint="name another file, such as copy.html",
        )
    write(place, render_signing_copy(signing_copy(bound, as_of=today(as_of))), what="copy")
    click.echo(f"written: {visible(out)}", err=True)
