"""Options that the verbs of reviews share, and what they open."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING, Any, TypeVar

import click

from auditor.cli.options import signing_options

if TYPE_CHECKING:
    from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

    from auditor.ledger.bodies import Kind
    from auditor.ledger.store import Stored
    from auditor.review import Case, Checked, Desk
    from auditor.run import Audit

F = TypeVar("F", bound=Callable[..., Any])


def place_options(function: F) -> F:
    """Where flags and records stand, and whose key is whose."""
    options = [
        click.option(
            "--ledger", metavar="LEDGER", required=True, help="A file, or postgresql://..."
        ),
        click.option(
            "--keyring", metavar="FILE", help="Whose key is whose; without it no record counts."
        ),
    ]
    for option in reversed(options):
        function = option(function)
    return function


def export_options(function: F) -> F:
    """Let the export be read once more, to join it by identity."""
    options = [
        click.option("--export", metavar="FILE", help="The export that the result was made of."),
        click.option("--profile", metavar="FILE", help="How it reads."),
        click.option("--key", metavar="FILE", help="The key that its flags are identified with."),
        click.option("--encoding", help="Of a text file that is not UTF-8."),
    ]
    for option in reversed(options):
        function = option(function)
    return function


def recording_options(*, required: bool = False) -> Callable[[F], F]:
    """Who says it: a key to sign with, and what happens to a record that does nothing."""
    signed = signing_options(required=required)
    anyway = click.option(
        "--record-anyway", is_flag=True, help="Keep on record also what counts for nothing."
    )
    return lambda function: signed(anyway(function))


def desk_for(result: Audit, ledger: Stored, keyring: str | None) -> Desk:
    """Put the cases of a result beside a ledger."""
    from auditor.run.reviewing import desk_of

    return desk_of(result.result, result.files, ledger, keyring)


@contextmanager
def at_desk(result: str, ledger: str, keyring: str | None) -> Iterator[tuple[Desk, Stored]]:
    """Put a stored result beside a ledger that can be written, and let go of it afterwards."""
    from auditor.run import load
    from auditor.run.reviewing import opened

    made = load(result)
    with opened(ledger, write=True) as held:
        yield desk_for(made, held, keyring), held


def private_key(sign_with: str | None, passphrase_file: str | None) -> Ed25519PrivateKey | None:
    """Key to sign with, where one is named."""
    from auditor.cli.policy.passphrases import opened_key

    return None if sign_with is None else opened_key(sign_with, passphrase_file)


def take_step(
    kind: Kind, result: str, case: str, *, what: str, role: str = "", to_role: str = "",
    why: str = "", **given: Any,
) -> None:  # fmt: skip
    """Claim a case, give it back or pass it on; ``given`` are the shared options of these verbs."""
    from auditor.review import checked_step

    with at_desk(result, given["ledger"], given["keyring"]) as (desk, held):
        one = desk.case(case)
        private = private_key(given["sign_with"], given["passphrase_file"])
        step = checked_step(desk, kind, one, role=role, to_role=to_role, why=why, private=private)
        keep(step, desk, held, one, anyway=given["record_anyway"], what=what)


def keep(made: Checked, desk: Desk, ledger: Stored, case: Case, *, anyway: bool, what: str) -> None:
    """Store a checked draft, and say what became of it."""
    from datetime import UTC, datetime

    from auditor.cli.review.text import show_kept

    if not anyway:
        made.must_count()
    entries = ledger.append([made.draft], made.words)
    day = datetime.now(UTC).date()
    item = desk.with_entries(entries).item(case.id, day)
    show_kept(made, entries[0], item, what=what)
