"""docs/reviewing.md as somebody follows it, from the demo's flags to a gate that is open."""

from __future__ import annotations

import re
import shlex
import subprocess
import sys
from datetime import date
from pathlib import Path

import pytest

from tests.house import console
from tests.house.source import ROOT
from tests.unit.review.worksheet.sheets import JUDGED, REVIEWED, filled

pytestmark = pytest.mark.system

PAGE = (ROOT / "docs" / "reviewing.md").read_text(encoding="utf-8")
KEY = re.compile(r"ed25519:[A-Za-z0-9+/=]+")
ANSWERS = {
    "first.xlsx": ("first", JUDGED),
    "reveal.xlsx": ("reveal", REVIEWED | {"seconds": 2, "takes_effect": date(2099, 12, 31)}),
}


class Follower:
    """Somebody who saves the files of the page, types its commands, and fills in worksheets."""

    def __init__(self, place: Path) -> None:
        self.place, self.keys, self.case, self.code = place, [], "", 0
        self.wrong: list[str] = []

    def follow(self, page: str) -> None:
        self.save(page, "house.yaml")
        for block in console.fenced(page, "console"):
            for step in console.steps(block):
                self.take(step)
            if len(self.keys) == 3:
                self.save(page, "keyring.yaml")

    def save(self, page: str, name: str) -> None:
        (text,) = (b for b in console.fenced(page, "yaml") if b.startswith(f"# {name}\n"))
        keys = iter(self.keys)
        (self.place / name).write_text(re.sub("ed25519:…", lambda _: next(keys), text))

    def take(self, step: console.Step) -> None:
        if step.command == "echo $?":
            printed = [str(self.code)]
        else:
            printed = self.run([self.case if word == "CASE" else word for word in step.words])
        if not agree(step.expected, printed):
            self.wrong.append("\n".join((f"$ {step.command}", *printed)))

    def run(self, words: list[str]) -> list[str]:
        if words[1:3] == ["review", "serve"]:
            return self.serve(words)
        if words[1:3] == ["review", "import"]:
            step, said = ANSWERS[words[4]]
            if (self.place / words[4]).is_file():
                filled(self.place / words[4], step, lambda _: said)
        ran = console.run(words, cwd=self.place)
        self.code = ran.code
        self.keys += KEY.findall(ran.output) if "--new-key" in words else []
        if words[1:3] == ["review", "list"]:
            self.case = ran.output.split()[0]
        return ran.output.splitlines()

    def serve(self, words: list[str]) -> list[str]:
        """Start the page at a free port, read its first line, and stop it."""
        with subprocess.Popen(
            [sys.executable, "-m", *words, "--port", "0"], cwd=self.place, text=True,
            stdout=subprocess.PIPE, stderr=subprocess.STDOUT,
        ) as page:  # fmt: skip
            assert page.stdout is not None
            line = page.stdout.readline().rstrip()
            page.terminate()
        return [re.sub(r":\d+$", ":8000", line)]


def agree(expected: tuple[str, ...], printed: list[str]) -> bool:
    """As on other pages; a link that is another one every time is shown by how it begins."""
    return console.agree(expected, [re.sub(r"invite=\S+", "invite=...", line) for line in printed])


def test_whoever_follows_the_page_opens_the_gate(tmp_path):
    reader = Follower(tmp_path)
    reader.follow(PAGE)

    assert "\n".join(reader.wrong) == ""
    assert (tmp_path / "final.csv").is_file()


def test_the_page_with_a_step_left_out_is_seen(tmp_path):
    """Without their training on record nothing that people decide counts."""
    reader = Follower(tmp_path)
    first, _, _ = PAGE.partition("## The others")
    reader.follow(first.replace("     trained_on: 2026-03-01, may_change: true}", "     }"))

    assert any("its reviewer was trained by that day" in said for said in reader.wrong)


def test_every_command_of_the_other_pages_names_the_key_with_the_export():
    for name in ("worksheets.md", "review-page.md", "oversight.md"):
        text = (ROOT / "docs" / name).read_text(encoding="utf-8")
        assert "](reviewing.md" in text
        for block in console.fenced(text, "console"):
            for step in console.steps(block):
                words = shlex.split(step.command)
                assert "--export" not in words or "--key" in words, step.command
