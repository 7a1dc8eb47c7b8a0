from __future__ import annotations

import click

from auditor.cli.policy.examined import examined


@click.command()
@click.argument("policies", nargs=-1, required=True, metavar="NAME|FILE...")
@click.option("--mutate", is_flag=True, help="Also move every number; an example has to notice.")
def command(policies: tuple[str, ...], mutate: bool) -> None:
    """Run the examples inside some policies through the engine.

    Exits 2 when one turns out otherwise than the policy says, or when there is none. With --mutate
    every number of every rule is moved by one in its third figure, up and down, and a move that no
    example notices exits 2 as well.
    """
    from auditor.cli.policy.text import show_nudged, show_tried
    from auditor.errors import PolicyError, Problem
    from auditor.run.examples import example_problems, run_examples
    from auditor.run.nudging import nudge_all, nudge_problems

    problems: list[Problem] = []
    for name in policies:
        try:
            bound, prepared = examined(name)
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
