from __future__ import annotations

import csv
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path

import pytest

from auditor.cli import main
from auditor.cli.problems import exit_code_of

PROFILE = """\
auditor: profile/1
profile: {id: applicants, decisions: taken}
columns:
  id: application_id
  outcome:
    column: status
    favorable: [Advanced]
    unfavorable: [Rejected]
    withdrawn: [Withdrew]
    open: [""]
  groups:
    sex: {column: gender, values: {F: [F], M: [M]}, unknown: [""]}
"""


@dataclass(frozen=True)
class Ran:
    code: int
    out: str
    err: str


@pytest.fixture
def run(capfd, tmp_path, monkeypatch) -> Callable[..., Ran]:
    """The command line in this process, with a home of its own."""
    monkeypatch.setenv("XDG_CONFIG_HOME", str(tmp_path / "config"))

    def call(*args: object) -> Ran:
        capfd.readouterr()
        words = [str(a) for a in args]
        code = exit_code_of(lambda: main(words, prog_name="auditor", standalone_mode=False))
        out, err = capfd.readouterr()
        return Ran(code, out, err)

    return call


@pytest.fixture
def case(tmp_path) -> Callable[..., list[str]]:
    """Write an export of so many rows a cell and give the words that audit it."""

    def write(
        cells: Mapping[tuple[str, str], int],
        *policies: str,
        profile: str = PROFILE,
        name: str = "applicants.csv",
    ) -> list[str]:
        export = tmp_path / name
        with export.open("w", newline="", encoding="utf-8") as file:
            writer = csv.writer(file)
            writer.writerow(["application_id", "gender", "status", "score"])
            rows = [cell for cell, n in cells.items() for _ in range(n)]
            for i, (gender, status) in enumerate(rows):
                writer.writerow([f"{i:06d}", gender, status, f"0.{i % 100:02d}"])
        (tmp_path / "profile.yaml").write_text(profile, encoding="utf-8")
        words = [str(export), "--profile", str(tmp_path / "profile.yaml")]
        for policy in policies or ("us-adverse-impact",):
            words += ["--policy", policy]
        return words

    return write


FAILING = {
    ("F", "Advanced"): 40,
    ("F", "Rejected"): 60,
    ("M", "Advanced"): 60,
    ("M", "Rejected"): 40,
    ("F", "Withdrew"): 3,
    ("", "Rejected"): 2,
}
PASSING = {
    ("F", "Advanced"): 500,
    ("F", "Rejected"): 500,
    ("M", "Advanced"): 505,
    ("M", "Rejected"): 495,
}
THIN = {
    ("F", "Advanced"): 11,
    ("F", "Rejected"): 29,
    ("M", "Advanced"): 12,
    ("M", "Rejected"): 28,
}


@pytest.fixture
def listing(tmp_path) -> Callable[[], set[str]]:
    """Every path below the test's own directory."""
    return lambda: {str(p.relative_to(Path(tmp_path))) for p in Path(tmp_path).rglob("*")}
