from __future__ import annotations

from typing import TYPE_CHECKING

import click

from auditor.cli.options import as_of_option

if TYPE_CHECKING:
    from datetime import date

    from auditor.rules.bind import BoundPolicy
    from auditor.run.example_cases import Prepared


@click.group()
def command() -> None:
    """List, read, check and test policies; nothing is audited."""


@command.command("list")
@as_of_option
def list_packs(as_of: date | None) -> None:
    """List the shipped packs: version, status, whether in force, what is in them."""
    from auditor.cli.policy_text import show_packs
    from auditor.policy import load_policy, pack_names

    show_packs([load_policy(name) for name in pack_names()], as_of=_today(as_of))


@command.command()
@click.argument("policy", metavar="NAME|FILE")
@click.option("--resolved", is_flag=True, help="Print it whole, as YAML with every default.")
@click.option("--origins", is_flag=True, help="With --resolved: where each value comes from.")
@as_of_option
def show(policy: str, resolved: bool, origins: bool, as_of: date | None) -> None:
    """Say in plain words what a policy judges, under which text, with which thresholds."""
    from auditor.cli.policy_text import show_policy
    from auditor.rules.bind import bind
    from auditor.rules.resolve import resolved_text

    (bound,) = bind([policy])
    if resolved or origins:
        _write(resolved_text(bound, origins=origins))
    else:
        show_policy(bound, as_of=_today(as_of))


@command.command()
@click.argument("policies", nargs=-1, required=True, metavar="NAME|FILE...")
@as_of_option
def check(policies: tuple[str, ...], as_of: date | None) -> None:
    """Find everything wrong in some policies, and what is worth a second look.

    Exits 2 when one is refused. Warnings and notes refuse nothing.
    """
    from auditor.cli.policy_text import show_remarks
    from auditor.errors import PolicyError, Problem
    from auditor.rules.lint import remarks

    problems: list[Problem] = []
    for name in policies:
        try:
            bound, _ = _examined(name)
        except PolicyError as refused:
            problems += refused.problems
        else:
            show_remarks(bound, remarks(bound, _today(as_of)))
    if problems:
        raise PolicyError.of(problems)


@command.command()
@click.argument("policies", nargs=-1, required=True, metavar="NAME|FILE...")
@click.option("--mutate", is_flag=True, help="Also move every number; an example has to notice.")
def test(policies: tuple[str, ...], mutate: bool) -> None:
    """Run the examples inside some policies through the engine.

    Exits 2 when one turns out otherwise than the policy says, or when there is none. With --mutate
    every number of every rule is moved by one in its third figure, up and down, and a move that no
    example notices exits 2 as well.
    """
    from auditor.cli.policy_text import show_nudged, show_tried
    from auditor.errors import PolicyError, Problem
    from auditor.run.examples import example_problems, run_examples
    from auditor.run.nudging import nudge_all, nudge_problems

    problems: list[Problem] = []
    for name in policies:
        try:
            bound, prepared = _examined(name)
        except PolicyError as refused:
            problems += refused.problems
            continue
        tried = run_examples(bound, prepared)
        show_tried(bound, tried)
        wrong = example_problems(bound, tried)
        problems += wrong
        if mutate and not wrong:
            nudged = nudge_all(bound, prepared)
            show_nudged(nudged)
            problems += nudge_problems(nudged)
    if problems:
        raise PolicyError.of(problems)


def _examined(name: str) -> tuple[BoundPolicy, list[Prepared]]:
    """Bind a policy and measure its examples."""
    from auditor.rules.bind import bind
    from auditor.run.example_cases import prepare

    (bound,) = bind([name])
    return bound, prepare(bound)


def _today(as_of: date | None) -> date:
    from datetime import UTC, datetime

    return as_of or datetime.now(UTC).date()


def _write(text: str) -> None:
    """Write for machines: UTF-8 whatever the terminal speaks."""
    import sys

    sys.stdout.buffer.write(text.encode())
