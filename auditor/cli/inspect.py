from __future__ import annotations

from typing import TYPE_CHECKING

import click

from auditor.cli.outputs import output_option

if TYPE_CHECKING:
    from pathlib import Path

STDOUT = "-"


@click.command()
@click.argument("export")
@output_option(
    "--write-profile",
    "target",
    metavar="FILE",
    help="Write a profile to read and correct; '-' is standard output.",
)
@click.option("--force", is_flag=True, help="Replace the profile when it exists.")
@click.option("--encoding", help="Of a text file that is not UTF-8.")
def command(export: str, target: str | None, force: bool, encoding: str | None) -> None:
    """Say what this file seems to be: columns, values, doubts; changes nothing.

    A profile that it writes marks every guess. An audit refuses it as long as something that no
    audit can do without was not recognised.
    """
    import sys
    from pathlib import Path

    from auditor.cli.inspection import show_inspection
    from auditor.ingest.inspection.draft import profile_text
    from auditor.ingest.inspection.inspecting import inspect_export
    from auditor.report.base import write

    place = Path(target) if target and target != STDOUT else None
    if place is not None:
        _check_target(place, force=force)
    found = inspect_export(export, encoding=encoding)
    if place is not None:
        write(place, profile_text(found), what="profile")
    show_inspection(found, written=target)
    if target == STDOUT:
        # Bytes, because a profile is UTF-8 whatever the terminal speaks.
        sys.stdout.buffer.write(profile_text(found).encode())


def _check_target(place: Path, *, force: bool) -> None:
    """Refuse to replace a file that somebody may have worked on, before anything is read."""
    from auditor.errors import UsageError, Where

    if (place.exists() or place.is_symlink()) and not force:
        raise UsageError(
            "the file exists, and somebody may have corrected it",
            slug="file-exists",
            where=Where(str(place)),
            hint="name another file, or replace it with --force",
        )
