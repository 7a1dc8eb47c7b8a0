"""Options that name what a verb writes: never a file that the verb was given to read."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from functools import wraps
from pathlib import Path
from typing import Any, TypeVar

import click

F = TypeVar("F", bound=Callable[..., Any])


_RESULT = ".json"
"""Of a result that is named by its file: the files that it names lie beside it."""


class Output(click.types.StringParamType):
    """A file that is written, or replaced, as a whole."""

    def covers(self, value: str, given: Path) -> bool:
        """Whether writing what ``value`` names would take away this file."""
        return _is_same(Path(value), given)


class OutputDirectory(Output):
    """A directory that is replaced with everything in it."""

    def covers(self, value: str, given: Path) -> bool:
        """Whether the file lies in it, at any depth."""
        return any(_is_same(Path(value), place) for place in (given, *_resolved(given).parents))


class OutputLedger(Output):
    """A new ledger, with the files that SQLite keeps beside it."""

    def covers(self, value: str, given: Path) -> bool:
        """Whether it is one of them."""
        return any(_is_same(place, given) for place in _ledger_files(Path(value)))


class OutputFormat(Output):
    """A file behind the name of its format: ``html=FILE``."""

    def covers(self, value: str, given: Path) -> bool:
        """Whether it is that file."""
        return _is_same(Path(value.partition("=")[2]), given)


FILE, DIRECTORY, LEDGER, FORMAT = Output(), OutputDirectory(), OutputLedger(), OutputFormat()


def output_option(*names: str, to: Output = FILE, **settings: Any) -> Callable[[F], F]:
    """Give a verb an option that names what it writes, and hold the verb to `spare_inputs`."""
    return lambda function: click.option(*names, type=to, **settings)(_sparing(function))


def output_argument(*names: str, to: Output = FILE, **settings: Any) -> Callable[[F], F]:
    """Give a verb such an argument."""
    return lambda function: click.argument(*names, type=to, **settings)(_sparing(function))


def must_spare(option: str, value: str, inputs: Iterable[str | Path], *, to: Output = FILE) -> None:
    """Refuse to write what would take away one of these files, by any name of it.

    Raises
    ------
    UsageError
    """
    from auditor.errors import UsageError, Where

    if any(to.covers(value, Path(given)) for given in inputs):
        raise UsageError(
            f"{option} would be written over a file that this command reads",
            slug="out-is-an-input",
            where=Where(value),
            hint=f"name another one with {option}",
        )


def _sparing(function: F) -> F:
    @wraps(function)
    def run(*args: Any, **kwargs: Any) -> Any:
        _spare_inputs(click.get_current_context())
        return function(*args, **kwargs)

    return run  # type: ignore[return-value]


def _spare_inputs(context: click.Context) -> None:
    """Hold everything that is written against everything else on the command line.

    Whatever else names a file that is there counts as read, so that no verb has to list it.
    """
    written = [one for one in context.command.params if isinstance(one.type, Output)]
    inputs = [
        place
        for one in context.command.params
        if one not in written
        for value in _texts(context.params[str(one.name)])
        for place in _files_of(value)
    ]
    inputs += _default_key()
    for one in written:
        shown = one.opts[0] if isinstance(one, click.Option) else one.human_readable_name
        for value in _texts(context.params[str(one.name)]):
            must_spare(shown, value, inputs, to=one.type)  # type: ignore[arg-type]


def _texts(value: object) -> Iterator[str]:
    for one in value if isinstance(value, tuple) else (value,):
        if isinstance(one, str):
            yield one


def _files_of(value: str) -> Iterator[Path]:
    """Files that a text names: itself, those of a ledger, those of a result; none if not there."""
    from urllib.parse import unquote

    from auditor.ledger.addresses import is_server
    from auditor.result.directory import READ_BACK

    if is_server(value):
        # keys and certificates may stand in the address of a server
        said = [setting.partition("=")[2] for setting in value.partition("?")[2].split("&")]
        yield from (Path(unquote(one)) for one in said if one)
        return
    place = Path(value)
    if not _is_there(place):
        return
    for name in dict.fromkeys((place, _resolved(place))):
        yield from _ledger_files(name)
        result = name.parent if name.suffix == _RESULT else name
        yield from (result / file for file in READ_BACK)


def _ledger_files(place: Path) -> tuple[Path, ...]:
    from auditor.ledger.sqlite.places import files_of

    return files_of(place)


def _default_key() -> list[Path]:
    """Give the key of identities that is read where none is named."""
    from auditor.result.identity import default_key_path

    try:
        return [default_key_path()]
    except RuntimeError:  # nobody says where home is
        return []


def _is_same(one: Path, other: Path) -> bool:
    """Whether two names are of one file, through links of both kinds and whatever their case."""
    there = _is_there(one), _is_there(other)
    try:
        if all(there):
            return one.samefile(other)
        alike = one.name.casefold() == other.name.casefold()
        return not any(there) and alike and one.parent.samefile(other.parent)
    except (OSError, ValueError):
        return False


def _is_there(place: Path) -> bool:
    try:
        return place.exists()
    except (OSError, ValueError):
        return False


def _resolved(place: Path) -> Path:
    try:
        return place.resolve()
    except (OSError, ValueError, RuntimeError):  # RuntimeError: links in a circle
        return place.absolute()
