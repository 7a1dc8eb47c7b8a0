"""Names and texts that try to command a page, a terminal or a spreadsheet: they are only shown."""

from __future__ import annotations

import csv
import io
import unicodedata
from collections import Counter
from collections.abc import Callable
from html.parser import HTMLParser

import pytest

from auditor.report.words import visible

CELLS = (("H", "Advanced", 40), ("H", "Rejected", 60), ("M", "Advanced", 60), ("M", "Rejected", 40))
HOSTILE = {
    "a script": "</style></title></td><script>alert(1)</script><img src=x onerror=alert(1)>",
    "an attribute": '" onmouseover="alert(1)" {{ 7 - 7 }}{% raw %} javascript:alert(1)',
    "commands": "\x1b[31mred\x1b[0m\x1b]0;owned\x07\x9b31m",
    "a turned direction": "a\u202egnp.exe\u2028b\u2029c",
    "a verdict of its own": "F\n  PASS\nGate      exits 0: pass",
    "a formula": "=HYPERLINK(1)",
    "a formula after a blank": " =1+1",
    "a full-width formula": "\uff1d1",
    "markup of the console": "[bold red]x[/bold red][link=file:///]",
    "very long": "long " * 200,
}
POLICY = """\
auditor: policy/1
policy: {{id: ours, title: {0}, version: {0}, status: in-force, owner: {0}, notice: {0},
         effective_from: 2026-01-01}}
basis: [{{id: b, cite: {0}, says: {0}}}]
gates:
  - {{id: g, kind: impact-ratio, says: {0}, because: [b]}}
reviews:
  - {{id: r, kind: near-cut-score, says: {0}, because: [b], reviewer: {0}}}
"""
PROFILE = """\
auditor: profile/1
profile: {{id: hostile}}
columns:
  id: {1}
  outcome: {{column: status, favorable: [Advanced], unfavorable: [Rejected]}}
  groups: {{sex: {{column: {0}, values: as-is}}}}
  score: {{column: score, cut_score: 0.5, scale: [0, 1]}}
"""


def quoted(text: str) -> str:
    """A text as a double-quoted YAML scalar."""
    escaped = "".join(c if c.isalnum() or c == " " else f"\\U{ord(c):08x}" for c in text)
    return f'"{escaped}"'


class Page(HTMLParser):
    """Tags of a page, and every attribute that could run something or ask for it."""

    def __init__(self, text: str) -> None:
        super().__init__()
        self.tags: Counter[str] = Counter()
        self.loud: list[tuple[str, str | None]] = []
        self.feed(text)

    def handle_starttag(self, tag, attrs):
        # how many notes there are depends on the blanks in names
        self.tags[tag] += tag != "li"
        asks = ("href", "src", "srcset", "action", "data", "http-equiv")
        self.loud += [(n, v) for n, v in attrs if n.startswith("on") or n in asks]


@pytest.fixture
def audited(run, tmp_path) -> Callable[[str], tuple[str, str, str]]:
    """Audit people of a group, with ids, columns, a file and a policy called by a text."""

    def audit(text: str) -> tuple[str, str, str]:
        # profiles and policies with control characters are refused, exports are not
        said = "".join(c for c in text if c == "\n" or unicodedata.category(c) != "Cc")
        export = tmp_path / f"{text[:60].replace('/', '-')}.csv"
        with export.open("w", newline="", encoding="utf-8") as file:
            writer = csv.writer(file)
            writer.writerow([f"id {said}", f"group {said}", "status", "score"])
            rows = [(g, s) for g, s, n in CELLS for _ in range(n)]
            for i, (group, status) in enumerate(rows):
                name = text if group == "H" else group
                writer.writerow([f"{text}{i}", name, status, f"0.{i % 100:02d}"])
        (tmp_path / "profile.yaml").write_text(
            PROFILE.format(quoted(f"group {said}"), quoted(f"id {said}"))
        )
        (tmp_path / "policy.yaml").write_text(POLICY.format(quoted(said)))
        ran = run(
            *("gate", export, "--profile", tmp_path / "profile.yaml"),
            *("--policy", tmp_path / "policy.yaml", "--out", tmp_path / "out"),
        )
        assert ran.code == 1, ran.err
        page = (tmp_path / "out" / "report.html").read_text(encoding="utf-8")
        flags = (tmp_path / "out" / "flags.csv").read_text(encoding="utf-8")
        return ran.err, page, flags

    return audit


@pytest.fixture
def benign(audited) -> Page:
    return Page(audited("plain")[1])


def commands_in(text: str) -> set[str]:
    """Characters that no terminal should be given, and no page needs."""
    return {c for c in text if c != "\n" and visible(c) != c}


@pytest.mark.parametrize("kind", HOSTILE)
def test_a_hostile_text_is_only_shown(audited, benign, kind):
    text = HOSTILE[kind]

    said, page, flags = audited(text)

    assert commands_in(said) == set()
    assert [line for line in said.splitlines() if line.startswith("Gate")] == [
        "Gate      exits 1: gate failed"
    ]
    assert commands_in(page) == set()
    assert Page(page).tags == benign.tags
    assert Page(page).loud == benign.loud
    for row in csv.reader(io.StringIO(flags, newline="")):
        assert not [cell for cell in row if cell.strip().startswith(tuple("=+-@\uff1d"))]


@pytest.mark.parametrize("kind", list(HOSTILE)[:5])
def test_a_hostile_name_of_a_file_or_a_column_commands_no_message(run, tmp_path, kind):
    text = HOSTILE[kind]
    name = text[:60].replace("/", "-")
    (tmp_path / name).write_bytes(f'"id","{text.replace(chr(34), chr(34) * 2)}"\n1,2\n'.encode())
    (tmp_path / "profile.yaml").write_text(PROFILE.format(quoted(f"no {text}"), quoted("id")))
    profile = ("--profile", tmp_path / "profile.yaml")

    for ran in (
        run("gate", tmp_path / name, *profile, "--policy", "us-adverse-impact"),
        run("gate", tmp_path / f"no {name}", *profile, "--policy", "us-adverse-impact"),
        run("gate", tmp_path / name, *profile, "--policy", f"./{name}"),
        run("gate", tmp_path / name, *profile, "--policy", name),
        run("gate", tmp_path / name, "--profile", tmp_path / name, "--policy", "nyc-ll144"),
        run("report", tmp_path / name, "--format", f"{name}=x"),
        run(name),
        run("gate", f"--{name}"),
    ):
        assert ran.code in (2, 3, 74), ran.err
        assert commands_in(ran.err) == set()
        assert "Traceback" not in ran.err


def test_the_checks_see_what_they_look_for(benign):
    """The control."""
    hostile = Page('<p onclick="x()"><script src="y"></script></p>')

    assert hostile.tags - benign.tags == {"script": 1}
    assert hostile.loud == [("onclick", "x()"), ("src", "y")]
    assert commands_in("a\x1b[31m\u202e") == {"\x1b", "\u202e"}
