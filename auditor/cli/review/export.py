from __future__ import annotations

from typing import TYPE_CHECKING

import click

from auditor.cli.options import as_of_option, today
from auditor.cli.review.options import place_options

if TYPE_CHECKING:
    from datetime import date


@click.command()
@click.argument("result")
@place_options
@click.option("--final", is_flag=True, required=True, help="With what people decided.")
@click.option("--export", "source", required=True, metavar="EXPORT", help="The file audited.")
@click.option("--profile", required=True, help="How it reads.")
@click.option("--encoding", help="Of a text file that is not UTF-8.")
@click.option("--out", required=True, metavar="FILE")
@as_of_option
def command(
    result: str,
    ledger: str,
    keyring: str | None,
    final: bool,  # noqa: ARG001 - says which of the exports is meant
    source: str,
    profile: str,
    encoding: str | None,
    out: str,
    as_of: date | None,
) -> None:
    """Write every decision of the export with its final outcome, for the system it came from.

    The same rows in the same order; 'pending human' where a mandatory review is open; two more
    columns say who decided and under which case. Cells that look like formulas stay what they
    were. An audit of that file takes the same profile.
    """
    from pathlib import Path

    from auditor.cli.review.options import desk_for
    from auditor.ingest import load_profile
    from auditor.report.base import write_bytes
    from auditor.report.words import visible
    from auditor.review.final import final_export
    from auditor.run import load
    from auditor.run.reviewing import opened

    made = load(result)
    with opened(ledger, write=False) as held:
        queue = desk_for(made, held, keyring).queue(today(as_of))
    written = final_export(
        made.result.document, queue, source, load_profile(profile), encoding=encoding
    )
    write_bytes(Path(out), written.content, what="export", never=(source, ledger))
    click.echo(f"written: {visible(out)}, {written.rows:,} rows", err=True)
    for note in written.notes:
        click.echo(visible(note), err=True)
    if queue.reviews_open:
        waits = "decision is" if queue.reviews_open == 1 else "decisions are"
        click.echo(f"{queue.reviews_open:,} {waits} pending human", err=True)
