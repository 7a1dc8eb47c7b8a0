from __future__ import annotations

from importlib import import_module

import click
from click.testing import CliRunner

from auditor.cli import VERBS, main
from auditor.cli.verbs import Verbs

INTRO = """\
What every verb says with `--help`. Text for people goes to standard error, machine formats to
standard output or to their file.
"""
_WIDTH = 88


def page() -> str:
    """Text of ``docs/cli.md``."""
    parts = ["# Command line", INTRO.strip(), _block(help_of())]
    for verb in VERBS:
        parts += [f"## {verb}", _block(help_of(verb))]
        for inner in verbs_of(verb):
            parts += [f"### {verb} {inner}", _block(help_of(verb, inner))]
    return "\n\n".join(parts) + "\n"


def verbs_of(verb: str) -> list[str]:
    """Verbs inside a verb, in the order in which its help lists them."""
    command = import_module(VERBS[verb]).command
    return command.list_commands(click.Context(command)) if isinstance(command, Verbs) else []


def help_of(*verb: str) -> str:
    """Help of a verb, or of the whole command line, at a width that no terminal changes."""
    ran = CliRunner().invoke(
        main, [*verb, "--help"], prog_name="auditor", terminal_width=_WIDTH, catch_exceptions=False
    )
    if ran.exit_code:
        raise RuntimeError(f"auditor {' '.join(verb)} --help exits {ran.exit_code}: {ran.output}")
    return ran.output


def _block(text: str) -> str:
    return "```text\n" + "\n".join(line.rstrip() for line in text.strip().splitlines()) + "\n```"
