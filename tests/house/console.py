"""Commands shown in a page, and what they really print.

A fenced block of kind ``console`` holds lines that start with ``$ ``; the lines below one are what
it prints, a line ``...`` standing for any number of lines. ``$ echo $?`` shows the exit code. Only
commands of the product are run; of ``make`` the target has to exist.
"""

from __future__ import annotations

import os
import re
import shlex
import subprocess
import sys
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

WIDTH = 80
_FENCE = re.compile(r"^```(?P<kind>\w*)\n(?P<body>.*?)^```$", re.MULTILINE | re.DOTALL)
_DAY = re.compile(r"\d{4}-\d{2}-\d{2}(T[0-9:.]+(Z|[+-]\d\d:\d\d)?)?")


@dataclass(frozen=True, slots=True, kw_only=True)
class Step:
    """One command of a page and what the page says that it prints."""

    command: str
    expected: tuple[str, ...]

    @property
    def words(self) -> list[str]:
        """The command as a shell would split it."""
        return shlex.split(self.command)


@dataclass(frozen=True, slots=True, kw_only=True)
class Ran:
    """What a command printed on both streams, and its exit code."""

    output: str
    code: int


def fenced(page: str, kind: str) -> list[str]:
    """Bodies of the fenced blocks of a kind."""
    return [match["body"] for match in _FENCE.finditer(page) if match["kind"] == kind]


def steps(block: str) -> list[Step]:
    """Commands of one console block with their output."""
    found: list[tuple[str, list[str]]] = []
    for line in block.splitlines():
        if line.startswith("$ "):
            found.append((line.removeprefix("$ "), []))
        elif found and found[-1][0].endswith("\\"):
            command = found.pop()[0].removesuffix("\\").rstrip()
            found.append((f"{command} {line.removeprefix('>').strip()}", []))
        elif found:
            found[-1][1].append(line)
    return [Step(command=command, expected=tuple(lines)) for command, lines in found]


def run(words: Sequence[str], *, cwd: Path) -> Ran:
    """Run ``auditor ...`` with a home of its own, at the width that pages are written for."""
    environment: Mapping[str, str] = {
        **{k: v for k, v in os.environ.items() if k not in ("FORCE_COLOR", "NO_COLOR")},
        "COLUMNS": str(WIDTH),
        "XDG_CONFIG_HOME": str(cwd / ".config"),
        "PYTHONIOENCODING": "utf-8",
    }
    done = subprocess.run(
        [sys.executable, "-m", *words],
        cwd=cwd,
        env=environment,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        encoding="utf-8",
        check=False,
    )
    return Ran(output=done.stdout, code=done.returncode)


def plain(lines: Sequence[str]) -> list[str]:
    """Lines without what differs from day to day: dates, and space at the end of a line."""
    kept = [_DAY.sub("<day>", line.rstrip()) for line in lines]
    while kept and not kept[-1]:
        kept.pop()
    while kept and not kept[0]:
        kept.pop(0)
    return kept


def agree(expected: Sequence[str], printed: Sequence[str]) -> bool:
    """Whether a page shows what was printed; ``...`` stands for any number of lines."""
    pattern = "".join(
        r"(?:.*\n)*?" if line.strip() == "..." else re.escape(line) + r"\n"
        for line in plain(expected)
    )
    return re.fullmatch(pattern, "".join(f"{line}\n" for line in plain(printed))) is not None


def targets(makefile: str) -> set[str]:
    """Targets that a Makefile has."""
    return set(re.findall(r"^([a-z]+):", makefile, re.MULTILINE))
