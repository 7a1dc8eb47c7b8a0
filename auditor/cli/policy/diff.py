from __future__ import annotations

from typing import TYPE_CHECKING

import click

if TYPE_CHECKING:
    from auditor.rules.bound import BoundPolicy


@click.command()
@click.argument("old", metavar="OLD")
@click.argument("new", metavar="NEW")
@click.option(
    "--format",
    "format_",
    type=click.Choice(["text", "json"]),
    default="text",
    show_default=True,
    help="With json one document on standard output, one record a change.",
)
def command(old: str, new: str, format_: str) -> None:
    """Name every change between two policies, and whether it is tighter or looser.

    Each is a pack's name or a file. What they mean is compared, every default filled in, not how
    they are written. Exits 0 whatever has changed, 2 when one of them is refused.
    """
    from auditor.cli.policy.changes import show_changes, write_changes

    one, other = _bound(old, new)
    if format_ == "json":
        write_changes(one, other)
    else:
        show_changes(one, other)


def _bound(*names: str) -> list[BoundPolicy]:
    """Bind each on its own: two versions of one policy have the same id."""
    from auditor.errors import PolicyError, Problem
    from auditor.rules.bind import bind

    found: list[BoundPolicy] = []
    problems: list[Problem] = []
    for name in dict.fromkeys(names):
        try:
            found += bind([name])
        except PolicyError as refused:
            problems += refused.problems
    if problems:
        raise PolicyError.of(problems)
    return found if len(found) > 1 else found * 2
