"""Options that several verbs share, and how their texts become an audit."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, date, datetime
from typing import TYPE_CHECKING, Any, TypeVar

import click

from auditor.vocabulary import LARGEST_SEED

if TYPE_CHECKING:
    from auditor.run import Audit

F = TypeVar("F", bound=Callable[..., Any])


def _day(ctx: click.Context, param: click.Parameter, value: datetime | None) -> date | None:  # noqa: ARG001
    return None if value is None else value.date()


def as_of_option(function: F) -> F:
    """Let the caller say which day counts as today."""
    return click.option(
        "--as-of",
        type=click.DateTime(["%Y-%m-%d"]),
        callback=_day,
        metavar="DATE",
        help="The day that counts as today (default: today, UTC).",
    )(function)


def today(as_of: date | None) -> date:
    """Day that counts as today."""
    return as_of or datetime.now(UTC).date()


def signing_options(
    *,
    required: bool = False,
    help: str = "Your private key.",  # noqa: A002 - what click calls it
) -> Callable[[F], F]:
    """Whose key signs, and where its passphrase is."""
    key = click.option("--sign-with", metavar="KEYFILE", required=required, help=help)
    passphrase = click.option(
        "--passphrase-file", metavar="FILE", help="Its first line is the passphrase."
    )
    return lambda function: key(passphrase(function))


def audit_options(function: F) -> F:
    """Everything that says what is audited and how; the same for audit and gate."""
    options = [
        click.option("--policy", "-p", multiple=True, help="A pack's name or a file; repeatable."),
        click.option("--profile", help="How the export reads: a profile file."),
        click.option("--system", help="What is on record about the system: a file."),
        as_of_option,
        click.option("--seed", type=click.IntRange(0, LARGEST_SEED), default=0, show_default=True),
        click.option("--encoding", help="Of a text file that is not UTF-8."),
        click.option("--key", help="File with the key that flags are identified with."),
        click.option("--keyring", help="Whose key is whose; policies that are not signed exit 6."),
        click.option(
            "--intersection",
            "intersections",
            multiple=True,
            metavar="A*B",
            help="Cross these attributes too; repeatable.",
        ),
    ]
    for option in reversed(options):
        function = option(function)
    return function


def run_audit(export: str, **options: Any) -> Audit:
    """Audit an export as the options say.

    Raises
    ------
    UsageError
        When the policy or the profile is missing.
    """
    from auditor.errors import UsageError
    from auditor.run import audit
    from auditor.run.auditing import PROFILE_HINT
    from auditor.vocabulary import attributes_of

    if options["profile"] is None:
        raise UsageError(
            "no profile says how this export reads", slug="no-profile", hint=PROFILE_HINT
        )
    crossed = [attributes_of(text) for text in options.pop("intersections")]
    return audit(export, list(options.pop("policy")), intersections=crossed, **options)
