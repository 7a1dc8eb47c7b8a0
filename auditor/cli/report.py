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

    from auditor.report import FORMATS, write
    from auditor.run import load

    wanted = [_split(text, tuple(FORMATS)) for text in formats]
    made = load(result).judged()
    for name, file in wanted:
        write(Path(file), FORMATS[name](made))
        click.echo(f"written: {file}", err=True)


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
