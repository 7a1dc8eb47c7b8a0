"""The command line: the only place that prints or exits."""

from __future__ import annotations

import click

from auditor.cli.verbs import Verbs

VERBS = {
    "demo": "auditor.cli.demo",
    "inspect": "auditor.cli.inspect",
    "audit": "auditor.cli.audit",
    "gate": "auditor.cli.gate",
    "report": "auditor.cli.report",
    "policy": "auditor.cli.policy",
    "review": "auditor.cli.review",
    "ledger": "auditor.cli.ledger",
}
"""Verbs in the order of a first day: the module of each holds a command named ``command``."""


@click.command(cls=Verbs, modules=VERBS, context_settings={"help_option_names": ["-h", "--help"]})
@click.version_option(package_name="auditor", message="auditor %(version)s")
def main() -> None:
    """Audit HR decision models for group differences; keep people in charge of decisions.

    \b
    auditor demo                                  try it: a sample export, end to end
    auditor inspect EXPORT                        what this file seems to be
    auditor audit EXPORT --profile F --policy P   measure, judge, explain, flag
    auditor gate EXPORT|RESULT                    the verdict as an exit code
    auditor policy VERB                           read, check, test, compare or print what is judged
    auditor review VERB                           decisions that wait for a person
    auditor ledger VERB                           what people decided, in entries that stay

    Exit codes: 0 done or pass, 1 gate failed, 2 usage, policy or profile wrong, 3 export cannot be
    audited, 4 no verdict, 5 mandatory reviews open, 6 integrity not accepted, 70 bug, 74 a path
    cannot be opened or written, 130 interrupted. Nothing leaves this machine.
    """  # noqa: D301 - click ends a paragraph's rewrapping at this very character
