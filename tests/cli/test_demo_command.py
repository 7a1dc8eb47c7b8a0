"""The demo as a stranger meets it: dirt, a gap with a known cause, flags, what the gate says."""

from __future__ import annotations

import csv
import json
import os
import subprocess
import sys
from pathlib import Path

import pytest


@pytest.fixture(scope="module")
def demo(tmp_path_factory) -> tuple[Path, subprocess.CompletedProcess[str]]:
    home = tmp_path_factory.mktemp("home")
    ran = subprocess.run(
        [sys.executable, "-m", "auditor", "demo"],
        cwd=home,
        env={**os.environ, "HOME": str(home), "COLUMNS": "100"},
        capture_output=True,
        text=True,
        check=False,
    )
    return home, ran


@pytest.fixture(scope="module")
def result(demo) -> dict:
    return json.loads((demo[0] / "auditor-demo" / "result" / "audit.json").read_text())


@pytest.fixture(scope="module")
def flags(demo) -> list[dict[str, str]]:
    path = demo[0] / "auditor-demo" / "result" / "flags.csv"
    with path.open(newline="", encoding="utf-8") as file:
        return list(csv.DictReader(file))


def test_it_exits_0_and_says_in_words_what_the_gate_would_exit_with(demo):
    _, ran = demo

    assert ran.returncode == 0, ran.stderr
    assert "exits 1: gate failed" in ran.stderr
    assert ran.stdout == ""


def test_its_last_words_name_the_key_and_the_next_step(demo):
    _, ran = demo

    last = ran.stderr.split("as a pipeline would run it:")[1]
    assert f"the key {Path('auditor-demo') / 'key'}; --key" in last
    assert "auditor ledger init reviews.db" in last
    assert "docs/reviewing.md" in last


def test_it_leaves_nothing_outside_its_directory(demo):
    home, _ = demo

    assert [p.name for p in home.iterdir() if p.name not in (".cache",)] == ["auditor-demo"]


def test_every_row_of_the_dirty_export_is_accounted_for(result):
    account = result["row_account"]

    assert account["read"] == account["used"] + sum(account["buckets"].values()) == 12_012
    assert account["buckets"]["duplicate"] == 12


def test_the_known_cause_is_the_largest_part_of_the_gap(result):
    gaps = {(g["attribute"], g["group"]): g for g in result["explanations"]["gap"]}
    gap = gaps["race", "Black"]

    first = gap["features"][0]
    assert first["feature"] == "zip_area_index"
    assert abs(first["share"]) > 0.8 * abs(gap["gap"])
    total = sum(f["share"] for f in gap["features"]) + gap["residual"]
    assert total == pytest.approx(gap["gap"], abs=1e-12)


def test_the_model_is_the_one_that_scored_the_export(result):
    assert result["explanations"]["score_check"]["differing"] == 0


def test_flags_have_reasons_and_no_protected_attribute(result, flags):
    people = {row["identity"] for row in flags}

    assert len(people) == result["flags"]["count"] == result["flags"]["mandatory_open"]
    for side in (" raised ", " lowered "):
        assert {row["factors"].count(side) for row in flags} <= {0, 1, 2, 3}
        assert sum(side in row["factors"] for row in flags) > 0.8 * len(flags)
    text = " ".join(" ".join(row.values()) for row in flags).casefold()
    for word in ("female", "black", "hispanic", "gender", "race"):
        assert word not in text


def test_a_reason_that_is_not_job_related_says_so(flags):
    """The area that the gap was put in through is a reason, and no evidence of what a job asks."""
    reasons = [text for row in flags for text in row["factors"].split("; ")]
    marked = {text.split()[0] for text in reasons if text.endswith(" (not listed as job-related)")}
    plain = {text.split()[0] for text in reasons if "job-related" not in text}

    assert marked == {"zip_area_index", "gap_months"}
    assert plain == {"years_experience", "skills_score", "assessment"}


def test_missing_scores_are_flagged_and_counted(flags, result):
    missing = [row for row in flags if row["rule"] == "value-missing"]

    assert missing
    assert {row["evidence"] for row in missing} == {"missing: model_score"}
    assert all(row["mandatory"] == "yes" for row in missing)


def test_no_identifier_leaves_the_reviewers_files(demo, flags):
    home, ran = demo
    place = home / "auditor-demo" / "result"
    public = [ran.stderr, (place / "audit.json").read_text(), (place / "report.html").read_text()]

    for row in flags[:50]:
        assert not any(row["decision"] in text for text in public)


def test_the_command_it_prints_gives_the_verdict_it_names(demo):
    home, ran = demo
    command = next(
        line.split() for line in ran.stderr.splitlines() if line.strip().startswith("auditor gate")
    )

    gate = subprocess.run(
        [sys.executable, "-m", *command],
        cwd=home,
        env={**os.environ, "HOME": str(home)},
        capture_output=True,
        text=True,
        check=False,
    )

    assert gate.returncode == 1
