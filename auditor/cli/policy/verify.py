from __future__ import annotations

from typing import TYPE_CHECKING

import click

from auditor.cli.options import as_of_option, today

if TYPE_CHECKING:
    from datetime import date


@click.command()
@click.argument("policy", metavar="NAME|FILE")
@click.option("--keyring", required=True, metavar="FILE", help="Whose key is whose.")
@click.option("--signatures", metavar="FILE", help="Default: the policy's path and .sig.")
@as_of_option
def command(policy: str, keyring: str, signatures: str | None, as_of: date | None) -> None:
    """Say who has signed a policy, in which role, and which roles have yet to sign.

    Exits 0 when every role under signed_by has a valid signature by a person of its own, and at
    least one signature is valid; 6 otherwise. A change of the policy makes its signatures void.
    """
    from auditor.cli.policy.signed import show_verification
    from auditor.rules.bind import bind
    from auditor.signing import read_keyring, read_signatures, refusal, signatures_path, verify

    (bound,) = bind([policy])
    trusted = read_keyring(keyring)
    place = signatures_path(bound.policy.path, signatures)
    held = read_signatures(place, optional=signatures is None)
    found = verify(bound, held, trusted, as_of=today(as_of))
    show_verification(bound.policy, found)
    refused = refusal(bound.policy, found)
    if refused:
        raise refused
