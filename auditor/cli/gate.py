from __future__ import annotations

from typing import Any

import click
from click.core import ParameterSource

from auditor.cli.options import audit_options
from auditor.cli.outputs import DIRECTORY, output_option


@click.command()
@click.argument("target", metavar="EXPORT|RESULT")
@audit_options
@click.option("--ledger", metavar="LEDGER", help="What people recorded: a file or a server.")
@click.option(
    "--checkpoint",
    "checkpoints",
    multiple=True,
    metavar="FILE",
    help="Of the ledger, kept elsewhere; repeatable.",
)
@output_option("--out", to=DIRECTORY, help="Directory of the result, when an export is judged.")
def command(
    target: str,
    out: str | None,
    ledger: str | None,
    checkpoints: tuple[str, ...],
    **options: Any,
) -> int:
    """Judge an export, or a result that 'auditor audit' wrote; the exit code is the verdict.

    0 pass, 1 failed, 4 no verdict, 5 mandatory reviews open. The verdict of a result is decided
    anew from its findings, and one that says otherwise exits 6; so does one that was not made
    under exactly the policies that --policy names, or not with the --profile.
    With --ledger and --keyring the reviews on record count; a ledger that cannot be opened exits
    74. One that does not hold exits 6, and so does one with entries that have waited for a
    checkpoint for more than 7 days, where the keyring gives somebody the role of making them.
    """
    from pathlib import Path

    from auditor.cli.options import run_audit
    from auditor.cli.reviewed import with_reviews
    from auditor.cli.terminal import show_summary
    from auditor.result.directory import check_target

    if options["policy"] and not _is_result(target):
        if out is not None:
            check_target(Path(out))
        made = run_audit(target, **options)
        if out is not None:
            made.save(out)
    else:
        made = _stored(target, with_ledger=ledger is not None)
    made = with_reviews(made, ledger, options["keyring"], options["as_of"], checkpoints)
    show_summary(made.judged(), where=out)
    return made.verdict.exit_code


def _is_result(target: str) -> bool:
    from pathlib import Path

    from auditor.result.directory import AUDIT_FILE

    path = Path(target)
    return path.name == AUDIT_FILE or (path / AUDIT_FILE).is_file()


_OF_RESULTS = frozenset({"policy", "profile", "keyring"})
_OF_REVIEWS = frozenset({"ledger", "keyring", "as_of", "checkpoints"})


def _stored(target: str, *, with_ledger: bool) -> Any:
    from pathlib import Path

    from auditor.errors import UsageError, Where
    from auditor.run import load
    from auditor.run.made_with import must_be_made_with

    context = click.get_current_context()
    said = [
        name
        for name in context.params
        if name != "target"
        and not (context.params["policy"] and name in _OF_RESULTS)
        and not (with_ledger and name in _OF_REVIEWS)
        and context.get_parameter_source(name) != ParameterSource.DEFAULT
    ]
    path = Path(target)
    if path.is_file() and path.suffix != ".json":
        raise UsageError(
            "an export is judged under a policy, and none is given",
            slug="no-policy",
            where=Where(target),
            hint="add --policy and --profile, or name the directory of a result",
        )
    if said:
        raise UsageError(
            "a stored result is judged as it is; options of an audit do not apply to it",
            slug="result-options",
            hint="with --policy, --profile and --keyring it is held to those; drop the others",
        )
    made = load(target)
    if context.params["policy"]:
        given = {name: context.params[name] for name in ("profile", "keyring")}
        must_be_made_with(made, context.params["policy"], **given)
    return made
