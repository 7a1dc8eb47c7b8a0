"""Options that many verbs have are written once, so that they cannot come apart."""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path

import auditor

CLI = Path(auditor.__file__).parent / "cli"
ONCE = ("--sign-with", "--as-of", "--record-anyway")


def homes(option: str, texts: Iterable[str]) -> int:
    return sum(text.count(f'"{option}",') for text in texts)


def test_what_verbs_share_is_written_in_one_place():
    texts = [path.read_text(encoding="utf-8") for path in CLI.rglob("*.py")]

    assert {option: homes(option, texts) for option in ONCE} == dict.fromkeys(ONCE, 1)


def test_a_second_place_is_seen():
    assert homes("--as-of", ['click.option("--as-of", help="h")', '\n    "--as-of",\n']) == 2
