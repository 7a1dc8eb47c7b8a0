from __future__ import annotations

from datetime import datetime
from typing import TYPE_CHECKING, Any

import click

from auditor.cli.options import signing_options
from auditor.cli.review.options import export_options, place_options

if TYPE_CHECKING:
    from auditor.review import Desk
    from auditor.review.requesting import Asked


@click.command()
@click.argument("result")
@click.argument("decision")
@place_options
@click.option("--kind", required=True, type=click.Choice(["appeal", "reconsideration"]))
@click.option("--policy", required=True, help="The policy of the result that sets the clock.")
@click.option(
    "--received",
    required=True,
    type=click.DateTime(["%Y-%m-%d"]),
    metavar="DATE",
    help="The day from which the clock runs.",
)
@click.option("--statement-file", metavar="FILE", help="The person's own words, in UTF-8.")
@export_options
@signing_options(required=True)
def command(
    result: str, decision: str, ledger: str, keyring: str | None, kind: str, **said: Any
) -> None:
    """Record that the person concerned asked to have a decision looked at again.

    The case is in the queue from then on, mandatory and due as the policy says, although no rule
    may have flagged it. DECISION is the export's own id; for one that was not flagged, name the
    export, its profile and the key as well. Whoever enters a request holds a role of the policy,
    and does not answer it.
    """
    from auditor.cli.policy.passphrases import opened_key
    from auditor.cli.review.options import desk_for
    from auditor.cli.review.text import show_kept
    from auditor.cli.texts import words_of_file
    from auditor.ledger.reading import moment
    from auditor.review.requesting import checked_request, clock_of
    from auditor.run import load
    from auditor.run.reviewing import opened

    made = load(result)
    clock = clock_of(made.result.document, said["policy"], kind)
    file: str | None = said["statement_file"]
    received: datetime = said["received"]
    statement = "" if file is None else words_of_file(file, "statement")
    private = opened_key(said["sign_with"], said["passphrase_file"])
    with opened(ledger, write=True) as held:
        desk = desk_for(made, held, keyring)
        checked = checked_request(
            desk,
            _asked(desk, decision, said),
            clock,
            policy=said["policy"],
            received=received.date(),
            statement=statement,
            private=private,
        )
        (entry,) = held.append([checked.draft], checked.words)
        item = desk.with_entries([entry]).item(entry.draft.body["case"], moment(entry.at).date())
    show_kept(checked, entry, item, what="request")
    click.echo(f"  case {item.case.id}, due {entry.draft.body['due']}", err=True)


def _asked(desk: Desk, decision: str, said: dict[str, Any]) -> Asked:
    from auditor.errors import UsageError
    from auditor.review.requesting import flagged
    from auditor.run.rereading import reread

    found = flagged(desk, decision)
    if found is None and said["export"] is not None:
        # a result without flags was made without a key, and people may ask all the same
        again = reread(
            said["export"],
            said["profile"],
            said["key"],
            encoding=said["encoding"],
            first=not desk.cases,
        )
        found = again.asked(decision)
    if found is None:
        raise UsageError(
            "no decision of this queue has this id",
            slug="unknown-decision",
            hint="check the id; for a decision that was not flagged add --export, --profile, --key",
        )
    return found
