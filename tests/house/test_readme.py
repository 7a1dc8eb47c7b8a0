from __future__ import annotations

from pathlib import Path

import pytest

from tests.house import console
from tests.house.source import ROOT

README = (ROOT / "README.md").read_text(encoding="utf-8")
MAKEFILE = (ROOT / "Makefile").read_text(encoding="utf-8")
BLOCKS = console.fenced(README, "console")
FIRST_SCREEN = 40


@pytest.fixture
def desk(tmp_path) -> Path:
    """A directory that looks like a fresh clone to somebody who follows the page."""
    for name in ("fixtures", "policies"):
        (tmp_path / name).symlink_to(ROOT / name)
    return tmp_path


def differences(block: str, desk: Path) -> list[str]:
    """Commands of a block that print or exit otherwise than it says."""
    wrong, code = [], 0
    for step in console.steps(block):
        program, *rest = step.words
        if program == "auditor":
            ran = console.run(step.words, cwd=desk)
            code = ran.code
            if not console.agree(step.expected, ran.output.splitlines()):
                wrong.append(f"$ {step.command}\n{ran.output}")
        elif step.command == "echo $?":
            if step.expected != (str(code),):
                wrong.append(f"$ {step.command}\n{code}")
        elif program == "make" and not set(rest) <= console.targets(MAKEFILE):
            wrong.append(f"$ {step.command}\nno such target")
    return wrong


@pytest.mark.parametrize("block", BLOCKS, ids=lambda block: block.partition("\n")[0])
def test_the_page_shows_what_happens(block, desk):
    assert "\n".join(differences(block, desk)) == ""


def test_the_two_commands_stand_on_the_first_screen():
    screen = "\n".join(README.splitlines()[:FIRST_SCREEN])

    assert "make demo" in screen
    assert "make test" in screen


def test_continuous_integration_calls_the_targets_that_people_call():
    script = (ROOT / ".ci" / "run").read_text(encoding="utf-8")
    (line,) = [line for line in script.splitlines() if line.startswith("make ")]

    assert {"lint", "test"} <= set(line.split()[1:]) <= console.targets(MAKEFILE)


def test_the_page_is_short_enough_to_be_read():
    assert 0 < len(README.splitlines()) < 200


def test_an_audit_of_a_real_file_is_shown_with_its_output_and_exit_code():
    shown = [step for block in BLOCKS for step in console.steps(block)]
    audits = [s for s in shown if s.words[:2] in (["auditor", "audit"], ["auditor", "gate"])]

    assert any("fixtures/bloomberg" in step.command and step.expected for step in audits)
    assert any(step.command == "echo $?" for step in shown)


def test_python_examples_are_python():
    examples = console.fenced(README, "python")

    assert examples
    for example in examples:
        compile(example, "README.md", "exec")


@pytest.mark.parametrize(
    ("block", "wrong"),
    [
        ("$ auditor --version\nauditor 99.0\n", 1),
        ("$ auditor --help\n...\n$ echo $?\n1\n", 1),
        ("$ auditor gate missing.csv\n...\n$ echo $?\n0\n", 1),
        ("$ make nothing\n", 1),
        ("$ auditor --help\n...\n$ echo $?\n0\n$ make demo\n", 0),
    ],
)
def test_a_page_that_shows_something_else_is_seen(block, wrong, desk):
    assert len(differences(block, desk)) == wrong


def test_a_command_may_go_on_in_the_next_line():
    block = "$ auditor audit x.csv \\\n>     --policy p \\\n      --seed 3\nread 12\n"

    (step,) = console.steps(block)

    assert step.words == ["auditor", "audit", "x.csv", "--policy", "p", "--seed", "3"]
    assert step.expected == ("read 12",)


@pytest.mark.parametrize(
    ("expected", "printed", "same"),
    [
        (["a", "b"], ["a", "b"], True),
        (["a", "b"], ["a", "c"], False),
        (["a", "..."], ["a", "b", "c"], True),
        (["a", "...", "d"], ["a", "b", "c"], False),
        (["as of 2026-11-22"], ["as of 2027-01-02  ", ""], True),
        (["n 12"], ["n 13"], False),
    ],
)
def test_what_counts_as_the_same_output(expected, printed, same):
    assert console.agree(expected, printed) is same
