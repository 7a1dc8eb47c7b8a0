"""Errors as people read them, and the exit code of each."""

from __future__ import annotations

import io
import os
import sys
from collections.abc import Callable
from contextlib import suppress
from typing import TYPE_CHECKING, Any

import click

if TYPE_CHECKING:
    from auditor.errors import AuditorError

BUG, CANNOT_SAY, INTERRUPTED, BROKEN_PIPE = 70, 74, 130, 141
_MOST = 100


def exit_code_of(main: Callable[[], Any]) -> int:
    """Run a command and say what went wrong; an unexpected exception is 70, never 1.

    What cannot be said, because the terminal is gone or its disk is full, is no 0 and no 1 either.
    """
    try:
        code = _run(main)
        for stream in (sys.stdout, sys.stderr):
            if stream is not None:
                stream.flush()
    except BrokenPipeError:
        _silence()
        return BROKEN_PIPE
    except (OSError, ValueError):  # ValueError: the stream was closed
        _silence()
        return CANNOT_SAY
    return code


def _run(main: Callable[[], Any]) -> int:
    from auditor.errors import AuditorError

    try:
        returned = main()
    except click.exceptions.Exit as done:
        return done.exit_code
    except (click.exceptions.Abort, KeyboardInterrupt):
        click.echo("interrupted", err=True)
        return INTERRUPTED
    except click.ClickException as usage:
        shown = io.StringIO()
        usage.show(shown)
        for line in shown.getvalue().splitlines():
            click.echo(_line(line), err=True)
        return 2
    except AuditorError as refused:
        show(refused)
        return refused.exit_code
    except BrokenPipeError:
        raise
    except (Exception, SystemExit) as bug:  # noqa: BLE001 - 1 would read as "gate failed"
        show_bug(bug)
        return BUG
    return returned if isinstance(returned, int) else 0


def show(error: AuditorError) -> None:
    """Print every problem with its place and how to mend it, to standard error."""
    for problem in error.problems[:_MOST]:
        click.echo(f"error: {_line(problem.message)}", err=True)
        if problem.where:
            click.echo(f"  --> {_line(str(problem.where))}", err=True)
        if problem.hint:
            first, *rest = problem.hint.split("\n")
            click.echo(f"  hint: {_line(first)}", err=True)
            for line in rest:
                click.echo(f"        {_line(line)}", err=True)
        click.echo(f"  see docs/messages.md#{problem.slug}", err=True)
    left = len(error.problems) - _MOST
    if left > 0:
        click.echo(f"and {left} more problems", err=True)
    for note in getattr(error, "__notes__", ["nothing was written"]):
        click.echo(note, err=True)


def _line(text: str) -> str:
    """One line that commands no terminal and shows no password: parts of it come from people."""
    from auditor.ledger.addresses import without_passwords
    from auditor.report.words import visible

    return without_passwords(visible(text))


def show_bug(bug: BaseException) -> None:
    """Say where it happened and of which kind it is; its message may hold what a person wrote."""
    import traceback

    chain: list[BaseException] = []
    cause: BaseException | None = bug
    while cause is not None and cause not in chain:
        chain.append(cause)
        cause = cause.__cause__ or cause.__context__
    for raised in chain:
        click.echo("".join(traceback.format_tb(raised.__traceback__)), err=True, nl=False)
        name = type(raised).__name__
        click.echo(f"{name}: message withheld, it may hold personal data", err=True)
    click.echo("this is a bug in auditor, not a verdict", err=True)


def _silence() -> None:
    """Nobody reads any more; without this, Python complains once more when it flushes at exit."""
    with suppress(OSError, ValueError, AttributeError):
        nowhere = os.open(os.devnull, os.O_WRONLY)
        for stream in (sys.stdout, sys.stderr):
            os.dup2(nowhere, stream.fileno())
