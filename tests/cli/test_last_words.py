"""What a command says when it cannot say it, or must say that something else went wrong."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest

from auditor.cli.problems import BUG, exit_code_of
from tests.cli.conftest import PASSING

FULL = Path("/dev/full")


def ran(words: list[str], **streams: object) -> int:
    return subprocess.run(
        [sys.executable, "-m", "auditor", *words], check=False, **streams
    ).returncode


@pytest.mark.skipif(not FULL.exists(), reason="no device that is always full")
def test_a_pass_that_cannot_be_said_is_no_pass_and_no_fail(case, tmp_path):
    with FULL.open("w") as full:
        assert ran(["gate", *case(PASSING)], stderr=full) == 74
        assert ran(["gate", str(tmp_path / "absent.csv")], stderr=full) == 74


def test_a_reader_that_has_gone_is_no_pass_and_no_fail(case):
    read, write = os.pipe()
    os.close(read)
    try:
        assert ran(["gate", *case(PASSING)], stderr=write) == 141
    finally:
        os.close(write)


ENDED = """
import os, signal, tempfile
import auditor.cli as cli
def main(**_):
    with tempfile.TemporaryDirectory():
        os.kill(os.getpid(), signal.SIGTERM)
cli.main = main
from auditor.__main__ import run
run()
"""


def test_a_pipeline_that_ends_it_is_an_interruption_and_nothing_is_left(tmp_path):
    done = subprocess.run(
        [sys.executable, "-c", ENDED],
        env={**os.environ, "TMPDIR": str(tmp_path)},
        capture_output=True,
        text=True,
        check=False,
    )

    assert (done.returncode, done.stderr) == (130, "interrupted\n")
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize("raised", [SystemExit(0), SystemExit(1), RecursionError(), OSError(5)])
def test_whatever_else_is_raised_is_a_bug(raised, capfd):
    def broken() -> None:
        raise raised

    assert exit_code_of(broken) == BUG
    assert "this is a bug in auditor, not a verdict" in capfd.readouterr().err


def test_reports_of_which_one_cannot_be_written_say_what_was(run, case, tmp_path):
    run("audit", *case(PASSING), "--out", tmp_path / "out")
    page = tmp_path / "page.html"

    result = run(
        *("report", tmp_path / "out", "--format", f"html={page}"),
        *("--format", "text=/proc/nowhere/page.txt"),
    )

    assert result.code == 74
    assert page.exists()
    assert f"written: {page}" in result.err
    assert "nothing was written" not in result.err
    assert "what is named above was written" in result.err


def test_a_hint_of_several_lines_keeps_them(run, case, tmp_path):
    words = case(PASSING | {("X", "Advanced"): 1})

    result = run("gate", *words)

    assert result.code == 3
    assert "\n        " in result.err


def without_a_reader(*words: object) -> tuple[int, str]:
    """Run a command into a pipe that nobody reads; its exit code and what it says besides."""
    read, write = os.pipe()
    os.close(read)
    try:
        done = subprocess.run(
            [sys.executable, "-m", "auditor", *map(str, words)],
            stdout=write,
            stderr=subprocess.PIPE,
            text=True,
            check=False,
        )
    finally:
        os.close(write)
    return done.returncode, done.stderr


def test_a_reader_of_standard_output_that_has_gone_is_told_nothing(run, tmp_path):
    """What prints before a verb runs, in one, and as bytes; `gate` prints none of it there."""
    ledger = tmp_path / "reviews.db"
    assert run("ledger", "init", ledger, "--name", "ours").code == 0

    assert without_a_reader("--help") == (141, "")
    assert without_a_reader("review", "list", "--help") == (141, "")
    assert without_a_reader("--version") == (141, "")
    assert without_a_reader("ledger", "export", ledger) == (141, "")
    code, said = without_a_reader("policy", "sign", "--new-key", tmp_path / "ada.key")
    assert (code, "bug" in said) == (141, False)


def test_what_is_wrong_is_still_said_where_nobody_reads_standard_output(tmp_path):
    """The negative control: only what cannot be printed ends quietly."""
    code, said = without_a_reader("review", "list", tmp_path / "absent")

    assert code == 2
    assert "Error" in said or "error:" in said
