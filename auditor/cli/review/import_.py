from __future__ import annotations

from typing import TYPE_CHECKING, Any

import click

from auditor.cli.review.options import place_options, recording_options

if TYPE_CHECKING:
    from auditor.review.worksheet.taking import Taken


@click.command()
@click.argument("result")
@click.argument("worksheet")
@place_options
@recording_options(required=True)
def command(result: str, worksheet: str, ledger: str, keyring: str | None, **options: Any) -> None:
    """Take a filled WORKSHEET over into the ledger, signed with your key: all of it or nothing.

    Rows that are blank are not decided yet. Everything that is wrong is named in one go, with its
    cell. A row that is on record already adds nothing, so a worksheet can be filled in bit by bit.
    """
    from auditor.cli.policy.passphrases import opened_key
    from auditor.cli.review.options import at_desk
    from auditor.review.worksheet.reading import saved
    from auditor.review.worksheet.taking import must_be_current, taken

    sheet = saved(worksheet)
    with at_desk(result, ledger, keyring) as (desk, held):
        private = opened_key(options["sign_with"], options["passphrase_file"])
        made = taken(sheet, desk, held.words(), private=private, anyway=options["record_anyway"])
        entries = held.append(
            made.drafts,
            made.words,
            look=lambda: must_be_current(made, held.entries(len(desk.entries))),
        )
    _say(sheet.layout.step, made, len(entries))


def _say(step: str, made: Taken, recorded: int) -> None:
    from auditor.report.words import many

    what = "first judgement" if step == "first" else "review"
    missing = f", {many(made.missing, 'row is', 'rows are')} no more there" if made.missing else ""
    click.echo(
        f"{many(made.filled, 'row')} filled in, {made.blank:,} left blank{missing}", err=True
    )
    click.echo(f"recorded: {many(recorded, what)}; {made.already:,} already recorded", err=True)
    for note in made.notes:
        click.echo(f"note: {note}", err=True)
