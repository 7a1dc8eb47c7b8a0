from __future__ import annotations

from typing import Any

import click

from auditor.cli.options import signing_options
from auditor.cli.review.options import export_options


@click.command()
@click.argument("result")
@click.option("--ledger", metavar="LEDGER", required=True, help="A file, or postgresql://...")
@click.option("--keyring", metavar="FILE", required=True, help="Whose key is whose.")
@signing_options(required=True, help="Key with the role 'review-service'.")
@export_options
@click.option("--host", default="127.0.0.1", show_default=True, help="Where to listen.")
@click.option(
    "--port", type=click.IntRange(0, 65535), default=8000, show_default=True, help="0: a free one."
)
@click.option("--behind-proxy", is_flag=True, help="A proxy before it encrypts; needs --url.")
@click.option("--url", metavar="URL", help="Where people open the page behind a proxy.")
@click.option(
    "--proxy-header",
    metavar="HEADER",
    help="In which a proxy on this machine names who is logged in, such as X-Remote-User.",
)
def command(result: str, **given: Any) -> None:
    """Run the page on which people review, for this machine alone unless told otherwise.

    People log in by links of 'auditor review invite'. They judge first and see the model's answer
    then. It ends with Ctrl-C; what counts is in the ledger, and nothing else is kept.
    """
    from auditor.cli.policy.passphrases import opened_key
    from auditor.cli.problems import show_bug
    from auditor.review.page.burning import Burned, state_folder
    from auditor.review.page.listening import must_be_installed, must_be_safe, origin_of, serve
    from auditor.review.page.service import Service, utc_now
    from auditor.run import load
    from auditor.run.serving import Boards, evidence_for, service_keyring

    must_be_installed()
    must_be_safe(
        given["host"],
        behind_proxy=given["behind_proxy"],
        address=given["url"],
        proxy_header=given["proxy_header"],
    )
    private = opened_key(given["sign_with"], given["passphrase_file"])
    service_keyring(given["keyring"], private)
    boards = Boards(load(result), given["ledger"], given["keyring"])
    evidence = evidence_for(
        boards, given["export"], given["profile"], given["key"], encoding=given["encoding"]
    )
    burned = Burned(state_folder())
    burned.forget(utc_now())
    service = Service(
        sitting=boards,
        burning=burned,
        private=private,
        evidence=evidence,
        address=None if given["url"] is None else origin_of(given["url"]),
        proxy_header=given["proxy_header"],
        trouble=show_bug,
    )
    serve(service, host=given["host"], port=given["port"], ready=_ready)


def _ready(address: str) -> None:
    click.echo(f"the review page is at {address}", err=True)
    click.echo(f"let people in: auditor review invite NAME … --url {address}", err=True)
