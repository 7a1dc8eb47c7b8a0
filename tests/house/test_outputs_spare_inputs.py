"""No verb writes over a file that it was given: every option of every verb is tried."""

from __future__ import annotations

import ast
import inspect
from collections.abc import Callable, Iterator
from contextlib import chdir
from importlib import import_module

import click
import pytest
from click.testing import CliRunner

from auditor.cli import VERBS
from auditor.cli.outputs import FORMAT, Output
from auditor.cli.verbs import Verbs
from auditor.errors import AuditorError, UsageError

_WRITERS = frozenset(
    (
        *("write", "write_bytes", "write_text", "write_whole", "put", "save", "make_key"),
        *("add_signature", "make_ledger", "salvage_ledger", "audit_demo"),
    )
)
"""What a verb calls to write a file that people name."""


def leaves() -> Iterator[tuple[str, click.Command]]:
    """Every verb with its words, read from the tables of the command line."""
    for verb, module in VERBS.items():
        command = import_module(module).command
        if isinstance(command, Verbs):
            for inner, place in command.modules.items():
                yield f"{verb} {inner}", import_module(place).command
        else:
            yield verb, command


def outputs(command: click.Command) -> list[click.Parameter]:
    return [one for one in command.params if isinstance(one.type, Output)]


def takes_a_text(one: click.Parameter) -> bool:
    return type(one.type) is type(click.STRING)


def pairs() -> Iterator[tuple[str, str, str]]:
    for words, command in leaves():
        for out in outputs(command):
            for given in command.params:
                if takes_a_text(given):
                    yield words, str(out.name), str(given.name)


def filled(one: click.Parameter, n: int) -> str:
    """Something that this parameter takes."""
    match one.type:
        case click.Choice():
            return str(one.type.choices[0])
        case click.DateTime():
            return "2026-01-01"
        case click.IntRange():
            return "1"
    return f"html=other-{n}" if one.type is FORMAT else f"other-{n}"


def call(command: click.Command, said: dict[str, str]) -> BaseException | None:
    """Run a verb with these words, and what else it cannot do without."""
    arguments: list[str] = []
    options: list[str] = []
    for n, one in enumerate(command.params):
        value = said.get(str(one.name), filled(one, n) if one.required else None)
        if value is None:
            continue
        if isinstance(one, click.Option):
            options += [one.opts[0], value]
        else:
            arguments.append(value)
    return CliRunner().invoke(command, [*options, "--", *arguments]).exception


def refused(raised: BaseException | None) -> bool:
    return isinstance(raised, UsageError) and raised.problems[0].slug == "out-is-an-input"


@pytest.mark.parametrize(("words", "out", "given"), list(pairs()))
def test_no_output_takes_the_place_of_an_input(tmp_path, monkeypatch, words, out, given):
    monkeypatch.setenv("XDG_CONFIG_HOME", str(tmp_path / "config"))
    command = dict(leaves())[words]
    target = next(one for one in command.params if one.name == out)
    (tmp_path / "mine").write_bytes(b"theirs")
    (tmp_path / "link").symlink_to("mine")
    (tmp_path / "hard").hardlink_to(tmp_path / "mine")
    names = ["mine", "./link", "hard"]
    names += ["mine-wal", "mine-shm", "mine-journal"]
    with chdir(tmp_path):
        for name in names:
            shown = f"html={name}" if target.type is FORMAT else name
            raised = call(command, {given: "mine", out: shown})

            assert refused(raised), (name, raised)
        assert (tmp_path / "mine").read_bytes() == b"theirs"
        assert not (tmp_path / "mine-wal").exists()

        # and the very same words with another name are not refused for that
        other = call(command, {given: "mine", out: filled(target, 99)})

        assert not refused(other)
        assert other is None or isinstance(other, AuditorError | SystemExit)


def written_by(source: str) -> set[str]:
    """Names of writers that a module calls."""
    called = (one.func for one in ast.walk(ast.parse(source)) if isinstance(one, ast.Call))
    calls = [one for one in called if "stdout" not in ast.unparse(one)]
    names = {one.id if isinstance(one, ast.Name) else getattr(one, "attr", "") for one in calls}
    return names & _WRITERS


def is_forgotten(command: click.Command, source: str) -> bool:
    """Whether a verb writes, or has an option that says so, and does not declare it."""
    plain = {opt for one in command.params if takes_a_text(one) for opt in one.opts}
    return "--out" in plain or (bool(written_by(source)) and not outputs(command))


def test_every_verb_that_writes_declares_what():
    found = [
        words
        for words, command in leaves()
        if is_forgotten(command, inspect.getsource(import_module(_module(words))))
    ]

    assert found == []
    assert len(list(leaves())) > 30
    assert len({words for words, _, _ in pairs()}) > 10


def _module(words: str) -> str:
    verb, _, inner = words.partition(" ")
    return import_module(VERBS[verb]).command.modules[inner] if inner else VERBS[verb]


@pytest.mark.parametrize(
    ("option", "source"),
    [
        (click.option("--out"), "def command(out): put('text', out)"),
        (click.option("--elsewhere"), "def command(elsewhere): write(elsewhere, 'text')"),
    ],
)
def test_a_verb_that_forgets_is_seen(option: Callable[..., click.Command], source: str):
    @click.command()
    @option
    def forgetful(**_: str) -> None:
        pass

    assert is_forgotten(forgetful, source)
