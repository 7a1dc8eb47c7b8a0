from __future__ import annotations

from typing import TYPE_CHECKING, Any

import click

from auditor.cli.options import as_of_option, today
from auditor.cli.outputs import FORMAT, output_option
from auditor.cli.review.options import export_options

if TYPE_CHECKING:
    from datetime import date


@click.command()
@click.argument("result")
@output_option(
    "--format",
    "formats",
    to=FORMAT,
    multiple=True,
    required=True,
    metavar="FORMAT=FILE",
    help="html=report.html or text=summary.txt; repeatable.",
)
@click.option("--ledger", metavar="LEDGER", help="What people recorded: a file or a server.")
@click.option("--keyring", metavar="FILE", help="With --ledger: whose key is whose.")
@click.option(
    "--checkpoint",
    "checkpoints",
    multiple=True,
    metavar="FILE",
    help="With --ledger: of the ledger, kept elsewhere; repeatable.",
)
@export_options
@as_of_option
def command(
    result: str,
    formats: tuple[str, ...],
    ledger: str | None,
    keyring: str | None,
    checkpoints: tuple[str, ...],
    as_of: date | None,
    **options: Any,
) -> None:
    """Write reports of a result that 'auditor audit' wrote.

    With --ledger they say what people did about the flags, and the verdict counts it. With
    --export, --profile and --key of the audit the page also says what review did to groups.
    """
    from functools import partial
    from pathlib import Path

    from auditor.cli.review.oversight_groups import effect_lines
    from auditor.cli.reviewed import with_reviews
    from auditor.errors import AuditorError
    from auditor.report import FORMATS, render_html, write
    from auditor.report.words import visible
    from auditor.run import load

    wanted = [_split(text, tuple(FORMATS)) for text in formats]
    if ledger is None:
        _must_be_alone(keyring, as_of, options["export"])
    audit = load(result)
    made = with_reviews(audit, ledger, keyring, as_of, checkpoints).judged()
    render = dict(FORMATS)
    if ledger is not None and options["export"] is not None:
        from auditor.run.overseeing import oversee

        found = oversee(audit, ledger, keyring, as_of=today(as_of), **options)
        render["html"] = partial(render_html, effect=effect_lines(found))
    pages = [(Path(file), render[name](made)) for name, file in wanted]
    for place, page in pages:
        try:
            write(place, page)
        except AuditorError as refused:
            refused.add_note("what is named above was written, and nothing else")
            raise
        click.echo(f"written: {visible(str(place))}", err=True)


def _must_be_alone(keyring: str | None, as_of: date | None, export: str | None) -> None:
    from auditor.errors import UsageError

    if keyring is not None or as_of is not None or export is not None:
        raise UsageError(
            "a keyring, a day and an export are for what a ledger holds, and no ledger is named",
            slug="no-ledger",
            hint="add --ledger LEDGER",
        )


def _split(text: str, known: tuple[str, ...]) -> tuple[str, str]:
    from auditor.documents import did_you_mean
    from auditor.errors import UsageError

    name, sign, file = text.partition("=")
    if name not in known:
        raise UsageError(
            f"there is no report format {name!r}",
            slug="unknown-format",
            hint=did_you_mean(name, known),
        )
    if not sign or not file:
        raise UsageError(
            f"the format {name!r} needs a file to go to",
            slug="format-file",
            hint=f"write it as {name}=FILE",
        )
    return name, file
