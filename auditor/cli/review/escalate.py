from __future__ import annotations

import click

from auditor.cli.review.options import place_options, signing_options


@click.command()
@click.argument("result")
@click.argument("case")
@place_options
@click.option("--role", required=True, help="The role in which you look at it.")
@click.option("--to", "to_role", required=True, metavar="ROLE", help="The role that decides.")
@click.option("--why", default="", help="Lies beside the chain and can be erased.")
@signing_options
def command(
    result: str,
    case: str,
    ledger: str,
    keyring: str | None,
    role: str,
    to_role: str,
    why: str,
    sign_with: str | None,
    passphrase_file: str | None,
    record_anyway: bool,
) -> None:
    """Pass a case on to people of another role; from then on they decide."""
    from auditor.cli.review.options import desk_for, keep, private_key
    from auditor.review import checked_step
    from auditor.run import load
    from auditor.run.reviewing import opened

    made = load(result)
    with opened(ledger, write=True) as held:
        desk = desk_for(made, held, keyring)
        one = desk.case(case)
        private = private_key(sign_with, passphrase_file)
        step = checked_step(
            desk, "escalated", one, role=role, to_role=to_role, why=why, private=private
        )
        keep(step, desk, held, one, anyway=record_anyway, what="escalation")
