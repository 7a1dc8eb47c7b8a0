"""Errors as people read them, and the exit code of each."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, Any

import click

if TYPE_CHECKING:
    from auditor.errors import AuditorError

BUG, INTERRUPTED, BROKEN_PIPE = 70, 130, 141
_MOST = 100


def exit_code_of(main: Callable[[], Any]) -> int:
    """Run a command and say what went wrong; an unexpected exception is 70, never 1."""
    from auditor.errors import AuditorError

    try:
        returned = main()
    except click.exceptions.Exit as done:
        return done.exit_code
    except click.exceptions.Abort:
        click.echo("interrupted", err=True)
        return INTERRUPTED
    except KeyboardInterrupt:
        click.echo("interrupted", err=True)
        return INTERRUPTED
    except click.ClickException as usage:
        usage.show()
        return 2
    except AuditorError as refused:
        show(refused)
        return refused.exit_code
    except BrokenPipeError:
        return _closed_pipe()
    except Exception:  # noqa: BLE001 - Python's own exit code 1 would read as "gate failed"
        return _bug()
    return returned if isinstance(returned, int) else 0


def show(error: AuditorError) -> None:
    """Print every problem with its place and how to mend it, to standard error."""
    from auditor.report.words import visible

    for problem in error.problems[:_MOST]:
        click.echo(f"error: {visible(problem.message)}", err=True)
        if problem.where:
            click.echo(f"  --> {visible(str(problem.where))}", err=True)
        if problem.hint:
            first, *rest = visible(problem.hint).split("\n")
            click.echo(f"  hint: {first}", err=True)
            for line in rest:
                click.echo(f"        {line}", err=True)
        click.echo(f"  see docs/messages.md#{problem.slug}", err=True)
    left = len(error.problems) - _MOST
    if left > 0:
        click.echo(f"and {left} more problems", err=True)
    click.echo("nothing was written", err=True)


def _bug() -> int:
    import traceback

    click.echo(traceback.format_exc(), err=True, nl=False)
    click.echo("this is a bug in auditor, not a verdict; nothing was written", err=True)
    return BUG


def _closed_pipe() -> int:
    import os
    import sys

    # the reader has gone; without this, Python complains once more when it flushes at exit
    os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
    return BROKEN_PIPE
