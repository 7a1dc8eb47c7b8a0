from __future__ import annotations

from typing import TYPE_CHECKING

import click

from auditor.cli.options import as_of_option, today
from auditor.cli.review.options import place_options

if TYPE_CHECKING:
    from datetime import date

_STATES = ("open", "claimed", "escalated", "overdue", "resolved")


@click.command()
@click.argument("result")
@place_options
@click.option("--role", help="Only cases whose turn it is of this role.")
@click.option("--state", "states", multiple=True, type=click.Choice(_STATES), help="Repeatable.")
@click.option("--format", "form", type=click.Choice(["text", "json"]), default="text")
@as_of_option
def command(
    result: str,
    ledger: str,
    keyring: str | None,
    role: str | None,
    states: tuple[str, ...],
    form: str,
    as_of: date | None,
) -> None:
    """List the cases of a result, the earliest day first; resolved ones with --state resolved.

    It is made for reviewers: the export's own ids stand in it.
    """
    import json
    from datetime import date as day

    from auditor.cli.review.options import desk_for
    from auditor.cli.review.text import plain_item, short, show_list
    from auditor.run import load
    from auditor.run.reviewing import opened

    made = load(result)
    with opened(ledger, write=False) as held:
        found = desk_for(made, held, keyring).queue(today(as_of))
    wanted = states or tuple(state for state in _STATES if state != "resolved")
    items = sorted(
        (
            item
            for item in found.items
            if item.state in wanted and (role is None or role in item.roles)
        ),
        key=lambda item: (item.due or day.max, not item.case.mandatory),
    )
    if form == "json":
        click.echo(json.dumps([plain_item(item) for item in items], indent=2))
    else:
        show_list(items, short(found))
