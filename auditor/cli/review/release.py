from __future__ import annotations

import click

from auditor.cli.review.options import place_options, signing_options


@click.command()
@click.argument("result")
@click.argument("case")
@place_options
@signing_options
def command(
    result: str,
    case: str,
    ledger: str,
    keyring: str | None,
    sign_with: str | None,
    passphrase_file: str | None,
    record_anyway: bool,
) -> None:
    """Give a case back, or take it from somebody who is away."""
    from auditor.cli.review.options import desk_for, keep, private_key
    from auditor.review import checked_step
    from auditor.run import load
    from auditor.run.reviewing import opened

    made = load(result)
    with opened(ledger, write=True) as held:
        desk = desk_for(made, held, keyring)
        one = desk.case(case)
        step = checked_step(desk, "released", one, private=private_key(sign_with, passphrase_file))
        keep(step, desk, held, one, anyway=record_anyway, what="release")
