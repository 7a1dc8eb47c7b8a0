"""A group of verbs that imports a verb's module only when that verb is named."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from importlib import import_module
from typing import Any

import click

from auditor.cli.problems import BROKEN_PIPE


class Verbs(click.Group):
    """Verbs by their modules, each of which holds a command named ``command``: help stays fast."""

    def __init__(self, *args: Any, modules: Mapping[str, str], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.modules = modules

    def list_commands(self, ctx: click.Context) -> list[str]:  # noqa: ARG002
        """Verbs in the order of the table."""
        return list(self.modules)

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:  # noqa: ARG002
        """Import the verb that is named."""
        if cmd_name not in self.modules:
            return None
        command: click.Command = import_module(self.modules[cmd_name]).command
        return command

    def make_context(self, *args: Any, **kwargs: Any) -> click.Context:
        """Read the words; help is printed here."""
        with _readers_may_go():
            return super().make_context(*args, **kwargs)

    def invoke(self, ctx: click.Context) -> Any:
        """Run the verb that is named."""
        with _readers_may_go():
            return super().invoke(ctx)


@contextmanager
def _readers_may_go() -> Iterator[None]:
    """Name the exit code of a reader that has gone: click itself would make a plain 1 of it."""
    try:
        yield
    except BrokenPipeError:
        raise click.exceptions.Exit(BROKEN_PIPE) from None
