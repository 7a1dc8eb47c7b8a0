from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import click

from auditor.cli.options import as_of_option, today
from auditor.cli.outputs import output_option

if TYPE_CHECKING:
    from datetime import date

    from auditor.policy import Policy


@click.command()
@click.argument("policy", metavar="[NAME|FILE]", required=False)
@click.option("--key", metavar="KEYFILE", help="File with the private key to sign with.")
@click.option("--role", help="The role that signs, such as hr.")
@output_option("--signatures", metavar="FILE", help="Default: the policy's path and .sig.")
@output_option("--new-key", metavar="KEYFILE", help="Make a private key; sign nothing.")
@click.option("--ask-passphrase", is_flag=True, help="With --new-key: encrypt it; asks twice.")
@click.option("--passphrase-file", metavar="FILE", help="Its first line is the passphrase.")
@as_of_option
def command(
    policy: str | None,
    key: str | None,
    role: str | None,
    signatures: str | None,
    new_key: str | None,
    ask_passphrase: bool,
    passphrase_file: str | None,
    as_of: date | None,
) -> None:
    """Sign a policy in a role, or make a key to sign with.

    What is signed is the whole policy with every default, but for its comments and examples:
    'auditor policy show --resolved' prints it. The signature is added to a file beside the policy.
    With --new-key, the line that goes into a keyring is printed.
    """
    signing = (policy, key, role, signatures, as_of)
    if new_key is not None and not any(value is not None for value in signing):
        _make(new_key, passphrase_file, ask=ask_passphrase)
    elif new_key is None and not ask_passphrase and policy and key and role:
        _sign(policy, key, role, signatures, passphrase_file, today(as_of))
    else:
        from auditor.errors import UsageError

        raise UsageError(
            "signing takes a policy, --key and --role; making a key takes --new-key alone",
            slug="sign-arguments",
            hint="auditor policy sign FILE --key KEYFILE --role ROLE, or "
            "auditor policy sign --new-key KEYFILE",
        )


def _make(place: str, passphrase_file: str | None, *, ask: bool) -> None:
    from auditor.cli.policy.passphrases import chosen
    from auditor.cli.policy.signed import show_key
    from auditor.signing import make_key

    passphrase = chosen(passphrase_file, ask=ask)
    show_key(make_key(place, passphrase), place, encrypted=passphrase is not None)


def _sign(
    name: str, key: str, role: str, signatures: str | None, passphrase_file: str | None, day: date
) -> None:
    from auditor.cli.policy.passphrases import opened_key
    from auditor.cli.policy.signed import show_signature
    from auditor.rules.bind import bind
    from auditor.signing import (
        add_signature,
        read_signatures,
        sign,
        signatures_path,
    )

    (bound,) = bind([name])
    _may_sign(bound.policy, role)
    place = signatures_path(bound.policy.path, signatures)
    read_signatures(place, optional=True)  # what is wrong with it is said before anybody is asked
    private = opened_key(key, passphrase_file)
    made = sign(bound, private, role=role, signed_on=day)
    add_signature(place, made)
    show_signature(made, Path(place))


def _may_sign(policy: Policy, role: str) -> None:
    """Refuse a role that the policy does not ask for: mostly it is misspelt."""
    from auditor.documents import did_you_mean
    from auditor.errors import UsageError, Where

    duty = [name for name, may in policy.roles.items() if "sign-policies" in may]
    wanted = policy.signed_by or tuple(duty)
    if not (role.strip() and role.isprintable()) or (
        (wanted or policy.roles) and role not in wanted
    ):
        raise UsageError(
            f"the role {role!r} is none that signs this policy",
            slug="role-signs-not",
            where=Where(policy.path),
            hint=did_you_mean(role, wanted)
            if wanted
            else "name it under signed_by, or give it the duty 'sign-policies'",
        )
