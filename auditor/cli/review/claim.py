from __future__ import annotations

import click

from auditor.cli.review.options import place_options, signing_options


@click.command()
@click.argument("result")
@click.argument("case")
@place_options
@click.option("--role", required=True, help="The role in which you look at it.")
@signing_options
def command(
    result: str,
    case: str,
    ledger: str,
    keyring: str | None,
    role: str,
    sign_with: str | None,
    passphrase_file: str | None,
    record_anyway: bool,
) -> None:
    """Say that you work on a case, so that nobody else begins with it."""
    from auditor.cli.review.options import desk_for, keep, private_key
    from auditor.review import checked_step
    from auditor.run import load
    from auditor.run.reviewing import opened

    made = load(result)
    with opened(ledger, write=True) as held:
        desk = desk_for(made, held, keyring)
        one = desk.case(case)
        private = private_key(sign_with, passphrase_file)
        step = checked_step(desk, "claimed", one, role=role, private=private)
        keep(step, desk, held, one, anyway=record_anyway, what="claim")
