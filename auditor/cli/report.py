from __future__ import annotations

import click


@click.command()
@click.argument("result")
@click.option(
    "--format",
    "formats",
    multiple=True,
    required=True,
    metavar="FORMAT=FILE",
    help="html=report.html or text=summary.txt; repeatable.",
)
def command(result: str, formats: tuple[str, ...]) -> None:
    """Write reports of a result that 'auditor audit' wrote."""
    from pathlib import Path

    from auditor.errors import AuditorError
    from auditor.report import FORMATS, write
    from auditor.report.words import visible
    from auditor.run import load

    wanted = [_split(text, tuple(FORMATS)) for text in formats]
    made = load(result).judged()
    pages = [(Path(file), FORMATS[name](made)) for name, file in wanted]
    for place, page in pages:
        try:
            write(place, page)
        except AuditorError as refused:
            refused.add_note("what is named above was written, and nothing else")
            raise
        click.echo(f"written: {visible(str(place))}", err=True)


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
