from __future__ import annotations

from typing import Any

import click

from auditor.cli.options import audit_options
from auditor.cli.outputs import DIRECTORY, output_option

DEFAULT_OUT = "audit-result"


@click.command()
@click.argument("export")
@audit_options
@output_option(
    "--out",
    to=DIRECTORY,
    default=DEFAULT_OUT,
    show_default=True,
    help="Directory of the result; replaced.",
)
def command(export: str, out: str, **options: Any) -> None:
    """Audit an export and write the result: audit.json, report.html, flags.csv.

    Exits 0 when it did its work, whatever the verdict; 'auditor gate' judges.
    """
    from pathlib import Path

    from auditor.cli.options import run_audit
    from auditor.cli.terminal import show_summary
    from auditor.result.directory import check_target

    check_target(Path(out))
    made = run_audit(export, **options)
    made.save(out)
    show_summary(made.result, where=out)
