from __future__ import annotations

import click

from auditor.cli.outputs import DIRECTORY, output_argument
from auditor.vocabulary import LARGEST_SEED


@click.command()
@output_argument("directory", to=DIRECTORY, default="auditor-demo", metavar="[DIR]")
@click.option("--seed", type=click.IntRange(0, LARGEST_SEED), default=2026, show_default=True)
def command(directory: str, seed: int) -> None:
    """Audit a messy sample export end to end, offline: export, profile, policy, model, result.

    The data are synthetic. Exits 0 when it did its work and says in words what the gate would exit
    with.
    """
    from pathlib import Path

    from auditor.cli.terminal import console, show_summary
    from auditor.demo import POLICIES, audit_demo

    place = Path(directory)
    files, made = audit_demo(place, seed=seed)
    show_summary(made.result, where=str(place / "result"))
    policies = " ".join(f"--policy {name}" for name in POLICIES)
    page = console()
    page.print(
        f"\nSynthetic data about nobody: {files.export}, read as {files.profile} says.\n"
        f"Open {place / 'result' / 'report.html'} in a browser.\n"
        "The same audit without the model, as a pipeline would run it:\n"
        f"  auditor gate {files.export} --profile {files.profile} "
        f"--system {files.system} {policies}\n"
        f"Its flags are named with the key {place / 'key'}; --key names it where the export is "
        "read again.\n"
        "People decide them from here on. It begins with a place for what they decide, and "
        "docs/reviewing.md goes on to a gate that is shut no more:\n"
        "  auditor ledger init reviews.db",
        soft_wrap=True,
    )
