from __future__ import annotations

from typing import TYPE_CHECKING

import click

from auditor.cli.options import signing_options
from auditor.cli.review.options import place_options

if TYPE_CHECKING:
    from auditor.review.erasing import Erased


@click.command()
@click.argument("result")
@click.argument("case")
@place_options
@signing_options(required=True)
def command(
    result: str,
    case: str,
    ledger: str,
    keyring: str | None,
    sign_with: str,
    passphrase_file: str | None,
) -> None:
    """Erase what people wrote about a case: rationales, statements, reasons, ids of the export.

    It cannot be undone. Who decided what, and when, stays in the chain, so that reviews count as
    before and the ledger still verifies; a signed entry says what was erased. CASE may be one that
    only the ledger still knows.
    """
    from auditor.cli.policy.passphrases import opened_key
    from auditor.cli.review.options import at_desk
    from auditor.review.erasing import erase_words

    private = opened_key(sign_with, passphrase_file)
    with at_desk(result, ledger, keyring) as (desk, held):
        _show(erase_words(desk, held, case, private=private))


def _show(gone: Erased) -> None:
    from auditor.cli.review.text import say
    from auditor.report.words import many

    if gone.entries:
        texts = sum(gone.fields.values())
        by_field = ", ".join(f"{name} {n:,}" for name, n in sorted(gone.fields.items()))
        say(f"Erased: {many(texts, 'text')} ({by_field}).")
        from_entries = many(gone.entries, "entry", "entries")
        say(f"They lay beside {from_entries} of case {gone.case}; entry {gone.entry.seq} says so.")
    else:
        say(f"The words of case {gone.case} were erased before; entry {gone.entry.seq} says so.")
        say("None of them is left in the ledger; the log of one in a file was emptied just now.")
    say("Not in reach: backups and other copies of the ledger, exports with words, and what the")
    say("disk below it still holds of blocks that were written over; on a server also its log and")
    say("rows that it has not cleaned up yet.")
