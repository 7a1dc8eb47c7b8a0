from __future__ import annotations

import click

from auditor.cli.options import signing_options


@click.command()
@click.argument("name")
@click.option("--keyring", metavar="FILE", required=True, help="Whose key is whose.")
@signing_options(required=True, help="Key of the review service.")
@click.option("--url", metavar="URL", required=True, help="Where the review page is opened.")
@click.option(
    "--minutes",
    type=click.IntRange(1, 7 * 24 * 60),
    default=60,
    show_default=True,
    help="How long the link can wait.",
)
def command(
    name: str, keyring: str, sign_with: str, passphrase_file: str | None, url: str, minutes: int
) -> None:
    """Print a link that lets one person of the keyring into the review page, once.

    Whoever has the link is that person to the page: send it to nobody else.
    """
    from datetime import timedelta

    from auditor.cli.policy.passphrases import opened_key
    from auditor.ledger.entry import time_text
    from auditor.review.page.invites import Invite
    from auditor.review.page.listening import origin_of
    from auditor.review.page.service import utc_now
    from auditor.run.serving import invited, service_keyring

    address = origin_of(url)
    private = opened_key(sign_with, passphrase_file)
    until = utc_now() + timedelta(minutes=minutes)
    invite = Invite(
        key=invited(name, service_keyring(keyring, private)), address=address, expires=until
    )
    click.echo(f"{address}/enter?invite={invite.signed(private)}")
    click.echo(f"it lets one person in once, until {time_text(until)}", err=True)
