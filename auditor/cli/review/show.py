from __future__ import annotations

from typing import TYPE_CHECKING

import click

from auditor.cli.options import as_of_option, today
from auditor.cli.review.options import place_options

if TYPE_CHECKING:
    from datetime import date


@click.command()
@click.argument("result")
@click.argument("case")
@place_options
@as_of_option
def command(result: str, case: str, ledger: str, keyring: str | None, as_of: date | None) -> None:
    """Show one case: why it was flagged, what is missing, which records do not count and why.

    CASE is the beginning of its name, as 'auditor review list' prints it.
    """
    from auditor.cli.review.options import desk_for
    from auditor.cli.review.text import show_case
    from auditor.review.needs import needs_of
    from auditor.review.reasons import reasons_of
    from auditor.run import load
    from auditor.run.reviewing import opened

    made = load(result)
    with opened(ledger, write=False) as held:
        desk = desk_for(made, held, keyring)
    one = desk.case(case)
    item = desk.item(one.id, today(as_of))
    show_case(item, reasons_of(one, desk.demands), needs_of(one, desk.demands))
