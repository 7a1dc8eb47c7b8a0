from __future__ import annotations

from typing import TYPE_CHECKING

import click

from auditor.cli.options import as_of_option, today
from auditor.cli.outputs import must_spare, output_option

if TYPE_CHECKING:
    from datetime import date


@click.command()
@click.argument("policy", metavar="NAME|FILE")
@output_option("--out", required=True, metavar="FILE", help="The page; an earlier one is replaced.")
@as_of_option
def command(policy: str, out: str, as_of: date | None) -> None:
    """Write the copy of a policy that people read aloud and sign: one HTML page for paper.

    It says in words and numbers whom the policy covers, what each rule asks and what follows from a
    breach, and ends with lines for signatures and the digest that they cover.
    """
    from pathlib import Path

    from auditor.cli.policy.signing import signing_copy
    from auditor.policy.ancestors import ancestors
    from auditor.report import write
    from auditor.report.signing_copy import render_signing_copy
    from auditor.report.words import visible
    from auditor.rules.bind import bind
    from auditor.signing.signature_file import SUFFIX

    (bound,) = bind([policy])
    extended = [above.path for above in ancestors(bound.policy)]
    must_spare("--out", out, [bound.policy.path, bound.policy.path + SUFFIX, *extended])
    write(Path(out), render_signing_copy(signing_copy(bound, as_of=today(as_of))), what="copy")
    click.echo(f"written: {visible(out)}", err=True)
